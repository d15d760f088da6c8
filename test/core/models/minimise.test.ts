/** The simplex search on functions whose least value is known. */
import { describe, expect, it } from "vitest";
import { isAtWall, minimise, wallPenalty } from "../../../src/core/models/minimise.ts";

const banana = ([x = 0, y = 0]: readonly number[]): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

const twoValleys = ([x = 0]: readonly number[]): number => (x * x - 4) ** 2 + x;
const costAt = (value: number): number => wallPenalty([0, Math.log(value)]);

describe("the simplex search", () => {
  it("goes through Rosenbrock's valley", () => {
    const { point, isConverged, value } = minimise(banana, [[-1.2, 1]]);
    expect(point[0]).toBeCloseTo(1, 5);
    expect(point[1]).toBeCloseTo(1, 5);
    expect(value).toBeLessThan(1e-10);
    expect(isConverged).toBe(true);
  });

  it("finds a bowl of four numbers in a corner of unequal scales", () => {
    const wanted = [3, -2, 0.5, 7];
    const { point } = minimise(
      (at) => at.reduce((sum, x, axis) => sum + 10 ** axis * (x - wanted[axis]!) ** 2, -5),
      [[0, 0, 0, 0]],
    );
    for (const [axis, x] of point.entries()) expect(x).toBeCloseTo(wanted[axis]!, 4);
  });

  it("takes the better of two valleys when a start lies in each, and counts the calls of both", () => {
    const left = minimise(twoValleys, [[-3]]);
    const right = minimise(twoValleys, [[3]]);
    const both = minimise(twoValleys, [[3], [-3]]);
    expect(both.point).toEqual(left.point);
    expect(both.value).toBeLessThan(right.value);
    expect(both.calls).toBe(left.calls + right.calls);
  });

  it("treats NaN as infinitely bad and stays inside", () => {
    const { point } = minimise(([x = 0]) => x - Math.log(x), [[3]]);
    expect(point[0]).toBeCloseTo(1, 4);
  });

  it("says when the calls ran out", () => {
    expect(minimise(banana, [[-1.2, 1]], { maxCalls: 10 }).isConverged).toBe(false);
  });

  it("says that it did not settle where there is no least value", () => {
    expect(minimise(([x = 0]) => -Math.exp(x), [[0]], { maxCalls: 200 }).isConverged).toBe(false);
  });

  it("ends at once on a flat function", () => {
    expect(minimise(() => 1, [[0, 0]])).toMatchObject({ value: 1, isConverged: true });
  });
});

describe("the walls", () => {
  it("cost nothing from 1/100 to 100, then more and more, and cannot be passed", () => {
    expect([costAt(0.011), costAt(1), costAt(99)]).toEqual([0, 0, 0]);
    expect(costAt(1000)).toBeCloseTo(Math.log(10) ** 2 / 2, 12);
    expect(costAt(0.001)).toBeCloseTo(costAt(1000), 12);
    expect(costAt(20_000)).toBe(Infinity);
    expect(isAtWall([0, Math.log(99)])).toBe(false);
    expect(isAtWall([0, Math.log(0.009)])).toBe(true);
  });
});
