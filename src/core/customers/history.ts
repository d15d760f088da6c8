/**
 * The fold: one signal into a customer, in constant time. Everything that attune remembers of a customer is remembered here.
 * The instant that counts is the signal's own `at`, but never later than `now`; signals may come late or out of order.
 */
import type { Analysis } from "../analysis.ts";
import type { Customer } from "../customer.ts";
import { CHANNELS_KEPT, type History, productsOf } from "../history.ts";
import type { Json } from "../json.ts";
import { withNewest } from "../models/orders.ts";
import type { CustomerEvent, Feedback, Signal } from "../signal.ts";
import { itemsOf } from "./basket.ts";
import { addToDay, type DayAddition, isWeekend } from "./days.ts";
import { DAY_MS, earlier, later } from "./instant.ts";
import { skusOf } from "./skus.ts";
import { mergeTraits } from "./traits.ts";

/** Amounts beyond this (in the shop's currency unit) are a slip of the sender and are not counted. */
export const AMOUNT_MAX = 1e9;

/** Weight of the newest order in the short and in the long memory of order amounts (half-lives of 1 and about 5 orders). */
const TREND_WEIGHTS = { recent: 0.5, long: 0.125 } as const;

/** Weight of the newest feedback in the rolling sentiment and in its long memory (half-lives of about 2 and 7 feedbacks). */
const SENTIMENT_WEIGHTS = { recent: 0.3, long: 0.1 } as const;

/** The channel of feedback whose sender named none. */
const NO_CHANNEL = "unknown";

/** What the fold reads of an analysis: an `Analysis` is one, and so is what a decision keeps of it. */
export interface TextReading {
  readonly sentiment: Pick<Analysis["sentiment"], "label" | "score">;
  readonly topics: readonly Pick<Analysis["topics"][number], "label">[];
}

/** One signal, what its text means (null for an event; feedback without an analysis counts as neutral), and when it was accepted. */
export interface HistoryStep {
  readonly signal: Signal;
  readonly analysis: TextReading | null;
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** Feedback, when it counts, and what it means. */
interface Spoken {
  readonly signal: Feedback;
  readonly at: string;
  readonly reading: TextReading | null;
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
  const items = itemsOf(event);
  const onWeekend = isWeekend(at) ? 1 : 0;
  return {
    ...history,
    orders: {
      ...foldAmount(orders, usableAmount(event.properties?.["amount"])),
      listed: orders.listed + (items === null ? 0 : 1),
      items: orders.items + (items ?? 0),
      weekend: orders.weekend + onWeekend,
      weekdays: orders.weekdays + 1 - onWeekend,
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

/** The event types that the history keeps more of than a count by day; any other type only counts as a signal. */
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

/** Event types that are counted by the day, beside orders. */
const ONCE: Readonly<Record<string, DayAddition>> = {
  "app.opened": { opens: 1 },
  "cart.abandoned": { carts: 1 },
  "product.viewed": { views: 1 },
};

/** Event types that change more of a history than its count of signals. */
export const KNOWN_EVENT_TYPES: readonly string[] = [
  ...new Set([...EVENT_FOLDS.keys(), ...Object.keys(ONCE)]),
];

const isNegative = (reading: TextReading | null): boolean =>
  reading?.sentiment.label === "negative" || reading?.sentiment.label === "very_negative";

const isPositive = (reading: TextReading | null): boolean =>
  reading?.sentiment.label === "positive" || reading?.sentiment.label === "very_positive";

/** Plus zero: minus zero would come back from the store as another value. */
const scoreOf = (reading: TextReading | null): number => (reading?.sentiment.score ?? 0) + 0;

type Said = Pick<History["feedback"], "channels" | "otherChannels">;

const foldChannel = ({ channels, otherChannels }: Said, channel: string): Said => {
  if (channel === NO_CHANNEL) return { channels, otherChannels };
  const place = channels.findIndex((one) => one.channel === channel);
  const count = (channels[place]?.count ?? 0) + 1;
  if (place !== -1) return { channels: channels.with(place, { channel, count }), otherChannels };
  return channels.length < CHANNELS_KEPT
    ? { channels: [...channels, { channel, count }], otherChannels }
    : { channels, otherChannels: otherChannels + 1 };
};

/** A customer stored before the long memory was kept begins it where the short one stands. */
const foldSentiment = (
  feedback: History["feedback"],
  score: number,
): Pick<History["feedback"], "sentiment" | "longSentiment"> => {
  const first = feedback.count === 0;
  const long = feedback.longSentiment ?? feedback.sentiment;
  return {
    sentiment: first ? score : towards(feedback.sentiment, score, SENTIMENT_WEIGHTS.recent),
    longSentiment: first ? score : towards(long, score, SENTIMENT_WEIGHTS.long),
  };
};

const foldFeedback = (history: History, { signal, at, reading }: Spoken): History => {
  const { feedback } = history;
  return {
    ...history,
    feedback: {
      count: feedback.count + 1,
      negative: feedback.negative + (isNegative(reading) ? 1 : 0),
      positive: feedback.positive + (isPositive(reading) ? 1 : 0),
      lastAt: later(feedback.lastAt, at),
      lastTopic: reading?.topics[0]?.label ?? feedback.lastTopic,
      ...foldSentiment(feedback, scoreOf(reading)),
      ...foldChannel(feedback, signal.channel),
    },
  };
};

/** What the signal adds to its day; undefined for one that is not counted by day. */
const additionOf = ({ signal, analysis }: HistoryStep): DayAddition | undefined => {
  if (signal.kind === "feedback")
    return { feedback: 1, complaints: isNegative(analysis) ? 1 : 0, worst: scoreOf(analysis) };
  if (signal.type === "order.completed")
    return { orders: 1, amount: usableAmount(signal.properties?.["amount"]) ?? 0 };
  return Object.hasOwn(ONCE, signal.type) ? ONCE[signal.type] : undefined;
};

const foldDay = (days: History["days"], step: HistoryStep, at: string): History["days"] => {
  const addition = additionOf(step);
  return addition === undefined ? days : addToDay(days, at, addition);
};

const foldKind = (history: History, step: HistoryStep, at: string): History => {
  const { signal, analysis } = step;
  if (signal.kind === "feedback") return foldFeedback(history, { signal, at, reading: analysis });
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
    days: foldDay(history.days, step, at),
  };
  return {
    ...customer,
    version: customer.version + 1,
    traits: mergeTraits(customer.traits, step.signal.traits),
    history: foldKind(counted, step, at),
  };
};
