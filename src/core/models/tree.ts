/** Predicting from a saved tree: follow the tests to a leaf and read its share of positives. Training stands in `tree-fit.ts`. */
import type { FeatureName, Features } from "../feature.ts";
import type { Reason } from "../prediction.ts";
import type { TreeLeaf, TreeModel, TreeNode } from "./churn-file.ts";
import { shown } from "./scale.ts";

/** What a customer's null is taken as, by feature. */
export type Sentinels = ReadonlyMap<FeatureName, number>;

export interface OpenTree {
  readonly model: TreeModel;
  readonly sentinels: Sentinels;
}

export const openTree = (model: TreeModel): OpenTree => ({
  model,
  sentinels: new Map(model.features.map(({ name, missing }) => [name, missing])),
});

interface Walk {
  readonly leaf: TreeLeaf;
  readonly reasons: readonly Reason[];
}

const valueOf = (feature: FeatureName, features: Features, sentinels: Sentinels): number =>
  features[feature] ?? sentinels.get(feature) ?? 0;

/** The leaf that a customer ends in and the tests passed on the way. */
const walkTree = (tree: TreeNode, features: Features, sentinels: Sentinels): Walk => {
  const reasons: Reason[] = [];
  let node = tree;
  while ("feature" in node) {
    const { feature, threshold } = node;
    const known = features[feature];
    const value = valueOf(feature, features, sentinels);
    const below = value < threshold;
    const found = known === null ? "is not known, which counts as" : `${shown(value)} is`;
    reasons.push({
      feature,
      value,
      sentence: `${feature} ${found} ${below ? "below" : "at least"} ${shown(threshold)}`,
    });
    node = below ? node.below : node.above;
  }
  return { leaf: node, reasons };
};

/** Share of positives of the leaf that a customer ends in. */
export const treeProbability = ({ model, sentinels }: OpenTree, features: Features): number => {
  let node = model.tree;
  while ("feature" in node)
    node = valueOf(node.feature, features, sentinels) < node.threshold ? node.below : node.above;
  return node.probability;
};

/** The tests passed on the way, and last how many training rows of that kind there were. */
export const treeReasons = (
  { model, sentinels }: OpenTree,
  features: Features,
): readonly Reason[] => {
  const { leaf, reasons } = walkTree(model.tree, features, sentinels);
  return [
    ...reasons,
    {
      feature: "similarCustomers",
      value: leaf.rows,
      sentence: `${leaf.positives} of ${leaf.rows} times, such a customer ordered nothing in the next ${model.horizonDays} days`,
    },
  ];
};
