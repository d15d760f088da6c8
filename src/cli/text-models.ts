/** What the commands about text models share: the reader of the playbook in the project's folder, labelled lines, stages on the terminal. */
import type { TrainingProgress } from "../core/training.ts";
import type { LabelledTexts } from "../core/text/labels-file.ts";
import { parseLabelledTexts } from "../core/text/labels-file.ts";
import { openTextReader, type TextReader } from "../core/text/reader.ts";
import { AttuneError } from "../errors.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { readWhole } from "./files.ts";
import { type Progress, startProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** Throws PLAYBOOK_INVALID with every fault of the models and lexicons. */
export const openReader = (home: string): TextReader => {
  const reader = openTextReader(readPlaybookFiles(home));
  if (reader.kind === "sound") return reader.value;
  throw new AttuneError("PLAYBOOK_INVALID", "The models and lexicons cannot be read:", {
    faults: reader.faults,
  });
};

/** Throws INPUT_INVALID with the first faulty lines. */
export const readLabelledFile = (path: string): LabelledTexts => {
  const parsed = parseLabelledTexts(readWhole(path).split("\n"), path);
  if (parsed.kind === "sound") return parsed.value;
  throw new AttuneError("INPUT_INVALID", "the labelled texts cannot be used", {
    faults: parsed.faults,
  });
};

export interface Stages {
  readonly onProgress: TrainingProgress;
  stop(): void;
}

/** One bar a stage: stages count different things, `unit` in the plural. */
export const showStages = (terminal: Terminal, unit = "steps"): Stages => {
  let stage = "";
  let bar: Progress | undefined;
  return {
    onProgress: (name, done, total) => {
      if (name !== stage) {
        bar?.stop();
        bar = startProgress(terminal, { title: name, total, unit });
        stage = name;
      }
      bar?.update(done, done);
    },
    stop: () => bar?.stop(),
  };
};
