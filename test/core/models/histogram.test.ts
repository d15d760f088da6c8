/** Binning is checked against the plain definition: sort everything, count, compare. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BINS_MAX,
  binRows,
  checkNumericRows,
  numericRows,
  readableRow,
} from "../../../src/core/models/histogram.ts";
import { randomFrom } from "../../../src/core/models/random.ts";

const oneColumn = (values: readonly (number | null)[]) =>
  binRows(
    numericRows(
      values.map((value) => [value]),
      1,
    ),
  );

const binByDefinition = (thresholds: readonly number[], value: number | null): number =>
  value === null || Number.isNaN(value)
    ? 0
    : 1 + thresholds.filter((threshold) => value >= threshold).length;

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index * 0.1);

const expectConsistent = (values: readonly (number | null)[]): void => {
  const { bins, thresholds } = oneColumn(values);
  const own = thresholds[0]!;
  expect([...bins]).toEqual(values.map((value) => binByDefinition(own, value)));
  expect(own).toEqual([...new Set(own)].toSorted((left, right) => left - right));
  expect(own.every(Number.isFinite)).toBe(true);
  expect(own.length).toBeLessThan(BINS_MAX);
};

describe("binning", () => {
  it("gives each of few numbers a bin, thresholds midway, and missing ones bin 0", () => {
    const { bins, thresholds, rows, width } = oneColumn([3, null, 1, Number.NaN, 7, 3]);
    expect([...bins]).toEqual([2, 0, 1, 0, 3, 2]);
    expect(thresholds).toEqual([[2, 5]]);
    expect([rows, width]).toEqual([6, 1]);
  });

  it("lays columns one behind another", () => {
    const table = numericRows(
      [
        [1, 5],
        [2, 5],
        [3, null],
      ],
      2,
    );
    expect([...binRows(table).bins]).toEqual([1, 2, 3, 1, 1, 0]);
  });

  it("knows no difference between 0 and −0", () => {
    expect(oneColumn([0, -0, 1, -0]).thresholds).toEqual([[0.5]]);
    expect([...oneColumn([-0, 0]).bins]).toEqual([1, 1]);
  });

  it("has neither bins nor thresholds for a column without any number", () => {
    const { bins, thresholds } = oneColumn([null, null]);
    expect([...bins]).toEqual([0, 0]);
    expect(thresholds).toEqual([[]]);
  });

  it("fills up to 255 bins evenly", () => {
    const random = randomFrom(2);
    const values = Array.from({ length: 25_500 }, () => random() ** 5);
    const { bins } = oneColumn(values);
    const counts = Array.from({ length: BINS_MAX + 1 }, () => 0);
    for (const bin of bins) counts[bin]! += 1;
    expect(counts[0]).toBe(0);
    expect(Math.min(...counts.slice(1))).toBe(100);
    expect(Math.max(...counts.slice(1))).toBe(100);
    expectConsistent(values);
  });

  it("has 255 bins for 255 different numbers and no more for 256", () => {
    expect(oneColumn(upTo(255)).thresholds[0]).toHaveLength(254);
    expect(oneColumn(upTo(256)).thresholds[0]).toHaveLength(254);
    expectConsistent(upTo(256));
  });

  it("takes the same quantiles as sorting would, also when one far number squeezes the others into one cell", () => {
    const random = randomFrom(3);
    const near = Array.from({ length: 1_000 }, () => random());
    const plain = oneColumn(near);
    const far = oneColumn([...near, 1e300, 1e300]);
    expect(far.thresholds[0]!.length).toBeGreaterThan(240);
    expectConsistent([...near, 1e300]);
    expect(plain.thresholds[0]).toHaveLength(254);
  });

  it.each<[string, readonly number[]]>([
    ["a range wider than a double", [-1.7e308, -1e308, 0, 1e308, 1.7e308]],
    ["neighbouring doubles", [1, 1 + Number.EPSILON, 1 + 2 * Number.EPSILON]],
    ["the smallest doubles", [0, Number.MIN_VALUE, 2 * Number.MIN_VALUE]],
    ["dates in milliseconds", [1.7e12, 1.7e12 + 1, 1.7e12 + 2]],
    [
      "many numbers over a range wider than a double",
      Array.from({ length: 400 }, (_, index) => (index - 200) * 8e305),
    ],
  ])("keeps %s apart", (_name, values) => {
    expectConsistent(values);
    expect(oneColumn(values).thresholds[0]).toHaveLength(Math.min(values.length, BINS_MAX) - 1);
  });

  it("agrees with its definition on any numbers, in any order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ noDefaultInfinity: true })), {
          minLength: 1,
          maxLength: 600,
          size: "max",
        }),
        (values) => {
          expectConsistent(values);
          expect(oneColumn(values.toReversed()).thresholds).toEqual(oneColumn(values).thresholds);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("rows for trees", () => {
  it.each<
    [string, string | undefined, { values: readonly number[]; width: number; atLeast: number }]
  >([
    ["nothing wrong, NaN allowed", undefined, { values: [1, Number.NaN], width: 1, atLeast: 2 }],
    ["no rows", "EMPTY", { values: [], width: 2, atLeast: 1 }],
    ["a width of 0", "WIDTH", { values: [1], width: 0, atLeast: 1 }],
    ["a width that is no whole number", "WIDTH", { values: [1, 2, 3], width: 1.5, atLeast: 1 }],
    ["numbers that fill no row", "WIDTH", { values: [1, 2, 3], width: 2, atLeast: 1 }],
    ["too few rows", "TOO_FEW", { values: [1, 2, 3], width: 1, atLeast: 4 }],
    ["infinity", "NOT_FINITE", { values: [1, -Infinity], width: 2, atLeast: 1 }],
  ])("with %s are checked: %s", (_name, code, { values, width, atLeast }) => {
    expect(checkNumericRows({ values: Float64Array.from(values), width }, atLeast)?.code).toBe(
      code,
    );
  });

  it("say where an infinite number stands", () => {
    const values = Float64Array.of(1, 2, 3, Infinity);
    expect(checkNumericRows({ values, width: 2 })?.sentence).toContain("row 1, column 1: Infinity");
  });

  it("cannot be made of rows of another width", () => {
    expect(() => numericRows([[1], [1, 2]], 1)).toThrow("row 1 has 2 numbers for 1 columns");
  });

  it("are read with null as missing, and refused with another width or infinity", () => {
    expect([...readableRow([1, null], 2)]).toEqual([1, Number.NaN]);
    expect(() => readableRow([1], 2)).toThrow(RangeError);
    expect(() => readableRow([1, Infinity], 2)).toThrow("column 1: Infinity is not finite");
  });
});
