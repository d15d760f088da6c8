/** What every training on fixtures is given, and how input that cannot be used is refused. */
import type { Checked } from "../core/fault.ts";
import type { TrainingProgress } from "../core/training.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import { AttuneError } from "../errors.ts";

export interface TrainFixturesOptions {
  readonly seed: number;
  /** How far churn and spend look ahead: 60 days unless told otherwise. */
  readonly horizonDays?: number | undefined;
  /** The playbook's files: lexicons, and the text models that read feedback when text is not trained itself. */
  readonly files: PlaybookFiles;
  /** Folder of public sets as `NAME.train.jsonl` or `NAME.train.jsonl.gz`; without it text is trained on the fixtures alone. */
  readonly sets?: string;
  /** Lines of `attune corrections`: trained on, and then left out of the layer. */
  readonly corrections?: string;
  readonly onProgress?: TrainingProgress;
}

/** The value; throws TRAINING_REFUSED with every fault. */
export const usable = <T>(checked: Checked<T>, what: string): T => {
  if (checked.kind === "sound") return checked.value;
  throw new AttuneError("TRAINING_REFUSED", `${what} cannot be used`, { faults: checked.faults });
};
