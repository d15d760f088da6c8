/**
 * Training rows from stored signals, by the very fold and formulas that serve a live customer.
 * Point in time: a row's features come from signals before its cut-off, its outcome from those at or after it.
 */
import type { Analysis } from "../analysis.ts";
import type { Customer } from "../customer.ts";
import { EMPTY_HISTORY } from "../history.ts";
import type { HistoryRow } from "../models/history-row.ts";
import type { Feedback, Signal } from "../signal.ts";
import { describeCustomer } from "./features.ts";
import { foldSignal, usableAmount } from "./history.ts";
import { addDays } from "./instant.ts";

export interface RowOptions {
  /** Instants at which to look at every customer; ISO 8601, UTC. */
  readonly cutoffs: readonly string[];
  /** How far after a cut-off the outcome looks. */
  readonly horizonDays: number;
  /** Up to when signals are complete, exclusive; an outcome that needs more is null. By default just after the last signal. */
  readonly until?: string;
  /** What a text means; without it feedback counts as neutral. */
  readonly analyse?: (feedback: Feedback) => Analysis | null;
}

interface OpenRow {
  readonly row: HistoryRow;
  readonly ends: string;
  orders: number;
  spend: number;
}

interface Shop {
  readonly customers: Map<string, Customer>;
  /** Rows by customer whose horizon may still be running. */
  readonly open: Map<string, OpenRow[]>;
  readonly rows: OpenRow[];
}

const newCustomer = (id: string): Customer => ({
  tenant: "default",
  id,
  version: 0,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
});

const addRows = (shop: Shop, cutoff: string, horizonDays: number): void => {
  const ends = addDays(cutoff, horizonDays);
  for (const [id, customer] of shop.customers) {
    const row: HistoryRow = {
      customerId: id,
      at: cutoff,
      features: describeCustomer(customer, cutoff),
      outcome: null,
    };
    const open: OpenRow = { row, ends, orders: 0, spend: 0 };
    shop.rows.push(open);
    const running = (shop.open.get(id) ?? []).filter((other) => other.ends > cutoff);
    shop.open.set(id, [...running, open]);
  }
};

const countOutcome = (shop: Shop, signal: Signal): void => {
  if (signal.kind !== "event" || signal.type !== "order.completed") return;
  for (const open of shop.open.get(signal.customerId) ?? []) {
    if (signal.at >= open.ends) continue;
    open.orders += 1;
    open.spend += usableAmount(signal.properties?.["amount"]) ?? 0;
  }
};

const labelled = ({ row, ends, orders, spend }: OpenRow, until: string): HistoryRow =>
  ends <= until ? { ...row, outcome: { orders, spend } } : row;

const inTimeOrder = (signals: readonly Signal[]): readonly Signal[] =>
  signals.toSorted((left, right) => (left.at === right.at ? 0 : left.at < right.at ? -1 : 1));

/** One row for every customer known at each cut-off, in the order of cut-offs and then of customer ids. */
export const buildTrainingRows = (
  signals: readonly Signal[],
  options: RowOptions,
): readonly HistoryRow[] => {
  const { horizonDays, analyse = () => null } = options;
  const shop: Shop = { customers: new Map(), open: new Map(), rows: [] };
  const cutoffs = options.cutoffs.toSorted();
  let next = 0;
  const passCutoffs = (before: string): void => {
    for (let at = cutoffs[next]; at !== undefined && at <= before; at = cutoffs[next]) {
      addRows(shop, at, horizonDays);
      next += 1;
    }
  };
  const ordered = inTimeOrder(signals);
  for (const signal of ordered) {
    passCutoffs(signal.at);
    countOutcome(shop, signal);
    const customer = shop.customers.get(signal.customerId) ?? newCustomer(signal.customerId);
    const analysis = signal.kind === "feedback" ? analyse(signal) : null;
    shop.customers.set(
      signal.customerId,
      foldSignal(customer, { signal, analysis, now: signal.at }),
    );
  }
  passCutoffs("\uffff");
  const until = options.until ?? ordered.at(-1)?.at ?? "";
  return shop.rows
    .map((open) => labelled(open, until))
    .toSorted(
      (left, right) => compare(left.at, right.at) || compare(left.customerId, right.customerId),
    );
};

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/**
 * Cut-offs every `everyDays` days, counted back from the last instant whose horizon is complete;
 * the first `everyDays` × 2 days of the signals give no rows, because too little is known then.
 */
export const cutoffsBetween = (
  span: { readonly from: string; readonly until: string },
  { horizonDays, everyDays }: { readonly horizonDays: number; readonly everyDays: number },
): readonly string[] => {
  const earliest = addDays(span.from, 2 * everyDays);
  const cutoffs: string[] = [];
  for (let at = addDays(span.until, -horizonDays); at >= earliest; at = addDays(at, -everyDays))
    cutoffs.push(at);
  return cutoffs.toReversed();
};
