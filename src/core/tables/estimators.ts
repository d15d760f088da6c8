/**
 * The estimators that compete on a table, each fitted on cells and asked about cells, with reasons in the table's own columns.
 * A saved estimator is plain data: `openEstimator` makes it ready to answer.
 */
import {
  boostingContributions,
  type BoostingModel,
  boostingScore,
  openBoosting,
} from "../models/boosting.ts";
import { fitBoosting } from "../models/boosting-fit.ts";
import { cartReasons, type CartModel, fitCart } from "../models/cart.ts";
import { type Fitted, fitted, type Refusal, refused } from "../models/fitted.ts";
import { fitLogistic, logistic, type LogisticModel } from "../models/logistic.ts";
import { checkBinary, checkColumn, type Matrix } from "../models/matrix.ts";
import { randomFrom } from "../models/random.ts";
import { contributionsOf } from "../models/ridge.ts";
import { logLoss } from "../models/scores.ts";
import type { ModelColumn } from "./columns.ts";
import {
  bySource,
  encoded,
  type LevelRanks,
  levelRanks,
  linearEncoding,
  treeEncoding,
} from "./encode.ts";
import type { Cell } from "./table.ts";

export interface ConstantModel {
  readonly kind: "constant";
  readonly rate: number;
}
export interface TableTree {
  readonly kind: "tree";
  readonly ranks: LevelRanks;
  readonly model: CartModel;
}
export interface TableLogistic {
  readonly kind: "logistic";
  readonly model: LogisticModel;
}
export interface TableBoosting {
  readonly kind: "boosting";
  readonly ranks: LevelRanks;
  readonly model: BoostingModel;
}
/** The mean of two log-odds. */
export interface TableBlend {
  readonly kind: "blend";
  readonly logistic: TableLogistic;
  readonly boosting: TableBoosting;
}
export type TableEstimator = ConstantModel | TableTree | TableLogistic | TableBoosting | TableBlend;

/** Cells to learn from; `labels` are 1 or 0, one for each row. */
export interface Lessons {
  readonly columns: readonly ModelColumn[];
  /** Where each column stands in a row. */
  readonly places: readonly number[];
  readonly rows: readonly (readonly Cell[])[];
  readonly labels: Float64Array;
  readonly seed: number;
}

/** Contributions of the columns, in their order, to the log-odds (`tree`: to the probability): base + all of them is `score`. */
export interface Told {
  readonly probability: number;
  readonly base: number;
  readonly score: number;
  readonly contributions: readonly number[];
}

export type OpenEstimator = (row: readonly Cell[]) => Told;

const PENALTIES = [1, 10, 50] as const;
/** Share of the rows on which penalties are compared. */
const TRIED = 0.25;

const rowsOf = ({ values, width }: Matrix, members: readonly number[]): Matrix => {
  const own = new Float64Array(members.length * width);
  for (const [at, row] of members.entries())
    own.set(values.subarray(row * width, (row + 1) * width), at * width);
  return { values: own, width };
};

const lossOf = (model: LogisticModel, matrix: Matrix, labels: Float64Array): number =>
  logLoss(
    Array.from(labels, (happened, row) => {
      const own = matrix.values.subarray(row * matrix.width, (row + 1) * matrix.width);
      const score = contributionsOf(model, own).reduce((sum, part) => sum + part, model.base);
      return { probability: logistic(score), happened };
    }),
  );

/** The penalty that leaves the least loss on a quarter of the rows, kept away from the fit. */
const bestPenalty = (matrix: Matrix, labels: Float64Array, seed: number): number => {
  const random = randomFrom(seed);
  const isTried = Array.from(labels, () => random() < TRIED);
  const members = (tried: boolean): readonly number[] =>
    Array.from(labels.keys()).filter((row) => isTried[row] === tried);
  const [inside, outside] = [members(false), members(true)];
  const labelsOf = (rows: readonly number[]): Float64Array =>
    Float64Array.from(rows, (row) => labels[row] as number);
  const losses = PENALTIES.map((penalty) => {
    const model = fitLogistic(rowsOf(matrix, inside), labelsOf(inside), { penalty });
    return model.kind === "fitted" && outside.length > 0
      ? lossOf(model.value, rowsOf(matrix, outside), labelsOf(outside))
      : Infinity;
  });
  return PENALTIES[losses.indexOf(Math.min(...losses))] ?? 1;
};

const constantOf = ({ labels }: Lessons): Fitted<ConstantModel> =>
  fitted({
    kind: "constant",
    rate: labels.reduce((sum, label) => sum + label, 0) / labels.length,
  });

const treeOf = (lessons: Lessons): Fitted<TableTree> => {
  const { columns, places, rows, labels } = lessons;
  const ranks = levelRanks(columns, { places, rows }, labels);
  const model = fitCart(encoded(treeEncoding(columns, places, ranks), rows), [...labels], {
    maxDepth: 5,
    minLeaf: Math.max(5, Math.min(50, Math.round(rows.length / 100))),
  });
  return model.kind === "fitted" ? fitted({ kind: "tree", ranks, model: model.value }) : model;
};

const logisticOf = (lessons: Lessons): Fitted<TableLogistic> => {
  const { columns, places, rows, labels, seed } = lessons;
  const matrix = encoded(linearEncoding(columns, places), rows);
  const penalty = bestPenalty(matrix, labels, seed);
  const model = fitLogistic(matrix, labels, { penalty });
  return model.kind === "fitted" ? fitted({ kind: "logistic", model: model.value }) : model;
};

/** Rows and columns are drawn for each tree: on tables of a few thousand rows it lowers the loss (Friedman, 2002). */
const SAMPLED = { rowShare: 0.7, columnShare: 0.5 } as const;

const boostingOf = (lessons: Lessons): Fitted<TableBoosting> => {
  const { columns, places, rows, labels, seed } = lessons;
  const ranks = levelRanks(columns, { places, rows }, labels);
  const table = encoded(treeEncoding(columns, places, ranks), rows);
  const model = fitBoosting(table, [...labels], { ...SAMPLED, seed });
  return model.kind === "fitted" ? fitted({ kind: "boosting", ranks, model: model.value }) : model;
};

/** The first thing that is wrong with lessons: EMPTY, WIDTH, NOT_FINITE, LABEL or CONSTANT. */
const checkLessons = ({ places, rows, labels }: Lessons): Refusal | undefined => {
  if (rows.length === 0) return refused("EMPTY", "there are no rows; give a longer table");
  const least = Math.max(-1, ...places) + 1;
  const narrow = rows.findIndex((row) => row.length < least);
  if (narrow >= 0)
    return refused(
      "WIDTH",
      `row ${narrow} has ${rows[narrow]?.length} cells, at least ${least} are read; give one for each column`,
    );
  return checkColumn("labels", labels, rows.length) ?? checkBinary(labels);
};

const checked =
  <Model extends TableEstimator>(fit: (lessons: Lessons) => Fitted<Model>) =>
  (lessons: Lessons): Fitted<Model> =>
    checkLessons(lessons) ?? fit(lessons);

/** In the order of the report, the simplest first. Each refuses lessons that are empty, ragged or not labelled 0 and 1. */
export const ESTIMATORS = {
  constant: checked(constantOf),
  tree: checked(treeOf),
  logistic: checked(logisticOf),
  boosting: checked(boostingOf),
} as const;

export const blendOf = (
  linear: Fitted<TableEstimator>,
  boosted: Fitted<TableEstimator>,
): Fitted<TableBlend> | undefined =>
  linear.kind === "fitted" &&
  boosted.kind === "fitted" &&
  linear.value.kind === "logistic" &&
  boosted.value.kind === "boosting"
    ? fitted({ kind: "blend", logistic: linear.value, boosting: boosted.value })
    : undefined;

type Place = Pick<Lessons, "columns" | "places">;

const oddsOf = (rate: number): number => Math.log(rate / (1 - rate));

const openTree = ({ ranks, model }: TableTree, { columns, places }: Place): OpenEstimator => {
  const encoding = treeEncoding(columns, places, ranks);
  return (row) => {
    const { values } = encoded(encoding, [row]);
    const { base, prediction, steps } = cartReasons(model, values);
    const sums = Array.from(columns, () => 0);
    for (const { column, change } of steps) sums[column] = (sums[column] ?? 0) + change;
    return { probability: prediction, base, score: prediction, contributions: sums };
  };
};

const openLogistic = ({ model }: TableLogistic, { columns, places }: Place): OpenEstimator => {
  const encoding = linearEncoding(columns, places);
  return (row) => {
    const { values } = encoded(encoding, [row]);
    const contributions = bySource(encoding, contributionsOf(model, values), columns.length);
    const score = contributions.reduce((sum, part) => sum + part, model.base);
    return { probability: logistic(score), base: model.base, score, contributions };
  };
};

const openBoosted = (
  { ranks, model }: TableBoosting,
  { columns, places }: Place,
): OpenEstimator => {
  const encoding = treeEncoding(columns, places, ranks);
  const open = openBoosting(model);
  return (row) => {
    const { values } = encoded(encoding, [row]);
    const { base, columns: contributions } = boostingContributions(open, values);
    const score = boostingScore(open, values);
    return { probability: logistic(score), base, score, contributions };
  };
};

const openBlend = (blend: TableBlend, place: Place): OpenEstimator => {
  const [first, second] = [openLogistic(blend.logistic, place), openBoosted(blend.boosting, place)];
  return (row) => {
    const [left, right] = [first(row), second(row)];
    const score = (left.score + right.score) / 2;
    return {
      probability: logistic(score),
      base: (left.base + right.base) / 2,
      score,
      contributions: left.contributions.map(
        (part, column) => (part + (right.contributions[column] ?? 0)) / 2,
      ),
    };
  };
};

/** Ready to answer for rows of cells whose columns stand at `places`. */
export const openEstimator = (estimator: TableEstimator, place: Place): OpenEstimator => {
  if (estimator.kind === "tree") return openTree(estimator, place);
  if (estimator.kind === "logistic") return openLogistic(estimator, place);
  if (estimator.kind === "boosting") return openBoosted(estimator, place);
  if (estimator.kind === "blend") return openBlend(estimator, place);
  const { rate } = estimator;
  const score = oddsOf(Math.min(1 - 1e-9, Math.max(1e-9, rate)));
  const contributions = place.columns.map(() => 0);
  return () => ({ probability: rate, base: score, score, contributions });
};
