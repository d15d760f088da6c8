/** What training leaves behind: model files in a folder, and a page about them. */
import { basename, join } from "node:path";
import { modelPath, readModel } from "../core/models/model-file.ts";
import type { TrainingResult } from "../core/training.ts";
import { HISTORY_TASKS } from "../work/train.ts";
import { writeWhole } from "./files.ts";
import { modelPage } from "./model-page.ts";

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

/** Writes the model files into `folder` and the page to `html`, each if there is one; gives the paths. */
export const writeResults = (
  results: readonly TrainingResult[],
  { folder, html }: { readonly folder?: string | undefined; readonly html?: string | undefined },
): readonly string[] => {
  const files =
    folder === undefined
      ? []
      : results.flatMap((result) =>
          Object.entries(result.files).map(([name, text]) => {
            const path = join(folder, basename(name));
            writeWhole(path, text);
            return path;
          }),
        );
  if (html === undefined) return files;
  writeWhole(html, pageOf(results));
  return [...files, html];
};
