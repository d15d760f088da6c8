/**
 * Lines of orders put together: the lines of one customer's order become one signal, wherever they stand in the file.
 * Lines more than a day apart stay apart, or an order would know of what came back of it weeks later.
 */
import { DAY_MS } from "../customers/instant.ts";
import type { Json, JsonObject } from "../json.ts";
import type { CustomerEvent } from "../signal.ts";
import type { ReadLine } from "./history-line.ts";

/** Lines by columns of numbers: a million objects would take ten times the memory. */
interface Lines {
  readonly orders: number[];
  readonly atMs: number[];
  readonly money: number[];
  readonly quantity: number[];
  /** Place among the products, −1 where the line names none. */
  readonly product: number[];
  readonly number: number[];
}

interface Order {
  readonly customer: string;
  readonly type: string;
}

export interface HistoryOrders {
  /** A line of an order or a return; `number` is its place in the file. */
  add(line: ReadLine & { readonly type: string }, number: number): void;
  /** One event for every order, in the order of their first lines. */
  finish(): readonly CustomerEvent[];
}

/** Sorts after other ids in the order of the file. */
export const idOfLine = (number: number): string => `line-${String(number).padStart(9, "0")}`;

/** Sums of hundredths have no thousandths; a billion still has six decimals. */
const rounded = (money: number): number => Math.round(money * 1e6) / 1e6 + 0;

/** Line numbers by order, each order's together: `places[starts[o] … starts[o + 1]]`. */
const byOrder = (orders: readonly number[], count: number) => {
  const starts = new Int32Array(count + 1);
  for (const order of orders) starts[order + 1] = (starts[order + 1] ?? 0) + 1;
  for (let order = 0; order < count; order += 1)
    starts[order + 1] = (starts[order + 1] ?? 0) + (starts[order] ?? 0);
  const next = starts.slice();
  const places = new Int32Array(orders.length);
  for (const [place, order] of orders.entries()) {
    const at = next[order] ?? 0;
    places[at] = place;
    next[order] = at + 1;
  }
  return { starts, places };
};

/** Lines of one order in time, cut where one is more than a day after the first of its part. */
const partsOf = (places: Int32Array, { atMs }: Lines): readonly Int32Array[] => {
  const at = (place: number): number => atMs[place] as number;
  const ordered = places.toSorted((left, right) => at(left) - at(right) || left - right);
  const parts: Int32Array[] = [];
  let from = 0;
  for (let index = 1; index < ordered.length; index += 1)
    if (at(ordered[index] as number) - at(ordered[from] as number) > DAY_MS) {
      parts.push(ordered.subarray(from, index));
      from = index;
    }
  return [...parts, ordered.subarray(from)];
};

interface Sums {
  /** NaN where no line names money. */
  readonly money: number;
  readonly isReturn: boolean;
}

const sumsOf = (part: Int32Array, lines: Lines, type: string): Sums => {
  let [money, quantity, priced] = [0, 0, 0];
  for (const place of part) {
    const [paid, many] = [lines.money[place] as number, lines.quantity[place] as number];
    if (!Number.isNaN(paid)) [money, priced] = [money + paid, priced + 1];
    if (!Number.isNaN(many)) quantity += many;
  }
  const net = priced === 0 ? quantity : rounded(money);
  return {
    money: priced === 0 ? Number.NaN : rounded(Math.abs(money)),
    isReturn: type === "order.returned" || net < 0,
  };
};

/** What was bought or came back; what came off a bought order again, or off its price, is not in it. */
const itemsOf = (
  part: Int32Array,
  { lines, products }: { readonly lines: Lines; readonly products: readonly string[] },
  isReturn: boolean,
): readonly Json[] =>
  Array.from(part).flatMap((place): readonly Json[] => {
    const [quantity, sku] = [lines.quantity[place] as number, products[lines.product[place] ?? -1]];
    if (Number.isNaN(quantity) && sku === undefined) return [];
    if (!isReturn && (quantity < 0 || (lines.money[place] as number) < 0)) return [];
    return [
      {
        ...(sku === undefined ? {} : { sku }),
        ...(Number.isNaN(quantity) ? {} : { quantity: Math.abs(quantity) }),
      },
    ];
  });

/** Begins to take lines. */
export const openHistoryOrders = (): HistoryOrders => {
  const lines: Lines = { orders: [], atMs: [], money: [], quantity: [], product: [], number: [] };
  const orders: Order[] = [];
  const known = new Map<string, number>();
  const products: string[] = [];
  const productPlaces = new Map<string, number>();

  const placeOf = ({ customer, type, order }: ReadLine & { readonly type: string }): number => {
    if (order === null) return orders.push({ customer, type }) - 1;
    const key = `${customer}\0${type}\0${order}`;
    const place = known.get(key) ?? orders.push({ customer, type }) - 1;
    known.set(key, place);
    return place;
  };
  const productOf = (name: string | null): number => {
    if (name === null) return -1;
    const place = productPlaces.get(name) ?? products.push(name) - 1;
    productPlaces.set(name, place);
    return place;
  };
  const eventOf = ({ customer, type }: Order, part: Int32Array): CustomerEvent => {
    const { money, isReturn } = sumsOf(part, lines, type);
    const items = itemsOf(part, { lines, products }, isReturn);
    const properties: JsonObject = {
      ...(Number.isNaN(money) ? {} : { amount: money }),
      ...(items.length === 0 ? {} : { items }),
    };
    const first = part[0] as number;
    return {
      kind: "event",
      id: idOfLine(lines.number[first] as number),
      customerId: customer,
      at: new Date(lines.atMs[first] as number).toISOString(),
      type: isReturn ? "order.returned" : "order.completed",
      properties,
    };
  };
  return {
    add: (line, number) => {
      lines.orders.push(placeOf(line));
      lines.atMs.push(line.atMs);
      lines.money.push(line.money);
      lines.quantity.push(line.quantity);
      lines.product.push(productOf(line.product));
      lines.number.push(number);
    },
    finish: () => {
      const { starts, places } = byOrder(lines.orders, orders.length);
      return orders.flatMap((order, place) =>
        partsOf(places.subarray(starts[place], starts[place + 1]), lines).map((part) =>
          eventOf(order, part),
        ),
      );
    },
  };
};
