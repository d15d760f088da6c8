import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addToDay, inLastDays, isWeekend } from "../../../src/core/customers/days.ts";
import { DAYS_KEPT, type DayFigures } from "../../../src/core/history.ts";
import { day } from "./made.ts";

interface Thing {
  readonly at: string;
  readonly orders: number;
  readonly worst?: number;
}

const addAll = (things: readonly Thing[]): readonly DayFigures[] =>
  things.reduce<readonly DayFigures[]>(
    (days, { at, ...addition }) => addToDay(days, at, addition),
    [],
  );

const things: fc.Arbitrary<Thing> = fc
  .record({
    hours: fc.integer({ min: 0, max: 200 * 24 }),
    orders: fc.nat(2),
    worst: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
  })
  .map(({ hours, orders, worst }) => ({
    at: new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString(),
    orders,
    ...(worst === undefined ? {} : { worst }),
  }));

const dayNumber = (at: string): number => Math.floor(Date.parse(at) / 86_400_000);

describe("figures by day", () => {
  it("join their day and leave out what is 0, but not a feeling of 0", () => {
    const days = addAll([
      { at: day(1, "00:00:00.000"), orders: 1, worst: 0 },
      { at: day(1, "23:59:59.999"), orders: 1 },
      { at: day(3), orders: 0, worst: 1 },
      { at: day(3), orders: 0, worst: -1 },
    ]);
    expect(days).toEqual([
      { day: dayNumber(day(1)), orders: 2, worst: 0 },
      { day: dayNumber(day(3)), worst: -1 },
    ]);
  });

  it("drop what is 90 days before the newest, also when it comes late", () => {
    const [old, kept, newest] = [day(1), day(2), day(91)].map((at) => ({ at, orders: 1 }));
    if (old === undefined || kept === undefined || newest === undefined) return;
    const expected = [dayNumber(kept.at), dayNumber(newest.at)];
    for (const order of [
      [old, kept, newest],
      [newest, old, kept],
      [kept, newest, old],
    ])
      expect(addAll(order).map((one) => one.day)).toEqual(expected);
  });

  it("are what counting again gives, in whatever order things come, at any later instant", () => {
    fc.assert(
      fc.property(fc.array(things, { maxLength: 80 }), fc.nat(40), (list, later) => {
        const days = addAll(list);
        const newest =
          list
            .map(({ at }) => at)
            .toSorted()
            .at(-1) ?? day(1);
        const nowMs = Date.parse(newest) + later * 86_400_000;
        const today = Math.floor(nowMs / 86_400_000);
        for (const length of [30, DAYS_KEPT]) {
          const inside = list.filter(({ at }) => dayNumber(at) > today - length);
          const worst = inside.flatMap((one) => one.worst ?? []);
          expect(inLastDays(days, nowMs, length)).toMatchObject({
            orders: inside.reduce((sum, one) => sum + one.orders, 0),
            worst: worst.length === 0 ? null : Math.min(...worst),
          });
        }
        expect(days.length).toBeLessThanOrEqual(DAYS_KEPT);
        expect(days.map((one) => one.day)).toEqual(
          [...new Set(days.map((one) => one.day))].toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("do not tell of days after the instant asked about", () => {
    const days = addAll([
      { at: day(1), orders: 1 },
      { at: day(5), orders: 1 },
    ]);
    expect(inLastDays(days, Date.parse(day(4)), 30).orders).toBe(1);
  });

  it("know weekends, also before 1970", () => {
    expect([day(2), day(3), day(4), day(5)].map(isWeekend)).toEqual([false, true, true, false]);
    expect(["1969-12-27T00:00:00.000Z", "1969-12-29T00:00:00.000Z"].map(isWeekend)).toEqual([
      true,
      false,
    ]);
  });
});
