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
const OFFERS_COUNT = 3;

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
  /** Products touched. */
  size: number;
}

/** decay^place ÷ Σ decay^i over so many products, by `length × PRODUCTS_MAX + place`. */
const sharesOf = (decay: number): Float64Array => {
  const shares = new Float64Array((PRODUCTS_MAX + 1) * PRODUCTS_MAX);
  let total = 0;
  for (let length = 1; length <= PRODUCTS_MAX; length += 1) {
    total += decay ** (length - 1);
    for (let place = 0; place < length; place += 1)
      shares[length * PRODUCTS_MAX + place] = decay ** place / total;
  }
  return shares;
};

const shareAt = (shares: Float64Array, length: number, place: number): number =>
  shares[length * PRODUCTS_MAX + place] as number;

/** The parts ready to rank products by number. */
export interface OpenParts {
  readonly parts: OffersParts;
  readonly popular: Float64Array;
  /** Products with a popularity above 0, most popular first, equal ones by number. */
  readonly byPopularity: Int32Array;
  readonly singles: Arrows;
  readonly pairs: Arrows;
  readonly shares: Float64Array;
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
    shares: sharesOf(parts.decay),
    scratch: {
      sums: new Float64Array(width),
      places: new Int32Array(width),
      touched: new Int32Array(width),
      size: 0,
    },
  };
};

export const openOffers = (model: OffersModel): OpenOffers => ({
  ...openParts(model),
  model,
  numbers: new Map(model.products.map((product, number) => [product, number])),
});

const addTo = (scratch: Scratch, target: number, amount: number): void => {
  const { sums, touched } = scratch;
  if (sums[target] === 0) {
    touched[scratch.size] = target;
    scratch.size += 1;
  }
  sums[target] = (sums[target] as number) + amount;
};

/** Adds what one product leads to. */
const addSingles = ({ singles, scratch }: OpenParts, item: number, share: number): void => {
  const { starts, targets, weights } = singles;
  const { sums, touched } = scratch;
  let { size } = scratch;
  const end = starts[item + 1] as number;
  for (let arrow = starts[item] as number; arrow < end; arrow += 1) {
    const target = targets[arrow] as number;
    const sum = sums[target] as number;
    if (sum === 0) {
      touched[size] = target;
      size += 1;
    }
    sums[target] = sum + share * (weights[arrow] as number);
  }
  scratch.size = size;
};

/** Adds what the product at a place leads to together with another: such a pair counts as much as the older of the two. */
const addPairs = (open: OpenParts, had: readonly number[], place: number): void => {
  const { pairs, scratch, shares } = open;
  const item = had[place] as number;
  const end = pairs.starts[item + 1] as number;
  for (let arrow = pairs.starts[item] as number; arrow < end; arrow += 1) {
    const other = scratch.places[pairs.others[arrow] as number] as number;
    if (other === 0) continue;
    const share = shareAt(shares, had.length, Math.max(place, other - 1));
    addTo(scratch, pairs.targets[arrow] as number, share * (pairs.weights[arrow] as number));
  }
};

/** Adds what all products lead to. No closures in here: this runs for every signal. */
const addArrows = (open: OpenParts, had: readonly number[]): void => {
  for (let place = 0; place < had.length; place += 1) {
    const item = had[place] as number;
    addSingles(open, item, shareAt(open.shares, had.length, place));
    addPairs(open, had, place);
    const again = againOf(open.parts, item, place);
    if (again > 0) addTo(open.scratch, item, again);
  }
};

/** What having bought a product adds to its own score. */
const againOf = (parts: OffersParts, item: number, place: number): number =>
  parts.weights.again * (parts.again[item] ?? 0) * (parts.positions[place] ?? 0);

export interface Ranked {
  /** Numbers of products, best first; equal scores by number. */
  readonly items: readonly number[];
  readonly scores: readonly number[];
}

/** The best so far; lists of at most `count`. */
interface Best {
  readonly items: number[];
  readonly scores: number[];
  readonly count: number;
  readonly excludeOwned: boolean;
}

const consider = ({ items, scores, count }: Best, item: number, score: number): void => {
  let place = items.length;
  if (place >= count) {
    const worst = scores[count - 1] as number;
    if (score < worst || (score === worst && item > (items[count - 1] as number))) return;
    place = count - 1;
  }
  while (place > 0) {
    const above = scores[place - 1] as number;
    if (above > score || (above === score && (items[place - 1] as number) < item)) break;
    scores[place] = above;
    items[place] = items[place - 1] as number;
    place -= 1;
  }
  items[place] = item;
  scores[place] = score;
};

const considerTouched = ({ popular, scratch }: OpenParts, best: Best): void => {
  const { touched, sums, places, size } = scratch;
  let worst = -1;
  for (let index = 0; index < size; index += 1) {
    const item = touched[index] as number;
    const score = (sums[item] as number) + (popular[item] as number);
    if (score < worst || (best.excludeOwned && places[item] !== 0)) continue;
    consider(best, item, score);
    if (best.items.length === best.count) worst = best.scores[best.count - 1] as number;
  }
};

/** The most popular products as long as one may be better than the worst of `best`; those touched were considered before. */
const considerPopular = (open: OpenParts, best: Best): void => {
  const { popular, byPopularity, scratch } = open;
  for (let index = 0; index < byPopularity.length; index += 1) {
    const item = byPopularity[index] as number;
    const score = popular[item] as number;
    if (best.items.length >= best.count && score < (best.scores[best.count - 1] as number)) return;
    if (scratch.sums[item] !== 0 || (best.excludeOwned && scratch.places[item] !== 0)) continue;
    consider(best, item, score);
  }
};

const clear = (scratch: Scratch, had: readonly number[]): void => {
  for (let index = 0; index < scratch.size; index += 1)
    scratch.sums[scratch.touched[index] as number] = 0;
  for (let place = 0; place < had.length; place += 1) scratch.places[had[place] as number] = 0;
  scratch.size = 0;
};

/** The best products for a customer who has `had` (numbers, each once, newest first, at most `PRODUCTS_MAX`). Without any, the most popular ones. */
export const rankProducts = (
  open: OpenParts,
  had: readonly number[],
  { count = OFFERS_COUNT, excludeOwned = false }: OfferOptions = {},
): Ranked => {
  const best: Best = { items: [], scores: [], count, excludeOwned };
  if (count < 1) return best;
  for (let place = 0; place < had.length; place += 1)
    open.scratch.places[had[place] as number] = place + 1;
  addArrows(open, had);
  considerTouched(open, best);
  considerPopular(open, best);
  clear(open.scratch, had);
  return { items: best.items, scores: best.scores };
};

/** Numbers of the products that the model knows, each once, the newest `PRODUCTS_MAX`. */
const knownOf = (open: OpenOffers, products: readonly string[]): readonly number[] => {
  const known: number[] = [];
  for (let place = 0; place < products.length && known.length < PRODUCTS_MAX; place += 1) {
    const number = open.numbers.get(products[place] as string);
    if (number !== undefined && !known.includes(number)) known.push(number);
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
