/** The part of ml-cart that attune uses; the package ships no types. Trained nodes are plain properties, read after `train`. */
declare module "ml-cart" {
  export interface CartNode {
    readonly splitColumn?: number;
    readonly splitValue?: number;
    readonly left?: CartNode;
    readonly right?: CartNode;
  }

  export interface CartOptions {
    readonly gainFunction?: "gini";
    readonly minNumSamples?: number;
    readonly maxDepth?: number;
    readonly gainThreshold?: number;
  }

  export class DecisionTreeClassifier {
    constructor(options?: CartOptions);
    readonly root: CartNode;
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
  }
}
