/** Random streams of signals of one customer for properties: every event type, late and repeated instants, properties that make no sense. */
import * as fc from "fast-check";
import { SENTIMENT_LABELS, TOPICS } from "../../../src/core/analysis.ts";
import { KNOWN_EVENT_TYPES, type TextReading } from "../../../src/core/customers/history.ts";
import type { Signal } from "../../../src/core/signal.ts";

const instants = fc
  .integer({ min: 0, max: 250 * 24 })
  .map((hours) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString());

const skus = fc.constantFrom("tea", "lamp", "soap", "rice", "__proto__", "");

const properties = fc.record(
  {
    amount: fc.oneof(fc.double({ min: -1, max: 500, noNaN: true }), fc.constant("12")),
    items: fc.array(fc.record({ sku: skus, quantity: fc.integer({ min: -1, max: 4 }) }), {
      maxLength: 3,
    }),
    sku: skus,
  },
  { requiredKeys: [] },
);

const signals: fc.Arbitrary<Signal> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("event" as const),
      id: fc.uuid(),
      customerId: fc.constantFrom("c1", "c2"),
      at: instants,
      type: fc.constantFrom(...KNOWN_EVENT_TYPES, "page.seen"),
      properties,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("feedback" as const),
      id: fc.uuid(),
      customerId: fc.constantFrom("c1", "c2"),
      at: instants,
      text: fc.string({ maxLength: 10 }),
      channel: fc.constantFrom("app", "email", "unknown", "web"),
    }),
  },
);

/** Signals with what the text of each means, in no order. */
export interface Told {
  readonly signal: Signal;
  readonly reading: TextReading | null;
}

const told: fc.Arbitrary<Told> = fc
  .record({
    signal: signals,
    label: fc.constantFrom(...SENTIMENT_LABELS),
    score: fc.double({ min: -1, max: 1, noNaN: true }),
    topic: fc.constantFrom(...TOPICS),
  })
  .map(({ signal, label, score, topic }) => ({
    signal,
    reading:
      signal.kind === "event" ? null : { sentiment: { label, score }, topics: [{ label: topic }] },
  }));

/** Up to `maxLength` signals of two customers within 250 days of 2026. */
export const streams = (maxLength: number): fc.Arbitrary<readonly Told[]> =>
  fc.array(told, { maxLength });

export const anInstant = instants;
