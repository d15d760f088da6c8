/** Bins and the stability index: every row is counted once, shared values stand alone, the index is symmetric and never negative. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binCounts,
  levelCounts,
  quantileCuts,
  stabilityIndex,
} from "../../../src/core/models/psi.ts";
import { randomFrom } from "../../../src/core/models/random.ts";

const maybeNumber = fc.oneof(
  fc.constant(null),
  fc.constant(Number.NaN),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
);
const sum = (counts: ArrayLike<number>): number => Array.from(counts).reduce((a, b) => a + b, 0);

describe("quantile bins", () => {
  it("hold about equally many rows of a column without ties", () => {
    const random = randomFrom(1);
    const values = Array.from({ length: 1000 }, random);
    expect([...binCounts(values, quantileCuts(values, 10))]).toEqual([
      ...Array.from({ length: 10 }, () => 100),
      0,
    ]);
  });

  it("give shared values bins of their own", () => {
    const values = [
      ...Array.from({ length: 50 }, () => 0),
      ...Array.from({ length: 50 }, (_, row) => row + 1),
    ];
    const cuts = quantileCuts(values, 4);
    expect(cuts).toEqual([0, Number.MIN_VALUE, 1, 26]);
    expect([...binCounts(values, cuts)].slice(0, 2)).toEqual([0, 50]);
    expect([...binCounts([-1, 0, 0.5, null], cuts)].slice(0, 2)).toEqual([1, 1]);
  });

  it("have three bins for a column with one value, one for a column with none", () => {
    const cuts = quantileCuts([7, 7, 7]);
    expect([...binCounts([6, 7, 7, 8, null], cuts)]).toEqual([1, 2, 1, 1]);
    expect(quantileCuts([null, Number.NaN])).toEqual([]);
    expect([...binCounts([null, 3], [])]).toEqual([1, 1]);
    expect(quantileCuts([])).toEqual([]);
  });

  it("count every row once, with finite cuts that rise and survive JSON", () => {
    fc.assert(
      fc.property(fc.array(maybeNumber), fc.array(maybeNumber), (reference, values) => {
        const cuts = quantileCuts(reference, 5);
        expect(cuts.every((cut, place) => place === 0 || cut > cuts[place - 1]!)).toBe(true);
        expect(JSON.parse(JSON.stringify(cuts))).toEqual(cuts);
        expect(cuts.length).toBeLessThanOrEqual(10);
        const counts = binCounts(values, cuts);
        expect(counts.length).toBe(cuts.length + 2);
        expect(sum(counts)).toBe(values.length);
        for (const value of values) {
          const bin = binCounts([value], cuts).indexOf(1);
          const below = cuts.filter((cut) => cut <= value!).length;
          expect(bin).toBe(value === null || Number.isNaN(value) ? cuts.length + 1 : below);
        }
      }),
    );
  });
});

describe("levels", () => {
  it("are counted by name, others and missing ones behind", () => {
    expect([...levelCounts(["b", "a", "c", null, "b"], ["a", "b"])]).toEqual([1, 2, 1, 1]);
  });
});

describe("the stability index", () => {
  const counts = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 });

  it("is the sum by hand", () => {
    const [p, q] = [50.5 / 101, 20.5 / 101];
    const [r, s] = [50.5 / 101, 80.5 / 101];
    expect(stabilityIndex({ left: [50, 50], right: [20, 80] })).toBeCloseTo(
      (p - q) * Math.log(p / q) + (r - s) * Math.log(r / s),
      12,
    );
  });

  it("is symmetric, never negative and 0 for equal samples", () => {
    fc.assert(
      fc.property(counts, counts, (left, right) => {
        const index = stabilityIndex({ left, right });
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeCloseTo(stabilityIndex({ left: right, right: left }), 12);
        expect(stabilityIndex({ left, right: left })).toBe(0);
      }),
    );
  });

  it("takes no notice of cells that neither sample has", () => {
    expect(stabilityIndex({ left: [5, 0, 9], right: [7, 0, 1] })).toBe(
      stabilityIndex({ left: [5, 9], right: [7, 1] }),
    );
    expect(() => stabilityIndex({ left: [1], right: [] })).toThrow("1 cells");
  });
});
