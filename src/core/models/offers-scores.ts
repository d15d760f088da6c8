/**
 * Figures of offers on later orders: was one of the products offered in the order that came? Beside the model stand popularity and "last bought again".
 * Intervals resample customers, not orders: a customer's orders are alike (Efron, Tibshirani 1993).
 */
import type { OffersParts } from "./offers-file.ts";
import { RANKS } from "./offers-fit.ts";
import { openParts, rankProducts } from "./offers.ts";
import type { Visit } from "./orders.ts";
import { randomFrom } from "./random.ts";
import { rounded } from "./scale.ts";
import type { Score } from "../training.ts";

const METRICS = ["hit@1", "hit@3", "mrr@10"] as const;
type Metric = (typeof METRICS)[number];
type Ranker = (had: readonly number[]) => readonly number[];

const MODEL = "blend";
const POPULARITY = "baseline: popularity";
const LAST = "baseline: last bought again";

const RESAMPLES = 500;

interface Judgement {
  readonly values: Readonly<Record<Metric, Float64Array>>;
  /** Share of all products that are among the three of anybody. */
  readonly coverage: number;
}

const judge = (rank: Ranker, visits: readonly Visit[], width: number): Judgement => {
  const values = {
    "hit@1": new Float64Array(visits.length),
    "hit@3": new Float64Array(visits.length),
    "mrr@10": new Float64Array(visits.length),
  };
  const shown = new Set<number>();
  for (const [index, { basket, had }] of visits.entries()) {
    const items = rank(had);
    for (const item of items.slice(0, 3)) shown.add(item);
    const place = items.findIndex((item) => basket.items.includes(item));
    if (place < 0) continue;
    values["hit@1"][index] = place === 0 ? 1 : 0;
    values["hit@3"][index] = place < 3 ? 1 : 0;
    values["mrr@10"][index] = 1 / (place + 1);
  }
  return { values, coverage: shown.size / width };
};

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** 95 % of the means of `RESAMPLES` draws of customers with all of their orders. */
const intervalOf = (values: Float64Array, visits: readonly Visit[], seed: number): Interval => {
  const customers = new Map<number, { sum: number; count: number }>();
  for (const [index, { basket }] of visits.entries()) {
    const own = customers.get(basket.customer) ?? { sum: 0, count: 0 };
    own.sum += values[index] as number;
    own.count += 1;
    customers.set(basket.customer, own);
  }
  const all = [...customers.values()];
  const random = randomFrom(seed);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let [sum, count] = [0, 0];
    for (let draw = 0; draw < all.length; draw += 1) {
      const one = all[Math.floor(random() * all.length)];
      sum += one?.sum ?? 0;
      count += one?.count ?? 0;
    }
    return sum / count;
  }).toSorted();
  const at = (share: number): number =>
    rounded(means[Math.floor(share * (RESAMPLES - 1))] ?? Number.NaN);
  return { low: at(0.025), high: at(0.975) };
};

const scoresOf = (estimator: string, { values, coverage }: Judgement): readonly Score[] => [
  ...METRICS.map((metric) => ({ estimator, metric, value: rounded(meanOf(values[metric])) })),
  { estimator, metric: "coverage@3", value: rounded(coverage) },
];

/** What the customer bought last, then what is popular. */
const lastBought =
  (popular: readonly number[]): Ranker =>
  (had) =>
    [...had, ...popular.filter((item) => !had.includes(item))].slice(0, RANKS);

export interface OffersScores {
  /** The model first. */
  readonly scores: readonly Score[];
  /** Intervals, and whether the difference to popularity is more than chance. */
  readonly notes: readonly string[];
}

interface Judging {
  readonly visits: readonly Visit[];
  readonly seed: number;
}

const notesOf = (
  model: Judgement,
  popular: Judgement,
  { visits, seed }: Judging,
): readonly string[] => {
  const gain = model.values["hit@3"].map(
    (value, index) => value - (popular.values["hit@3"][index] as number),
  );
  const { low, high } = intervalOf(gain, visits, seed);
  const told = METRICS.map((metric) => {
    const { low: from, high: to } = intervalOf(model.values[metric], visits, seed);
    return `${metric} ${from} to ${to}`;
  });
  const verdict =
    low > 0
      ? "more than chance gives"
      : high < 0
        ? "worse by more than chance gives"
        : "which chance alone can give: offers are then no better than what is popular";
  return [
    `95 % intervals of the ${MODEL}: ${told.join(", ")}.`,
    `In hit@3 the ${MODEL} is ${rounded(meanOf(gain))} (${low} to ${high}) above popularity, ${verdict}.`,
  ];
};

/** Scores of parts that were fitted on earlier orders, on later ones (at least one). */
export const scoreOffers = (parts: OffersParts, judging: Judging): OffersScores => {
  const width = parts.popularity.length;
  const open = openParts(parts);
  const plain = openParts({ ...parts, weights: { popular: 1, again: 0, neighbours: 0, rules: 0 } });
  const popular = rankProducts(plain, [], { count: RANKS + width }).items;
  const rankers: readonly (readonly [string, Ranker])[] = [
    [MODEL, (had) => rankProducts(open, had, { count: RANKS }).items],
    [POPULARITY, () => popular.slice(0, RANKS)],
    [LAST, lastBought(popular)],
  ];
  const judged = rankers.map(([name, rank]) => [name, judge(rank, judging.visits, width)] as const);
  const [model, baseline] = [judged[0]?.[1], judged[1]?.[1]];
  return {
    scores: judged.flatMap(([name, judgement]) => scoresOf(name, judgement)),
    notes: model && baseline ? notesOf(model, baseline, judging) : [],
  };
};
