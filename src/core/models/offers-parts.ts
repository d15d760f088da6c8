/**
 * What offers are made of, counted from baskets in time order: popularity (recent baskets weigh more), how often a product is bought again,
 * neighbours and rules. How much each counts is chosen in `offers-fit.ts`.
 */
import { associationRules } from "./association-rules.ts";
import { type Fitted, fitted } from "./fitted.ts";
import { frequentSets, packBaskets } from "./fp-growth.ts";
import { itemNeighbours, type NeighbourKind, type Neighbours } from "./item-neighbours.ts";
import type { OffersParts } from "./offers-file.ts";
import { type Basket, PRODUCTS_MAX, type Visit, visitsOf } from "./orders.ts";
import { rounded } from "./scale.ts";

export interface PartsOptions {
  /** A basket weighs half of one that is so many days younger. */
  readonly halfLifeDays: number;
  /** Neighbours of a product. */
  readonly neighbours: number;
  /** Baskets that must hold a rule: at least this count and this share. */
  readonly minCount: number;
  readonly minShare: number;
  readonly rulesMax: number;
}

const DAY_MS = 86_400_000;

/** Chances that the shop's own mean counts for when a product's rate of being bought again is told. */
const AGAIN_PRIOR = 20;

type Rules = OffersParts["rules"];
export const NO_RULES: Rules = { from: [], to: [], confidence: [], lift: [] };
export const noNeighbours = (width: number): OffersParts["neighbours"] => ({
  kind: "cosine",
  starts: Array.from({ length: width + 1 }, () => 0),
  targets: [],
  scores: [],
});

/** Σ w · [basket holds the product] ÷ Σ w, w = 2^(−age ÷ half-life). */
const popularityOf = (
  baskets: readonly Basket[],
  width: number,
  halfLifeDays: number,
): number[] => {
  const end = baskets.at(-1)?.atMs ?? 0;
  const sums = new Float64Array(width);
  let total = 0;
  for (const { atMs, items } of baskets) {
    const weight = 2 ** ((atMs - end) / (halfLifeDays * DAY_MS));
    total += weight;
    for (const item of items) sums[item] = (sums[item] as number) + weight;
  }
  // A sum of equal weights can end a rounding error above the total.
  return Array.from(sums, (sum) => Math.min(1, rounded(sum / total, 6)));
};

interface Again {
  readonly again: number[];
  readonly positions: number[];
}

/**
 * How often a product that a customer has is in the next order: by product (drawn to the shop's mean m: (hits + 20 m) ÷ (chances + 20)),
 * and by place among the customer's products as a factor of that mean.
 */
const againOf = (visits: readonly Visit[], width: number): Again => {
  const [hits, chances] = [new Float64Array(width), new Float64Array(width)];
  const [placeHits, placeChances] = [
    new Float64Array(PRODUCTS_MAX),
    new Float64Array(PRODUCTS_MAX),
  ];
  let [allHits, allChances] = [0, 0];
  for (const { basket, had } of visits) {
    for (const [place, item] of had.entries()) {
      const hit = basket.items.includes(item) ? 1 : 0;
      hits[item] = (hits[item] as number) + hit;
      chances[item] = (chances[item] as number) + 1;
      placeHits[place] = (placeHits[place] as number) + hit;
      placeChances[place] = (placeChances[place] as number) + 1;
      allHits += hit;
      allChances += 1;
    }
  }
  const mean = allChances === 0 ? 0 : allHits / allChances;
  const drawn = (hit: number, chance: number): number =>
    (hit + AGAIN_PRIOR * mean) / (chance + AGAIN_PRIOR);
  return {
    again: Array.from(hits, (hit, item) => rounded(drawn(hit, chances[item] as number), 6)),
    positions: Array.from(placeHits, (hit, place) =>
      mean === 0 ? 0 : rounded(drawn(hit, placeChances[place] as number) / mean, 4),
    ),
  };
};

const rulesOf = (
  baskets: readonly Basket[],
  width: number,
  options: PartsOptions,
): Fitted<Rules> => {
  const { minCount, minShare, rulesMax } = options;
  const minSupport = Math.max(minCount, Math.ceil(minShare * baskets.length));
  const sets = frequentSets(
    packBaskets(
      baskets.map(({ items }) => items),
      width,
    ),
    { minSupport },
  );
  if (sets.kind === "refused") return sets;
  const rules = associationRules(sets.value, baskets.length, { minCount });
  if (rules.kind === "refused") return rules;
  const kept = rules.value.slice(0, rulesMax);
  return fitted({
    from: kept.map(({ from }) => [...from]),
    to: kept.map(({ to }) => to),
    confidence: kept.map(({ confidence }) => rounded(confidence)),
    lift: kept.map(({ lift }) => rounded(lift, 2)),
  });
};

/** Everything that can be counted once; neighbours of each kind when asked for. */
export interface Counted {
  readonly popularity: number[];
  readonly again: number[];
  readonly positions: number[];
  readonly rules: Rules;
  readonly neighboursOf: (kind: NeighbourKind) => Fitted<OffersParts["neighbours"]>;
}

const plain = ({ kind, starts, targets, scores }: Neighbours): OffersParts["neighbours"] => ({
  kind,
  starts: [...starts],
  targets: [...targets],
  scores: [...scores],
});

/** Counts baskets (in time order, at least one) of `width` products; refuses what `frequentSets` and `associationRules` refuse. */
export const countParts = (
  baskets: readonly Basket[],
  width: number,
  options: PartsOptions,
): Fitted<Counted> => {
  const rules = rulesOf(baskets, width, options);
  if (rules.kind === "refused") return rules;
  return fitted({
    popularity: popularityOf(baskets, width, options.halfLifeDays),
    ...againOf(visitsOf(baskets), width),
    rules: rules.value,
    neighboursOf: (kind) => {
      const found = itemNeighbours(baskets, width, { kind, count: options.neighbours });
      return found.kind === "refused" ? found : fitted(plain(found.value));
    },
  });
};
