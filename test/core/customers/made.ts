/** Customers and signals for the suites of this room, so that a test says only what matters to it. */
import { anAnalysis } from "../../builders.ts";
import type { Analysis, SentimentLabel, Topic } from "../../../src/core/analysis.ts";
import type { Customer } from "../../../src/core/customer.ts";
import { foldSignal } from "../../../src/core/customers/history.ts";
import { EMPTY_HISTORY } from "../../../src/core/history.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import type { CustomerEvent, Feedback, Signal } from "../../../src/core/signal.ts";

export const stranger = (id = "c1"): Customer => ({
  tenant: "default",
  id,
  version: 0,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
});

/** Noon UTC of a day of January 2026 (day 32 is 1 February). */
export const day = (number: number, clock = "12:00:00.000"): string =>
  new Date(Date.parse(`2026-01-01T${clock}Z`) + (number - 1) * 86_400_000).toISOString();

let made = 0;

export const event = (type: string, at: string, properties?: JsonObject): CustomerEvent => ({
  kind: "event",
  id: `made-${(made += 1)}`,
  customerId: "c1",
  at,
  type,
  ...(properties === undefined ? {} : { properties }),
});

export const order = (at: string, amount: number): CustomerEvent =>
  event("order.completed", at, { orderId: "o", amount });

export const feedback = (at: string): Feedback => ({
  kind: "feedback",
  id: `made-${(made += 1)}`,
  customerId: "c1",
  at,
  text: "hello",
  channel: "app",
});

export const analysis = (label: SentimentLabel, score: number, topic?: Topic): Analysis =>
  anAnalysis({
    sentiment: { label, score, confidence: 1, base: score, cues: [] },
    topics: topic === undefined ? [] : [{ label: topic, confidence: 1, base: 1, cues: [] }],
  });

/** Folds events and unread feedback, each accepted at its own instant. */
export const lived = (signals: readonly Signal[], from = stranger()): Customer =>
  signals.reduce(
    (customer, signal) => foldSignal(customer, { signal, analysis: null, now: signal.at }),
    from,
  );
