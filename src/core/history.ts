/**
 * A customer's history as rolling aggregates: constant size however long the customer stays.
 * Sums, counts and instants only; features are computed from it at a given `now`, never stored in it.
 * Every instant is the signal's `at`, never later than the `now` at which the signal was accepted.
 * A field that is added here needs a value in `EMPTY_HISTORY`, which `completeHistory` gives customers stored before it.
 */
import type { Topic } from "./analysis.ts";

/** How many days back a history counts by the day, today included; the most day figures that it keeps. */
export const DAYS_KEPT = 90;

/** How many channels of a customer are counted by name, in the order in which they came up. */
export const CHANNELS_KEPT = 8;

/** What happened on one day; a figure that would be 0 is left out. */
export interface DayFigures {
  /** Days since 1970-01-01, UTC. */
  readonly day: number;
  readonly orders?: number;
  /** Money of the day's orders that named a usable amount. */
  readonly amount?: number;
  readonly feedback?: number;
  /** Feedback read as negative or very negative. */
  readonly complaints?: number;
  /** The lowest sentiment score of the day's feedback, −1..1; absent without feedback. */
  readonly worst?: number;
  readonly opens?: number;
  readonly carts?: number;
  readonly views?: number;
}

/** Instants are ISO 8601 UTC or null when it never happened; amounts are in the shop's currency unit. */
export interface History {
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** `lastAt` as it was before the signal folded last: how long the customer was away. Equal to `lastAt` after a signal that came late. */
  readonly previousAt: string | null;
  readonly signals: number;
  /** By day, oldest first, each day once: the days on which anything of `DayFigures` happened, from `DAYS_KEPT` days before the newest of them on. */
  readonly days: readonly DayFigures[];
  readonly orders: {
    readonly count: number;
    /** How many of them named a usable amount; `amount` is the sum of those. */
    readonly priced: number;
    readonly amount: number;
    readonly firstAt: string | null;
    readonly lastAt: string | null;
    /** Sum and sum of squares of the days between consecutive orders (an order that comes late splits no gap). */
    readonly gapDays: number;
    readonly gapDaysSquared: number;
    /** Exponentially weighted order amounts, the short memory first: their ratio is the trend. */
    readonly recentAmount: number;
    readonly longAmount: number;
    /** The last 20 distinct products in the order of folding, newest first; an order that comes late counts as the newest. */
    readonly products: readonly string[];
    /** How many orders said what was in them, and how many items those had together. */
    readonly listed: number;
    readonly items: number;
    /** Orders on Saturdays and Sundays (UTC), and on other days. */
    readonly weekend: number;
    readonly weekdays: number;
  };
  readonly returns: {
    readonly count: number;
    readonly amount: number;
    readonly lastAt: string | null;
  };
  readonly feedback: {
    readonly count: number;
    readonly negative: number;
    readonly positive: number;
    readonly lastAt: string | null;
    readonly lastTopic: Topic | null;
    /** Exponentially weighted sentiment score, −1..1; 0 before the first feedback. */
    readonly sentiment: number;
    /** The same with a longer memory; null before the first feedback and in customers stored before it was kept. */
    readonly longSentiment: number | null;
    /** Feedback by channel, at most `CHANNELS_KEPT` channels; `unknown` is none. */
    readonly channels: readonly { readonly channel: string; readonly count: number }[];
    /** Feedback through channels that came up when those were full. */
    readonly otherChannels: number;
  };
  readonly app: { readonly opens: number; readonly lastOpenAt: string | null };
  readonly payments: { readonly failed: number; readonly lastFailedAt: string | null };
  readonly parcels: { readonly delayed: number; readonly lastDelayedAt: string | null };
  readonly cancellations: { readonly count: number; readonly lastAt: string | null };
}

/** The history of a customer of whom nothing is known yet. */
export const EMPTY_HISTORY: History = {
  firstAt: null,
  lastAt: null,
  previousAt: null,
  signals: 0,
  days: [],
  orders: {
    count: 0,
    priced: 0,
    amount: 0,
    firstAt: null,
    lastAt: null,
    gapDays: 0,
    gapDaysSquared: 0,
    recentAmount: 0,
    longAmount: 0,
    products: [],
    listed: 0,
    items: 0,
    weekend: 0,
    weekdays: 0,
  },
  returns: { count: 0, amount: 0, lastAt: null },
  feedback: {
    count: 0,
    negative: 0,
    positive: 0,
    lastAt: null,
    lastTopic: null,
    sentiment: 0,
    longSentiment: null,
    channels: [],
    otherChannels: 0,
  },
  app: { opens: 0, lastOpenAt: null },
  payments: { failed: 0, lastFailedAt: null },
  parcels: { delayed: 0, lastDelayedAt: null },
  cancellations: { count: 0, lastAt: null },
};

/** A history as a version of attune stored it that may not have known every field yet. */
export type StoredHistory = {
  readonly [Part in keyof History]?: History[Part] extends
    | readonly unknown[]
    | string
    | number
    | null
    ? History[Part]
    : Partial<History[Part]>;
};

const isPart = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A stored history with every field that its version lacked as `EMPTY_HISTORY` has it, keys in the order of the type.
 * What such a field would have counted until then is not known; `attune customers rebuild` counts it.
 */
export const completeHistory = (stored: StoredHistory): History =>
  Object.fromEntries(
    Object.entries(EMPTY_HISTORY).map(([name, empty]) => {
      const known = stored[name as keyof History];
      return [name, isPart(empty) ? { ...empty, ...(known as object) } : (known ?? empty)];
    }),
  ) as unknown as History;

/** The customer's products, newest first; none for a customer who was stored before they were kept. */
export const productsOf = ({ orders }: History): readonly string[] =>
  (orders as Partial<History["orders"]>).products ?? [];
