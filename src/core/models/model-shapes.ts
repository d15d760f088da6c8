/** What the files of all models share: the format, the card, names of features and how a feature enters. */
import { z } from "zod";
import { didYouMean, quote } from "../fault.ts";
import { FEATURES, type FeatureName } from "../feature.ts";

/** What this version reads and writes. */
export const MODEL_FORMAT = "attune-model/1";

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
export const probabilitySchema = z.number().min(0).max(1);
const deviationSchema = z
  .number()
  .positive("is not above 0; a column that never varies has no place in a model");

const scoreSchema = z.strictObject({
  estimator: z.string(),
  metric: z.string(),
  value: z.number(),
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
  notes: z.array(z.string()),
});
export type ModelCard = Readonly<z.output<typeof cardSchema>>;

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
