import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Customer, Traits } from "../../../src/core/customer.ts";
import { describeCustomer } from "../../../src/core/customers/features.ts";
import {
  AMOUNT_MAX,
  foldSignal,
  KNOWN_EVENT_TYPES,
  usableAmount,
} from "../../../src/core/customers/history.ts";
import type { History } from "../../../src/core/history.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { type Signal, signalSchema } from "../../../src/core/signal.ts";
import { analysis, day, event, feedback, lived, order, stranger } from "./made.ts";

describe("folding a signal", () => {
  it("counts the signal and the version and remembers when", () => {
    const once = lived([event("page.seen", day(3))]);
    expect(once.version).toBe(1);
    expect(once.history).toMatchObject({
      signals: 1,
      firstAt: day(3),
      lastAt: day(3),
      previousAt: null,
    });
    const twice = lived([event("page.seen", day(5))], once);
    expect(twice.history).toMatchObject({
      signals: 2,
      firstAt: day(3),
      lastAt: day(5),
      previousAt: day(3),
    });
  });

  it.each([
    ["app.opened", "app", { opens: 1, lastOpenAt: day(2) }],
    ["payment.failed", "payments", { failed: 1, lastFailedAt: day(2) }],
    ["parcel.delayed", "parcels", { delayed: 1, lastDelayedAt: day(2) }],
    ["subscription.cancelled", "cancellations", { count: 1, lastAt: day(2) }],
    ["order.returned", "returns", { count: 1, amount: 0, lastAt: day(2) }],
    [
      "order.completed",
      "orders",
      { count: 1, priced: 0, amount: 0, firstAt: day(2), lastAt: day(2) },
    ],
  ] as const)("remembers %s under %s", (type, part, expected) => {
    expect(lived([event(type, day(2))]).history[part]).toMatchObject(expected);
    expect(KNOWN_EVENT_TYPES).toContain(type);
  });

  it("only counts an event whose type the house does not know", () => {
    const { history } = lived([event("toString", day(2)), event("page.seen", day(3))]);
    expect(history).toEqual({
      ...stranger().history,
      signals: 2,
      firstAt: day(2),
      lastAt: day(3),
      previousAt: day(2),
    });
  });

  it.each<[string, Json]>([
    ["text", "12.50"],
    ["negative", -1],
    ["beyond what anybody pays", AMOUNT_MAX + 1],
    ["null", null],
    ["a list", [1]],
  ])(
    "does not count an amount that is %s, but counts the order and the return",
    (_name, amount) => {
      const { history } = lived([
        event("order.completed", day(1), { amount }),
        event("order.returned", day(2), { amount }),
      ]);
      expect(history.orders).toMatchObject({ count: 1, priced: 0, amount: 0, recentAmount: 0 });
      expect(history.returns).toMatchObject({ count: 1, amount: 0 });
    },
  );

  it("sums gaps and their squares and weighs newer amounts more in the short memory", () => {
    const { orders } = lived([order(day(1), 100), order(day(3), 200), order(day(7), 200)]).history;
    expect(orders).toMatchObject({
      count: 3,
      priced: 3,
      amount: 500,
      gapDays: 6,
      gapDaysSquared: 20,
    });
    expect(orders.recentAmount).toBeCloseTo(175);
    expect(orders.longAmount).toBeCloseTo(123.4375);
  });

  it("starts the memory of amounts at the first order that has one", () => {
    const { orders } = lived([event("order.completed", day(1)), order(day(2), 80)]).history;
    expect(orders).toMatchObject({ count: 2, priced: 1, recentAmount: 80, longAmount: 80 });
  });
});

describe("items of an order", () => {
  it.each<[string, JsonObject, Pick<History["orders"], "listed" | "items">]>([
    ["nothing", {}, { listed: 0, items: 0 }],
    ["an empty list", { items: [] }, { listed: 0, items: 0 }],
    ["items that are no list", { items: 3 }, { listed: 0, items: 0 }],
    [
      "quantities that make no sense",
      { items: [{ quantity: -1 }, { quantity: "2" }, { quantity: 1e7 }, 5] },
      { listed: 1, items: 4 },
    ],
    ["one product", { sku: "tea" }, { listed: 1, items: 1 }],
    ["some of one product", { sku: "tea", quantity: 4 }, { listed: 1, items: 4 }],
    ["a sku that is no text", { sku: 7, quantity: 4 }, { listed: 0, items: 0 }],
  ])("of %s", (_name, properties, expected) => {
    const { orders } = lived([event("order.completed", day(1), properties)]).history;
    expect(orders).toMatchObject(expected);
  });
});

describe("the long memory of feelings", () => {
  it("begins where the short one stands, for a customer stored before it", () => {
    const known = lived([feedback(day(1)), feedback(day(2))]);
    const old = {
      ...known,
      history: {
        ...known.history,
        feedback: { ...known.history.feedback, sentiment: -0.5, longSentiment: null },
      },
    };
    expect(describeCustomer(old, day(3)).sentimentTrend).toBeNull();
    const { feedback: next } = lived([feedback(day(3))], old).history;
    expect([next.sentiment, next.longSentiment]).toEqual([-0.35, -0.45]);
  });
});

describe("a signal that comes late", () => {
  it("moves nothing backwards and makes no negative gap", () => {
    const { history } = lived([order(day(10), 10), order(day(20), 10), order(day(15), 10)]);
    expect(history).toMatchObject({ lastAt: day(20), previousAt: day(20), firstAt: day(10) });
    expect(history.orders).toMatchObject({
      count: 3,
      lastAt: day(20),
      gapDays: 10,
      gapDaysSquared: 100,
    });
  });

  it("extends the span of orders when it is the earliest", () => {
    const { orders } = lived([order(day(10), 10), order(day(4), 10)]).history;
    expect(orders).toMatchObject({ firstAt: day(4), lastAt: day(10), gapDays: 6 });
  });

  it("keeps the latest instant of every part", () => {
    const types = [
      "app.opened",
      "payment.failed",
      "parcel.delayed",
      "subscription.cancelled",
      "order.returned",
    ];
    const forth = lived(types.map((type) => event(type, day(9)))).history;
    const back = lived(
      types.map((type) => event(type, day(2))),
      lived(types.map((type) => event(type, day(9)))),
    ).history;
    expect(back.app.lastOpenAt).toBe(forth.app.lastOpenAt);
    expect(back.payments.lastFailedAt).toBe(day(9));
    expect(back.parcels.lastDelayedAt).toBe(day(9));
    expect(back.cancellations.lastAt).toBe(day(9));
    expect(back.returns.lastAt).toBe(day(9));
  });

  it("counts as now when its own instant lies in the future, also beyond the year 9999", () => {
    for (const at of [day(30), "+010000-01-01T09:00:00.000Z"]) {
      const { history } = foldSignal(stranger(), {
        signal: order(at, 5),
        analysis: null,
        now: day(3),
      });
      expect(history).toMatchObject({ firstAt: day(3), lastAt: day(3) });
      expect(history.orders.lastAt).toBe(day(3));
    }
  });
});

const said = (...read: Parameters<typeof analysis>[]): Customer =>
  read.reduce(
    (customer, args, index) =>
      foldSignal(customer, {
        signal: feedback(day(index + 1)),
        analysis: analysis(...args),
        now: day(index + 1),
      }),
    stranger(),
  );

describe("feedback in the history", () => {
  it.each([
    ["very_negative", 1, 0],
    ["negative", 1, 0],
    ["neutral", 0, 0],
    ["mixed", 0, 0],
    ["positive", 0, 1],
    ["very_positive", 0, 1],
  ] as const)("counts %s", (label, negative, positive) => {
    expect(said([label, 0.1]).history.feedback).toMatchObject({ count: 1, negative, positive });
  });

  it("rolls the sentiment from the first score on and keeps the last topic known", () => {
    const { history } = said(["positive", 1, "praise"], ["very_negative", -1]);
    expect(history.feedback.sentiment).toBeCloseTo(0.4);
    expect(history.feedback.lastTopic).toBe("praise");
    expect(history.feedback.lastAt).toBe(day(2));
  });

  it("takes feedback that was not analysed as neutral", () => {
    expect(lived([feedback(day(1))]).history.feedback).toMatchObject({
      count: 1,
      negative: 0,
      positive: 0,
      sentiment: 0,
    });
  });
});

const after = (...given: (Traits | undefined)[]): Traits =>
  given.reduce<Customer>(
    (customer, traits) =>
      foldSignal(customer, {
        signal: { ...event("page.seen", day(1)), ...(traits === undefined ? {} : { traits }) },
        analysis: null,
        now: day(1),
      }),
    stranger(),
  ).traits;

describe("traits", () => {
  it("stay while a signal brings none, and the last one given wins", () => {
    expect(after({ name: "Ada", locale: "en" }, undefined, { name: "Ada L." })).toEqual({
      name: "Ada L.",
      locale: "en",
    });
  });

  it("are cleared by null", () => {
    expect(
      after({ name: "Ada", locale: "en", custom: { a: 1 } }, { name: null, custom: null }),
    ).toEqual({ locale: "en" });
  });

  it("keep a withdrawn consent when another consent is given", () => {
    expect(
      after({ consent: { marketing: false } }, { consent: { service: true } }).consent,
    ).toEqual({
      marketing: false,
      service: true,
    });
    expect(
      after({ consent: { marketing: true } }, { consent: { marketing: false } }).consent,
    ).toEqual({ marketing: false });
  });

  it("merge custom fields by name and drop one that is null", () => {
    expect(
      after({ custom: { tier: "gold", shoe: 41 } }, { custom: { shoe: null, hat: 7 } }).custom,
    ).toEqual({ tier: "gold", hat: 7 });
  });

  it("do not let custom fields grow beyond the limit", () => {
    const big = "x".repeat(LIMITS.propertiesChars - 100);
    expect(after({ custom: { old: big } }, { custom: { young: big } }).custom).toEqual({
      young: big,
    });
  });
});

const instants = fc
  .integer({ min: 0, max: 400 })
  .map((hours) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString());
const signals: fc.Arbitrary<Signal> = fc.oneof(
  fc.record({
    kind: fc.constant("event" as const),
    id: fc.uuid(),
    customerId: fc.constant("c1"),
    at: instants,
    type: fc.constantFrom(...KNOWN_EVENT_TYPES, "page.seen"),
    properties: fc.record({
      amount: fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string(),
        fc.constant(null),
      ),
    }),
  }),
  fc.record({
    kind: fc.constant("feedback" as const),
    id: fc.uuid(),
    customerId: fc.constant("c1"),
    at: instants,
    text: fc.string({ maxLength: 50 }),
    channel: fc.constant("app"),
  }),
);
const steps = fc.record({
  signal: signals,
  score: fc.double({ min: -1, max: 1, noNaN: true }),
  now: instants,
});

interface Step {
  readonly signal: Signal;
  readonly score: number;
  readonly now: string;
}

const foldAll = (customer: Customer, list: readonly Step[]): Customer =>
  list.reduce(
    (known, { signal, score, now }) =>
      foldSignal(known, {
        signal,
        analysis:
          signal.kind === "event" ? null : analysis(score < 0 ? "negative" : "positive", score),
        now,
      }),
    customer,
  );

const numbersIn = (value: unknown): readonly number[] =>
  typeof value === "number"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(numbersIn)
      : [];

it("takes an amount of minus zero as zero, so that storing a customer changes nothing", () => {
  expect(Object.is(usableAmount(-0), 0)).toBe(true);
});

describe("any signals in any order", () => {
  it("leave only finite numbers, and features that are numbers or null", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), instants, (list, now) => {
        const customer = foldAll(stranger(), list);
        for (const number of numbersIn(customer.history))
          expect(Number.isFinite(number)).toBe(true);
        expect(customer.history.orders.gapDays).toBeGreaterThanOrEqual(0);
        for (const value of Object.values(describeCustomer(customer, now)))
          expect(value === null || Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("give the same customer when it was stored and read between any two of them", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40 }), fc.nat(40), (list, cut) => {
        const whole = foldAll(stranger(), list);
        const stored = JSON.parse(
          JSON.stringify(foldAll(stranger(), list.slice(0, cut))),
        ) as Customer;
        expect(foldAll(stored, list.slice(cut))).toEqual(whole);
        expect(whole.version).toBe(list.length);
      }),
      { numRuns: 200 },
    );
  });

  it("never move the last instant back or let it pass the latest acceptance", () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 30 }), (list) => {
        let customer = stranger();
        for (const step of list) {
          const next = foldAll(customer, [step]);
          expect((next.history.lastAt ?? "") >= (customer.history.lastAt ?? "")).toBe(true);
          customer = next;
        }
        const latest =
          list
            .map(({ now }) => now)
            .toSorted()
            .at(-1) ?? "";
        expect((customer.history.lastAt ?? "") <= latest).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("do not make a customer larger", () => {
    const few = lived(Array.from({ length: 100 }, (_, index) => order(day(index + 1), 3)));
    const many = lived(Array.from({ length: 2000 }, (_, index) => order(day(index + 1), 3)));
    expect(JSON.stringify(many).length).toBeLessThan(JSON.stringify(few).length + 40);
  });

  it("are valid signals in this suite", () => {
    for (const signal of fc.sample(signals, 50))
      expect(signalSchema.safeParse(signal).success).toBe(true);
  });
});
