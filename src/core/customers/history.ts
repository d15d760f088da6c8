/**
 * The fold: one signal into a customer, in constant time. Everything that attune remembers of a customer is remembered here.
 * The instant that counts is the signal's own `at`, but never later than `now`; signals may come late or out of order.
 */
import type { Analysis } from "../analysis.ts";
import type { Customer } from "../customer.ts";
import { type History, productsOf } from "../history.ts";
import type { Json } from "../json.ts";
import { withNewest } from "../models/orders.ts";
import type { CustomerEvent, Signal } from "../signal.ts";
import { DAY_MS, earlier, later } from "./instant.ts";
import { skusOf } from "./skus.ts";
import { mergeTraits } from "./traits.ts";

/** Amounts beyond this (in the shop's currency unit) are a slip of the sender and are not counted. */
export const AMOUNT_MAX = 1e9;

/** Weight of the newest order in the short and in the long memory of order amounts (half-lives of 1 and about 5 orders). */
const TREND_WEIGHTS = { recent: 0.5, long: 0.125 } as const;

/** Weight of the newest feedback in the rolling sentiment (half-life of about 2 feedbacks). */
const SENTIMENT_WEIGHT = 0.3;

/** One signal, what its text means (null for an event; feedback without an analysis counts as neutral), and when it was accepted. */
export interface HistoryStep {
  readonly signal: Signal;
  readonly analysis: Analysis | null;
  /** ISO 8601, UTC. */
  readonly now: string;
}

type EventFold = (history: History, event: CustomerEvent, at: string) => History;

/** An amount of money as the CRM sent it (−0 as 0, as which it would be stored), or null when it makes no sense: not a number, negative, or beyond `AMOUNT_MAX`. */
export const usableAmount = (value: Json | undefined): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= AMOUNT_MAX
    ? value + 0
    : null;

const towards = (average: number, value: number, weight: number): number =>
  average + weight * (value - average);

/** Days that an order adds to the span of orders: 0 for one that falls between two others. */
const gapOf = (orders: History["orders"], at: string): number => {
  if (orders.firstAt === null || orders.lastAt === null) return 0;
  const after = Date.parse(at) - Date.parse(orders.lastAt);
  const before = Date.parse(orders.firstAt) - Date.parse(at);
  return Math.max(after, before, 0) / DAY_MS;
};

const foldAmount = (orders: History["orders"], amount: number | null): History["orders"] => {
  if (amount === null) return orders;
  const first = orders.priced === 0;
  return {
    ...orders,
    priced: orders.priced + 1,
    amount: orders.amount + amount,
    recentAmount: first ? amount : towards(orders.recentAmount, amount, TREND_WEIGHTS.recent),
    longAmount: first ? amount : towards(orders.longAmount, amount, TREND_WEIGHTS.long),
  };
};

const foldOrder: EventFold = (history, event, at) => {
  const { orders } = history;
  const gap = gapOf(orders, at);
  return {
    ...history,
    orders: {
      ...foldAmount(orders, usableAmount(event.properties?.["amount"])),
      products: withNewest(productsOf(history), skusOf(event)),
      count: orders.count + 1,
      firstAt: earlier(orders.firstAt, at),
      lastAt: later(orders.lastAt, at),
      gapDays: orders.gapDays + gap,
      gapDaysSquared: orders.gapDaysSquared + gap * gap,
    },
  };
};

const foldReturn: EventFold = (history, event, at) => ({
  ...history,
  returns: {
    count: history.returns.count + 1,
    amount: history.returns.amount + (usableAmount(event.properties?.["amount"]) ?? 0),
    lastAt: later(history.returns.lastAt, at),
  },
});

/** The event types that the house knows; any other type only counts as a signal. */
const EVENT_FOLDS: ReadonlyMap<string, EventFold> = new Map<string, EventFold>([
  ["order.completed", foldOrder],
  ["order.returned", foldReturn],
  [
    "app.opened",
    (history, _event, at) => ({
      ...history,
      app: { opens: history.app.opens + 1, lastOpenAt: later(history.app.lastOpenAt, at) },
    }),
  ],
  [
    "payment.failed",
    (history, _event, at) => ({
      ...history,
      payments: {
        failed: history.payments.failed + 1,
        lastFailedAt: later(history.payments.lastFailedAt, at),
      },
    }),
  ],
  [
    "parcel.delayed",
    (history, _event, at) => ({
      ...history,
      parcels: {
        delayed: history.parcels.delayed + 1,
        lastDelayedAt: later(history.parcels.lastDelayedAt, at),
      },
    }),
  ],
  [
    "subscription.cancelled",
    (history, _event, at) => ({
      ...history,
      cancellations: {
        count: history.cancellations.count + 1,
        lastAt: later(history.cancellations.lastAt, at),
      },
    }),
  ],
]);

/** Event types that change more of a history than its count of signals. */
export const KNOWN_EVENT_TYPES: readonly string[] = [...EVENT_FOLDS.keys()];

const foldFeedback = (history: History, analysis: Analysis | null, at: string): History => {
  const { feedback } = history;
  const label = analysis?.sentiment.label;
  // Plus zero: minus zero would come back from the store as another value.
  const score = (analysis?.sentiment.score ?? 0) + 0;
  return {
    ...history,
    feedback: {
      count: feedback.count + 1,
      negative: feedback.negative + (label === "negative" || label === "very_negative" ? 1 : 0),
      positive: feedback.positive + (label === "positive" || label === "very_positive" ? 1 : 0),
      lastAt: later(feedback.lastAt, at),
      lastTopic: analysis?.topics[0]?.label ?? feedback.lastTopic,
      sentiment:
        feedback.count === 0 ? score : towards(feedback.sentiment, score, SENTIMENT_WEIGHT),
    },
  };
};

const foldKind = (history: History, step: HistoryStep, at: string): History => {
  const { signal, analysis } = step;
  if (signal.kind === "feedback") return foldFeedback(history, analysis, at);
  const fold = EVENT_FOLDS.get(signal.type);
  return fold === undefined ? history : fold(history, signal, at);
};

/**
 * The customer after one more signal: traits merged in order of arrival, history extended, version one higher.
 * Never throws on a valid signal; an amount that makes no sense is not counted. Many signals are a loop over this.
 */
export const foldSignal = (customer: Customer, step: HistoryStep): Customer => {
  const { history } = customer;
  const at = Date.parse(step.signal.at) > Date.parse(step.now) ? step.now : step.signal.at;
  const counted: History = {
    ...history,
    firstAt: earlier(history.firstAt, at),
    lastAt: later(history.lastAt, at),
    previousAt: history.lastAt,
    signals: history.signals + 1,
  };
  return {
    ...customer,
    version: customer.version + 1,
    traits: mergeTraits(customer.traits, step.signal.traits),
    history: foldKind(counted, step, at),
  };
};
