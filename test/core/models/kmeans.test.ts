import * as fc from "fast-check";
import { kmeans } from "ml-kmeans";
import { describe, expect, it } from "vitest";
import { fitClusters } from "../../../src/core/models/clusters-fit.ts";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { improve } from "../../../src/core/models/hamerly.ts";
import {
  assignPlaces,
  fitKMeans,
  type KMeansModel,
  type KMeansOptions,
} from "../../../src/core/models/kmeans.ts";
import { seedCentres } from "../../../src/core/models/kmeans-seed.ts";
import { assignAll, newState, stateAt } from "../../../src/core/models/kmeans-state.ts";
import { improveByBatches } from "../../../src/core/models/mini-batch.ts";
import { type Points, pick, pointsFrom, rowOf } from "../../../src/core/models/points.ts";
import { adjustedRandIndex } from "../../../src/core/models/rand-index.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { heaps, heapsOf } from "./heaps.ts";

const value = <T>(fit: Fitted<T>): T => {
  if (fit.kind === "refused") throw new Error(`${fit.code}: ${fit.sentence}`);
  return fit.value;
};
const codeOf = (fit: Fitted<unknown>): string => (fit.kind === "refused" ? fit.code : "fitted");
const model = (points: Points, options: KMeansOptions): KMeansModel =>
  value(fitKMeans(points, options));
const rows = (...given: number[][]): Points => pointsFrom(given);

/** Sum of squared distances to the nearest centre, the slow and plain way. */
const plainInertia = (
  given: readonly (readonly number[])[],
  centroids: readonly (readonly number[])[],
): number =>
  given.reduce(
    (sum, row) =>
      sum +
      Math.min(
        ...centroids.map((centre) =>
          row.reduce((total, number, column) => total + (number - (centre[column] ?? 0)) ** 2, 0),
        ),
      ),
    0,
  );

const bestOfPackage = (given: readonly (readonly number[])[], k: number): number => {
  let best = Infinity;
  for (let seed = 0; seed < 40; seed += 1) {
    const data = given.map((row) => [...row]);
    const { centroids } = kmeans(data, k, { seed, initialization: "kmeans++" });
    best = Math.min(best, plainInertia(given, centroids));
  }
  return best;
};

describe("k-means", () => {
  it.each([
    { width: 1, k: 3, apart: 6 },
    { width: 3, k: 5, apart: 2 },
    { width: 8, k: 6, apart: 1 },
    { width: 11, k: 4, apart: 0.9 },
  ])(
    "is as tight as the best of 40 starts of ml-kmeans: $width columns, $k clusters, $apart apart",
    ({ width, k, apart }) => {
      const given = heaps({ rows: 1200, width, heaps: k, apart, seed: 7 });
      const found = model(pointsFrom(given.rows), { k, seed: 1 });
      expect(found.inertia).toBeLessThanOrEqual(bestOfPackage(given.rows, k) * 1.0001);
      expect(found.inertia).toBeCloseTo(plainInertia(given.rows, found.centroids), 6);
      expect(found.algorithm).toBe("hamerly");
      expect(found.iterations).toBeGreaterThan(0);
    },
  );

  it("finds heaps that are apart, largest first, and puts rows back into them", () => {
    const { points, truth } = heapsOf({ rows: 900, width: 4, heaps: 5, apart: 8, seed: 2 });
    const found = model(points, { k: 5, seed: 1 });
    const places = assignPlaces(points, found.centroids);
    expect(adjustedRandIndex(places, truth)).toBe(1);
    expect(found.sizes).toEqual(found.sizes.toSorted((left, right) => right - left));
    expect([0, 1, 2, 3, 4].map((at) => places.filter((place) => place === at).length)).toEqual(
      found.sizes,
    );
  });

  it("puts its centres at the means of their rows", () => {
    const { points } = heapsOf({ rows: 500, width: 2, heaps: 3, apart: 1, seed: 3 });
    const { centroids } = model(points, { k: 4, seed: 9 });
    const places = assignPlaces(points, centroids);
    for (const [place, centroid] of centroids.entries()) {
      const own = [...places.keys()].filter((row) => places[row] === place);
      for (const [column, number] of centroid.entries()) {
        const mean = own.reduce((sum, row) => sum + rowOf(points, row)[column]!, 0) / own.length;
        expect(number).toBeCloseTo(mean, 9);
      }
    }
  });

  it("gives the same bytes for the same points and seed, leaves the points alone, and predicts the same after JSON", () => {
    const { points } = heapsOf({ rows: 700, width: 3, heaps: 4, apart: 1, seed: 4 });
    const before = points.values.slice();
    const first = model(points, { k: 4, seed: 6 });
    model(heapsOf({ rows: 100, width: 2, heaps: 2, apart: 1, seed: 1 }).points, { k: 2, seed: 1 });
    expect(JSON.stringify(model(points, { k: 4, seed: 6 }))).toBe(JSON.stringify(first));
    expect(points.values).toEqual(before);
    const read = JSON.parse(JSON.stringify(first)) as KMeansModel;
    expect(read).toEqual(first);
    expect(assignPlaces(points, read.centroids)).toEqual(assignPlaces(points, first.centroids));
  });

  it("does not depend on the order of the rows where heaps are apart", () => {
    const { points } = heapsOf({ rows: 600, width: 3, heaps: 4, apart: 8, seed: 8 });
    const random = randomFrom(3);
    const order = Array.from({ length: 600 }, (_, row) => ({ row, key: random() }))
      .toSorted((left, right) => left.key - right.key)
      .map(({ row }) => row);
    const [plain, mixed] = [points, pick(points, order)].map((given) =>
      model(given, { k: 4, seed: 1 }),
    );
    expect(mixed!.sizes).toEqual(plain!.sizes);
    for (const [place, centroid] of plain!.centroids.entries())
      for (const [column, number] of centroid.entries())
        expect(mixed!.centroids[place]![column]).toBeCloseTo(number, 9);
  });

  it("orders clusters of equal size by their centres", () => {
    const found = model(rows([5, 1], [5, 0], [-3, 9], [5, 1], [5, 0], [-3, 9]), { k: 3, seed: 1 });
    expect(found).toMatchObject({
      centroids: [
        [-3, 9],
        [5, 0],
        [5, 1],
      ],
      sizes: [2, 2, 2],
      inertia: 0,
    });
  });

  it("takes duplicates: as many clusters as rows differ, none empty", () => {
    const many = Array.from({ length: 300 }, (_, row) => [row % 3 === 0 ? 1 : row % 7, 0]);
    const found = model(pointsFrom(many), { k: 7, seed: 2, starts: 1 });
    expect(found.inertia).toBe(0);
    expect(found.sizes).toHaveLength(7);
    expect(Math.min(...found.sizes)).toBeGreaterThan(0);
    expect(fitKMeans(pointsFrom(many), { k: 8, seed: 2 })).toMatchObject({
      kind: "refused",
      code: "CONSTANT",
      sentence:
        "only 7 rows differ, at least 8 must; ask for fewer clusters or give a longer history",
    });
  });

  it("takes one row, and one cluster", () => {
    expect(model(rows([3, -4]), { k: 1, seed: 1 })).toEqual({
      centroids: [[3, -4]],
      sizes: [1],
      inertia: 0,
      iterations: 2,
      algorithm: "hamerly",
    });
    expect(model(rows([0], [2], [4]), { k: 1, seed: 1 })).toMatchObject({
      centroids: [[2]],
      inertia: 8,
    });
  });

  it.each<[string, string, Points, number]>([
    ["no rows", "EMPTY", { values: new Float64Array(0), width: 2 }, 1],
    ["numbers that are no whole rows", "WIDTH", { values: new Float64Array(5), width: 2 }, 1],
    ["no columns", "WIDTH", { values: new Float64Array(5), width: 0 }, 1],
    ["half a column", "WIDTH", { values: new Float64Array(5), width: 2.5 }, 1],
    ["NaN", "NOT_FINITE", rows([1, 2], [1, Number.NaN]), 1],
    ["infinity", "NOT_FINITE", rows([1, 2], [-Infinity, 1]), 1],
    ["a number whose square is not finite", "NOT_FINITE", rows([1e200, 2], [0, 1]), 1],
    ["fewer rows than clusters", "TOO_FEW", rows([1, 2], [3, 4]), 3],
    ["one row for two clusters", "TOO_FEW", rows([1, 2]), 2],
    ["rows that are all the same", "CONSTANT", rows([1, 2], [1, 2], [1, 2]), 2],
  ])("refuses %s with %s", (...[, code, points, k]) => {
    expect(codeOf(fitKMeans(points, { k, seed: 1 }))).toBe(code);
  });

  it.each([0, -1, 1.5, Number.NaN])("throws for k = %s", (k) => {
    expect(() => fitKMeans(rows([1], [2]), { k, seed: 1 })).toThrow(RangeError);
  });

  it("names the row and the column of a bad number", () => {
    expect(fitKMeans(rows([1, 2], [1, Number.NaN]), { k: 1, seed: 1 })).toMatchObject({
      sentence: expect.stringContaining("row 1, column 1: NaN is not a finite number") as string,
    });
  });

  it("keeps its promises on any small table", () => {
    const table = fc
      .integer({ min: 1, max: 6 })
      .chain((width) =>
        fc.array(
          fc.array(fc.integer({ min: -3, max: 3 }), { minLength: width, maxLength: width }),
          { minLength: 1, maxLength: 40 },
        ),
      );
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 6 }), fc.nat(), (given, k, seed) => {
        const fit = fitKMeans(pointsFrom(given), { k, seed, starts: 2 });
        const different = new Set(given.map((row) => row.join())).size;
        if (different < k) return fit.kind === "refused";
        const { sizes, inertia, centroids } = value(fit);
        expect(sizes).toHaveLength(k);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(sizes.reduce((sum, size) => sum + size)).toBe(given.length);
        expect(inertia).toBeCloseTo(plainInertia(given, centroids), 8);
        return true;
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe("Hamerly's bounds", () => {
  it("lead where measuring every row in every round leads", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const k = 2 + (seed % 5);
      const { points } = heapsOf({ rows: 200, width: 1 + (seed % 6), heaps: 6, apart: 1, seed });
      const quick = newState(points, k);
      seedCentres(quick, randomFrom(seed));
      const slow = stateAt(
        points,
        Array.from({ length: k }, (_, place) =>
          rowOf({ values: quick.centres, width: points.width }, place),
        ),
      );
      const rounds = improve(quick, { roundsMax: 300, squaredMove: 0 });
      for (let round = 0; round < rounds; round += 1) {
        assignAll(slow);
        for (const [at, sum] of slow.sums.entries())
          slow.centres[at] = sum / slow.sizes[Math.floor(at / points.width)]!;
      }
      expect(assignAll(quick)).toBeCloseTo(assignAll(slow), 6);
      expect(quick.places).toEqual(slow.places);
    }
  });

  it("give an empty cluster the row that lies furthest from its centre", () => {
    const points = rows([0], [1], [2], [50]);
    const state = stateAt(points, [[1], [900], [-900]]);
    improve(state, { roundsMax: 50, squaredMove: 0 });
    assignAll(state);
    expect(state.sizes.every((size) => size > 0)).toBe(true);
    expect([...state.centres]).toContain(50);
  });

  it("leave clusters empty where every row lies on its centre already", () => {
    const state = stateAt(rows([1], [1], [3]), [[1], [3], [7]]);
    expect(improve(state, { roundsMax: 50, squaredMove: 0 })).toBe(1);
    expect([...state.sizes]).toEqual([2, 1, 0]);
  });

  it("stop at the most rounds allowed", () => {
    const { points } = heapsOf({ rows: 800, width: 5, heaps: 6, apart: 0.3, seed: 12 });
    const state = newState(points, 6);
    seedCentres(state, randomFrom(1));
    expect(improve(state, { roundsMax: 2, squaredMove: 0 })).toBe(2);
    expect(model(points, { k: 6, seed: 1, roundsMax: 1, starts: 1 }).iterations).toBe(2);
  });
});

describe("mini-batches", () => {
  it("move a centre by one part of the rows that it has seen", () => {
    const fresh = stateAt(rows([4]), [[0]]);
    improveByBatches(fresh, { batchRows: 1, batches: 1 }, randomFrom(1));
    expect([...fresh.centres, ...fresh.sizes]).toEqual([4, 1]);
    const old = stateAt(rows([4]), [[0]]);
    old.sizes[0] = 3;
    improveByBatches(old, { batchRows: 1, batches: 1 }, randomFrom(1));
    expect([...old.centres, ...old.sizes]).toEqual([1, 4]);
  });

  it("move only the nearest centre", () => {
    const state = stateAt(rows([4], [4]), [[0], [5]]);
    improveByBatches(state, { batchRows: 8, batches: 2 }, randomFrom(1));
    expect([...state.centres]).toEqual([0, 4]);
    expect([...state.sizes]).toEqual([0, 16]);
  });
});

describe("k-means on many rows", () => {
  const given = heapsOf({ rows: 45_000, width: 4, heaps: 5, apart: 1.5, seed: 21 });

  it("begins on a sample and is as tight as from all rows", () => {
    const sampled = model(given.points, { k: 5, seed: 1, starts: 3 });
    const state = newState(given.points, 5);
    let best = Infinity;
    for (const seed of [1, 2, 3]) {
      seedCentres(state, randomFrom(seed));
      improve(state, { roundsMax: 300, squaredMove: 0 });
      best = Math.min(best, assignAll(state));
    }
    expect(sampled.inertia).toBeLessThanOrEqual(best * 1.0001);
  });

  it("is within .01 % by mini-batches, with the same bytes for the same seed", () => {
    const full = model(given.points, { k: 5, seed: 1, starts: 3 });
    const options = { k: 5, seed: 1, starts: 3, batchAbove: 1000 };
    const batched = model(given.points, options);
    expect(batched.algorithm).toBe("mini-batch");
    expect(batched.inertia).toBeLessThanOrEqual(full.inertia * 1.0001);
    expect(batched.iterations).toBeLessThanOrEqual(6);
    expect(JSON.stringify(model(given.points, options))).toBe(JSON.stringify(batched));
  });

  it("fits a small table by mini-batches where that is asked for", () => {
    const few = heapsOf({ rows: 600, width: 2, heaps: 3, apart: 8, seed: 2 });
    const found = model(few.points, { k: 3, seed: 1, batchAbove: 100 });
    expect(adjustedRandIndex(assignPlaces(few.points, found.centroids), few.truth)).toBe(1);
  });

  it.each([1e9, 1000])(
    "finds rare rows that a sample misses (mini-batch above %i)",
    (batchAbove) => {
      const values = new Float64Array(100_000);
      values[77_777] = 5;
      const found = model({ values, width: 1 }, { k: 2, seed: 1, starts: 2, batchAbove });
      expect(found).toMatchObject({ centroids: [[0], [5]], sizes: [99_999, 1], inertia: 0 });
      expect(codeOf(fitKMeans({ values, width: 1 }, { k: 3, seed: 1, batchAbove }))).toBe(
        "CONSTANT",
      );
    },
  );

  it("is what large tables of rows are clustered by", () => {
    const table = heaps({ rows: 21_000, width: 2, heaps: 3, apart: 9, seed: 31 });
    const columns = ["x", "y"];
    const found = value(
      fitClusters({ columns, rows: table.rows }, { seed: 1, counts: [2, 3, 4], starts: 2 }),
    );
    expect(found.centroids).toHaveLength(3);
    expect(adjustedRandIndex(found.places, table.truth)).toBe(1);
    expect(found.inertia).toBeCloseTo(plainInertia(table.rows, found.centroids) / 21_000, 6);
    const alike = table.rows.map((_, row) => [row % 2, 0]);
    expect(codeOf(fitClusters({ columns, rows: alike }, { seed: 1, counts: [3] }))).toBe(
      "CONSTANT",
    );
    expect(codeOf(fitClusters({ columns, rows: alike }, { seed: 1, counts: [] }))).toBe("TOO_FEW");
  });
});
