/**
 * A customer's history as rolling aggregates: constant size however long the customer stays.
 * Sums, counts and instants only; features are computed from it at a given `now`, never stored in it.
 * Every instant is the signal's `at`, never later than the `now` at which the signal was accepted.
 */
import type { Topic } from "./analysis.ts";

/** Instants are ISO 8601 UTC or null when it never happened; amounts are in the shop's currency unit. */
export interface History {
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** `lastAt` as it was before the signal folded last: how long the customer was away. Equal to `lastAt` after a signal that came late. */
  readonly previousAt: string | null;
  readonly signals: number;
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
    /** The last 20 distinct products, newest first; customers stored by earlier versions lack it. */
    readonly products: readonly string[];
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
  },
  returns: { count: 0, amount: 0, lastAt: null },
  feedback: { count: 0, negative: 0, positive: 0, lastAt: null, lastTopic: null, sentiment: 0 },
  app: { opens: 0, lastOpenAt: null },
  payments: { failed: 0, lastFailedAt: null },
  parcels: { delayed: 0, lastDelayedAt: null },
  cancellations: { count: 0, lastAt: null },
};

/** The customer's products, newest first; none for a customer who was stored before they were kept. */
export const productsOf = ({ orders }: History): readonly string[] =>
  (orders as Partial<History["orders"]>).products ?? [];
