/** What every trainer gives back: model files ready to save, and a report that always shows the baselines beside the model. */
import type { PlaybookFiles } from "../playbook.ts";

/** One figure of one estimator on rows that it was not fitted on. */
export interface Score {
  /** `tree`, `baseline: constant`, `baseline: natural Bayes`, … */
  readonly estimator: string;
  /** `accuracy`, `macroF1`, `auc`, `logLoss`, `rmse`, `silhouette`, … */
  readonly metric: string;
  readonly value: number;
}

export interface TrainingReport {
  /** `segments`, `churn`, `spend`, `offers`, `text`. */
  readonly task: string;
  readonly rows: number;
  readonly seed: number;
  readonly scores: readonly Score[];
  /** What a reader of the scores must know: how rows were split, what the model is weak at. */
  readonly notes: readonly string[];
}

export interface TrainingResult {
  /** `models/churn.json` → text. Same data and seed give the same bytes. */
  readonly files: PlaybookFiles;
  readonly report: TrainingReport;
}

/** Called now and then with the stage and how far it is; never more often than about every 1,000 rows. */
export type TrainingProgress = (stage: string, done: number, total: number) => void;
