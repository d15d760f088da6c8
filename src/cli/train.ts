/**
 * `attune train`: trains models from a folder of history and labelled feedback, writes their files and shows their scores.
 * Same data and seed give the same files. It writes files only: `attune rules publish` puts them in force.
 */
import { basename, join } from "node:path";
import type { PlaybookFiles } from "../core/playbook.ts";
import { readFixtureTexts } from "../work/fixtures.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { tasksNamed, trainFromFixtures } from "../work/train.ts";
import { readWhole, writeWhole } from "./files.ts";
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
}

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
      ...(options.sets === undefined ? {} : { sets: options.sets }),
      ...(options.corrections === undefined ? {} : { corrections: readWhole(options.corrections) }),
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
