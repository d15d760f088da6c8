/**
 * Item-to-item neighbours: for each product the products that the same customers buy (cosine or log-likelihood ratio), or buy in a later order.
 * Scores are whole ten-thousandths, 0..10000, so that a saved model stays short and reads back the same.
 */
import { type Fitted, fitted, refused } from "./fitted.ts";
import { type Basket, checkBaskets } from "./orders.ts";

export const NEIGHBOUR_KINDS = ["cosine", "llr", "after"] as const;
export type NeighbourKind = (typeof NEIGHBOUR_KINDS)[number];

/** Neighbours of item i stand at `starts[i] … starts[i + 1] − 1`, best first. Plain lists: a model holds them as they are. */
export interface Neighbours {
  readonly kind: NeighbourKind;
  readonly starts: readonly number[];
  readonly targets: readonly number[];
  readonly scores: readonly number[];
}

export interface NeighbourOptions {
  readonly kind?: NeighbourKind;
  /** Neighbours of an item. */
  readonly count?: number;
  /** Customers that a score is held back by: it is multiplied with c ÷ (c + shrinkage), c being the customers with both. */
  readonly shrinkage?: number;
  /** Customers with both, below which two items are no neighbours. */
  readonly minCount?: number;
}

const DEFAULTS = { kind: "cosine", count: 10, shrinkage: 5, minCount: 2 } as const;

/** Of a customer with very many products only so many count, those bought first: pairs grow with the square. */
const ITEMS_MAX = 200;

/** What every customer bought, and who bought every item. Orders of a customer are numbered in time. */
interface Purchases {
  readonly customers: number;
  /** Purchases of customer c: `starts[c] … starts[c + 1] − 1`. */
  readonly starts: Int32Array;
  readonly items: Int32Array;
  /** Number of the customer's order that held the item first and last. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Purchases of item i, by place above: `buyers[buyersFrom[i] … buyersFrom[i + 1] − 1]`. */
  readonly buyersFrom: Int32Array;
  readonly buyers: Int32Array;
  readonly customerOf: Int32Array;
}

type Bought = Map<number, { readonly first: number; last: number }>;

const byCustomer = (baskets: readonly Basket[]): readonly Bought[] => {
  const all: { readonly bought: Bought; orders: number }[] = [];
  for (const { customer, items } of baskets) {
    const own = (all[customer] ??= { bought: new Map(), orders: 0 });
    for (const item of items) {
      const known = own.bought.get(item);
      if (known !== undefined) known.last = own.orders;
      else if (own.bought.size < ITEMS_MAX)
        own.bought.set(item, { first: own.orders, last: own.orders });
    }
    own.orders += 1;
  }
  return all.filter((own) => own !== undefined).map(({ bought }) => bought);
};

const indexBuyers = (
  items: Int32Array,
  width: number,
): Pick<Purchases, "buyers" | "buyersFrom"> => {
  const buyersFrom = new Int32Array(width + 1);
  for (const item of items) buyersFrom[item + 1] = (buyersFrom[item + 1] as number) + 1;
  for (let item = 0; item < width; item += 1)
    buyersFrom[item + 1] = (buyersFrom[item + 1] as number) + (buyersFrom[item] as number);
  const free = buyersFrom.slice();
  const buyers = new Int32Array(items.length);
  for (const [place, item] of items.entries()) {
    buyers[free[item] as number] = place;
    free[item] = (free[item] as number) + 1;
  }
  return { buyers, buyersFrom };
};

const purchasesOf = (baskets: readonly Basket[], width: number): Purchases => {
  const all = byCustomer(baskets);
  const total = all.reduce((sum, bought) => sum + bought.size, 0);
  const starts = new Int32Array(all.length + 1);
  const [items, first] = [new Int32Array(total), new Int32Array(total)];
  const [last, customerOf] = [new Int32Array(total), new Int32Array(total)];
  let place = 0;
  for (const [customer, bought] of all.entries()) {
    for (const [item, orders] of bought) {
      items[place] = item;
      first[place] = orders.first;
      last[place] = orders.last;
      customerOf[place] = customer;
      place += 1;
    }
    starts[customer + 1] = place;
  }
  return {
    customers: all.length,
    starts,
    items,
    first,
    last,
    customerOf,
    ...indexBuyers(items, width),
  };
};

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);

/**
 * Dunning's log-likelihood ratio G² of a two-by-two table (1993, "Accurate methods for the statistics of surprise and coincidence"):
 * 2 · (Σ k ln k − Σ rows − Σ columns + N ln N). `both` customers have a and b, `left` have a, `right` have b, of `total`. 0 for independence.
 */
export const logLikelihoodRatio = ({
  both,
  left,
  right,
  total,
}: Readonly<Record<"both" | "left" | "right" | "total", number>>): number => {
  const cells =
    xLogX(both) + xLogX(left - both) + xLogX(right - both) + xLogX(total - left - right + both);
  const margins = xLogX(left) + xLogX(total - left) + xLogX(right) + xLogX(total - right);
  return Math.max(0, 2 * (cells - margins + xLogX(total)));
};

interface Pair {
  readonly both: number;
  readonly left: number;
  readonly right: number;
  readonly total: number;
}

/** 0..1 before shrinkage. */
const MEASURES: Readonly<Record<NeighbourKind, (pair: Pair) => number>> = {
  /** Cosine of the customers of both as vectors of 0 and 1. */
  cosine: ({ both, left, right }) => both / Math.sqrt(left * right),
  /** 1 − 1 ÷ (1 + G²), where a and b meet more often than by chance; else 0. */
  llr: (pair) =>
    pair.both * pair.total > pair.left * pair.right ? 1 - 1 / (1 + logLikelihoodRatio(pair)) : 0,
  /** P(b in a later order | a). */
  after: ({ both, left }) => both / left,
};

interface Tally {
  readonly counts: Int32Array;
  readonly touched: Int32Array;
  size: number;
}

/** Customers with `item` who also (or later) bought each other item. */
const tally = (
  purchases: Purchases,
  item: number,
  { into, later }: { into: Tally; later: boolean },
): void => {
  const { starts, items, first, last, buyersFrom, buyers, customerOf } = purchases;
  const { counts, touched } = into;
  for (
    let place = buyersFrom[item] as number;
    place < (buyersFrom[item + 1] as number);
    place += 1
  ) {
    const own = buyers[place] as number;
    const customer = customerOf[own] as number;
    const since = later ? (first[own] as number) : -1;
    for (
      let other = starts[customer] as number;
      other < (starts[customer + 1] as number);
      other += 1
    ) {
      if (other === own || (last[other] as number) <= since) continue;
      const target = items[other] as number;
      if (counts[target] === 0) {
        touched[into.size] = target;
        into.size += 1;
      }
      counts[target] = (counts[target] as number) + 1;
    }
  }
};

const faultyOptions = ({
  count,
  shrinkage,
  minCount,
}: Required<NeighbourOptions>): string | undefined => {
  if (!(Number.isInteger(count) && count >= 1))
    return `count ${String(count)} is not a whole number from 1; give one`;
  if (!(shrinkage >= 0)) return `shrinkage ${String(shrinkage)} is not a number from 0; give one`;
  return minCount >= 1
    ? undefined
    : `minCount ${String(minCount)} is not a number from 1; give one`;
};

type Candidate = readonly [target: number, score: number];

const bestOf = (
  into: Tally,
  count: number,
  scoreOf: (target: number) => number,
): readonly Candidate[] =>
  Array.from(into.touched.subarray(0, into.size), (target): Candidate => [target, scoreOf(target)])
    .filter(([, score]) => score > 0)
    .toSorted(([left, high], [right, higher]) => higher - high || left - right)
    .slice(0, count);

/**
 * Neighbours of each of `width` items from baskets in time order; equal scores by number of the item.
 * Refuses what `checkBaskets` does, and RANGE (options).
 */
export const itemNeighbours = (
  baskets: readonly Basket[],
  width: number,
  options: NeighbourOptions = {},
): Fitted<Neighbours> => {
  const full = { ...DEFAULTS, ...options };
  const { kind, count, shrinkage, minCount } = full;
  const fault = faultyOptions(full);
  if (fault !== undefined) return refused("RANGE", fault);
  const refusal = checkBaskets(baskets, width);
  if (refusal !== undefined) return refusal;
  const purchases = purchasesOf(baskets, width);
  const { buyersFrom, customers } = purchases;
  const buyersOf = (item: number): number =>
    (buyersFrom[item + 1] as number) - (buyersFrom[item] as number);
  const into: Tally = { counts: new Int32Array(width), touched: new Int32Array(width), size: 0 };
  const [starts, targets, scores]: [number[], number[], number[]] = [[0], [], []];
  for (let item = 0; item < width; item += 1) {
    tally(purchases, item, { into, later: kind === "after" });
    const scoreOf = (target: number): number => {
      const both = into.counts[target] as number;
      if (both < minCount) return 0;
      const pair = { both, left: buyersOf(item), right: buyersOf(target), total: customers };
      return Math.round((10_000 * MEASURES[kind](pair) * both) / (both + shrinkage));
    };
    for (const [target, score] of bestOf(into, count, scoreOf)) {
      targets.push(target);
      scores.push(score);
    }
    starts.push(targets.length);
    for (let place = 0; place < into.size; place += 1)
      into.counts[into.touched[place] as number] = 0;
    into.size = 0;
  }
  return fitted({ kind, starts, targets, scores });
};
