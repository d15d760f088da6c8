import { describe, expect, it } from "vitest";
import { type ChoiceOfK, chooseK, type ChooseOptions } from "../../../src/core/models/choose-k.ts";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { type Points, pointsFrom } from "../../../src/core/models/points.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { heapsOf, noise } from "./heaps.ts";

const value = (fit: Fitted<ChoiceOfK>): ChoiceOfK => {
  if (fit.kind === "refused") throw new Error(fit.sentence);
  return fit.value;
};
const choice = (points: Points, options: Partial<ChooseOptions> = {}): ChoiceOfK =>
  value(chooseK(points, { seed: 1, starts: 3, ...options }));

describe("the number of clusters", () => {
  const { points } = heapsOf({ rows: 600, width: 3, heaps: 4, apart: 8, seed: 4 });

  it("is that of the heaps, with the figures of every number tried", () => {
    const { k, rows, figures } = choice(points);
    expect(k).toBe(4);
    expect(rows).toBe(600);
    expect(figures.map((figure) => figure.k)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const four = figures[2]!;
    expect(four.stability).toBe(1);
    expect(four.silhouette).toBe(Math.max(...figures.map(({ silhouette }) => silhouette)));
    expect(figures[8]!.stability).toBeLessThan(0.9);
    for (const figure of figures.slice(1))
      expect(figure.inertiaPerRow).toBeLessThan(figures[0]!.inertiaPerRow);
    for (const { simplifiedSilhouette } of figures) {
      expect(simplifiedSilhouette).toBeGreaterThan(0);
      expect(simplifiedSilhouette).toBeLessThanOrEqual(1);
    }
  });

  it("is the same for the same points and seed, whatever the order of the counts", () => {
    const first = JSON.stringify(choice(points, { counts: [3, 5, 4] }));
    expect(JSON.stringify(choice(points, { counts: [5, 4, 3, 3] }))).toBe(first);
  });

  it("is not one whose clusters do not come back, however good its silhouette", () => {
    // A row far out makes two clusters look good, but half of the halves do not have it and cut the round cloud anywhere.
    const random = randomFrom(4);
    const cloud = Array.from({ length: 400 }, () => [noise(random), noise(random)]);
    const far = pointsFrom([...cloud, [60, 60]]);
    const counts = [2, 3, 4];
    const { k, figures } = choice(far, { counts });
    const [two, three, four] = figures;
    expect(two!.silhouette).toBeGreaterThan(Math.max(three!.silhouette, four!.silhouette));
    expect(two!.stability).toBeLessThan(0.5);
    const mostStable = figures.reduce((left, right) =>
      right.stability > left.stability ? right : left,
    );
    expect(choice(far, { counts, stabilityMin: 1 }).k).toBe(mostStable.k);
    expect(k).not.toBe(2);
    expect(choice(far, { counts, stabilityMin: -1 }).k).toBe(2);
  });

  it("is chosen on a sample of many rows", () => {
    expect(choice(points, { rowsMax: 200, counts: [3, 4, 5] })).toMatchObject({ k: 4, rows: 200 });
  });

  it("leaves out numbers that too few rows differ for", () => {
    const few = pointsFrom(Array.from({ length: 60 }, (_, row) => [row % 3, 0]));
    const { k, figures } = choice(few);
    expect(figures.map((figure) => figure.k)).toEqual([2, 3]);
    expect(k).toBe(3);
    expect(figures[1]).toMatchObject({ silhouette: 1, stability: 1, inertiaPerRow: 0 });
  });

  it.each<[string, string, Points]>([
    ["no rows", "EMPTY", pointsFrom([])],
    ["one row", "TOO_FEW", pointsFrom([[1, 2]])],
    ["NaN", "NOT_FINITE", pointsFrom([[1], [Number.NaN], [2]])],
    ["ragged numbers", "WIDTH", { values: new Float64Array(5), width: 2 }],
    ["rows that are all the same", "CONSTANT", pointsFrom([[1], [1], [1], [1]])],
    ["rows of which no half can be fitted", "TOO_FEW", pointsFrom([[1], [2]])],
  ])("refuses %s with %s", (...[, code, given]) => {
    expect(chooseK(given, { seed: 1, counts: [2] })).toMatchObject({ kind: "refused", code });
  });

  it.each<Partial<ChooseOptions>>([
    { counts: [] },
    { counts: [1, 2] },
    { counts: [2.5] },
    { halves: 1 },
  ])("throws for %o", (options) => {
    expect(() => chooseK(points, { seed: 1, ...options })).toThrow(RangeError);
  });
});
