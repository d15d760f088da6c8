/** What every trainer gives back: model files ready to save, and a report that always shows the baselines beside the model. */
import type { PlaybookFiles } from "./playbook.ts";

/** One figure of one estimator on rows that it was not fitted on. */
export interface Score {
  /** `tree`, `baseline: constant`, `baseline: natural Bayes`, … */
  readonly estimator: string;
  /** `accuracy`, `macroF1`, `auc`, `logLoss`, `rmse`, `silhouette`, … */
  readonly metric: string;
  readonly value: number;
  /** 95 % interval, where one was found. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
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
  /** Absent where there is no gate for the task. */
  readonly verdict?: Omit<Verdict, "against">;
}

/** Called now and then with the stage and how far it is; never more often than about every 1,000 rows. */
export type TrainingProgress = (stage: string, done: number, total: number) => void;

/** Whether a trained model may be put in force, and why. */
export interface Verdict {
  readonly kind: "promote" | "refuse";
  /** Id of the model in force that it was compared with; null where there was none. */
  readonly against: string | null;
  readonly reasons: readonly { readonly code: string; readonly sentence: string }[];
}
