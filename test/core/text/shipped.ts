/** The project's own reading files and labelled feedback, as tests open them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ARTICLES_FOLDER } from "../../../src/core/text/articles.ts";
import { readPlaybookFiles } from "../../../src/work/publish.ts";
import type { Checked } from "../../../src/core/fault.ts";
import { type LabelledFeedback, parseLabelledFeedback } from "../../../src/core/text/labelled.ts";
import { openTextReader, TEXT_FILES, type TextReader } from "../../../src/core/text/reader.ts";

const root = new URL("../../../", import.meta.url);

export const shippedFiles = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(readPlaybookFiles(fileURLToPath(root))).filter(
      ([path]) =>
        path.startsWith(ARTICLES_FOLDER) || Object.values<string>(TEXT_FILES).includes(path),
    ),
  );

const soundly = <T>(checked: Checked<T>): T => {
  if (checked.kind === "faulty") throw new Error(JSON.stringify(checked.faults));
  return checked.value;
};

export const shippedReader = (): TextReader => soundly(openTextReader(shippedFiles()));

export const shippedFeedback = (): readonly LabelledFeedback[] =>
  soundly(
    parseLabelledFeedback(
      readFileSync(new URL("fixtures/feedback.jsonl", root), "utf8").split("\n"),
    ),
  );
