/**
 * Reads one text: language, feeling, topics, intent, aspects, urgency, abuse, emotion, values, personal data, and the words that led to each.
 * Pure and synchronous, in linear time; offsets are into the original text, not the masked one.
 */
import {
  type Analysis,
  type Cue,
  type Degree,
  EMOTIONS,
  INTENTS,
  type Judgement,
  REVIEW_TYPES,
  SENTIMENT_LABELS,
  type Sentiment,
  type TopicFound,
  TOPICS,
  type Why,
} from "../analysis.ts";
import { aspectsOf } from "./aspects.ts";
import { asChance, asScore, type Share, sharesOf, type Shown, shownShares } from "./attribution.ts";
import { sigmoid } from "./classifier.ts";
import { denseShares, writeLexical } from "./dense.ts";
import type { Grams } from "./grams.ts";
import { TEXT_COLUMNS } from "./heads.ts";
import { originalSpan } from "./normalise.ts";
import { mask } from "./personal-data.ts";
import { type Reading, readText } from "./reading.ts";
import type { TextReader } from "./reader.ts";
import { rounded } from "./sentiment.ts";
import { findValues } from "./values.ts";

/** `cues`: with the words that led to each conclusion. `labels`: without them, for who decides and does not explain. */
export type Detail = "cues" | "labels";

/** A text on its way to an analysis. The arrays in it belong to the reader and last until the next text. */
interface Judging {
  readonly text: string;
  readonly reader: TextReader;
  readonly reading: Reading;
  readonly grams: Grams;
  readonly margins: Float64Array;
  readonly known: number;
  readonly scale: number;
  readonly detail: Detail;
}

/** Figures of a conclusion are given with four decimals; what rounding takes goes into the base, so that the sum holds. */
const whyOf = (
  judging: Judging,
  column: number,
  how: { readonly shown: Shown; readonly figure: number },
): Why => {
  const { figure, shown } = how;
  if (judging.detail === "labels") return { base: figure, cues: [] };
  const { reader, grams, scale, reading } = judging;
  const model = reader.heads;
  const shares = [
    ...sharesOf(model, grams, { column, scale }),
    ...denseShares(model, column, reading),
    ...reader.corrections.shares(grams, { column, scale }),
  ];
  const explained = shares.reduce((sum, { weight }) => sum + weight, 0);
  const { shares: shownWords } = shownShares(
    (judging.margins[column] as number) - explained,
    shares,
    shown,
  );
  const cues = cuesOf(judging, shownWords);
  return { base: figure - cues.reduce((sum, { weight }) => sum + weight, 0), cues };
};

/** Shares of overlapping places are one cue: a phrase and the words in it are read together. */
const cuesOf = ({ reading }: Judging, shares: readonly Share[]): readonly Cue[] => {
  const joined: { from: number; to: number; weight: number }[] = [];
  for (const { from, to, weight } of shares.toSorted(
    (left, right) => left.from - right.from || right.to - left.to,
  )) {
    const before = joined.at(-1);
    if (before === undefined || before.to <= from) joined.push({ from, to, weight });
    else {
      before.to = Math.max(before.to, to);
      before.weight += weight;
    }
  }
  return joined
    .filter(({ weight }) => Math.abs(weight) >= 1e-4)
    .map(({ from, to, weight }) => ({
      word: reading.normal.text.slice(from, to),
      weight: Math.round(weight * 1e6) / 1e6,
      ...originalSpan(reading.normal, { from, to }),
    }));
};

const SIGN_OF = [-1, -1, 0, 1, 1, 0] as const;

type OneHead = "sentiment" | "intent" | "emotion" | "review";

/** Softmax of a head's margins, into an array of its own; labels on the `barred` side are left out. */
const softmax = (judging: Judging, name: OneHead, barred = 0): Float64Array => {
  const { margins, reader } = judging;
  const { count, temperature, chances } = reader.softmaxes[name];
  const first = TEXT_COLUMNS[name];
  let most = -Infinity;
  for (let label = 0; label < count; label += 1)
    most = Math.max(most, margins[first + label] as number);
  let total = 0;
  for (let label = 0; label < count; label += 1) {
    const isBarred = barred !== 0 && SIGN_OF[label] === barred;
    const power = isBarred
      ? 0
      : Math.exp(((margins[first + label] as number) - most) / temperature);
    chances[label] = power;
    total += power;
  }
  for (let label = 0; label < count; label += 1)
    chances[label] = total > 0 ? (chances[label] as number) / total : 0;
  return chances;
};

const largest = (values: Float64Array): number => {
  let best = 0;
  for (let at = 1; at < values.length; at += 1)
    if ((values[at] as number) > (values[best] as number)) best = at;
  return best;
};

const NEUTRAL_INDEX = SENTIMENT_LABELS.indexOf("neutral");

/** Nothing was said. */
const SILENCE: Sentiment = { label: "neutral", score: 0, confidence: 1, base: 0, cues: [] };

/**
 * The score is (P(positive) − P(negative)) × P(not neutral). Labels on its other side cannot be said: label and score never contradict each other.
 */
const sentimentOf = (judging: Judging): Sentiment => {
  const { grams, reading } = judging;
  const isWordless = reading.language.code === "und" && reading.feeling.cues.length === 0;
  if (grams.size === 0 || isWordless) return SILENCE;
  const column = TEXT_COLUMNS.polarity;
  const felt = 1 - (softmax(judging, "sentiment")[NEUTRAL_INDEX] as number);
  const shown: Shown = (margin) => felt * asScore(margin);
  const score = rounded(shown(judging.margins[column] as number));
  const allowed = softmax(judging, "sentiment", -Math.sign(score));
  const best = largest(allowed);
  return {
    label: SENTIMENT_LABELS[best] ?? "neutral",
    score,
    confidence: rounded(allowed[best] as number),
    ...whyOf(judging, column, { shown, figure: score }),
  };
};

const topicsOf = (judging: Judging): readonly TopicFound[] => {
  const { margins, reader } = judging;
  const first = TEXT_COLUMNS.topics;
  let best = 0;
  for (let index = 1; index < TOPICS.length; index += 1)
    if ((margins[first + index] as number) > (margins[first + best] as number)) best = index;
  const found: TopicFound[] = [];
  for (const [index, label] of TOPICS.entries()) {
    const column = first + index;
    const chance = sigmoid(margins[column] as number);
    if (index !== best && chance < (reader.topicsFrom[index] ?? 0.5)) continue;
    const confidence = rounded(chance);
    found.push({
      label,
      confidence,
      ...whyOf(judging, column, { shown: asChance, figure: confidence }),
    });
  }
  return found
    .toSorted((left, right) => right.confidence - left.confidence)
    .slice(0, reader.settings.topics.atMost);
};

const degreeOf = (judging: Judging, column: number): Degree => {
  const score = rounded(sigmoid(judging.margins[column] as number));
  return { score, ...whyOf(judging, column, { shown: asChance, figure: score }) };
};

/** One label of several. What the others' margins make of the label's own is in the base. */
const judgementOf = <Label extends string>(
  judging: Judging,
  name: "intent" | "emotion" | "review",
  labels: readonly Label[],
): Judgement<Label> => {
  const each = softmax(judging, name);
  const best = largest(each);
  const confidence = rounded(each[best] as number);
  const column = TEXT_COLUMNS[name] + best;
  const logOdds = Math.log(Math.max(1e-9, confidence) / Math.max(1e-9, 1 - confidence));
  const others = logOdds - (judging.margins[column] as number);
  const shown: Shown = (margin) => asChance(margin + others);
  return {
    label: labels[best] as Label,
    confidence,
    isSure: confidence >= judging.reader.settings.judgements.sureFrom,
    ...whyOf(judging, column, { shown, figure: confidence }),
  };
};

/** The margins of every head for a text, with what corrections taught. */
const judge = (text: string, reader: TextReader, detail: Detail): Judging => {
  const reading = readText(text, reader);
  const grams = reader.counter.count(reading.open, reading.cues);
  writeLexical(reading, reader.dense);
  const { values, known, scale } = reader.margins.read(grams, reader.dense);
  reader.corrections.add(grams, scale, values);
  return { text, reader, reading, grams, margins: values, known, scale, detail };
};

/** Words whose part in the score is measured by leaving them out, strongest first. */
const OCCLUDED = 6;
/** In longer texts one word hardly weighs more when another is gone. */
const OCCLUDED_CHARS_MAX = 2_000;

/**
 * The strongest words of a sentiment with what the score loses without them (occlusion; Zeiler and Fergus, 2014): a word's share of the margin
 * does not know that its neighbours weigh more when it is gone. Uses the reader's arrays again.
 */
const occluded = (sentiment: Sentiment, text: string, reader: TextReader): Sentiment => {
  const strongest = sentiment.cues
    .toSorted((left, right) => Math.abs(right.weight) - Math.abs(left.weight))
    .slice(0, OCCLUDED);
  const measured = new Map(
    strongest.map(({ from, to }) => {
      const without = sentimentOf(judge(text.slice(0, from) + text.slice(to), reader, "labels"));
      return [from, rounded(sentiment.score - without.score)] as const;
    }),
  );
  const cues = sentiment.cues
    .map((cue) => ({ ...cue, weight: measured.get(cue.from) ?? cue.weight }))
    .filter(({ weight }) => weight !== 0);
  const base = sentiment.score - cues.reduce((sum, { weight }) => sum + weight, 0);
  return { ...sentiment, base, cues };
};

/**
 * What `text` means to `reader`. Every conclusion's `base` and cues sum to its score or confidence within 1e-6.
 * `topics` is empty only for a text without anything but blanks. Same text and reader, same analysis, on any machine.
 */
export const analyse = (text: string, reader: TextReader, detail: Detail = "cues"): Analysis => {
  const judging = judge(text, reader, detail);
  const { reading, margins, grams } = judging;
  const { language, personalData } = reading;
  const blank = text.trim() === "";
  const conclusions = {
    sentiment: sentimentOf(judging),
    topics: blank ? [] : topicsOf(judging),
    intent: judgementOf(judging, "intent", INTENTS),
    urgency: degreeOf(judging, TEXT_COLUMNS.urgency),
    abuse: degreeOf(judging, TEXT_COLUMNS.abuse),
    irony: degreeOf(judging, TEXT_COLUMNS.irony),
    emotion: judgementOf(judging, "emotion", EMOTIONS),
    reviewType: judgementOf(judging, "review", REVIEW_TYPES),
  };
  const margin = margins[TEXT_COLUMNS.polarity] as number;
  const analysis: Analysis = {
    language,
    maskedText: mask(text, personalData),
    ...conclusions,
    aspects: blank ? [] : aspectsOf({ reading, grams, margin }, reader),
    values: findValues(reading, reader.catalogue),
    personalData,
    // Whoever is content has no problem to solve.
    article:
      blank || conclusions.sentiment.label.endsWith("positive")
        ? null
        : reader.articles.find(reading),
    inScope: !blank && reading.isRead && judging.known >= reader.settings.judgements.knownFrom,
  };
  if (
    detail === "labels" ||
    text.length > OCCLUDED_CHARS_MAX ||
    conclusions.sentiment.cues.length < 2
  )
    return analysis;
  return { ...analysis, sentiment: occluded(conclusions.sentiment, text, reader) };
};
