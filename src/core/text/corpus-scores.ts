/** Figures of the shipped reader on rows of the corpus, per language, and how far two readers of the same rows agree: the ceiling of every figure. */
import { type Analysis, TOPICS } from "../analysis.ts";
import type { Score } from "../training.ts";
import type { CorpusRow } from "./corpus.ts";
import { calibrationError } from "./calibrate.ts";
import { auc } from "./scores.ts";
import { type Answered, evaluateAnswers } from "./scoring.ts";

/** A row and what was read in it. */
export interface ReadRow {
  readonly row: CorpusRow;
  readonly analysis: Analysis;
}

const round4 = (value: number): number => Math.round(value * 10_000) / 10_000;
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const sideOf = (label: string): number =>
  label.endsWith("positive") ? 1 : label.endsWith("negative") ? -1 : 0;

const macroF1 = (
  pairs: readonly { readonly truth: readonly string[]; readonly said: readonly string[] }[],
): number =>
  evaluateAnswers(pairs.map((pair): Answered => ({ ...pair, confidence: 1, inScope: true })))
    .macroF1;

/** F1 over pairs of aspect and polarity, all texts together. */
const pairF1 = (
  rows: readonly { readonly truth: ReadonlySet<string>; readonly said: ReadonlySet<string> }[],
): number => {
  let [both, sum] = [0, 0];
  for (const { truth, said } of rows) {
    sum += truth.size + said.size;
    for (const pair of said) if (truth.has(pair)) both += 1;
  }
  return ratio(2 * both, sum);
};

/** Of the opinions about an aspect that both sides see: F1 of their polarity, mean over positive and negative. */
const polarityF1 = (
  rows: readonly {
    readonly truth: ReadonlyMap<string, string>;
    readonly said: ReadonlyMap<string, string>;
  }[],
): number => {
  const pairs = rows.flatMap(({ truth, said }) =>
    [...truth].flatMap(([aspect, polarity]) => {
      const other = said.get(aspect);
      return other === undefined || polarity === "neutral"
        ? []
        : [{ truth: [polarity], said: [other] }];
    }),
  );
  return pairs.length === 0 ? 0 : macroF1(pairs);
};

const pairsOf = (
  aspects: readonly { readonly aspect: string; readonly polarity: string }[],
): ReadonlySet<string> => new Set(aspects.map(({ aspect, polarity }) => `${aspect} ${polarity}`));
const polaritiesOf = (
  aspects: readonly { readonly aspect: string; readonly polarity: string }[],
): ReadonlyMap<string, string> =>
  new Map(aspects.map(({ aspect, polarity }) => [aspect, polarity]));

const modelFigures = (rows: readonly ReadRow[]): Readonly<Record<string, number>> => {
  const polar = rows.filter(({ row }) => sideOf(row.sentiment) !== 0);
  return {
    "sentiment.label": ratio(
      rows.filter(({ row, analysis }) => row.sentiment === analysis.sentiment.label).length,
      rows.length,
    ),
    "sentiment.sign": ratio(
      polar.filter(
        ({ row, analysis }) => Math.sign(analysis.sentiment.score) === sideOf(row.sentiment),
      ).length,
      polar.length,
    ),
    "sentiment.calibrationError": calibrationError(
      rows.map(({ row, analysis: { sentiment } }) => ({
        confidence: sentiment.confidence,
        right: sentiment.label === row.sentiment,
      })),
    ),
    "topics.macroF1": macroF1(
      rows.map(({ row, analysis }) => ({
        truth: row.topics,
        said: analysis.topics.map(({ label }) => label),
      })),
    ),
    "topics.accuracy": ratio(
      rows.filter(({ row, analysis }) =>
        row.topics.some((topic) => topic === analysis.topics[0]?.label),
      ).length,
      rows.length,
    ),
    "intent.macroF1": macroF1(
      rows.map(({ row, analysis }) => ({ truth: [row.intent], said: [analysis.intent.label] })),
    ),
  };
};

const otherFigures = (rows: readonly ReadRow[]): Readonly<Record<string, number>> => ({
  "emotion.macroF1": macroF1(
    rows.map(({ row, analysis }) => ({ truth: [row.emotion], said: [analysis.emotion.label] })),
  ),
  "urgency.auc": auc(
    rows.map(({ row, analysis }) => ({ truth: row.urgent, score: analysis.urgency.score })),
  ),
  "abuse.auc": auc(
    rows.map(({ row, analysis }) => ({ truth: row.abuse, score: analysis.abuse.score })),
  ),
  "irony.auc": auc(
    rows.map(({ row, analysis }) => ({ truth: row.irony, score: analysis.irony.score })),
  ),
  "aspects.pairF1": pairF1(
    rows.map(({ row, analysis }) => ({
      truth: pairsOf(row.aspects),
      said: pairsOf(analysis.aspects),
    })),
  ),
  "aspects.polarityF1": polarityF1(
    rows.map(({ row, analysis }) => ({
      truth: polaritiesOf(row.aspects),
      said: polaritiesOf(analysis.aspects),
    })),
  ),
});

/** The second reader's labels measured against the first's, as if a model had given them. */
const readerFigures = (rows: readonly CorpusRow[]): Readonly<Record<string, number>> => {
  const both = rows.flatMap((row) =>
    row.second === undefined ? [] : [{ row, second: row.second }],
  );
  if (both.length === 0) return {};
  const polar = both.filter(({ row }) => sideOf(row.sentiment) !== 0);
  return {
    "sentiment.label": ratio(
      both.filter(({ row, second }) => row.sentiment === second.sentiment).length,
      both.length,
    ),
    "sentiment.sign": ratio(
      polar.filter(({ row, second }) => sideOf(row.sentiment) === sideOf(second.sentiment)).length,
      polar.length,
    ),
    "topics.macroF1": macroF1(
      both.map(({ row, second }) => ({ truth: row.topics, said: second.topics })),
    ),
    "topics.accuracy": ratio(
      both.filter(({ row, second }) => row.topics.some((topic) => topic === second.topics[0]))
        .length,
      both.length,
    ),
    "intent.macroF1": macroF1(
      both.map(({ row, second }) => ({ truth: [row.intent], said: [second.intent] })),
    ),
    "urgency.auc": auc(
      both.map(({ row, second }) => ({ truth: row.urgent, score: Number(second.urgent) })),
    ),
    "aspects.pairF1": pairF1(
      both.map(({ row, second }) => ({
        truth: pairsOf(row.aspects),
        said: new Set(second.aspects.map((pair) => pair.join(" "))),
      })),
    ),
    "aspects.polarityF1": polarityF1(
      both.map(({ row, second }) => ({
        truth: polaritiesOf(row.aspects),
        said: new Map(second.aspects),
      })),
    ),
  };
};

const commonest = (labels: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return (
    [...counts].toSorted(
      (left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1),
    )[0]?.[0] ?? ""
  );
};

/** The most common label says everything: what a model must beat. */
const constantFigures = (rows: readonly CorpusRow[]): Readonly<Record<string, number>> => {
  const topic = commonest(rows.flatMap(({ topics }) => topics));
  const intent = commonest(rows.map((row) => row.intent));
  const sentiment = commonest(rows.map((row) => row.sentiment));
  return {
    "sentiment.label": ratio(rows.filter((row) => row.sentiment === sentiment).length, rows.length),
    "topics.macroF1": macroF1(
      rows.map((row) => ({ truth: row.topics, said: TOPICS.filter((one) => one === topic) })),
    ),
    "intent.macroF1": macroF1(rows.map((row) => ({ truth: [row.intent], said: [intent] }))),
    "urgency.auc": 0.5,
  };
};

const named = (
  estimator: string,
  language: string,
  figures: Readonly<Record<string, number>>,
): readonly Score[] =>
  Object.entries(figures).map(([metric, value]) => ({
    estimator,
    metric: `${metric}.${language}`,
    value: round4(value),
  }));

/** All figures of all languages that occur, the model's first. */
export const corpusScores = (rows: readonly ReadRow[]): readonly Score[] =>
  [...new Set(rows.map(({ row }) => row.lang))].toSorted().flatMap((language) => {
    const own = rows.filter(({ row }) => row.lang === language);
    const labels = own.map(({ row }) => row);
    return [
      ...named("attune", language, { ...modelFigures(own), ...otherFigures(own) }),
      ...named("second reader", language, readerFigures(labels)),
      ...named("baseline: constant", language, constantFigures(labels)),
    ];
  });
