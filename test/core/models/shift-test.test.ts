/** Tests of shift: worked examples, p-values that are uniform when nothing shifted, and cells too rare to count. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";
import { chiSquareOf, kolmogorovSmirnov, rankSumOf } from "../../../src/core/models/shift-test.ts";
import { chiSquareTail, gammaTail, normalTails } from "../../../src/core/models/special.ts";

const draw = (count: number, random: Random): number[] => Array.from({ length: count }, random);

/** Counts of values 0, 1, … among levels of unequal chance. */
const counted = (rows: number, random: Random): number[] => {
  const counts = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row += 1) counts[Math.floor(6 * random() ** 1.5)]! += 1;
  return counts;
};

/** Shares of p-values at or below .01, .05, .1, .5 and .9 over 2,000 draws. */
const sharesOf = (pValue: (random: Random) => number): number[] => {
  const random = randomFrom(11);
  const found = Array.from({ length: 2000 }, () => pValue(random));
  return [0.01, 0.05, 0.1, 0.5, 0.9].map(
    (limit) => found.filter((value) => value <= limit).length / found.length,
  );
};

/** By how much the shares are off at most, in units of what chance and the asymptotic distribution explain. */
const unevenness = (shares: readonly number[]): number =>
  Math.max(
    ...[0.01, 0.05, 0.1, 0.5, 0.9].map((limit, place) => {
      const spread = limit * (1 - limit);
      return (
        Math.abs(shares[place]! - limit) / (0.003 + 0.1 * spread + 3.5 * Math.sqrt(spread / 2000))
      );
    }),
  );

describe("tails", () => {
  it("are those of printed tables", () => {
    expect(chiSquareTail(1, 3.841_458_820_694_124)).toBeCloseTo(0.05, 12);
    expect(chiSquareTail(10, 18.307_038_053_275_146)).toBeCloseTo(0.05, 12);
    expect(chiSquareTail(2, 60)).toBeCloseTo(Math.exp(-30), 24);
    expect(normalTails(1.959_963_984_540_054)).toBeCloseTo(0.05, 12);
    expect(normalTails(0)).toBe(1);
    expect(chiSquareTail(0, 5)).toBe(1);
    expect(gammaTail(2, Infinity)).toBe(0);
    expect(gammaTail(0, 1)).toBeNaN();
    expect(gammaTail(1, -1)).toBeNaN();
  });

  it("keep the recurrence of the gamma function", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 200, noNaN: true }),
        fc.double({ min: 0.01, max: 400, noNaN: true }),
        (a, x) => {
          const step = gammaTail(a + 1, x) - gammaTail(a, x);
          // x^a e^-x / Γ(a + 1) by quadrature-free means: the ratio of neighbouring steps is x ÷ (a + 1).
          const next = gammaTail(a + 2, x) - gammaTail(a + 1, x);
          expect(Math.abs(next - (step * x) / (a + 1))).toBeLessThan(1e-11);
        },
      ),
    );
  });
});

describe("Kolmogorov and Smirnov's test", () => {
  it("measures the largest distance, between ties only", () => {
    expect(kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]).statistic).toBe(0.5);
    expect(kolmogorovSmirnov([1, 1, 1], [1, 1, 1, 1])).toEqual({ statistic: 0, pValue: 1 });
    expect(kolmogorovSmirnov([1, 2], [3, 4]).statistic).toBe(1);
  });

  it("gives the p-value of the asymptotic distribution with Stephens's correction", () => {
    const left = Array.from({ length: 50 }, (_, row) => row);
    const right = left.map((value) => value + 15.5);
    const root = Math.sqrt(25);
    const lambda = (root + 0.12 + 0.11 / root) * 0.32;
    const wanted = 2 * (Math.exp(-2 * lambda ** 2) - Math.exp(-8 * lambda ** 2));
    expect(kolmogorovSmirnov(left, right).statistic).toBeCloseTo(0.32, 12);
    expect(kolmogorovSmirnov(left, right).pValue).toBeCloseTo(wanted, 5);
  });

  it("has uniform p-values when nothing shifted", () => {
    expect(
      unevenness(
        sharesOf((random) => kolmogorovSmirnov(draw(150, random), draw(97, random)).pValue),
      ),
    ).toBeLessThan(1);
  });

  it("refuses NaN and nothing", () => {
    expect(() => kolmogorovSmirnov([1, Number.NaN], [1])).toThrow("left[1]");
    expect(() => kolmogorovSmirnov([1], [])).toThrow("right has no values");
  });
});

describe("χ² of counts", () => {
  it("solves a two by two table", () => {
    const test = chiSquareOf({ left: [30, 20], right: [20, 30] });
    expect(test).toMatchObject({ statistic: 4, degrees: 1 });
    expect(test.pValue).toBeCloseTo(0.0455, 4);
  });

  it("has uniform p-values when nothing shifted, categories and ordered bins", () => {
    for (const isOrdered of [false, true])
      expect(
        unevenness(
          sharesOf((random) => {
            const pair = { left: counted(300, random), right: counted(800, random) };
            return chiSquareOf(pair, isOrdered).pValue;
          }),
        ),
      ).toBeLessThan(1);
  });

  it("puts rare cells together and ends with nothing to compare", () => {
    expect(chiSquareOf({ left: [50, 1, 1, 1], right: [50, 1, 2, 0] }).degrees).toBe(0);
    expect(chiSquareOf({ left: [50, 5, 5, 5], right: [50, 5, 5, 5] }, true).degrees).toBe(3);
    expect(chiSquareOf({ left: [50, 5, 3, 3], right: [50, 5, 3, 3] }, true).degrees).toBe(2);
    expect(chiSquareOf({ left: [1], right: [2] })).toEqual({ statistic: 0, degrees: 0, pValue: 1 });
    expect(chiSquareOf({ left: [0, 0], right: [9, 9] }).pValue).toBe(1);
    expect(() => chiSquareOf({ left: [1], right: [1, 2] })).toThrow("1 cells");
  });
});

describe("the rank sum of ordered counts", () => {
  it("is Wilcoxon's with middle ranks, and turns its sign with the samples", () => {
    const pair = { left: [10, 20, 30], right: [30, 20, 10] };
    const { statistic, pValue } = rankSumOf(pair);
    // Ranks 20.5, 60.5, 100.5: sum 4430 against 60 × 121 ÷ 2 = 3630; variance 300 × (121 − 3 × 63960 ÷ 14280).
    expect(statistic).toBeCloseTo(800 / Math.sqrt(300 * (121 - 191_880 / 14_280)), 10);
    expect(pValue).toBeLessThan(1e-4);
    expect(rankSumOf({ left: pair.right, right: pair.left }).statistic).toBeCloseTo(-statistic, 10);
  });

  it("says nothing of one value or no rows", () => {
    expect(rankSumOf({ left: [0, 9], right: [0, 5] })).toEqual({ statistic: 0, pValue: 1 });
    expect(rankSumOf({ left: [0, 0], right: [3, 5] })).toEqual({ statistic: 0, pValue: 1 });
  });

  it("has uniform p-values when nothing shifted", () => {
    expect(
      unevenness(
        sharesOf(
          (random) => rankSumOf({ left: counted(300, random), right: counted(200, random) }).pValue,
        ),
      ),
    ).toBeLessThan(1);
  });
});
