/** Orders as training of offers sees them: products by number, every customer's orders in time. What a customer has is a list, newest first, each product once. */

import { type Refusal, refused } from "./fitted.ts";

/** One order; products in the order in which it names them. */
export interface PastOrder {
  readonly customerId: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly skus: readonly string[];
}

/** One order by numbers: customer and products, a product once. */
export interface Basket {
  readonly customer: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly items: readonly number[];
}

/** How many products of a customer are looked at, newest first; what a customer's history keeps. */
export const PRODUCTS_MAX = 20;

/** The products that a customer has after one more order: those of the order first, then the others. Works for names and for numbers. */
export const withNewest = <T>(products: readonly T[], bought: readonly T[]): readonly T[] =>
  bought.length === 0 ? products : [...new Set([...bought, ...products])].slice(0, PRODUCTS_MAX);

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Orders that name a product, by time and then by customer and products: one order for equal data. */
export const inTimeOrder = (orders: readonly PastOrder[]): readonly PastOrder[] =>
  orders
    .filter(({ skus }) => skus.length > 0)
    .toSorted(
      (left, right) =>
        compare(left.at, right.at) ||
        compare(left.customerId, right.customerId) ||
        compare(left.skus.join("\n"), right.skus.join("\n")),
    );

/** The products by how many orders name them (equal ones by name), at most `most` of them; then sorted by name. */
export const commonProducts = (orders: readonly PastOrder[], most: number): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { skus } of orders)
    for (const sku of new Set(skus)) counts.set(sku, (counts.get(sku) ?? 0) + 1);
  return [...counts]
    .toSorted(([left, many], [right, more]) => more - many || compare(left, right))
    .slice(0, most)
    .map(([sku]) => sku)
    .toSorted(compare);
};

/** Orders by numbers, in their order; products that are not in `products` are left out, and so are orders that hold no other. */
export const asBaskets = (
  orders: readonly PastOrder[],
  products: readonly string[],
): readonly Basket[] => {
  const numbers = new Map(products.map((product, number) => [product, number]));
  const customers = new Map<string, number>();
  const baskets: Basket[] = [];
  for (const { customerId, at, skus } of orders) {
    const items = [...new Set(skus.flatMap((sku) => numbers.get(sku) ?? []))];
    if (items.length === 0) continue;
    const customer = customers.get(customerId) ?? customers.size;
    customers.set(customerId, customer);
    baskets.push({ customer, atMs: Date.parse(at), items });
  }
  return baskets;
};

const isPlace = (value: number, below: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < below;

const basketFault = ({ customer, items }: Basket, width: number): string | undefined => {
  if (!isPlace(customer, Number.MAX_SAFE_INTEGER)) return `customer ${customer} is no whole number`;
  const bad = items.find((item) => !isPlace(item, width));
  return bad === undefined
    ? undefined
    : `product ${bad} is not in 0 … ${width - 1}; number the products anew`;
};

/** The first thing that is wrong with baskets of `width` products: EMPTY, NOT_FINITE (a time) or RANGE (customer, product, order of time). */
export const checkBaskets = (baskets: readonly Basket[], width: number): Refusal | undefined => {
  if (baskets.length === 0)
    return refused("EMPTY", "there are no baskets; give orders that name products");
  let before = -Infinity;
  for (const [index, basket] of baskets.entries()) {
    const { atMs } = basket;
    if (!Number.isFinite(atMs))
      return refused("NOT_FINITE", `basket ${index}: its time ${atMs} is not a finite number`);
    if (atMs < before)
      return refused("RANGE", `basket ${index} is earlier than the one before; sort them by time`);
    const fault = basketFault(basket, width);
    if (fault !== undefined) return refused("RANGE", `basket ${index}: ${fault}`);
    before = atMs;
  }
  return undefined;
};

/** An order and what its customer had before it. */
export interface Visit {
  readonly basket: Basket;
  readonly had: readonly number[];
}

/** Every basket (in time order) with what its customer had by then. */
export const visitsOf = (baskets: readonly Basket[]): readonly Visit[] => {
  const had = new Map<number, readonly number[]>();
  return baskets.map((basket) => {
    const before = had.get(basket.customer) ?? [];
    had.set(basket.customer, withNewest(before, basket.items));
    return { basket, had: before };
  });
};
