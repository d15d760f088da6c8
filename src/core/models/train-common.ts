/** What the trainers of segments, churn and spend share: where the data comes from, and honest words about the scores. */
import type { ModelCard } from "./model-shapes.ts";
import type { Watched } from "./watch.ts";
import type { Score } from "../training.ts";

/** Where the rows come from; goes into the card word for word, so that equal data and seed give equal bytes. */
export interface TrainingContext {
  /** SHA-256 of the signals, one JSON line each. */
  readonly data: string;
  /** First and last instant of the signals. */
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly horizonDays: number;
  readonly command: string;
  /** Customers at the end of the signals, and the topics of all feedback: what drift will be told from. */
  readonly watched: Watched;
}

export interface CardFindings {
  readonly rows: number;
  readonly scores: readonly Score[];
  readonly notes: readonly string[];
}

export const cardOf = (context: TrainingContext, findings: CardFindings): ModelCard => ({
  data: context.data,
  rows: findings.rows,
  from: context.from,
  to: context.to,
  seed: context.seed,
  command: context.command,
  scores: findings.scores.map((score) => ({ ...score })),
  notes: [...findings.notes],
});

/** Of a model that is being scored and not saved. */
export const emptyCard: ModelCard = {
  data: "",
  rows: 0,
  from: "",
  to: "",
  seed: 0,
  command: "",
  scores: [],
  notes: [],
};

const valueOf = (scores: readonly Score[], estimator: string, metric: string): number | undefined =>
  scores.find((score) => score.estimator === estimator && score.metric === metric)?.value;

/** Which way a metric is better. */
const HIGHER_IS_BETTER: ReadonlySet<string> = new Set([
  "auc",
  "gini",
  "silhouette",
  "hit@1",
  "hit@3",
  "mrr@10",
  "coverage@3",
]);

/**
 * One sentence for every baseline that is as good as the model or better in a metric; empty where the model wins everywhere.
 * The model is the estimator of the first score.
 */
export const lostAgainst = (scores: readonly Score[]): readonly string[] => {
  const model = scores[0]?.estimator ?? "";
  return scores
    .filter(({ estimator }) => estimator.startsWith("baseline: "))
    .flatMap(({ estimator, metric, value }) => {
      const own = valueOf(scores, model, metric);
      if (own === undefined) return [];
      const wins = HIGHER_IS_BETTER.has(metric) ? own > value : own < value;
      return wins
        ? []
        : [`The ${model} does not beat ${estimator} in ${metric} (${own} against ${value}).`];
    });
};
