/** Predicting from a saved tree: follow the tests to a leaf and read its share of positives. Training stands in `tree-fit.ts`. */
import type { FeatureName, Features } from "../feature.ts";
import type { Predictions, Reason } from "../prediction.ts";
import type { TreeLeaf, TreeModel, TreeNode } from "./model-file.ts";
import { allKnown, rounded, shown } from "./scale.ts";

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

/** The probability that `predictChurn` gives, without its reasons; null when a required feature is null. */
export const churnOf = ({ model, sentinels }: OpenTree, features: Features): number | null => {
  if (!allKnown(features, model.requires)) return null;
  let node = model.tree;
  while ("feature" in node)
    node = valueOf(node.feature, features, sentinels) < node.threshold ? node.below : node.above;
  return rounded(node.probability);
};

/**
 * The churn probability of a customer; undefined when a required feature is null.
 * Reasons are the tests passed, and last how many training rows of that kind there were.
 */
export const predictChurn = (open: OpenTree, features: Features): Predictions["churn"] => {
  const { model, sentinels } = open;
  if (!allKnown(features, model.requires)) return undefined;
  const { leaf, reasons } = walkTree(model.tree, features, sentinels);
  const similar: Reason = {
    feature: "similarCustomers",
    value: leaf.rows,
    sentence: `${leaf.positives} of ${leaf.rows} times, such a customer ordered nothing in the next ${model.horizonDays} days`,
  };
  return { probability: rounded(leaf.probability), reasons: [...reasons, similar] };
};
