/**
 * A small linear model of which language a text in Latin or Cyrillic letters is written in.
 * It knows its own languages only and says nothing of others: what it is asked must be in one of them, or its confidence means nothing.
 */
import { owned } from "./owned.ts";
import { type SharedScript, WORD_GRAMS_MAX, writeWordGrams } from "./language-grams.ts";

/** The languages of a model, script by script: columns of the table in this order. */
export const MODEL_LANGUAGES: Readonly<Record<SharedScript, readonly string[]>> = {
  latn: ["en", "fr", "de", "es", "pt", "it", "id", "tr", "nl", "pl", "sv", "vi"],
  cyrl: ["ru", "uk"],
};
export const MODEL_CODES: readonly string[] = [...MODEL_LANGUAGES.latn, ...MODEL_LANGUAGES.cyrl];

/** `weights[slot · languages + column]` in steps of `scales[column]`; a margin is scale × Σ weights ÷ √grams + bias. */
export interface LanguageModel {
  readonly weights: Int8Array;
  readonly scales: Float64Array;
  readonly bias: Float64Array;
  /** Margins divided by this go through the softmax. */
  readonly temperature: Readonly<Record<SharedScript, number>>;
}

/** A language and the probability that it is this one rather than another of the same script. */
export interface LanguageGuess {
  readonly code: string;
  readonly probability: number;
}

/** Grams that one text is judged by; as many as some 120 letters have. */
const GRAMS_MAX = 480;

/** Slots of the words' grams, at most `GRAMS_MAX` and the word that reaches it. */
export const gramsOf = (words: readonly string[]): Int32Array => {
  const into = new Int32Array(GRAMS_MAX + WORD_GRAMS_MAX);
  let count = 0;
  for (const word of words) {
    if (count >= GRAMS_MAX) break;
    count = writeWordGrams(word, into, count);
  }
  return into.subarray(0, count);
};

const COLUMNS = MODEL_CODES.length;

/** First column of a script's languages. */
const firstColumn = (script: SharedScript): number =>
  script === "latn" ? 0 : MODEL_LANGUAGES.latn.length;

/** What the grams of some words add up to: a sum for each of the script's languages, and behind them how many grams there are. */
type GramSums = Int32Array;

const sumsOf = (model: LanguageModel, grams: Int32Array, script: SharedScript): GramSums => {
  const { weights } = model;
  const first = firstColumn(script);
  const count = MODEL_LANGUAGES[script].length;
  const sums = new Int32Array(count + 1);
  for (let gram = 0; gram < grams.length; gram += 1) {
    const base = (grams[gram] as number) * COLUMNS + first;
    for (let column = 0; column < count; column += 1)
      sums[column] = (sums[column] as number) + (weights[base + column] as number);
  }
  sums[count] = grams.length;
  return sums;
};

const marginsOf = (model: LanguageModel, sums: GramSums, script: SharedScript): Float64Array => {
  const { scales, bias } = model;
  const first = firstColumn(script);
  const count = sums.length - 1;
  const factor = 1 / Math.sqrt(Math.max(1, sums[count] as number));
  const margins = new Float64Array(count);
  for (let column = 0; column < count; column += 1)
    margins[column] =
      (sums[column] as number) * factor * (scales[first + column] as number) +
      (bias[first + column] as number);
  return margins;
};

/** Margins of the script's languages for the grams of a text. */
export const languageMargins = (
  model: LanguageModel,
  grams: Int32Array,
  script: SharedScript,
): Float64Array => marginsOf(model, sumsOf(model, grams, script), script);

const MEMO_MAX = 20_000;

/** Sums of words by model and script: it changes how fast an answer comes, never which. */
const memos = new WeakMap<LanguageModel, Readonly<Record<SharedScript, Map<string, GramSums>>>>();

const memoOf = (model: LanguageModel, script: SharedScript): Map<string, GramSums> => {
  const known = memos.get(model);
  if (known !== undefined) return known[script];
  const memo = { latn: new Map<string, GramSums>(), cyrl: new Map<string, GramSums>() };
  memos.set(model, memo);
  return memo[script];
};

const wordSums = (model: LanguageModel, word: string, script: SharedScript): GramSums => {
  const memo = memoOf(model, script);
  const known = memo.get(word);
  if (known !== undefined) return known;
  if (memo.size >= MEMO_MAX) memo.clear();
  const sums = sumsOf(model, gramsOf([word]), script);
  memo.set(owned(word), sums);
  return sums;
};

/** Sums of all words, up to the one that reaches `GRAMS_MAX`. */
const textSums = (
  model: LanguageModel,
  words: readonly string[],
  script: SharedScript,
): GramSums => {
  const count = MODEL_LANGUAGES[script].length;
  const sums = new Int32Array(count + 1);
  for (const word of words) {
    if ((sums[count] as number) >= GRAMS_MAX) break;
    const own = wordSums(model, word, script);
    for (let column = 0; column <= count; column += 1)
      sums[column] = (sums[column] as number) + (own[column] as number);
  }
  return sums;
};

/** The largest of the softmax of margins at a temperature. */
export const mostProbable = (
  margins: Float64Array,
  temperature: number,
): { readonly column: number; readonly probability: number } => {
  let column = 0;
  for (let other = 1; other < margins.length; other += 1)
    if ((margins[other] as number) > (margins[column] as number)) column = other;
  let total = 0;
  for (const margin of margins)
    total += Math.exp((margin - (margins[column] as number)) / temperature);
  return { column, probability: 1 / total };
};

/** The language of some words in one script; null where they have no letter of it. */
export const guessLanguage = (
  model: LanguageModel,
  words: readonly string[],
  script: SharedScript,
): LanguageGuess | null => {
  const sums = textSums(model, words, script);
  if (sums.at(-1) === 0) return null;
  const margins = marginsOf(model, sums, script);
  const { column, probability } = mostProbable(margins, model.temperature[script]);
  return { code: MODEL_LANGUAGES[script][column] as string, probability };
};
