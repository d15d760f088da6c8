/**
 * The terms by which the knowledge base compares a question with its articles: words, Chinese characters and their pairs, and the concepts they stand for.
 * They are for counting only: stems stand as themselves, everything else as a number.
 */
import {
  chineseConcepts,
  type Concepts,
  type EnglishConcepts,
  englishConcepts,
} from "./concepts.ts";
import type { Reading } from "./reading.ts";
import { STOP_HAN } from "./terms.ts";
import type { Token } from "./tokens.ts";
import { stemOf } from "./stemmer.ts";
import { nextAt, rootAt } from "./trie.ts";

/** Left out altogether: "send it back" is read as "send back". */
const LIGHT = new Set(
  "a an the and or but if then so of for from with about into i i'm i've i'd i'll you your yours you're you've he she it its it's we we're our us they them their this that that's these those there here my me mine his her is are was were be been being am do does did doing have has had having which who would should will shall may might must please hi hello hey thanks thank just still also very really some any all most more than as now got".split(
    " ",
  ),
);
/** Part of a pair of words, but no subject by themselves. */
const WEAK = new Set(
  "not no nor never to in on at by over after before off up out down again too only other what when where why how can could get go come take make let put say tell know think see look want need like use try keep give thing time day week month year hour minute ago today yesterday tomorrow one two three four five six ten first last next new old good well much many long back way same every each even ever yet already because until since while both between under without"
    .split(" ")
    .map(stemOf),
);
/** All are read as "not": "doesn't work" is "not work". */
const NEGATION = /^(?:[a-z]+n't|cannot|cant|dont|doesnt|wont|isnt|didnt|never)$/u;
const WEAK_UNITS = new Set(
  [...STOP_HAN, ...Array.from("上下里没天时候怎两三多少好用")].map((char) => char.charCodeAt(0)),
);

const stemIn = ({ text, entry }: Token): string | null =>
  entry === null || LIGHT.has(text) ? null : NEGATION.test(text) ? "not" : entry.stem;

/** A stem, or the number of a concept (negative), a character (its unit) or a pair of characters. */
export type ArticleTerm = string | number;

/** Units of the first Han characters and how many a pair may begin with: a pair is a small whole number. */
const HAN_FROM = 0x3400;
const HAN_UNITS = 0x7000;

/** Above every unit, so that it is no character's. */
const pairTerm = (first: number, second: number): number =>
  0x1_0000 + (first - HAN_FROM) * HAN_UNITS + (second - HAN_FROM);

const putConcepts = (concepts: Concepts | undefined, into: ArticleTerm[]): void => {
  if (concepts === undefined) return;
  for (const concept of concepts) into.push(-1 - concept);
};

/** A stem, and the concepts of it and of the pair that it ends. */
const putWord = (
  stem: string,
  before: string,
  found: { readonly known: EnglishConcepts; readonly into: ArticleTerm[] },
): void => {
  const { known, into } = found;
  if (!WEAK.has(stem)) into.push(stem);
  putConcepts(known.stems.get(stem), into);
  if (before !== "") putConcepts(known.pairs.get(before)?.get(stem), into);
};

/** Characters, pairs of them, and the concepts of everything that begins at each. */
const putHan = (run: string, into: ArticleTerm[]): void => {
  const known = chineseConcepts();
  for (let at = 0; at < run.length; at += 1) {
    const unit = run.charCodeAt(at);
    const isWeak = WEAK_UNITS.has(unit);
    if (!isWeak) into.push(unit);
    if (at + 1 < run.length) {
      const next = run.charCodeAt(at + 1);
      if (!(isWeak && WEAK_UNITS.has(next))) into.push(pairTerm(unit, next));
    }
    let end = at + 1;
    for (let node = rootAt(known, run, at); node !== undefined; node = nextAt(node, run, end++))
      putConcepts(node.value, into);
  }
};

/** Stems of words, characters, pairs of characters, and concepts, each as often as it stands there. Linear time. */
export const articleTermsOf = ({ tokens }: Pick<Reading, "tokens">): readonly ArticleTerm[] => {
  const terms: ArticleTerm[] = [];
  const known = englishConcepts();
  let before = "";
  let run = "";
  let end = -1;
  for (const token of tokens) {
    if (run !== "" && (token.kind !== "han" || token.from !== end)) {
      putHan(run, terms);
      run = "";
    }
    end = token.to;
    if (token.kind === "han") run += token.text;
    if (token.kind !== "word") {
      before = "";
      continue;
    }
    const stem = stemIn(token);
    if (stem === null) continue;
    putWord(stem, before, { known, into: terms });
    before = stem;
  }
  putHan(run, terms);
  return terms;
};

const CONCEPT_WEIGHT = 1.3;
/** One character says less than a pair. */
const CHARACTER_WEIGHT = 0.7;

/** What a term counts beside a word or a pair of characters. */
export const termWeight = (term: ArticleTerm): number => {
  if (typeof term === "string") return term.length === 1 ? CHARACTER_WEIGHT : 1;
  if (term < 0) return CONCEPT_WEIGHT;
  return term <= 0xffff ? CHARACTER_WEIGHT : 1;
};
