/** The file of a model that was trained on a table: columns, estimator and report, checked as a whole when read. Nothing in it is ever run. */
import { z } from "zod";
import { type Checked, faultsOf, faulty, quote, sound } from "../fault.ts";
import { highestColumn, savedNodeSchema } from "../models/churn-file.ts";
import type { TableEstimator } from "./estimators.ts";
import type { ModelColumn } from "./columns.ts";

const TABLE_FORMAT = "attune-table/1";

const countSchema = z.number().int().min(0);

const numberSchema = z.strictObject({
  kind: z.literal("number"),
  name: z.string(),
  isDate: z.boolean(),
  mean: z.number(),
  hasMissing: z.boolean(),
  transform: z.enum(["none", "log1p"]),
  thresholds: z.array(z.number()),
});
const categorySchema = z.strictObject({
  kind: z.literal("category"),
  name: z.string(),
  levels: z.array(z.string()),
});

const ranksSchema = z.array(z.array(z.string()));

const constantSchema = z.strictObject({
  kind: z.literal("constant"),
  rate: z.number().min(0).max(1),
});
const treeSchema = z.strictObject({
  kind: z.literal("tree"),
  ranks: ranksSchema,
  model: z.strictObject({
    kind: z.literal("cart"),
    target: z.enum(["label", "amount"]),
    width: countSchema,
    rows: countSchema,
    gains: z.array(z.number()),
    root: savedNodeSchema,
  }),
});
const logisticSchema = z.strictObject({
  kind: z.literal("logistic"),
  model: z.strictObject({
    kind: z.literal("logistic"),
    base: z.number(),
    means: z.array(z.number()),
    deviations: z.array(z.number().positive()),
    weights: z.array(z.number()),
    penalty: z.number(),
    rows: countSchema,
    rounds: countSchema,
    isConverged: z.boolean(),
  }),
});
const boostingSchema = z.strictObject({
  kind: z.literal("boosting"),
  ranks: ranksSchema,
  model: z.strictObject({
    kind: z.literal("boosting"),
    width: countSchema,
    rows: countSchema,
    start: z.number(),
    base: z.number(),
    gains: z.array(z.number()),
    trees: z.array(savedNodeSchema),
    heldOut: z.strictObject({ rows: countSchema, logLoss: z.number() }).nullable(),
  }),
});
const blendSchema = z.strictObject({
  kind: z.literal("blend"),
  logistic: logisticSchema,
  boosting: boostingSchema,
});

const fileSchema = z.strictObject({
  format: z.literal(TABLE_FORMAT, {
    error: (issue) =>
      `${quote(issue.input)} is not known; this version reads "${TABLE_FORMAT}": train the model again`,
  }),
  label: z.string(),
  positive: z.string(),
  /** Column that names a row, where there is one. */
  id: z.string().nullable(),
  columns: z.array(z.discriminatedUnion("kind", [numberSchema, categorySchema])),
  estimator: z.discriminatedUnion("kind", [
    constantSchema,
    treeSchema,
    logisticSchema,
    boostingSchema,
    blendSchema,
  ]),
  /** As `attune train table --json` printed it. */
  report: z.record(z.string(), z.unknown()),
});

export interface TableModel {
  readonly label: string;
  readonly positive: string;
  readonly id: string | null;
  readonly columns: readonly ModelColumn[];
  readonly estimator: TableEstimator;
  readonly report: Readonly<Record<string, unknown>>;
}

/** Numbers of each estimator must fit the columns, or predicting would read past them. */
const misfit = ({ columns, estimator }: TableModel): string | undefined => {
  const linear = columns.reduce(
    (sum, column) =>
      sum +
      (column.kind === "number"
        ? 1 + (column.hasMissing ? 1 : 0) + column.thresholds.length
        : column.levels.length + 1),
    0,
  );
  const parts = estimator.kind === "blend" ? [estimator.logistic, estimator.boosting] : [estimator];
  for (const part of parts) {
    if (part.kind === "logistic") {
      const { weights, means, deviations } = part.model;
      if ([weights, means, deviations].some(({ length }) => length !== linear))
        return `the line has ${weights.length} weights for ${linear} numbers of the columns`;
    }
    if (part.kind === "tree" || part.kind === "boosting") {
      const roots = part.kind === "tree" ? [part.model.root] : part.model.trees;
      if (part.ranks.length !== columns.length || part.model.width !== columns.length)
        return `the trees know ${part.model.width} columns, the file names ${columns.length}`;
      if (roots.some((root) => highestColumn(root) >= columns.length))
        return `a tree tests a column beyond the ${columns.length} that the file names`;
    }
  }
  return undefined;
};

/** The model in the text of a file, or everything that is wrong with it; `place` names the file. */
export const readTableModel = (text: string, place: string): Checked<TableModel> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON (${(error as Error).message})` }]);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) return faulty(faultsOf(parsed.error, place));
  const model = parsed.data as TableModel;
  const fault = misfit(model);
  return fault === undefined
    ? sound(model)
    : faulty([{ place, sentence: `${fault}; train the model again` }]);
};

/** The text of a model file; equal models give equal bytes, but for the milliseconds in the report, which are left out. */
export const writeTableModel = (model: TableModel): string =>
  `${JSON.stringify({ format: TABLE_FORMAT, ...model }, (key, value: unknown) => (key === "fitMs" ? undefined : value), 1)}\n`;
