/** What the files of all models share: the format, the card, names of features and how a feature enters. */
import { z } from "zod";
import { didYouMean, quote } from "../fault.ts";
import { FEATURES, type FeatureName } from "../feature.ts";

/** What this version reads and writes. */
export const MODEL_FORMAT = "attune-model/1" as const;

export const featureNameSchema = z.string().transform((name, context): FeatureName => {
  if (Object.hasOwn(FEATURES, name)) return name as FeatureName;
  context.addIssue({
    code: "custom",
    message: `feature ${quote(name)} is not known${didYouMean(name, Object.keys(FEATURES))}; train the model again or correct the name`,
  });
  return z.NEVER;
});

const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/u, "is not a SHA-256 in lower-case hexadecimal");
export const countSchema = z.number().int().min(0);
const deviationSchema = z
  .number()
  .positive("is not above 0; a column that never varies has no place in a model");

const scoreSchema = z.strictObject({
  estimator: z.string(),
  metric: z.string(),
  value: z.number(),
  /** 95 % interval, where one was found. */
  low: z.number().optional(),
  high: z.number().optional(),
});

/** One bin of a calibration chart: rows, mean of what was said, share or mean of what happened. */
const calibrationSchema = z.strictObject({
  count: countSchema,
  said: z.number(),
  happened: z.number(),
});

export const probabilitySchema = z.number().min(0).max(1);

/** A point of a gain chart: of the rows said to be highest, up to this share, the share of all that happened (or of all money). */
const gainSchema = z.strictObject({ rows: probabilitySchema, captured: z.number() });

const importanceSchema = z.strictObject({ feature: z.string(), share: z.number() });

const profileSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    name: z.string(),
    kind: z.literal("number"),
    cuts: z.array(z.number()),
    counts: z.array(countSchema),
  }),
  z.strictObject({
    name: z.string(),
    kind: z.literal("category"),
    levels: z.array(z.string()),
    counts: z.array(countSchema),
  }),
]);

/** What was watched when the model was trained; see `drift.ts`. */
const referenceSchema = z.strictObject({
  kind: z.literal("drift-reference"),
  columns: z.array(profileSchema),
});

/** Where a model comes from and what it is worth; scores are of rows that the scored estimator was not fitted on. */
export const cardSchema = z.strictObject({
  /** SHA-256 of the signals, one JSON line each. */
  data: sha256Schema,
  rows: countSchema,
  /** First and last instant of the signals. */
  from: z.string(),
  to: z.string(),
  seed: z.number().int(),
  command: z.string(),
  scores: z.array(scoreSchema),
  /** How the estimator was chosen from the candidates: their loss on rows that neither fitted nor scored it. */
  choice: z.array(scoreSchema).optional(),
  calibration: z.array(calibrationSchema).optional(),
  gain: z.array(gainSchema).optional(),
  /** What each feature is worth to the model, shares of 1, greatest first. */
  importance: z.array(importanceSchema).optional(),
  /** Customers and topics at the end of the training signals: what drift is told from. */
  reference: referenceSchema.optional(),
  notes: z.array(z.string()),
});

/** How a feature enters: null becomes `missing`, then `log1p` (of the value, not below 0) or nothing, then (x − mean) ÷ deviation. */
export const scaledShape = {
  name: featureNameSchema,
  missing: z.number(),
  transform: z.enum(["log1p", "none"]),
  mean: z.number(),
  deviation: deviationSchema,
};

export const formatSchema = z.literal(MODEL_FORMAT, {
  error: (issue) =>
    `${quote(issue.input)} is not known; this version reads "${MODEL_FORMAT}": train the model again`,
});

export const common = {
  format: formatSchema,
  /** Features that must not be null, else the model predicts nothing. */
  requires: z.array(featureNameSchema),
  card: cardSchema,
};

/** A feature on a line: held within what training saw, because a line must not run away. */
export const heldShape = { ...scaledShape, lowest: z.number(), highest: z.number() };

export type ModelCard = Readonly<z.output<typeof cardSchema>>;
export type ScaledFeature = Readonly<z.output<z.ZodObject<typeof scaledShape>>>;
export type HeldFeature = Readonly<z.output<z.ZodObject<typeof heldShape>>>;
