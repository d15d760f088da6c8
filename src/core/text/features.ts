/**
 * The named features that topics, urgency and polarity are judged by: English stems and pairs, Chinese words and character pairs, topic words of the lexicons, and how the text feels.
 * Names that begin with "#" come from a lexicon and keep their own scale; all others are normalised together.
 */
import type { SparseRow } from "../models/linear.ts";
import type { Span } from "./normalise.ts";
import type { Seeds, SeedPhrases } from "./seeds.ts";
import type { Feeling } from "./sentiment.ts";
import type { Token } from "./tokens.ts";
import { longestIn } from "./trie.ts";
import type { Known, Vocabulary } from "./vocabulary.ts";

/** How often a feature occurs, and its first places. Features of the whole text have none. */
export interface Occurrence {
  readonly known: Known;
  count: number;
  readonly spans: Span[];
}

const SPANS_MAX = 3;
const PHRASE_WORDS_MAX = 4;

/** In the order of their first places; each feature once. */
export type Features = readonly Occurrence[];

/** Features while they are found. A place is only trusted if the feature stands there, so nothing is left over from text to text. */
interface Finding {
  readonly vocabulary: Vocabulary;
  readonly found: Occurrence[];
  readonly places: number[];
}

const placesOf = new WeakMap<Vocabulary, number[]>();

const findingFor = (vocabulary: Vocabulary): Finding => {
  let places = placesOf.get(vocabulary);
  if (places === undefined) {
    places = Array.from({ length: vocabulary.size }, () => 0);
    placesOf.set(vocabulary, places);
  }
  return { vocabulary, found: [], places };
};

const add = ({ found, places }: Finding, known: Known, { from, to }: Span): void => {
  const before = found[places[known.id] ?? -1];
  if (before === undefined || before.known !== known) {
    places[known.id] = found.length;
    found.push({ known, count: 1, spans: [{ from, to }] });
    return;
  }
  before.count += 1;
  if (before.spans.length < SPANS_MAX) before.spans.push({ from, to });
};

const addNamed = (finding: Finding, names: readonly string[], span: Span): void => {
  for (const name of names) {
    const known = finding.vocabulary.named(name);
    if (known !== undefined) add(finding, known, span);
  }
};

/** A stem and its place; the one before it, if nothing but words stands between. */
interface Stem extends Span {
  readonly stem: string;
  readonly previous: Stem | null;
}

/** Topic phrases that end with this stem, the short ones first. */
const addPhrases = (finding: Finding, last: Stem, phrases: SeedPhrases): void => {
  let node: SeedPhrases | undefined = phrases;
  let first: Stem | null = last;
  for (let words = 1; node !== undefined && first !== null; words += 1) {
    addNamed(finding, node.names, { from: first.from, to: last.to });
    if (words === PHRASE_WORDS_MAX) return;
    first = first.previous;
    node = first === null ? undefined : node.before.get(first.stem);
  }
};

const addEnglish = (finding: Finding, tokens: readonly Token[]): void => {
  const { vocabulary } = finding;
  let previous: Stem | null = null;
  for (const { kind, from, to, entry } of tokens) {
    if (entry === null) {
      previous = null;
      continue;
    }
    const { stem, phrases } = entry;
    const word = kind === "word" ? vocabulary.word(stem) : undefined;
    if (word !== undefined) add(finding, word, { from, to });
    const pair = previous === null ? undefined : vocabulary.pair(previous.stem, stem);
    if (pair !== undefined) add(finding, pair, { from: previous?.from ?? from, to });
    previous = { stem, from, to, previous };
    if (phrases !== undefined) addPhrases(finding, previous, phrases);
  }
};

const addCharacters = (finding: Finding, text: string, from: number): void => {
  const { vocabulary } = finding;
  const pair = vocabulary.characters(text.charCodeAt(from), text.charCodeAt(from + 1));
  if (pair !== undefined) add(finding, pair, { from, to: from + 2 });
};

const addChinese = (
  finding: Finding,
  text: string,
  context: { readonly tokens: readonly Token[]; readonly seeds: Seeds },
): void => {
  const { vocabulary } = finding;
  let end = -1;
  for (const token of context.tokens) {
    if (token.kind !== "han") continue;
    const word = token.text.length > 1 ? vocabulary.word(token.text) : undefined;
    if (word !== undefined) add(finding, word, token);
    for (let from = token.from; from < token.to; from += 1) {
      if (from > token.from || end === from) addCharacters(finding, text, from - 1);
      const seed = longestIn(context.seeds.chinese, text, from);
      if (seed !== undefined) addNamed(finding, seed.value, { from, to: seed.to });
    }
    end = token.to;
  }
};

export interface FeatureInput {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly feeling: Feeling;
  readonly seeds: Seeds;
}

/** Every feature of a text that the vocabulary knows. Linear time. */
export const featuresOf = (
  { text, tokens, feeling, seeds }: FeatureInput,
  vocabulary: Vocabulary,
): Features => {
  const finding = findingFor(vocabulary);
  addEnglish(finding, tokens);
  addChinese(finding, text, { tokens, seeds });
  const whole = (name: string, count: number): void => {
    const known = count > 0 ? vocabulary.named(name) : undefined;
    if (known !== undefined) finding.found.push({ known, count, spans: [] });
  };
  whole("#positive", Math.min(4, feeling.positive));
  whole("#negative", Math.min(4, feeling.negative));
  whole("#question", text.includes("?") || text.includes("？") ? 1 : 0);
  return finding.found;
};

/** log(1 + count) of lexicon features is multiplied by this: strong evidence, but not alone. */
const LEXICON_SCALE = 0.6;

/** A row, and the occurrence that each of its values came from. */
export interface WeightedRow extends SparseRow {
  readonly occurrences: readonly Occurrence[];
}

/** A model's view of features: the row of each in its table, −1 if it does not know it, and the factors of the rows. */
export interface Weighing {
  readonly rowOf: (known: Known) => number;
  readonly factors: Float64Array;
}

const sizeOf = ({ known, count }: Occurrence): number => {
  if (known.lexical) return Math.log(1 + count) * LEXICON_SCALE;
  return count === 1 ? 1 : 1 + Math.log(count);
};

/** Values of the features that a model knows: (1 + log count) × factor, of unit length together; lexicon features beside them. */
export const weighted = (features: Features, { rowOf, factors }: Weighing): WeightedRow => {
  const occurrences: Occurrence[] = [];
  for (const occurrence of features) if (rowOf(occurrence.known) >= 0) occurrences.push(occurrence);
  const indices = new Int32Array(occurrences.length);
  const values = new Float64Array(occurrences.length);
  let squares = 0;
  let at = 0;
  for (const occurrence of occurrences) {
    const row = rowOf(occurrence.known);
    const value = sizeOf(occurrence) * (factors[row] ?? 1);
    if (!occurrence.known.lexical) squares += value * value;
    indices[at] = row;
    values[at] = value;
    at += 1;
  }
  const norm = Math.sqrt(squares) || 1;
  at = 0;
  for (const { known } of occurrences) {
    if (!known.lexical) values[at] = (values[at] ?? 0) / norm;
    at += 1;
  }
  return { indices, values, occurrences };
};
