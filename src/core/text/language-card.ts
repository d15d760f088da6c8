/** The card of the shipped language model: what it was made from, how good it is, and what it does badly. */
import type { ClassifierCard } from "./classifier-file.ts";
import type { TrainedLanguage } from "./train-language.ts";

interface LanguageCardFacts {
  readonly trained: TrainedLanguage;
  readonly seed: number;
  readonly command: string;
  /** SHA-256 of the data, and of the small words with their number. */
  readonly data: string;
  readonly small: { readonly data: string; readonly rows: number };
  /** Share of fixtures/languages.jsonl whose language is told by the whole of reading, which adds scripts and English function words. */
  readonly sentences: number;
}

const WEAKNESSES: readonly string[] = [
  "Knows twelve languages in Latin letters and two in Cyrillic ones; a text in another of them is given to the nearest, often with confidence.",
  "One word alone is often told wrong: its confidence is low, and short texts that are not sure are und.",
  "Spanish and Portuguese are the pair that is confused most; Russian and Ukrainian are where no letter tells them apart.",
  "Without accents, as typed on an English keyboard, Vietnamese, Turkish and Polish are told less well.",
  "Learnt from words and word pairs of news and encyclopedias, not from feedback.",
];

/** Four decimals are enough for scores. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** The card as it is written into the model's file. */
export const languageCard = (facts: LanguageCardFacts): ClassifierCard => {
  const { trained, seed, command, data, small, sentences } = facts;
  const { ofOneRow, ofFourRows, calibrationError } = trained.scores;
  return {
    sources: [
      { name: "lingua: words and word pairs", licence: "Apache-2.0", rows: trained.rows, data },
      { name: "fixtures/language-words.jsonl", licence: "MIT", rows: small.rows, data: small.data },
    ],
    seed,
    command,
    scores: [
      {
        estimator: "twin without the held-out tenth",
        metric: "accuracy, one row",
        value: ofOneRow,
      },
      {
        estimator: "twin without the held-out tenth",
        metric: "accuracy, four rows joined",
        value: ofFourRows,
      },
      {
        estimator: "twin without the held-out tenth",
        metric: "expected calibration error",
        value: calibrationError,
      },
      {
        estimator: "reading as a whole",
        metric: "accuracy, sentences of fixtures/languages.jsonl",
        value: sentences,
      },
    ].map((score) => ({ ...score, value: rounded(score.value) })),
    weaknesses: [...WEAKNESSES],
  };
};
