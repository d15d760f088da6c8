/**
 * What to offer a customer next, from a saved model and the products that the customer has: a sum of what is popular, what is bought again, and what
 * goes with the products bought. A score orders one customer's offers; it is no probability. Training stands in `offers-fit.ts`.
 */
import type { Offer } from "../prediction.ts";
import type { OffersModel, OffersParts } from "./offers-file.ts";
import { offerReasons } from "./offers-reasons.ts";
import { PRODUCTS_MAX } from "./orders.ts";
import { rounded } from "./scale.ts";

/** Offers in a prediction. */
export const OFFERS_COUNT = 3;

export interface OfferOptions {
  /** At most so many. */
  readonly count?: number;
  /** Leave out what the customer has. */
  readonly excludeOwned?: boolean;
}

/** Arrows from one product to others: those of product i stand at `starts[i] … starts[i + 1] − 1`. */
interface Arrows {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** Above 0. */
  readonly weights: Float64Array;
  /** The second product that must be there too; empty for arrows from one product. */
  readonly others: Int32Array;
}

/** Sums of one call. All are 0 between calls: what a call touches it clears, so no call sees another. */
interface Scratch {
  readonly sums: Float64Array;
  /** 1 + place among the customer's products; 0 for a product that the customer has not. */
  readonly places: Int32Array;
  readonly touched: Int32Array;
}

/** The parts ready to rank products by number. */
export interface OpenParts {
  readonly parts: OffersParts;
  readonly popular: Float64Array;
  /** Products with a popularity above 0, most popular first, equal ones by number. */
  readonly byPopularity: Int32Array;
  readonly singles: Arrows;
  readonly pairs: Arrows;
  readonly scratch: Scratch;
}

export interface OpenOffers extends OpenParts {
  readonly model: OffersModel;
  readonly numbers: ReadonlyMap<string, number>;
}

interface Arrow {
  readonly from: number;
  readonly target: number;
  readonly weight: number;
  readonly other?: number;
}

const packArrows = (arrows: readonly Arrow[], width: number): Arrows => {
  const sorted = arrows
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => left.from - right.from);
  const starts = new Int32Array(width + 1);
  for (const { from } of sorted) starts[from + 1] = (starts[from + 1] as number) + 1;
  for (let item = 0; item < width; item += 1)
    starts[item + 1] = (starts[item + 1] as number) + (starts[item] as number);
  return {
    starts,
    targets: Int32Array.from(sorted, ({ target }) => target),
    weights: Float64Array.from(sorted, ({ weight }) => weight),
    others: Int32Array.from(sorted, ({ other }) => other ?? -1),
  };
};

const neighbourArrows = ({ neighbours, weights }: OffersParts): readonly Arrow[] => {
  const { starts, targets, scores } = neighbours;
  return starts.slice(1).flatMap((end, from) =>
    targets.slice(starts[from], end).map((target, place) => ({
      from,
      target,
      weight: (weights.neighbours * (scores[(starts[from] ?? 0) + place] ?? 0)) / 10_000,
    })),
  );
};

const ruleArrows = ({ rules, weights }: OffersParts): readonly Arrow[] =>
  rules.to.flatMap((target, index) => {
    const [from, other] = rules.from[index] ?? [];
    if (from === undefined) return [];
    const weight = weights.rules * (rules.confidence[index] ?? 0);
    return [{ from, target, weight, ...(other === undefined ? {} : { other }) }];
  });

/** Two arrows between the same products become one. */
const merged = (arrows: readonly Arrow[], width: number): readonly Arrow[] => {
  const sums = new Map<number, number>();
  for (const { from, target, weight } of arrows) {
    const key = from * width + target;
    sums.set(key, (sums.get(key) ?? 0) + weight);
  }
  return [...sums].map(([key, weight]) => ({
    from: Math.floor(key / width),
    target: key % width,
    weight,
  }));
};

export const openParts = (parts: OffersParts): OpenParts => {
  const width = parts.popularity.length;
  const popular = Float64Array.from(parts.popularity, (share) => share * parts.weights.popular);
  const rules = ruleArrows(parts);
  const singles = [...neighbourArrows(parts), ...rules.filter(({ other }) => other === undefined)];
  return {
    parts,
    popular,
    byPopularity: Int32Array.from(
      [...popular.keys()]
        .filter((item) => (popular[item] as number) > 0)
        .toSorted(
          (left, right) => (popular[right] as number) - (popular[left] as number) || left - right,
        ),
    ),
    singles: packArrows(merged(singles, width), width),
    pairs: packArrows(
      rules.filter(({ other }) => other !== undefined),
      width,
    ),
    scratch: {
      sums: new Float64Array(width),
      places: new Int32Array(width),
      touched: new Int32Array(width),
    },
  };
};

export const openOffers = (model: OffersModel): OpenOffers => ({
  ...openParts(model),
  model,
  numbers: new Map(model.products.map((product, number) => [product, number])),
});

/** Adds what the products lead to; gives how many products were touched. */
const addArrows = (open: OpenParts, had: readonly number[]): number => {
  const { singles, pairs, scratch, parts } = open;
  const { sums, places, touched } = scratch;
  const { decay } = parts;
  // Σ decay^i over the products, by the formula for a geometric series.
  const total = decay === 1 ? had.length : (1 - decay ** had.length) / (1 - decay);
  let size = 0;
  const add = (target: number, amount: number): void => {
    if (sums[target] === 0) {
      touched[size] = target;
      size += 1;
    }
    sums[target] = (sums[target] as number) + amount;
  };
  let share = 1 / total;
  for (let place = 0; place < had.length; place += 1, share *= decay) {
    const item = had[place] as number;
    for (
      let arrow = singles.starts[item] as number;
      arrow < (singles.starts[item + 1] as number);
      arrow += 1
    )
      add(singles.targets[arrow] as number, share * (singles.weights[arrow] as number));
    for (
      let arrow = pairs.starts[item] as number;
      arrow < (pairs.starts[item + 1] as number);
      arrow += 1
    ) {
      const other = places[pairs.others[arrow] as number] as number;
      // A pair counts as much as the older of its two products.
      if (other > 0)
        add(
          pairs.targets[arrow] as number,
          (decay ** Math.max(place, other - 1) / total) * (pairs.weights[arrow] as number),
        );
    }
    const again = againOf(parts, item, place);
    if (again > 0) add(item, again);
  }
  return size;
};

/** What having bought a product adds to its own score. */
export const againOf = (parts: OffersParts, item: number, place: number): number =>
  parts.weights.again * (parts.again[item] ?? 0) * (parts.positions[place] ?? 0);

export interface Ranked {
  /** Numbers of products, best first; equal scores by number. */
  readonly items: readonly number[];
  readonly scores: readonly number[];
}

interface Best {
  readonly items: number[];
  readonly scores: number[];
  readonly count: number;
  /** Products that are above 0 here are passed over. */
  readonly without: Int32Array;
}

const NOBODY = new Int32Array(0);

const consider = (best: Best, item: number, score: number): void => {
  const { items, scores, count, without } = best;
  if ((without[item] ?? 0) > 0) return;
  let place = items.length;
  const goesBefore = (other: number): boolean =>
    score > (scores[other] as number) ||
    (score === (scores[other] as number) && item < (items[other] as number));
  if (place === count && !goesBefore(place - 1)) return;
  if (place === count) place -= 1;
  for (; place > 0 && goesBefore(place - 1); place -= 1) {
    items[place] = items[place - 1] as number;
    scores[place] = scores[place - 1] as number;
  }
  items[place] = item;
  scores[place] = score;
};

/** The most popular products among which one may be better than the worst of `best`; those touched were considered before. */
const considerPopular = ({ popular, byPopularity, scratch }: OpenParts, best: Best): void => {
  for (const item of byPopularity) {
    const score = popular[item] as number;
    if (best.items.length >= best.count && score < (best.scores[best.count - 1] as number)) return;
    if (scratch.sums[item] === 0) consider(best, item, score);
  }
};

/** The best products for a customer who has `had` (numbers, each once, newest first). Without any, the most popular ones. */
export const rankProducts = (
  open: OpenParts,
  had: readonly number[],
  { count = OFFERS_COUNT, excludeOwned = false }: OfferOptions = {},
): Ranked => {
  const { sums, places, touched } = open.scratch;
  for (let place = 0; place < had.length; place += 1) places[had[place] as number] = place + 1;
  const size = addArrows(open, had);
  const best: Best = { items: [], scores: [], count, without: excludeOwned ? places : NOBODY };
  for (let index = 0; index < size; index += 1) {
    const item = touched[index] as number;
    consider(best, item, (sums[item] as number) + (open.popular[item] as number));
  }
  considerPopular(open, best);
  for (let index = 0; index < size; index += 1) sums[touched[index] as number] = 0;
  for (const item of had) places[item] = 0;
  return { items: best.items, scores: best.scores };
};

/** Numbers of the products that the model knows, each once, the newest `PRODUCTS_MAX`. */
const knownOf = (open: OpenOffers, products: readonly string[]): readonly number[] => {
  const known: number[] = [];
  for (const product of products) {
    const number = open.numbers.get(product);
    if (number === undefined || known.includes(number)) continue;
    known.push(number);
    if (known.length === PRODUCTS_MAX) break;
  }
  return known;
};

/** The products that `recommend` names, without scores and reasons: what facts hold. */
export const offersOf = (open: OpenOffers, products: readonly string[]): readonly string[] =>
  rankProducts(open, knownOf(open, products)).items.map((item) => open.model.products[item] ?? "");

/**
 * At most `count` products for a customer who has `products` (newest first), best first, each with why.
 * Products that the model does not know are passed over; a customer with none is offered what is popular.
 */
export const recommend = (
  open: OpenOffers,
  products: readonly string[],
  options: OfferOptions = {},
): readonly Offer[] => {
  const had = knownOf(open, products);
  const { items, scores } = rankProducts(open, had, options);
  return items.map((item, index) => ({
    product: open.model.products[item] ?? "",
    score: rounded(scores[index] ?? 0),
    reasons: offerReasons(open.model, { had, item, score: scores[index] ?? 0 }),
  }));
};
