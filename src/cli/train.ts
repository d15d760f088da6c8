/**
 * `attune train`: trains models from a folder of history and labelled feedback, writes their files and shows their scores.
 * Same data and seed give the same files. It writes files only: `attune rules publish` puts them in force.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { AttuneError } from "../errors.ts";
import { readFixtureTexts } from "../work/fixtures.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { HISTORY_TASKS, tasksNamed, trainFromFixtures } from "../work/train.ts";
import { readWhole } from "./files.ts";
import { showStages } from "./text-models.ts";
import type { Call, Exit } from "./terminal.ts";
import { writeResults } from "./train-results.ts";
import { reportsAsText } from "./train-text.ts";

export interface TrainOptions {
  /** `segments`, `churn`, `spend`, `offers`, `text` or `all`. */
  readonly task: string;
  readonly seed: number;
  /** A folder laid out like the fixtures, or a shop's own file. */
  readonly data?: string;
  /** What the columns of the file are. */
  readonly columns?: string;
  /** Days that churn and spend look ahead. */
  readonly horizon?: number;
  readonly out?: string;
  /** Folder of public sets for the shipped text models. */
  readonly sets?: string;
  /** What `attune corrections` printed; text only. */
  readonly corrections?: string;
  /** File for a page about the models of customers. */
  readonly html?: string;
}

/** Whether `--data` names a file of its own and no folder laid out like the fixtures. */
const isFile = (data: string): boolean => {
  if (data === "-") return true;
  const about = statSync(data, { throwIfNoEntry: false });
  return about === undefined ? /\.\w+$/u.test(data) : !about.isDirectory();
};

const trainFolder = async ({ context, terminal }: Call, options: TrainOptions): Promise<Exit> => {
  const tasks = tasksNamed(options.task);
  if (options.columns !== undefined)
    throw new AttuneError(
      "USAGE",
      "--columns declares the columns of a file: name a CSV file or JSON lines with --data <file>",
    );
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
      horizonDays: options.horizon,
      files: readPlaybookFiles(context.home),
      ...(options.sets === undefined ? {} : { sets: options.sets }),
      ...(options.corrections === undefined ? {} : { corrections: readWhole(options.corrections) }),
      onProgress: stages.onProgress,
    });
    stages.stop();
    const folder = options.out ?? join(context.home, "models");
    const files = writeResults(results, { folder, html: options.html });
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

export const train = async (call: Call, options: TrainOptions): Promise<Exit> => {
  const { data } = options;
  if (data === undefined || !isFile(data)) return trainFolder(call, options);
  return (await import("./train-file.ts")).trainFile(call, { ...options, data });
};
