import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildTrainingRows, cutoffsBetween } from "../../../src/core/customers/rows.ts";
import type { Signal } from "../../../src/core/signal.ts";
import { analysis, day, event, feedback, order } from "./made.ts";

const of = (customerId: string, signal: Signal): Signal => ({ ...signal, customerId });

describe("training rows", () => {
  const signals = [
    of("b", order(day(1), 10)),
    of("a", order(day(2), 20)),
    of("a", order(day(12), 30)),
    of("a", order(day(19), 40)),
    of("b", event("app.opened", day(40))),
  ];

  it("look at every customer known at each cut-off, in order", () => {
    const rows = buildTrainingRows(signals, { cutoffs: [day(20), day(2)], horizonDays: 10 });
    expect(rows.map(({ at, customerId }) => [at, customerId])).toEqual([
      [day(2), "b"],
      [day(20), "a"],
      [day(20), "b"],
    ]);
  });

  it("see signals before the cut-off only, and label with those from it on until the horizon ends", () => {
    const [row] = buildTrainingRows(
      signals.filter(({ customerId }) => customerId === "a"),
      { cutoffs: [day(12)], horizonDays: 7, until: day(30) },
    );
    expect(row?.features).toMatchObject({ frequency: 1, monetary: 20 });
    expect(row?.outcome).toEqual({ orders: 1, spend: 30 });
  });

  it("do not say what happened where the signals end before the horizon does", () => {
    const rows = buildTrainingRows(signals, { cutoffs: [day(30), day(31)], horizonDays: 10 });
    expect(rows.map(({ at, outcome }) => [at === day(30), outcome])).toEqual([
      [true, { orders: 0, spend: 0 }],
      [true, { orders: 0, spend: 0 }],
      [false, null],
      [false, null],
    ]);
  });

  it("count an order without a usable amount as an order of no money", () => {
    const [row] = buildTrainingRows(
      [order(day(1), 1), event("order.completed", day(5), { amount: "?" })],
      { cutoffs: [day(2)], horizonDays: 4, until: day(9) },
    );
    expect(row?.outcome).toEqual({ orders: 1, spend: 0 });
  });

  it("read feedback with the analyser given", () => {
    const options = { cutoffs: [day(9)], horizonDays: 1 };
    const [plain] = buildTrainingRows([feedback(day(1))], options);
    const [read] = buildTrainingRows([feedback(day(1))], {
      ...options,
      analyse: () => analysis("negative", -0.5),
    });
    expect([plain?.features.negativeFeedback, read?.features.negativeFeedback]).toEqual([0, 1]);
  });

  it("are none for no signals", () => {
    expect(buildTrainingRows([], { cutoffs: [day(1)], horizonDays: 1 })).toEqual([]);
  });

  it("have features that no signal from the cut-off on can change", () => {
    const anyEvent = fc
      .record({
        on: fc.integer({ min: 1, max: 60 }),
        type: fc.constantFrom("order.completed", "app.opened", "payment.failed"),
        amount: fc.nat(500),
      })
      .map(({ on, type, amount }) => event(type, day(on), { amount }));
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 30 }),
        fc.integer({ min: 2, max: 60 }),
        (list, cut) => {
          const options = { cutoffs: [day(cut)], horizonDays: 20 };
          const before = list.filter(({ at }) => at < day(cut));
          const features = (some: readonly Signal[]) =>
            buildTrainingRows(some, options).map((row) => row.features);
          expect(features(list)).toEqual(features(before));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("cut-offs", () => {
  it("are counted back from the last complete horizon and leave time to know somebody", () => {
    expect(
      cutoffsBetween({ from: day(1), until: day(100) }, { horizonDays: 30, everyDays: 20 }),
    ).toEqual([day(50), day(70)]);
  });

  it("are none for a history that is too short", () => {
    expect(
      cutoffsBetween({ from: day(1), until: day(40) }, { horizonDays: 30, everyDays: 20 }),
    ).toEqual([]);
  });
});
