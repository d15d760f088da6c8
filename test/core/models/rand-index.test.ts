import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjustedRandIndex } from "../../../src/core/models/rand-index.ts";

const labels = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: length, maxLength: length });

/** By its definition, pair by pair. */
const plain = (left: readonly number[], right: readonly number[]): number => {
  let [both, one, two, all] = [0, 0, 0, 0];
  for (const [at, label] of left.entries())
    for (let other = 0; other < at; other += 1) {
      const [here, there] = [label === left[other], right[at] === right[other]];
      all += 1;
      if (here) one += 1;
      if (there) two += 1;
      if (here && there) both += 1;
    }
  const expected = (one * two) / all;
  return (one + two) / 2 === expected ? 1 : (both - expected) / ((one + two) / 2 - expected);
};

describe("the adjusted Rand index", () => {
  it.each<[string, number[], number[], number]>([
    ["equal clusterings under other names", [0, 0, 1, 1, 2], [7, 7, -3, -3, 0], 1],
    ["one cluster parted in two", [0, 0, 1, 1], [0, 0, 1, 2], 4 / 7],
    ["clusterings that cross", [0, 0, 1, 1], [0, 1, 0, 1], -0.5],
    ["all together and all apart", [0, 0, 0, 0], [0, 1, 2, 3], 0],
    ["all together twice", [0, 0, 0], [5, 5, 5], 1],
    ["all apart twice", [0, 1, 2], [2, 0, 1], 1],
    ["one row", [0], [1], 1],
    ["no rows", [], [], 1],
  ])("of %s", (...[, left, right, expected]) => {
    expect(adjustedRandIndex(left, right)).toBeCloseTo(expected, 12);
    expect(adjustedRandIndex(right, left)).toBeCloseTo(expected, 12);
  });

  it("is what counting pairs gives, and does not depend on names", () => {
    const two = fc.integer({ min: 2, max: 30 }).chain((n) => fc.tuple(labels(n), labels(n)));
    fc.assert(
      fc.property(two, ([left, right]) => {
        expect(adjustedRandIndex(left, right)).toBeCloseTo(plain(left, right), 9);
        const renamed = left.map((label) => 100 - label);
        expect(adjustedRandIndex(renamed, right)).toBeCloseTo(adjustedRandIndex(left, right), 12);
      }),
      { seed: 1 },
    );
  });

  it("throws where the labels are not as many", () => {
    expect(() => adjustedRandIndex([1, 2], [1])).toThrow("2 labels cannot be compared with 1");
  });
});
