/** The corpus as tests open it; what is measured is its test part. */
import { readFileSync } from "node:fs";
import { type CorpusRow, parseCorpus } from "../../../src/core/text/corpus.ts";

const root = new URL("../../../fixtures/corpus/", import.meta.url);

export const corpusRows = (): readonly CorpusRow[] =>
  ["en", "zh"].flatMap((language) => {
    const parsed = parseCorpus(
      readFileSync(new URL(`${language}.jsonl`, root), "utf8").split("\n"),
      language,
    );
    if (parsed.kind === "faulty") throw new Error(JSON.stringify(parsed.faults.slice(0, 5)));
    return parsed.value;
  });

export const testRows = (): readonly CorpusRow[] =>
  corpusRows().filter(({ split }) => split === "test");
