/**
 * One classifier of ours beside fastText's, on the same training and test rows: as `attune train text --task` chooses it, and of grams alone,
 * because what is chosen for accuracy may read the lexicons and the shipped heads first, which fastText does not have.
 */
import { readExamples } from "../../src/core/text/examples.ts";
import { TASK_GRAM } from "../../src/core/text/grams.ts";
import { fitClassifier } from "../../src/core/text/fit-classifier.ts";
import type { TextReader } from "../../src/core/text/reader.ts";
import { trainClassifier } from "../../src/core/text/train-classifier.ts";
import { usable } from "../../src/work/training-input.ts";
import type { Build } from "./build.ts";
import { median, type Rate, rateOf } from "./clock.ts";
import { FAST_TEXT, type FastText } from "./fasttext.ts";
import { type BenchTexts, type SetName, type Sign, SIGNS, type SignRow } from "./texts.ts";

/** Texts per CPU second, and shares of the test rows that were read right, 0..1. */
export interface Judged {
  readonly name: string;
  readonly rate: number;
  readonly accuracy: Readonly<Record<SetName, number>>;
}

/** The last of `judged` is fastText's, if it is installed. */
export interface Single {
  readonly trained: number;
  readonly tested: number;
  readonly judged: readonly Judged[];
}

type Answer = (text: string) => string;

const SEED = 1;

interface Context {
  readonly build: Build;
  readonly reader: TextReader;
}

const chosen = (rows: readonly SignRow[], { build, reader }: Context): Candidate => {
  const labelled = rows.map(({ text, sign }) => ({
    text,
    labels: [sign],
    group: null,
    split: null,
  }));
  const { model, report } = trainClassifier(
    { rows: labelled, kind: "one" },
    { task: "sign", seed: SEED, reader, prior: "auto", command: "npm run bench:text" },
  );
  const read = usable(build.answererOf(model, { reader, place: "sign" }), "the trained classifier");
  return candidate(`attune, chosen: ${report.choice.features}`, (text) => read(text).said[0] ?? "");
};

const targetsOf = (rows: readonly SignRow[], sign: Sign): Int8Array =>
  Int8Array.from(rows, (row) => (row.sign === sign ? 1 : -1));

const gramsAlone = (rows: readonly SignRow[], { build, reader }: Context): Candidate => {
  const { gramCounter, marginReader, normalise } = build;
  const counter = gramCounter(TASK_GRAM);
  const normalised = (text: string): string => normalise(text, reader.simplified).text;
  const examples = readExamples(
    rows.map(({ text }) => text),
    { gramsOf: (text) => counter.count(normalised(text)), denseNames: [], densify: () => {} },
  );
  const targets = SIGNS.map((sign) => targetsOf(rows, sign));
  const choice = { kind: "one", cost: 1, balance: 0, usesDense: false } as const;
  const model = fitClassifier(examples, Int32Array.from(rows.keys()), {
    tasks: [{ name: "sign", labels: SIGNS, targets, ...choice }],
    options: { seed: SEED, rowsMax: Infinity, share: 1, textsMin: 1 },
  });
  const margins = marginReader(model);
  const none = new Float64Array(0);
  return candidate("attune, grams alone", (text) => {
    const { values } = margins.read(counter.count(normalised(text)), none);
    return SIGNS[values.indexOf(Math.max(...values))] ?? "";
  });
};

/** Who takes part: how fast, and what it says. */
interface Candidate {
  readonly name: string;
  readonly rate: Rate;
  readonly answers: (texts: readonly string[]) => readonly string[];
}

const candidate = (name: string, answer: Answer): Candidate => ({
  name,
  rate: rateOf(answer),
  answers: (texts) => texts.map(answer),
});

const accuracyOf = (rows: readonly SignRow[], said: readonly string[]): Judged["accuracy"] => {
  const share = (lang: string | null): number => {
    const own = Array.from(rows.entries()).filter(([, row]) => lang === null || row.lang === lang);
    return own.filter(([index, { sign }]) => said[index] === sign).length / own.length;
  };
  return { en: share("en"), zh: share("zh"), mixed: share(null) };
};

/** All candidates by turns on the corpus's test part; the first round warms up. */
export const compareSingle = (
  { train, test }: BenchTexts,
  fastText: FastText | null,
  context: Context & { readonly rounds: number },
): Single => {
  const candidates = [
    chosen(train, context),
    gramsAlone(train, context),
    ...(fastText === null ? [] : [{ name: FAST_TEXT, ...fastText }]),
  ];
  const texts = test.map(({ text }) => text);
  const rates = candidates.map((): number[] => []);
  for (let round = 0; round <= context.rounds; round += 1)
    for (const [index, { rate }] of candidates.entries()) {
      const own = rate(texts);
      if (round > 0) rates[index]?.push(own);
    }
  return {
    trained: train.length,
    tested: test.length,
    judged: candidates.map(({ name, answers }, index) => ({
      name,
      rate: median(rates[index] ?? []),
      accuracy: accuracyOf(test, answers(texts)),
    })),
  };
};
