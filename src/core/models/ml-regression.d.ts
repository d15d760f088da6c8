/** The part of ml-regression that attune uses; the package ships no types. `weights` has one row for each column and the intercept last. */
declare module "ml-regression" {
  export class MultivariateLinearRegression {
    constructor(
      rows: readonly (readonly number[])[],
      targets: readonly (readonly number[])[],
      options?: { readonly intercept?: boolean; readonly statistics?: boolean },
    );
    readonly weights: readonly (readonly number[])[];
  }
}
