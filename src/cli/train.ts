/**
 * `attune train`: trains models from a folder of history and labelled feedback, writes their files and shows their scores.
 * Same data and seed give the same files. It writes files only: `attune rules publish` puts them in force.
 */
import { basename, join } from "node:path";
import { modelPath, readModel } from "../core/models/model-file.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import type { TrainingResult } from "../core/training.ts";
import { AttuneError } from "../errors.ts";
import { readFixtureTexts } from "../work/fixtures.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { HISTORY_TASKS, tasksNamed, trainFromFixtures } from "../work/train.ts";
import { readWhole, writeWhole } from "./files.ts";
import { modelPage } from "./model-page.ts";
import { showStages } from "./text-models.ts";
import type { Call, Exit } from "./terminal.ts";
import { reportsAsText } from "./train-text.ts";

export interface TrainOptions {
  /** `segments`, `churn`, `spend`, `offers`, `text` or `all`. */
  readonly task: string;
  readonly seed: number;
  readonly data?: string;
  readonly out?: string;
  /** Folder of public sets for the shipped text models. */
  readonly sets?: string;
  /** What `attune corrections` printed; text only. */
  readonly corrections?: string;
  /** File for a page about the models of customers. */
  readonly html?: string;
}

/** What the page shows of the results: models of customers have a card, text models have none of its kind. */
const pageOf = (results: readonly TrainingResult[]): string => {
  const models = results.flatMap(({ files, report, verdict }) =>
    HISTORY_TASKS.filter((task) => task === report.task).flatMap((task) => {
      const read = readModel(task, files[modelPath(task)] ?? "");
      return read.kind === "sound" ? [{ model: read.value, verdict }] : [];
    }),
  );
  return modelPage({ title: "Models of customers", models });
};

const writeFiles = (files: PlaybookFiles, folder: string): readonly string[] =>
  Object.entries(files).map(([name, text]) => {
    const path = join(folder, basename(name));
    writeWhole(path, text);
    return path;
  });

export const train = async ({ context, terminal }: Call, options: TrainOptions): Promise<Exit> => {
  const tasks = tasksNamed(options.task);
  if (options.html !== undefined && tasks.every((task) => task === "text"))
    throw new AttuneError(
      "USAGE",
      `--html shows models of customers (${HISTORY_TASKS.join(", ")}) and not ${options.task}; for labels of your own there is attune evaluate text --page`,
    );
  const texts = readFixtureTexts(options.data ?? join(context.home, "fixtures"));
  const stages = showStages(terminal);
  try {
    const results = await trainFromFixtures(texts, tasks, {
      seed: options.seed,
      files: readPlaybookFiles(context.home),
      ...(options.sets === undefined ? {} : { sets: options.sets }),
      ...(options.corrections === undefined ? {} : { corrections: readWhole(options.corrections) }),
      onProgress: stages.onProgress,
    });
    stages.stop();
    const folder = options.out ?? join(context.home, "models");
    const files = results.flatMap((result) => writeFiles(result.files, folder));
    const pages = options.html === undefined ? [] : [options.html];
    for (const path of pages) writeWhole(path, pageOf(results));
    const reports = results.map(({ report }) => report);
    terminal.out(
      context.json
        ? JSON.stringify({ files: [...files, ...pages], reports })
        : `${reportsAsText(reports, terminal.paint)}\n\nwrote ${[...files, ...pages].join(", ")}`,
    );
    return 0;
  } finally {
    stages.stop();
  }
};
