/**
 * Fitting offers: counts the parts and chooses how much each counts on an inner time split. It starts from popularity alone and takes a part up only
 * where later orders are hit better by more than two standard errors, so that data without a pattern gives the plain popularity.
 */
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import { NEIGHBOUR_KINDS, type NeighbourKind } from "./item-neighbours.ts";
import type { OffersParts } from "./offers-file.ts";
import { openParts, rankProducts } from "./offers.ts";
import {
  type Counted,
  countParts,
  noNeighbours,
  NO_RULES,
  type PartsOptions,
} from "./offers-parts.ts";
import { rangeFault } from "./options.ts";
import { type Basket, checkBaskets, type Visit, visitsOf } from "./orders.ts";
import { randomFrom, sample } from "./random.ts";

export interface OffersFitOptions extends Partial<PartsOptions> {
  readonly seed?: number;
  /** Later orders on which weights are chosen, drawn by the seed. */
  readonly visits?: number;
}

const OFFERS_FIT_DEFAULTS = {
  seed: 1,
  visits: 2000,
  halfLifeDays: 60,
  neighbours: 10,
  minCount: 5,
  minShare: 0.0005,
  rulesMax: 1000,
} as const satisfies Required<OffersFitOptions>;

/** Baskets below which nothing can be chosen. */
const BASKETS_MIN = 40;

/** Rank up to which a hit counts when weights are chosen. */
export const RANKS = 10;

/** The last quarter of the baskets is for choosing (and, in a report, for scoring). */
const LATER_SHARE = 0.25;

const STRENGTHS = [0.5, 1, 2, 4, 8, 16, 32] as const;
const DECAYS = [1, 0.7, 0.5] as const;

/** How much each part counts, and which neighbours. */
export interface Blend {
  readonly kind: NeighbourKind;
  readonly weights: OffersParts["weights"];
  readonly decay: number;
}

export interface BasketSplit {
  readonly earlier: readonly Basket[];
  /** Orders from the cut on, each with what its customer had by then. */
  readonly later: readonly Visit[];
}

/** Splits baskets (in time order) at the instant of the first of the last quarter: what happens at that instant is later. */
export const splitBaskets = (baskets: readonly Basket[]): BasketSplit => {
  const cut = baskets[Math.floor(baskets.length * (1 - LATER_SHARE))]?.atMs ?? 0;
  return {
    earlier: baskets.filter(({ atMs }) => atMs < cut),
    later: visitsOf(baskets).filter(({ basket }) => basket.atMs >= cut),
  };
};

/** The parts of a blend; what does not count is left empty. */
const blended = (counted: Counted, { kind, weights, decay }: Blend): Fitted<OffersParts> => {
  const width = counted.popularity.length;
  const neighbours =
    weights.neighbours === 0 ? fitted(noNeighbours(width)) : counted.neighboursOf(kind);
  if (neighbours.kind === "refused") return neighbours;
  const { popularity, again, positions } = counted;
  return fitted({
    weights,
    decay,
    popularity,
    again,
    positions,
    neighbours: neighbours.value,
    rules: weights.rules === 0 ? NO_RULES : counted.rules,
  });
};

/** 1 ÷ rank of the first product offered that the order holds; 0 where none of the first ten does. */
const reciprocals = (parts: OffersParts, visits: readonly Visit[]): Float64Array => {
  const open = openParts(parts);
  return Float64Array.from(visits, ({ basket, had }) => {
    const { items } = rankProducts(open, had, { count: RANKS });
    const place = items.findIndex((item) => basket.items.includes(item));
    return place < 0 ? 0 : 1 / (place + 1);
  });
};

/** Mean of paired gains, and whether it is above two standard errors. */
const gainOf = (own: Float64Array, other: Float64Array): { mean: number; clear: boolean } => {
  let [sum, squares] = [0, 0];
  for (const [index, value] of own.entries()) {
    const gain = value - (other[index] as number);
    sum += gain;
    squares += gain * gain;
  }
  const mean = sum / own.length;
  const error = Math.sqrt(Math.max(0, squares / own.length - mean * mean) / own.length);
  return { mean, clear: mean > 0 && mean > 2 * error };
};

const START: Blend = {
  kind: "cosine",
  weights: { popular: 1, again: 0, neighbours: 0, rules: 0 },
  decay: 0.9,
};

const withWeight = (blend: Blend, name: keyof Blend["weights"], weight: number): Blend => ({
  ...blend,
  weights: { ...blend.weights, [name]: weight },
});

/** One part after the other, each with the others held; the part chosen first is looked at again at the end. */
const STEPS: readonly ((blend: Blend) => readonly Blend[])[] = [
  (blend) => STRENGTHS.map((weight) => withWeight(blend, "again", weight)),
  (blend) =>
    NEIGHBOUR_KINDS.flatMap((kind) =>
      STRENGTHS.map((weight) => withWeight({ ...blend, kind }, "neighbours", weight)),
    ),
  (blend) => STRENGTHS.map((weight) => withWeight(blend, "rules", weight)),
  (blend) =>
    blend.weights.neighbours + blend.weights.rules === 0
      ? []
      : DECAYS.map((decay) => ({ ...blend, decay })),
  (blend) => [0, ...STRENGTHS].map((weight) => withWeight(blend, "again", weight)),
];

/** The best of a step if it is clearly better than what stands. */
const chooseBlend = (counted: Counted, visits: readonly Visit[]): Fitted<Blend> => {
  const start = blended(counted, START);
  if (start.kind === "refused") return start;
  let standing = { blend: START, values: reciprocals(start.value, visits) };
  for (const step of STEPS) {
    let best = { ...standing, gain: 0 };
    for (const blend of step(standing.blend)) {
      const parts = blended(counted, blend);
      if (parts.kind === "refused") return parts;
      const values = reciprocals(parts.value, visits);
      const { mean, clear } = gainOf(values, standing.values);
      if (clear && mean > best.gain) best = { blend, values, gain: mean };
    }
    standing = best;
  }
  return fitted(standing.blend);
};

/** Asks for each kind of neighbours once. */
const remembering = (counted: Counted): Counted => {
  const known = new Map<NeighbourKind, ReturnType<Counted["neighboursOf"]>>();
  return {
    ...counted,
    neighboursOf: (kind) => {
      const found = known.get(kind) ?? counted.neighboursOf(kind);
      known.set(kind, found);
      return found;
    },
  };
};

const RANGES = {
  seed: { from: -Number.MAX_VALUE },
  visits: { from: 1, isWhole: true },
  halfLifeDays: { from: 1e-3 },
  neighbours: { from: 1, isWhole: true },
  minCount: { from: 1, isWhole: true },
  minShare: { from: 0, to: 1 },
  rulesMax: { from: 0, isWhole: true },
} as const satisfies Record<keyof OffersFitOptions, object>;

const faultyOptions = (options: Required<OffersFitOptions>): Refusal | undefined => {
  for (const [name, range] of Object.entries(RANGES)) {
    const fault = rangeFault(name, options[name as keyof OffersFitOptions], range);
    if (fault !== undefined) return refused("RANGE", fault);
  }
  return undefined;
};

/**
 * Parts and weights of baskets in time order, products numbered 0 … `width` − 1. Weights are chosen on the last quarter, parts counted on all.
 * Refuses what `checkBaskets` does, TOO_FEW (below 40 baskets, or no later ones) what counting refuses, and options out of range (RANGE).
 */
export const fitOffers = (
  baskets: readonly Basket[],
  width: number,
  options: OffersFitOptions = {},
): Fitted<OffersParts> => {
  const full = { ...OFFERS_FIT_DEFAULTS, ...options };
  const refusal = faultyOptions(full) ?? checkBaskets(baskets, width);
  if (refusal !== undefined) return refusal;
  const { earlier, later } = splitBaskets(baskets);
  if (baskets.length < BASKETS_MIN || earlier.length === 0)
    return refused(
      "TOO_FEW",
      `there are ${baskets.length} orders that name products (${earlier.length} of them before the last quarter), at least ${BASKETS_MIN} at different times are needed; give a longer history`,
    );
  const inner = countParts(earlier, width, full);
  if (inner.kind === "refused") return inner;
  const chosen = chooseBlend(
    remembering(inner.value),
    sample(later, full.visits, randomFrom(full.seed)),
  );
  if (chosen.kind === "refused") return chosen;
  const all = countParts(baskets, width, full);
  return all.kind === "refused" ? all : blended(all.value, chosen.value);
};
