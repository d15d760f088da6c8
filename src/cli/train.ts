/**
 * `attune train`: trains models from a folder of history and labelled feedback, writes their files and shows their scores.
 * Same data and seed give the same files. It writes files only: `attune rules publish` puts them in force.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { TrainingProgress } from "../core/models/training.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import { AttuneError } from "../errors.ts";
import { readFixtureTexts } from "../work/fixtures.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { tasksNamed, trainFromFixtures } from "../work/train.ts";
import { type Progress, startProgress } from "./progress.ts";
import type { Call, Exit, Terminal } from "./terminal.ts";
import { reportsAsText } from "./train-text.ts";

export interface TrainOptions {
  /** `segments`, `churn`, `spend`, `text` or `all`. */
  readonly task: string;
  readonly seed: number;
  readonly data?: string;
  readonly out?: string;
}

interface Stages {
  readonly onProgress: TrainingProgress;
  stop(): void;
}

/** One bar a stage: stages count different things. */
const showStages = (terminal: Terminal): Stages => {
  let stage = "";
  let bar: Progress | undefined;
  return {
    onProgress: (name, done, total) => {
      if (name !== stage) {
        bar?.stop();
        bar = startProgress(terminal, { title: name, total, unit: "steps" });
        stage = name;
      }
      bar?.update(done, done);
    },
    stop: () => bar?.stop(),
  };
};

/** Written beside and renamed: a model file is never half there. */
const writeWhole = (path: string, text: string): void => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("FILE_UNREADABLE", `${path} cannot be written: ${why}.`, { cause });
  }
};

const writeFiles = (files: PlaybookFiles, folder: string): readonly string[] =>
  Object.entries(files).map(([name, text]) => {
    const path = join(folder, basename(name));
    writeWhole(path, text);
    return path;
  });

export const train = async ({ context, terminal }: Call, options: TrainOptions): Promise<Exit> => {
  const tasks = tasksNamed(options.task);
  const texts = readFixtureTexts(options.data ?? join(context.home, "fixtures"));
  const stages = showStages(terminal);
  try {
    const results = await trainFromFixtures(texts, tasks, {
      seed: options.seed,
      files: readPlaybookFiles(context.home),
      onProgress: stages.onProgress,
    });
    stages.stop();
    const folder = options.out ?? join(context.home, "models");
    const files = results.flatMap((result) => writeFiles(result.files, folder));
    const reports = results.map(({ report }) => report);
    terminal.out(
      context.json
        ? JSON.stringify({ files, reports })
        : `${reportsAsText(reports, terminal.paint)}\n\nwrote ${files.join(", ")}`,
    );
    return 0;
  } finally {
    stages.stop();
  }
};
