/**
 * Trains on any table with a label of two values: finds out what the columns are, names leaks, compares estimators by cross-validation,
 * and fits the best again on all rows. Whatever is chosen or measured from a fold saw nothing of it: columns, ranks and penalties included.
 */
import { type Checked, faulty, quote, sound } from "../fault.ts";
import { expectedCalibrationError } from "../models/calibration.ts";
import type { Fitted } from "../models/fitted.ts";
import { auc, brier, type Judged, logLoss } from "../models/scores.ts";
import type { TrainingProgress } from "../training.ts";
import { findColumns, type LeftOut, type ModelColumn } from "./columns.ts";
import {
  blendOf,
  ESTIMATORS,
  type Lessons,
  openEstimator,
  type TableEstimator,
} from "./estimators.ts";
import { stratifiedFolds } from "./folds.ts";
import { labelOf, type LabelFound } from "./label.ts";
import { findLeaks, type Leak } from "./leaks.ts";
import { type RawTable, shapeFault } from "./table.ts";

export interface TrainTableOptions {
  readonly label: string;
  /** The value that counts as 1; without it the likelier name of a yes, or the rarer value. */
  readonly positive?: string;
  /** Column that names the customer: rows of one stay in one fold. */
  readonly id?: string;
  readonly folds: number;
  readonly seed: number;
  /** Columns that are kept although they look like a leak. */
  readonly keep: readonly string[];
  /** Milliseconds of a clock that only rises. */
  readonly clockMs: () => number;
  readonly onProgress?: TrainingProgress;
}

export const ESTIMATOR_NAMES = ["constant", "tree", "logistic", "boosting", "blend"] as const;
export type EstimatorName = (typeof ESTIMATOR_NAMES)[number];

/** Means over the folds; `…Error` is the standard error of the mean. */
export interface EstimatorScores {
  readonly auc: number;
  readonly aucError: number;
  readonly logLoss: number;
  readonly logLossError: number;
  readonly brier: number;
  /** Mean distance of probability and share, over tenths of the rows of all folds. */
  readonly calibrationError: number;
  /** Mean milliseconds of a fit. */
  readonly fitMs: number;
}

export interface TableReport {
  readonly rows: number;
  /** Rows without a label, left out. */
  readonly unlabelled: number;
  readonly label: string;
  readonly positive: string;
  readonly positiveRate: number;
  readonly folds: number;
  readonly seed: number;
  readonly estimators: Readonly<Partial<Record<EstimatorName, EstimatorScores>>>;
  readonly chosen: EstimatorName;
  readonly columns: readonly { readonly name: string; readonly kind: string }[];
  readonly leftOut: readonly LeftOut[];
  readonly leaks: readonly Leak[];
  readonly warnings: readonly string[];
}

export interface TrainedTable {
  readonly columns: readonly ModelColumn[];
  readonly estimator: TableEstimator;
  readonly report: TableReport;
}

const FOLD_ROWS_MIN = 2;
/** Estimators this much worse in log-loss than the best, but simpler, are chosen. */
const ALIKE = 0.0005;

interface Judging {
  readonly judged: Judged[];
  readonly folds: { readonly auc: number; readonly logLoss: number; readonly brier: number }[];
  fitMs: number;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const errorOf = (values: readonly number[]): number => {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
};

const scoresOf = ({ judged, folds, fitMs }: Judging): EstimatorScores => {
  const aucs = folds.map((fold) => fold.auc);
  const losses = folds.map((fold) => fold.logLoss);
  return {
    auc: meanOf(aucs),
    aucError: errorOf(aucs),
    logLoss: meanOf(losses),
    logLossError: errorOf(losses),
    brier: meanOf(folds.map((fold) => fold.brier)),
    calibrationError: expectedCalibrationError(judged),
    fitMs: fitMs / folds.length,
  };
};

type Candidates = ReadonlyMap<
  EstimatorName,
  { readonly fit: Fitted<TableEstimator>; readonly ms: number }
>;

/** Every estimator fitted on the same lessons; the blend needs no fit of its own. */
const fitAll = (lessons: Lessons, clockMs: () => number): Candidates => {
  const found = new Map<EstimatorName, { fit: Fitted<TableEstimator>; ms: number }>();
  for (const name of ["constant", "tree", "logistic", "boosting"] as const) {
    const startMs = clockMs();
    const fit = ESTIMATORS[name](lessons);
    found.set(name, { fit, ms: clockMs() - startMs });
  }
  const [linear, boosted] = [found.get("logistic"), found.get("boosting")];
  const blend = linear && boosted ? blendOf(linear.fit, boosted.fit) : undefined;
  if (blend !== undefined)
    found.set("blend", { fit: blend, ms: (linear?.ms ?? 0) + (boosted?.ms ?? 0) });
  return found;
};

interface Part {
  readonly table: RawTable;
  readonly labels: Float64Array;
}

const partOf = ({ table, labels }: Part, members: readonly number[]): Part => ({
  table: { columns: table.columns, rows: members.map((row) => table.rows[row] ?? []) },
  labels: Float64Array.from(members, (row) => labels[row] as number),
});

/** What may be learnt of a part, by the columns that the part itself shows. */
const lessonsOf = (
  { table, labels }: Part,
  ignored: readonly LeftOut[],
  seed: number,
): Lessons & { readonly leftOut: readonly LeftOut[] } => {
  const { columns, leftOut } = findColumns(table, ignored);
  const placeOf = new Map(table.columns.map((name, place) => [name, place]));
  const places = columns.map(({ name }) => placeOf.get(name) ?? -1);
  return { columns, places, rows: table.rows, labels, seed, leftOut };
};

interface Fold {
  readonly fits: Candidates;
  readonly lessons: Lessons;
  /** Rows that nothing of it was fitted on. */
  readonly held: Part;
}

const judgeFold = ({ fits, lessons, held }: Fold, into: Map<EstimatorName, Judging>): void => {
  for (const [name, { fit, ms }] of fits) {
    if (fit.kind === "refused") continue;
    const open = openEstimator(fit.value, lessons);
    const judged = held.table.rows.map((row, at) => ({
      probability: open(row).probability,
      happened: held.labels[at] as number,
    }));
    const own = into.get(name) ?? { judged: [], folds: [], fitMs: 0 };
    own.judged.push(...judged);
    own.folds.push({ auc: auc(judged), logLoss: logLoss(judged), brier: brier(judged) });
    own.fitMs += ms;
    into.set(name, own);
  }
};

const chosenOf = (
  scores: Readonly<Partial<Record<EstimatorName, EstimatorScores>>>,
): EstimatorName => {
  const known = ESTIMATOR_NAMES.filter((name) => scores[name] !== undefined);
  const best = Math.min(...known.map((name) => scores[name]?.logLoss ?? Infinity));
  return known.find((name) => (scores[name]?.logLoss ?? Infinity) <= best + ALIKE) ?? "constant";
};

const crossValidated = (
  whole: Part,
  ignored: readonly LeftOut[],
  options: TrainTableOptions & { readonly ids: readonly string[] | null },
): Readonly<Partial<Record<EstimatorName, EstimatorScores>>> => {
  const { folds, seed, clockMs, onProgress } = options;
  const foldOf = stratifiedFolds(whole.labels, options);
  const judgings = new Map<EstimatorName, Judging>();
  const rows = Array.from(foldOf.keys());
  for (let fold = 0; fold < folds; fold += 1) {
    onProgress?.("folds", fold, folds + 1);
    const inside = partOf(
      whole,
      rows.filter((row) => foldOf[row] !== fold),
    );
    const outside = partOf(
      whole,
      rows.filter((row) => foldOf[row] === fold),
    );
    const lessons = lessonsOf(inside, ignored, seed);
    judgeFold({ fits: fitAll(lessons, clockMs), lessons, held: outside }, judgings);
  }
  return Object.fromEntries([...judgings].map(([name, judging]) => [name, scoresOf(judging)]));
};

/** Columns that are no features: the label, the id, and whatever gives the label away. */
const ignoredOf = (
  whole: Part,
  { label, id, keep, seed }: TrainTableOptions,
): { readonly ignored: readonly LeftOut[]; readonly leaks: readonly Leak[] } => {
  const named: LeftOut[] = [{ name: label, reason: "label", sentence: `${label} is the label` }];
  if (id !== undefined) named.push({ name: id, reason: "id", sentence: `${id} names the row` });
  const lessons = lessonsOf(whole, named, seed);
  const leaks = findLeaks(lessons.columns, lessons, whole.labels).map((leak) =>
    keep.includes(leak.name) ? { ...leak, isLeftOut: false } : leak,
  );
  const leaked = leaks
    .filter(({ isLeftOut }) => isLeftOut)
    .map(({ name, sentence }): LeftOut => ({ name, reason: "leak", sentence }));
  return { ignored: [...named, ...leaked], leaks };
};

const warningsOf = (
  { chosen, estimators }: Pick<TableReport, "chosen" | "estimators">,
  positives: number,
): readonly string[] => {
  const warnings: string[] = [];
  if (positives < 100)
    warnings.push(`only ${positives} rows are positive: expect figures to move with the seed`);
  if (chosen === "constant")
    warnings.push(
      "no model beats saying the same of every row: these columns do not tell the label",
    );
  const own = estimators[chosen];
  if (chosen !== "constant" && own !== undefined && own.auc - 2 * own.aucError <= 0.5)
    warnings.push("the chosen model cannot be told from chance by these folds");
  return warnings;
};

const known = (table: RawTable, name: string | undefined, option: string): Checked<true> =>
  name === undefined || table.columns.includes(name)
    ? sound(true)
    : faulty([
        {
          place: option,
          sentence: `${quote(name)} is no column; the table has ${table.columns.join(", ")}`,
        },
      ]);

const labelledPart = (
  table: RawTable,
  found: LabelFound,
): { readonly whole: Part; readonly members: readonly number[] } => {
  const members = Array.from(found.labels.keys()).filter((row) => found.labels[row] !== null);
  const whole = partOf(
    { table, labels: Float64Array.from(found.labels, (label) => label ?? 0) },
    members,
  );
  return { whole, members };
};

const enough = (whole: Part, folds: number): Checked<true> => {
  const positives = whole.labels.reduce((sum, label) => sum + label, 0);
  const fewest = Math.min(positives, whole.labels.length - positives);
  return fewest >= folds * FOLD_ROWS_MIN
    ? sound(true)
    : faulty([
        {
          place: "--folds",
          sentence: `${folds} folds need ${folds * FOLD_ROWS_MIN} rows of each label, but one has ${fewest}; give more rows or fewer folds`,
        },
      ]);
};

const idsOf = (
  table: RawTable,
  id: string | undefined,
  members: readonly number[],
): readonly string[] | null => {
  if (id === undefined) return null;
  const place = table.columns.indexOf(id);
  return members.map((row) => table.rows[row]?.[place] ?? `row ${row}`);
};

/** The label, the labelled rows, and whether they suffice. */
const prepare = (
  table: RawTable,
  options: TrainTableOptions,
): Checked<{
  readonly whole: Part;
  readonly members: readonly number[];
  readonly positive: string;
}> => {
  const { label, id, folds, positive } = options;
  for (const check of [known(table, label, "--label"), known(table, id, "--id")])
    if (check.kind === "faulty") return check;
  const found = labelOf(table, label, positive);
  if (found.kind === "faulty") return found;
  const part = labelledPart(table, found.value);
  const room = enough(part.whole, folds);
  return room.kind === "faulty" ? room : sound({ ...part, positive: found.value.positive });
};

const nothing = (sentence: string): Checked<never> => faulty([{ place: "the table", sentence }]);

/** The best model of a table with its report, or every fault that stands in the way. */
export const trainTable = (table: RawTable, options: TrainTableOptions): Checked<TrainedTable> => {
  const { label, folds, seed, onProgress, clockMs } = options;
  const misshapen = shapeFault(table);
  if (misshapen !== undefined) return nothing(misshapen);
  const prepared = prepare(table, options);
  if (prepared.kind === "faulty") return prepared;
  const { whole, members, positive } = prepared.value;
  const { ignored, leaks } = ignoredOf(whole, options);
  const lessons = lessonsOf(whole, ignored, seed);
  if (lessons.columns.length === 0) return nothing("has no column to learn from");
  const ids = idsOf(table, options.id, members);
  const estimators = crossValidated(whole, ignored, { ...options, ids });
  const chosen = chosenOf(estimators);
  onProgress?.("folds", folds, folds + 1);
  const final = fitAll(lessons, clockMs).get(chosen)?.fit;
  onProgress?.("folds", folds + 1, folds + 1);
  if (final === undefined || final.kind === "refused")
    return nothing(final?.sentence ?? "could not be fitted");
  const positives = whole.labels.reduce((sum, one) => sum + one, 0);
  return sound({
    columns: lessons.columns,
    estimator: final.value,
    report: {
      rows: whole.labels.length,
      unlabelled: table.rows.length - whole.labels.length,
      label,
      positive,
      positiveRate: positives / whole.labels.length,
      folds,
      seed,
      estimators,
      chosen,
      columns: lessons.columns.map(({ name, kind }) => ({ name, kind })),
      leftOut: lessons.leftOut,
      leaks,
      warnings: warningsOf({ chosen, estimators }, positives),
    },
  });
};
