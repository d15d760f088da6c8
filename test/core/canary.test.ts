import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANARY_SIDES, type Canary, type CanarySide, sideOf } from "../../src/core/canary.ts";

const canary = (changes: Partial<Canary> = {}) => ({
  salt: "a".repeat(64),
  percent: 10,
  ...changes,
});

/** Shares of 20,000 customers with ids such as a CRM numbers them. */
const shareOf = (settings: Pick<Canary, "salt" | "percent">, tenant = "default"): number => {
  const count = 20_000;
  let candidate = 0;
  for (let index = 0; index < count; index += 1)
    if (sideOf(settings, { tenant, id: `c-${index}` }) === "candidate") candidate += 1;
  return candidate / count;
};

describe("the side of a customer", () => {
  it("is the same every time, on any machine", () => {
    const sides = ["c-1", "c-2", "客户-3", ""].map((id) =>
      sideOf(canary({ percent: 50 }), { tenant: "default", id }),
    );
    expect(sides).toEqual(["candidate", "live", "live", "candidate"] satisfies CanarySide[]);
  });

  it.each([1, 10, 25, 50, 99])("is the candidate's for about %i %% of the customers", (percent) => {
    const share = percent / 100;
    const deviation = Math.sqrt((share * (1 - share)) / 20_000);
    for (const salt of ["a", "b", "c".repeat(64)])
      expect(Math.abs(shareOf({ salt, percent }) - share)).toBeLessThan(4 * deviation);
  });

  it("is another lot for another tenant and another candidate", () => {
    const same = { both: 0, first: 0 };
    for (let index = 0; index < 20_000; index += 1) {
      const id = `c-${index}`;
      const first = sideOf(canary(), { tenant: "one", id }) === "candidate";
      const other = sideOf(canary(), { tenant: "two", id }) === "candidate";
      const salted = sideOf(canary({ salt: "b" }), { tenant: "one", id }) === "candidate";
      if (first) same.first += 1;
      if (first && (other || salted)) same.both += 1;
    }
    // Independent lots of 10 % meet in 19 % of those on the side.
    expect(same.both / same.first).toBeGreaterThan(0.15);
    expect(same.both / same.first).toBeLessThan(0.23);
  });

  it("stays the candidate's when the percentage grows", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 98 }),
        fc.integer({ min: 1, max: 99 }),
        (id, low, high) => {
          const customer = { tenant: "default", id };
          const before = sideOf(canary({ percent: Math.min(low, high) }), customer);
          const after = sideOf(canary({ percent: Math.max(low, high) }), customer);
          expect(CANARY_SIDES).toContain(before);
          expect(before === "live" || after === "candidate").toBe(true);
        },
      ),
    );
  });
});
