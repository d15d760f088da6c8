/** Scoring models on rows that they were not fitted on: figures with 95 % intervals, and the choice of the simplest among candidates that do equally well. */
import { expectedCalibrationError } from "./calibration.ts";
import {
  aucFigure,
  giniFigure,
  type Interval,
  intervalsOf,
  meanFigure,
  type WeightedFigure,
} from "./intervals.ts";
import { rounded } from "./scale.ts";
import { rowLogLoss } from "./scores.ts";
import type { Score } from "../training.ts";

/** What an estimator said of a customer's row (a probability or an amount) and what happened (1 or 0, or an amount). */
export interface Scored {
  readonly customerId: string;
  readonly said: number;
  readonly happened: number;
}

interface Figure {
  readonly metric: string;
  readonly figure: WeightedFigure;
  readonly decimals: number;
}

const asScores = (
  estimator: string,
  rows: readonly Scored[],
  { figures, seed }: { readonly figures: readonly Figure[]; readonly seed: number },
): readonly Score[] => {
  const once = new Float64Array(rows.length).fill(1);
  const intervals = intervalsOf(
    rows.map(({ customerId }) => customerId),
    figures.map(({ figure }) => figure),
    seed,
  );
  return figures
    .map(({ metric, figure, decimals }, index): Score => {
      const interval: Interval | null | undefined = intervals[index];
      const ends =
        interval === null || interval === undefined
          ? {}
          : { low: rounded(interval.low, decimals), high: rounded(interval.high, decimals) };
      return { estimator, metric, value: rounded(figure(once), decimals), ...ends };
    })
    .filter(({ value }) => Number.isFinite(value));
};

/** AUC, log-loss (nats), Brier score and expected calibration error of probabilities; AUC is left out where one thing only happened. */
export const probabilityScores = (
  estimator: string,
  rows: readonly Scored[],
  seed: number,
): readonly Score[] => {
  const said = rows.map((row) => row.said);
  const happened = rows.map((row) => row.happened);
  const figures = [
    { metric: "auc", figure: aucFigure(said, happened), decimals: 4 },
    { metric: "logLoss", figure: meanFigure(rows.map(rowLogLoss)), decimals: 4 },
    {
      metric: "brier",
      figure: meanFigure(rows.map((row) => (row.said - row.happened) ** 2)),
      decimals: 4,
    },
  ];
  const error = expectedCalibrationError(
    rows.map((row) => ({ probability: row.said, happened: row.happened })),
  );
  return [
    ...asScores(estimator, rows, { figures, seed }),
    { estimator, metric: "calibrationError", value: rounded(error) },
  ];
};

/** Root mean squared error, mean absolute error and Gini (how well the order is told, 1 is best) of amounts. */
export const amountScores = (
  estimator: string,
  rows: readonly Scored[],
  seed: number,
): readonly Score[] => {
  const squares = meanFigure(rows.map((row) => (row.said - row.happened) ** 2));
  const figures = [
    { metric: "rmse", figure: (weights: Float64Array) => Math.sqrt(squares(weights)), decimals: 2 },
    {
      metric: "mae",
      figure: meanFigure(rows.map((row) => Math.abs(row.said - row.happened))),
      decimals: 2,
    },
    {
      metric: "gini",
      figure: giniFigure(
        rows.map((row) => row.said),
        rows.map((row) => row.happened),
      ),
      decimals: 4,
    },
  ];
  return asScores(estimator, rows, { figures, seed });
};

/** A candidate's loss of every row, rows in the same order for all. */
export interface CandidateLoss {
  readonly estimator: string;
  readonly losses: readonly number[];
}

/** Sum of the numbers of each customer's rows. */
const byCustomer = (customers: readonly string[], values: readonly number[]): readonly number[] => {
  const sums = new Map<string, number>();
  for (const [row, customer] of customers.entries())
    sums.set(customer, (sums.get(customer) ?? 0) + (values[row] ?? 0));
  return [...sums.values()];
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard error of the mean difference, customers as the unit. */
const differenceError = (customers: readonly string[], differences: readonly number[]): number => {
  const sums = byCustomer(customers, differences);
  const expected = mean(sums);
  const squares = sums.reduce((sum, value) => sum + (value - expected) ** 2, 0);
  return Math.sqrt(squares) / differences.length;
};

/**
 * The first candidate (give the simplest first) whose mean loss is within one standard error of the best one's, the error being that of the paired
 * difference (the one-standard-error rule of Breiman, Friedman, Olshen and Stone 1984).
 */
export const simplestOfTheBest = (
  candidates: readonly CandidateLoss[],
  customers: readonly string[],
): string => {
  const best = candidates.toSorted((left, right) => mean(left.losses) - mean(right.losses))[0];
  if (best === undefined) throw new RangeError("there are no candidates; give one");
  const chosen = candidates.find(({ losses }) => {
    const differences = losses.map((loss, row) => loss - (best.losses[row] ?? 0));
    return mean(differences) <= differenceError(customers, differences);
  });
  return (chosen ?? best).estimator;
};

export interface GainPoint {
  /** Share of rows, those said to be highest first. */
  readonly rows: number;
  /** Share of what happened in all rows that happened in those. */
  readonly captured: number;
}

/** The gain chart of rows in steps of a tenth; empty where nothing happened. */
export const gainOf = (rows: readonly Scored[]): readonly GainPoint[] => {
  const sorted = rows.toSorted((left, right) => right.said - left.said);
  const all = sorted.reduce((sum, row) => sum + row.happened, 0);
  if (all === 0) return [];
  return Array.from({ length: 10 }, (_, tenth) => {
    const share = (tenth + 1) / 10;
    const part = sorted.slice(0, Math.round(share * sorted.length));
    return {
      rows: share,
      captured: rounded(part.reduce((sum, row) => sum + row.happened, 0) / all),
    };
  });
};
