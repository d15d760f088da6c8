/** `attune train language --data FILE`: trains the model that tells languages apart. It writes the model's file and nothing else. */
import { basename, join } from "node:path";
import { AttuneError } from "../errors.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { trainLanguageModel } from "../work/train-language.ts";
import { readWhole, writeWhole } from "./files.ts";
import type { Call, Exit } from "./terminal.ts";
import { figure } from "./words.ts";

export interface TrainLanguageOptions {
  readonly data?: string;
  readonly seed: number;
  readonly out?: string;
}

export const trainLanguage = async (
  { context, terminal }: Call,
  { data, seed, out }: TrainLanguageOptions,
): Promise<Exit> => {
  if (data === undefined)
    throw new AttuneError(
      "USAGE",
      "attune train language needs --data FILE.jsonl of {text, label}",
    );
  const fixtures = join(context.home, "fixtures");
  const { file, path, rows, sentences } = trainLanguageModel(
    {
      data: readWhole(data),
      small: readWhole(join(fixtures, "language-words.jsonl")),
      sentences: readWhole(join(fixtures, "languages.jsonl")),
    },
    { seed, files: readPlaybookFiles(context.home) },
  );
  const to = join(out ?? join(context.home, "models"), basename(path));
  writeWhole(to, file);
  terminal.out(
    context.json
      ? JSON.stringify({ model: to, rows, sentences })
      : `${rows.toLocaleString("en")} rows, ${figure(sentences * 100, 1)} % of the fixtures' sentences right; wrote ${to}`,
  );
  return 0;
};
