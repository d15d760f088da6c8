/**
 * The form in which a model is saved: readable JSON with a card, versioned by `format`, checked as a whole when read.
 * A model file holds numbers and names only; nothing in it is ever run.
 */
import { z } from "zod";
import { type Checked, faultsOf, faulty, quote, sound } from "../fault.ts";
import type { FeatureName } from "../feature.ts";
import { cleanJson } from "../json.ts";
import {
  common,
  countSchema,
  featureNameSchema,
  probabilitySchema,
  scaledShape,
} from "./model-shapes.ts";
import { type OffersModel, offersSchema } from "./offers-file.ts";

export { MODEL_FORMAT, type ModelCard } from "./model-shapes.ts";

/** The models that attune looks for, and the kind that each must be. */
const MODEL_KINDS = {
  segments: "clusters",
  churn: "tree",
  spend: "regression",
  offers: "offers",
} as const;
export type ModelTask = keyof typeof MODEL_KINDS;
export const MODEL_TASKS = Object.keys(MODEL_KINDS) as readonly ModelTask[];

/** Where the model of a task stands in a playbook. */
export const modelPath = (task: ModelTask): string => `models/${task}.json`;

/** Levels of nesting in a model file; bounds the depth of a tree. */
const DEPTH_MAX = 64;

const clusterSchema = z.strictObject({
  name: z.string().min(1).max(60),
  sentence: z.string(),
  size: countSchema,
  /** In scaled units, one for every feature. */
  centroid: z.array(z.number()),
});

const clustersSchema = z
  .strictObject({
    ...common,
    kind: z.literal("clusters"),
    task: z.literal("segments"),
    features: z.array(z.strictObject(scaledShape)).min(1),
    clusters: z.array(clusterSchema).min(1),
  })
  .superRefine((model, context) => {
    for (const [index, cluster] of model.clusters.entries()) {
      if (cluster.centroid.length === model.features.length) continue;
      context.addIssue({
        code: "custom",
        path: ["clusters", index, "centroid"],
        message: `has ${cluster.centroid.length} numbers for ${model.features.length} features; train the model again`,
      });
    }
  });

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

const regressionSchema = z.strictObject({
  ...common,
  kind: z.literal("regression"),
  task: z.literal("spend"),
  horizonDays: z.number().positive(),
  /** Money of an average customer of the training rows. */
  intercept: z.number(),
  /** A prediction below this becomes this. */
  floor: z.number(),
  features: z
    .array(
      z.strictObject({
        ...scaledShape,
        /** Values are held within what training saw: a line must not run away. */
        lowest: z.number(),
        highest: z.number(),
        /** Money for one deviation above the mean. */
        weight: z.number(),
      }),
    )
    .min(1),
});

export type ScaledFeature = Readonly<z.output<z.ZodObject<typeof scaledShape>>>;
export type ClustersModel = Readonly<z.output<typeof clustersSchema>>;
export type TreeModel = Readonly<z.output<typeof treeSchema>>;
export type RegressionModel = Readonly<z.output<typeof regressionSchema>>;
export type Model = ClustersModel | TreeModel | RegressionModel;

const SCHEMAS = {
  segments: clustersSchema,
  churn: treeSchema,
  spend: regressionSchema,
  offers: offersSchema,
} as const;

export interface ModelOf {
  readonly segments: ClustersModel;
  readonly churn: TreeModel;
  readonly spend: RegressionModel;
  readonly offers: OffersModel;
}

const parseJson = (text: string, place: string): Checked<unknown> => {
  try {
    return sound(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return faulty([
      { place, sentence: `is not JSON (${reason}); restore the file or train it again` },
    ]);
  }
};

/** The model of a task from the text of its file, or everything that is wrong with it. */
export const readModel = <T extends ModelTask>(task: T, text: string): Checked<ModelOf[T]> => {
  const place = modelPath(task);
  const json = parseJson(text, place);
  if (json.kind === "faulty") return json;
  const clean = cleanJson(json.value, "", DEPTH_MAX);
  if (clean.kind === "faulty")
    return faulty(
      clean.faults.map((fault) => ({
        ...fault,
        place: `${place} › ${fault.place.replace(/^\./u, "")}`,
      })),
    );
  const parsed = SCHEMAS[task].safeParse(clean.value);
  return parsed.success ? sound(parsed.data as ModelOf[T]) : faulty(faultsOf(parsed.error, place));
};

/** The text of a model file; equal models give equal bytes. */
export const writeModel = (model: Model): string => `${JSON.stringify(model, null, 2)}\n`;
