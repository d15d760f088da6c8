/**
 * The terms by which the knowledge base compares a question with its articles: words, Chinese characters and their pairs, and the concepts they stand for.
 * Concepts begin with "#" and are for counting only: show them to nobody.
 */
import { CHINESE_CONCEPTS, CHINESE_ENTRY_CHARS, ENGLISH_CONCEPTS } from "./concepts.ts";
import type { Reading } from "./reading.ts";
import { STOP_HAN } from "./terms.ts";
import type { Token } from "./tokens.ts";
import { stemOf } from "./words.ts";

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
const WEAK_HAN = new Set([...STOP_HAN, ...Array.from("上下里没天时候怎两三多少好用")]);

const stemIn = ({ text, entry }: Token): string | null =>
  entry === null || LIGHT.has(text) ? null : NEGATION.test(text) ? "not" : entry.stem;

/** A stem, and the concepts of it and of the pair that it ends. */
const putWord = (stem: string, before: string, into: string[]): void => {
  if (!WEAK.has(stem)) into.push(stem);
  into.push(...(ENGLISH_CONCEPTS.get(stem) ?? []));
  if (before !== "") into.push(...(ENGLISH_CONCEPTS.get(`${before} ${stem}`) ?? []));
};

/** Characters, pairs of them, and the concepts of what begins at each. */
const putHan = (run: string, into: string[]): void => {
  for (let at = 0; at < run.length; at += 1) {
    const char = run[at] ?? "";
    if (!WEAK_HAN.has(char)) into.push(char);
    const pair = run.slice(at, at + 2);
    if (pair.length === 2 && !(WEAK_HAN.has(char) && WEAK_HAN.has(pair[1] ?? ""))) into.push(pair);
    for (let chars = 1; chars <= CHINESE_ENTRY_CHARS && at + chars <= run.length; chars += 1)
      into.push(...(CHINESE_CONCEPTS.get(run.slice(at, at + chars)) ?? []));
  }
};

/** Stems of words, characters, pairs of characters, and concepts, each as often as it stands there. Linear time. */
export const articleTermsOf = ({ tokens }: Pick<Reading, "tokens">): readonly string[] => {
  const terms: string[] = [];
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
    putWord(stem, before, terms);
    before = stem;
  }
  putHan(run, terms);
  return terms;
};

const CONCEPT_WEIGHT = 1.3;
/** One character says less than a pair. */
const CHARACTER_WEIGHT = 0.7;

/** What a term counts beside a word or a pair of characters. */
export const termWeight = (term: string): number =>
  term.startsWith("#") ? CONCEPT_WEIGHT : term.length === 1 ? CHARACTER_WEIGHT : 1;
