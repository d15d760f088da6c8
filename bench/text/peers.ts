/**
 * The packages that attune is measured against, each at its best: a model of its own for each language, and nothing done with what it says.
 * wink-nlp is no dependency; without it the benchmark says how to get it.
 */
import { createRequire } from "node:module";
import BayesClassifier from "natural/lib/natural/classifiers/bayes_classifier.js";
import { bayesWords } from "../../src/core/text/bayes.ts";
import { type Rate, rateOf } from "./clock.ts";
import { isChinese, type SetName, type SignRow } from "./texts.ts";

export interface Contestant {
  readonly name: string;
  readonly sets: readonly SetName[];
  readonly rate: Rate;
}

export interface Missing {
  readonly name: string;
  readonly command: string;
}

const ALL_SETS = ["en", "zh", "mixed"] as const;
const require = createRequire(import.meta.url);

/** Positive against negative. English by the package's own tokenizer and stemmer, Chinese as pairs of characters. */
export const naturalPeer = (rows: readonly SignRow[]): Contestant => {
  const english = new BayesClassifier();
  const chinese = new BayesClassifier();
  for (const { text, sign } of rows) {
    if (sign === "neutral") continue;
    if (isChinese(text)) chinese.addDocument([...bayesWords(text)], sign);
    else english.addDocument(text, sign);
  }
  english.train();
  chinese.train();
  const read = (text: string): unknown =>
    isChinese(text)
      ? chinese.getClassifications([...bayesWords(text)])
      : english.getClassifications(text);
  return { name: "natural: BayesClassifier", sets: ALL_SETS, rate: rateOf(read) };
};

/** AFINN words; it finds none in Chinese. */
export const sentimentPeer = (): Contestant => {
  const Sentiment = require("sentiment") as new () => { analyze: (text: string) => unknown };
  const sentiment = new Sentiment();
  return {
    name: "sentiment (English words only)",
    sets: ALL_SETS,
    rate: rateOf((text) => sentiment.analyze(text)),
  };
};

interface Wink {
  readonly its: { readonly sentiment: unknown };
  readonly readDoc: (text: string) => { readonly out: (what: unknown) => unknown };
}

/** Sentence borders, negation and sentiment, which its sentiment needs; nothing else. */
export const winkPeer = (): Contestant | Missing => {
  const name = "wink-nlp: sentiment (English only)";
  try {
    const open = require("wink-nlp") as (model: unknown, pipe: readonly string[]) => Wink;
    const wink = open(require("wink-eng-lite-web-model"), ["sbd", "negation", "sentiment"]);
    const read = (text: string): unknown => wink.readDoc(text).out(wink.its.sentiment);
    return { name, sets: ["en"], rate: rateOf(read) };
  } catch (error) {
    if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    return { name, command: "npm i --no-save wink-nlp wink-eng-lite-web-model" };
  }
};
