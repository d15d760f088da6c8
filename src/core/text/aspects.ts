/** What a text has opinions about: every clause judged by the clause model, neighbours that say the same joined. */
import { type Aspect, ASPECTS } from "../analysis.ts";
import { sigmoid } from "./classifier.ts";
import { clausesOf } from "./clauses.ts";
import type { Grams } from "./grams.ts";
import { writeLexical } from "./dense.ts";
import { CLAUSE_COLUMNS, CLAUSE_DENSE } from "./heads.ts";
import { originalSpan, type Span } from "./normalise.ts";
import type { Reading } from "./reading.ts";
import type { TextReader } from "./reader.ts";
import { type Feeling, rounded } from "./sentiment.ts";

/** The items inside a span; `items` are in the order of the text. Logarithmic in their number, so that many clauses stay linear. */
const within = <Item extends Span>(items: readonly Item[], { from, to }: Span): readonly Item[] => {
  let [first, beyond] = [0, items.length];
  while (first < beyond) {
    const middle = (first + beyond) >> 1;
    if ((items[middle] as Item).from < from) first = middle + 1;
    else beyond = middle;
  }
  const own: Item[] = [];
  for (let at = first; at < items.length; at += 1) {
    const item = items[at] as Item;
    if (item.from >= to) break;
    if (item.to <= to) own.push(item);
  }
  return own;
};

/** What the lexicons feel inside a span. */
const feelingWithin = ({ cues, judged }: Feeling, span: Span): Feeling => {
  const own = within(cues, span);
  let positive = 0;
  let negative = 0;
  for (const { weight } of own)
    if (weight > 0) positive += weight;
    else negative -= weight;
  return { cues: own, positive, negative, raw: positive - negative, judged };
};

/** Weight of the whole text's margin beside the lexicons. */
const WHOLE_SCALE = 0.3;

/** Writes the dense features of a clause. */
export const writeClauseDense = (
  reading: Reading,
  clause: Span,
  context: { readonly whole: number; readonly into: Float64Array },
): void => {
  const { whole, into } = context;
  writeLexical(
    {
      feeling: feelingWithin(reading.feeling, clause),
      cues: within(reading.cues, clause),
      open: reading.open.slice(clause.from, clause.to),
    },
    into,
  );
  into[CLAUSE_DENSE.length - 1] = (WHOLE_SCALE * whole) / Math.sqrt(whole * whole + 4);
};

interface Opinion extends Span {
  readonly index: number;
  readonly chance: number;
  /** Probability that the opinion is positive. */
  readonly positive: number;
}

/** A text as the heads for whole texts left it. */
export interface Whole {
  readonly reading: Reading;
  readonly grams: Grams;
  /** The margin for positive. */
  readonly margin: number;
}

const opinionsOf = ({ reading, grams, margin }: Whole, reader: TextReader): readonly Opinion[] => {
  const { clauseGrams, clauses, clauseMargins, clauseDense } = reader;
  const thresholds = clauses.heads[0]?.thresholds ?? [];
  const opinions: Opinion[] = [];
  const spans = clausesOf(reading.tokens, reading.marked.marks);
  clauseGrams.deal(grams, spans, reading.open.length);
  for (const [at, clause] of spans.entries()) {
    writeClauseDense(reading, clause, { whole: margin, into: clauseDense });
    const { values } = clauseMargins.read(clauseGrams.of(at), clauseDense);
    const positive = sigmoid(values[CLAUSE_COLUMNS.polarity] as number);
    for (let index = 0; index < ASPECTS.length; index += 1) {
      const chance = sigmoid(values[CLAUSE_COLUMNS.aspects + index] as number);
      if (chance >= (thresholds[index] ?? 0.5))
        opinions.push({ from: clause.from, to: clause.to, index, chance, positive });
    }
  }
  return opinions;
};

const polarityOf = (positive: number, near: number): Aspect["polarity"] =>
  Math.abs(positive - 0.5) < near ? "neutral" : positive > 0.5 ? "positive" : "negative";

/** Opinions in the order of the text; of neighbouring clauses that say the same of an aspect one. */
export const aspectsOf = (whole: Whole, reader: TextReader): readonly Aspect[] => {
  const { reading } = whole;
  const found: Aspect[] = [];
  for (const { from, to, index, chance, positive } of opinionsOf(whole, reader)) {
    const aspect = ASPECTS[index];
    if (aspect === undefined) continue;
    const polarity = polarityOf(positive, reader.settings.judgements.neutralWithin);
    const span = originalSpan(reading.normal, { from, to });
    const same = found.findIndex((one) => one.aspect === aspect && one.polarity === polarity);
    const before = found[same];
    if (before === undefined)
      found.push({ aspect, polarity, confidence: rounded(chance), ...span });
    else if (chance > before.confidence)
      found[same] = { aspect, polarity, confidence: rounded(chance), ...span };
  }
  return found.toSorted((left, right) => left.from - right.from);
};
