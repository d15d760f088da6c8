/** Scores of a model beside its rivals and the baselines: one table, and one chart a metric. The estimator of the first score is the one that was saved. */
import type { Score } from "../core/training.ts";
import { TALL_ROW, tallBars } from "./bars.ts";
import { tableOf } from "./page.ts";
import { extentOf, figureOf, scaleOf, WIDTH } from "./svg.ts";
import { figure, fixed, intervalAsText } from "./words.ts";

interface Metric {
  readonly name: string;
  /** What a chart says where the name is too short. */
  readonly title?: string;
  readonly sentence: string;
  readonly better: "↑" | "↓";
  /** Where bars begin: what knowing nothing gives; 0 when absent. */
  readonly from?: number;
}

/** What a metric says, and which way it is better. */
const METRICS: Readonly<Record<string, Metric>> = {
  auc: {
    name: "AUC",
    sentence: "How well customers are ranked: 0.5 is chance, where bars begin; 1 is perfect.",
    better: "↑",
    from: 0.5,
  },
  logLoss: {
    name: "log-loss",
    sentence: "How far probabilities are from what happened; sure errors weigh most.",
    better: "↓",
  },
  brier: { name: "Brier score", sentence: "Mean squared error of probabilities.", better: "↓" },
  calibrationError: {
    name: "calibration error",
    sentence: "How far probabilities are off on average.",
    better: "↓",
  },
  rmse: { name: "RMSE", sentence: "Root of the mean squared error, in money.", better: "↓" },
  mae: { name: "MAE", sentence: "Mean absolute error, in money.", better: "↓" },
  squaredError: {
    name: "squared error",
    sentence: "Mean squared error, in money squared.",
    better: "↓",
  },
  gini: {
    name: "Gini",
    sentence: "How well customers are ranked by money: 0 is chance.",
    better: "↑",
  },
  "hit@1": {
    name: "hit@1",
    title: "hit rate of the first offer",
    sentence: "Share of later orders that hold the first product offered.",
    better: "↑",
  },
  "hit@3": {
    name: "hit@3",
    title: "hit rate of three offers",
    sentence: "Share of later orders that hold one of the first three offered.",
    better: "↑",
  },
  "mrr@10": {
    name: "MRR@10",
    title: "mean reciprocal rank in ten offers",
    sentence: "Mean of 1 ÷ the place of the first offer that the order holds.",
    better: "↑",
  },
  "coverage@3": {
    name: "coverage@3",
    title: "coverage of three offers",
    sentence: "Share of the products that are ever offered: how varied offers are.",
    better: "↑",
  },
  silhouette: {
    name: "silhouette",
    sentence: "How much nearer customers are to their own segment than to the next one.",
    better: "↑",
  },
  stability: {
    name: "stability",
    sentence: "How well segments come back on other halves of the customers; 1 is the same.",
    better: "↑",
  },
  inertia: {
    name: "inertia",
    sentence: "Mean squared distance to the centre of the segment, in scaled units.",
    better: "↓",
  },
};

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

const headingOf = (metric: string): string => {
  const known = METRICS[metric];
  return known === undefined ? metric : `${known.name}\u{a0}${known.better}`;
};

const titleOf = (metric: string): string => {
  const title = METRICS[metric]?.title;
  return title === undefined ? headingOf(metric) : `${title}: ${headingOf(metric)}`;
};

/** As many decimals as the greatest of the values can bear: about three figures. */
const decimalsOf = (scores: readonly Score[]): number => {
  const most = Math.max(0, ...scores.map(({ value }) => Math.abs(value)));
  if (most < 10) return 3;
  return most < 100 ? 2 : most < 1000 ? 1 : 0;
};

/** An interval with `digits` decimals; empty where none was found or it has no width. */
const rangeOf = ({ low, high }: Score, digits: number): string =>
  low === undefined || high === undefined || low === high
    ? ""
    : `${fixed(low, digits)} … ${fixed(high, digits)}`;

/** `win` for the model itself; `base` for baselines, `rival` for the others. */
const standingOf = (estimator: string, model: string): "win" | "rival" | "base" => {
  if (estimator === model) return "win";
  return estimator.startsWith("baseline: ") ? "base" : "rival";
};

export interface ScoresTable {
  readonly scores: readonly Score[];
  /** Name of the estimator that was saved; it is said so. */
  readonly model?: string;
  readonly name: string;
}

/** A row an estimator, a column a metric, intervals below the values. */
export const scoresTable = ({ scores, model, name }: ScoresTable): string => {
  const metrics = unique(scores.map(({ metric }) => metric));
  const columns = metrics.map((metric) => {
    const own = scores.filter((score) => score.metric === metric);
    return { own, digits: decimalsOf(own) };
  });
  const rows = unique(scores.map(({ estimator }) => estimator)).map((estimator) => [
    estimator === model ? `${estimator} (this model)` : estimator,
    ...columns.map(({ own, digits }) => {
      const score = own.find((candidate) => candidate.estimator === estimator);
      if (score === undefined) return "–";
      const range = rangeOf(score, digits);
      return `${fixed(score.value, digits)}${range === "" ? "" : `\n${range}`}`;
    }),
  ]);
  return tableOf({ head: ["estimator", ...metrics.map(headingOf)], rows, name });
};

export interface ScoresInput {
  readonly id: string;
  /** Of one metric; the estimators in the order shown. */
  readonly scores: readonly Score[];
  /** Name of the estimator that was saved. */
  readonly model: string;
}

const SENTENCES = { "↑": "Higher is better.", "↓": "Lower is better." } as const;

/** One bar an estimator, with its 95 % interval as a whisker. */
export const scoresChart = ({ id, scores, model }: ScoresInput): string => {
  const [first] = scores;
  if (first === undefined) return "";
  const metric = METRICS[first.metric];
  const from = metric?.from ?? 0;
  const ends = scores.flatMap(({ value, low = value, high = value }) => [value, low, high]);
  const [low, high] = extentOf(ends.map((end) => end - from));
  const digits = decimalsOf(scores);
  return figureOf({
    id,
    title: titleOf(first.metric),
    sentence:
      metric === undefined
        ? "Measured on rows that the model was not fitted on."
        : `${metric.sentence} ${SENTENCES[metric.better]}`,
    height: scores.length * TALL_ROW + 4,
    marks: tallBars(
      scores.map((score) => {
        const kind = standingOf(score.estimator, model);
        const range = rangeOf(score, digits);
        return {
          ...score,
          name: score.estimator,
          kind,
          strong: kind === "win",
          label: `${fixed(score.value, digits)}${range === "" ? "" : ` (${range})`}`,
        };
      }),
      { x: scaleOf([low + from, high + from], [2, WIDTH - 4]), from },
    ),
    table: {
      head: ["estimator", "value", "95 % interval"],
      rows: scores.map((score) => [
        score.estimator,
        figure(score.value, 4),
        intervalAsText(score, 4) || "–",
      ]),
    },
  });
};

/** One chart a metric. */
export const scoresCharts = (id: string, scores: readonly Score[]): readonly string[] =>
  unique(scores.map(({ metric }) => metric)).map((metric, place) =>
    scoresChart({
      id: `${id}-${place}`,
      scores: scores.filter((score) => score.metric === metric),
      model: scores[0]?.estimator ?? "",
    }),
  );
