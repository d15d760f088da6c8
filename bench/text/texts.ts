/** The fixtures as the benchmark reads them: short feedback by language, and rows with the side that they are on. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { SentimentLabel } from "../../src/core/analysis.ts";
import { parseCorpus } from "../../src/core/text/corpus.ts";
import { parseLabelledFeedback } from "../../src/core/text/labelled.ts";
import { readFixtureTexts } from "../../src/work/fixtures.ts";
import { usable } from "../../src/work/training-input.ts";

/** `mixed` is all of them, in a mixed order. */
export const SETS = ["en", "zh", "mixed"] as const;
export type SetName = (typeof SETS)[number];

export const SIGNS = ["negative", "neutral", "positive"] as const;
export type Sign = (typeof SIGNS)[number];

export interface SignRow {
  readonly text: string;
  readonly lang: "en" | "zh";
  readonly sign: Sign;
}

export interface BenchTexts {
  readonly short: Readonly<Record<SetName, readonly string[]>>;
  /** The corpus's parts. */
  readonly train: readonly SignRow[];
  readonly test: readonly SignRow[];
}

const SHORT_CHARS = 80;
const HAN = /\p{Script=Han}/u;

export const isChinese = (text: string): boolean => HAN.test(text);

const SIGN_OF: Readonly<Record<SentimentLabel, Sign>> = {
  very_negative: "negative",
  negative: "negative",
  neutral: "neutral",
  mixed: "neutral",
  positive: "positive",
  very_positive: "positive",
};

/** The same order on every machine, with languages, channels and labels well mixed: rates are of as many texts as time allows. */
const shuffled = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)]
    .map((text) => ({ text, rank: createHash("md5").update(text).digest("hex") }))
    .toSorted((left, right) => (left.rank < right.rank ? -1 : 1))
    .map(({ text }) => text);

/** Throws, if a fixture has a fault. */
export const readBenchTexts = (home: string): BenchTexts => {
  const files = readFixtureTexts(join(home, "fixtures"));
  const feedback = usable(
    parseLabelledFeedback(files.feedback.split("\n")),
    "the labelled feedback",
  );
  const corpus = Object.entries(files.corpus).flatMap(([name, text]) =>
    usable(parseCorpus(text.split("\n"), name), "the corpus"),
  );
  const mixed = shuffled(
    [...feedback, ...corpus].map(({ text }) => text).filter(({ length }) => length <= SHORT_CHARS),
  );
  const part = (wanted: "train" | "test"): readonly SignRow[] =>
    corpus
      .filter(({ split }) => split === wanted)
      .map(({ text, lang, sentiment }) => ({ text, lang, sign: SIGN_OF[sentiment] }));
  return {
    short: {
      en: mixed.filter((text) => !isChinese(text)),
      zh: mixed.filter(isChinese),
      mixed,
    },
    train: part("train"),
    test: part("test"),
  };
};
