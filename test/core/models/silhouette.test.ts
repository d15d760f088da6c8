import { describe, expect, it } from "vitest";
import { assignPlaces, fitKMeans } from "../../../src/core/models/kmeans.ts";
import { pointsFrom } from "../../../src/core/models/points.ts";
import { silhouette } from "../../../src/core/models/scores.ts";
import {
  sampledSilhouette,
  silhouettes,
  simplifiedSilhouette,
} from "../../../src/core/models/silhouette.ts";
import { heaps, heapsOf } from "./heaps.ts";

const one = (rows: readonly (readonly number[])[], places: readonly number[], k: number): number =>
  silhouettes(pointsFrom(rows), [{ places, k }])[0]!;

describe("the silhouette", () => {
  it("is what it is by definition", () => {
    // Row 0: a = 1, b = 9.5; row 1: a = 1, b = 8.5; rows 2 and 3 likewise.
    const rows = [[0], [1], [9], [10]];
    const expected = (2 * (8.5 / 9.5) + 2 * (7.5 / 8.5)) / 4;
    expect(one(rows, [0, 0, 1, 1], 2)).toBeCloseTo(expected, 12);
  });

  it("agrees with the score of reports, for several labellings at once", () => {
    const { rows, truth } = heaps({ rows: 150, width: 3, heaps: 4, apart: 1, seed: 3 });
    const other = rows.map((_, row) => row % 3);
    const both = silhouettes(pointsFrom(rows), [
      { places: truth, k: 4 },
      { places: other, k: 3 },
    ]);
    expect(both[0]).toBeCloseTo(silhouette(rows, truth), 10);
    expect(both[1]).toBeCloseTo(silhouette(rows, other), 10);
  });

  it.each<[string, number[][], number[], number]>([
    ["one cluster", [[0], [1], [5]], [0, 0, 0], 1],
    ["places of which only one is used", [[0], [1], [5]], [2, 2, 2], 3],
    ["rows that are each alone", [[0], [1], [5]], [0, 1, 2], 3],
    ["rows that are all the same", [[4], [4], [4], [4]], [0, 0, 1, 1], 2],
  ])("is 0 for %s", (...[, rows, places, k]) => {
    expect(one(rows, places, k)).toBe(0);
  });

  it("does not count a cluster that has no rows as near", () => {
    const rows = [[0], [1], [9], [10]];
    expect(one(rows, [0, 0, 2, 2], 3)).toBe(one(rows, [0, 0, 1, 1], 2));
  });

  it("of a seeded sample is near that of all rows, and the same for the same seed", () => {
    const { points, truth } = heapsOf({ rows: 3000, width: 2, heaps: 3, apart: 3, seed: 6 });
    const labelling = { places: truth, k: 3 };
    const all = silhouettes(points, [labelling])[0]!;
    const some = sampledSilhouette(points, labelling, { seed: 1, rowsMax: 500 });
    expect(some).toBeCloseTo(all, 1);
    expect(sampledSilhouette(points, labelling, { seed: 1, rowsMax: 500 })).toBe(some);
    expect(sampledSilhouette(points, labelling, { seed: 2, rowsMax: 500 })).not.toBe(some);
    expect(sampledSilhouette(points, labelling, { seed: 1, rowsMax: 3000 })).toBe(all);
    expect(sampledSilhouette(points, labelling, { seed: 1 })).toBeCloseTo(all, 1);
  });
});

describe("the simplified silhouette", () => {
  it("looks at the nearest two centres only", () => {
    const points = pointsFrom([[0], [1], [10]]);
    expect(simplifiedSilhouette(points, [[0], [10]])).toBeCloseTo((1 + 8 / 9 + 1) / 3, 12);
    expect(simplifiedSilhouette(points, [[0], [10], [-900]])).toBeCloseTo((1 + 8 / 9 + 1) / 3, 12);
  });

  it("is 0 for one centre and for centres that coincide", () => {
    const points = pointsFrom([[0], [1]]);
    expect(simplifiedSilhouette(points, [[0]])).toBe(0);
    expect(simplifiedSilhouette(points, [[0], [0]])).toBe(0);
  });

  it("is higher where heaps are further apart, like the silhouette", () => {
    const [near = 0, far = 0] = [1, 6].map((apart) => {
      const { points } = heapsOf({ rows: 400, width: 2, heaps: 3, apart, seed: 9 });
      const fit = fitKMeans(points, { k: 3, seed: 1 });
      if (fit.kind === "refused") throw new Error(fit.sentence);
      expect(assignPlaces(points, fit.value.centroids)).toHaveLength(400);
      return simplifiedSilhouette(points, fit.value.centroids);
    });
    expect(far).toBeGreaterThan(near);
    expect(far).toBeLessThanOrEqual(1);
  });
});
