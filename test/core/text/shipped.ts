/** The project's own reading files and labelled feedback, as tests open them. */
import { readFileSync } from "node:fs";
import type { Checked } from "../../../src/core/fault.ts";
import { type LabelledFeedback, parseLabelledFeedback } from "../../../src/core/text/labelled.ts";
import { openTextReader, TEXT_FILES, type TextReader } from "../../../src/core/text/reader.ts";

const root = new URL("../../../", import.meta.url);

export const shippedFiles = (): Record<string, string> =>
  Object.fromEntries(
    Object.values(TEXT_FILES).map((path) => [path, readFileSync(new URL(path, root), "utf8")]),
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
