/**
 * The file of the churn model, which is one of four kinds: a tree, a logistic regression, boosted trees, or the purchase process (BG/NBD).
 * All say the probability that a customer who has ordered before orders nothing within the horizon.
 */
import { z } from "zod";
import { quote } from "../fault.ts";
import type { FeatureName } from "../feature.ts";
import {
  common,
  countSchema,
  featureNameSchema,
  heldShape,
  probabilitySchema,
} from "./model-shapes.ts";
import type { SavedNode } from "./saved-tree.ts";

/** A leaf counts the training rows that ended in it: `probability` is (positives + 1) ÷ (rows + 2). */
export interface TreeLeaf {
  readonly probability: number;
  readonly rows: number;
  readonly positives: number;
}

/** A value below `threshold` goes to `below`, any other to `above`. */
export interface TreeSplit {
  readonly feature: FeatureName;
  readonly threshold: number;
  readonly below: TreeNode;
  readonly above: TreeNode;
}

export type TreeNode = TreeLeaf | TreeSplit;

const leafSchema = z.strictObject({
  probability: probabilitySchema,
  rows: countSchema,
  positives: countSchema,
});

const splitSchema = z.strictObject({
  feature: featureNameSchema,
  threshold: z.number(),
  below: z.lazy(() => nodeSchema),
  above: z.lazy(() => nodeSchema),
});

/** A node is a split when it names a feature: not a zod union, which would say "invalid input" instead of what is wrong. */
const nodeSchema: z.ZodType<TreeNode> = z.unknown().transform((value, context): TreeNode => {
  const split = typeof value === "object" && value !== null && "feature" in value;
  const parsed = split ? splitSchema.safeParse(value) : leafSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues)
    context.addIssue({ code: "custom", path: [...path], message });
  return z.NEVER;
});

/** Every feature that a tree tests. */
const testedFeatures = (tree: TreeNode): ReadonlySet<FeatureName> =>
  "feature" in tree
    ? new Set([tree.feature, ...testedFeatures(tree.below), ...testedFeatures(tree.above)])
    : new Set();

const treeSchema = z
  .strictObject({
    ...common,
    kind: z.literal("tree"),
    task: z.literal("churn"),
    horizonDays: z.number().positive(),
    features: z.array(z.strictObject({ name: featureNameSchema, missing: z.number() })).min(1),
    tree: nodeSchema,
  })
  .superRefine((model, context) => {
    const listed = new Set(model.features.map(({ name }) => name));
    for (const name of testedFeatures(model.tree)) {
      if (listed.has(name)) continue;
      context.addIssue({
        code: "custom",
        path: ["features"],
        message: `lacks ${quote(name)}, which the tree tests; list it with the value that stands for a missing one`,
      });
    }
  });

const logisticSchema = z.strictObject({
  ...common,
  kind: z.literal("logistic"),
  task: z.literal("churn"),
  horizonDays: z.number().positive(),
  /** Log-odds of an average customer of the training rows. */
  intercept: z.number(),
  /** `weight`: log-odds for one deviation above the mean. */
  features: z.array(z.strictObject({ ...heldShape, weight: z.number() })).min(1),
});

const savedLeafSchema = z.strictObject({ value: z.number(), rows: countSchema });
const savedSplitSchema = z.strictObject({
  value: z.number(),
  rows: countSchema,
  column: countSchema,
  threshold: z.number().nullable(),
  missing: z.enum(["below", "above"]),
  gain: z.number(),
  below: z.lazy(() => savedNodeSchema),
  above: z.lazy(() => savedNodeSchema),
});

/** A node is a split when it names a column. */
export const savedNodeSchema: z.ZodType<SavedNode> = z
  .unknown()
  .transform((value, context): SavedNode => {
    const split = typeof value === "object" && value !== null && "column" in value;
    const parsed = split ? savedSplitSchema.safeParse(value) : savedLeafSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: "custom", path: [...path], message });
    return z.NEVER;
  });

/** The highest column that a tree tests; −1 for a leaf. */
export const highestColumn = (node: SavedNode): number =>
  "column" in node
    ? Math.max(node.column, highestColumn(node.below), highestColumn(node.above))
    : -1;

const boostingSchema = z
  .strictObject({
    ...common,
    kind: z.literal("boosting"),
    task: z.literal("churn"),
    horizonDays: z.number().positive(),
    /** By column of the trees; null goes the way that each split says. */
    features: z.array(featureNameSchema).min(1),
    /** Log-odds before the first tree, and mean log-odds of the training rows. */
    start: z.number(),
    base: z.number(),
    trees: z.array(savedNodeSchema),
  })
  .superRefine((model, context) => {
    for (const [index, tree] of model.trees.entries()) {
      const column = highestColumn(tree);
      if (column < model.features.length) continue;
      context.addIssue({
        code: "custom",
        path: ["trees", index],
        message: `tests column ${column} of ${model.features.length} features; train the model again`,
      });
    }
  });

/** Parameters of the BG/NBD model (Fader, Hardie and Lee 2005), times in days. */
export const purchaseShape = {
  r: z.number().positive(),
  alpha: z.number().positive(),
  a: z.number().positive(),
  b: z.number().positive(),
};

const purchasesSchema = z.strictObject({
  ...common,
  kind: z.literal("bgNbd"),
  task: z.literal("churn"),
  horizonDays: z.number().positive(),
  ...purchaseShape,
});

export const churnSchema = z.discriminatedUnion(
  "kind",
  [treeSchema, logisticSchema, boostingSchema, purchasesSchema],
  { error: "is no kind of churn model; train the model again" },
);

export type TreeModel = Readonly<z.output<typeof treeSchema>>;
export type ChurnLogistic = Readonly<z.output<typeof logisticSchema>>;
export type ChurnBoosting = Readonly<z.output<typeof boostingSchema>>;
export type ChurnPurchases = Readonly<z.output<typeof purchasesSchema>>;
export type ChurnModel = TreeModel | ChurnLogistic | ChurnBoosting | ChurnPurchases;
