/**
 * Fitting clusters with ml-kmeans, the only file that imports it. The package starts once, keeps empty clusters and fails on NaN
 * without a word: here rows are checked, ten seeded starts compete, and an empty cluster is left out.
 */
import { kmeans } from "ml-kmeans";
import { checkTable, type Fitted, fitted, refused, type Table } from "./fitted.ts";
import { inertia, silhouette } from "./scores.ts";
import { nearest } from "./clusters.ts";
import { randomFrom, sample } from "./random.ts";

export interface ClustersFitOptions {
  readonly seed: number;
  /** Numbers of clusters to try; the one with the best silhouette wins, the smaller one of equals. */
  readonly counts: readonly number[];
  readonly starts?: number;
}

export interface FittedClusters {
  readonly centroids: readonly (readonly number[])[];
  /** Place of each row's cluster. */
  readonly places: readonly number[];
  readonly inertia: number;
  readonly silhouette: number;
}

/** More rows than this are sampled for the fit, and so many for the silhouette, which is quadratic. */
const ROWS_MAX = 50_000;
const SILHOUETTE_ROWS_MAX = 1000;

type Point = readonly number[];

const places = (points: readonly Point[], centroids: readonly Point[]): readonly number[] =>
  points.map((point) => nearest(point, centroids).place);

const withoutEmpty = (points: readonly Point[], centroids: readonly Point[]): readonly Point[] => {
  const used = new Set(places(points, centroids));
  return centroids.filter((_, place) => used.has(place));
};

const oneStart = (points: readonly Point[], count: number, seed: number): readonly Point[] => {
  const result = kmeans(
    points.map((point) => [...point]),
    count,
    {
      seed,
      initialization: "kmeans++",
      maxIterations: 100,
    },
  );
  return withoutEmpty(
    points,
    result.centroids.map((centroid) => [...centroid]),
  );
};

const bestOfStarts = (
  points: readonly Point[],
  count: number,
  options: ClustersFitOptions,
): readonly Point[] => {
  let best: { readonly centroids: readonly Point[]; readonly inertia: number } | undefined;
  for (let start = 0; start < (options.starts ?? 10); start += 1) {
    const centroids = oneStart(points, count, options.seed + 1000 * start + 1);
    const found = inertia(points, places(points, centroids), centroids);
    if (best === undefined || found < best.inertia) best = { centroids, inertia: found };
  }
  return best?.centroids ?? [];
};

const judge = (
  points: readonly Point[],
  centroids: readonly Point[],
  seed: number,
): FittedClusters => {
  const own = places(points, centroids);
  const few = sample(points, SILHOUETTE_ROWS_MAX, randomFrom(seed));
  return {
    centroids,
    places: own,
    inertia: inertia(points, own, centroids),
    silhouette: silhouette(few, places(few, centroids)),
  };
};

/** Clusters of scaled rows. Equal rows, options and seed give the same clusters; nothing is kept between calls. */
export const fitClusters = (table: Table, options: ClustersFitOptions): Fitted<FittedClusters> => {
  const most = Math.max(...options.counts);
  const refusal = checkTable(table, 2 * most);
  if (refusal !== undefined) return refusal;
  const different = new Set(table.rows.map((row) => row.join(" "))).size;
  if (different < most)
    return refused(
      "CONSTANT",
      `only ${different} rows differ, at least ${most} must; give a longer history`,
    );
  const points = sample(table.rows, ROWS_MAX, randomFrom(options.seed));
  const tried = options.counts.map((count) =>
    judge(points, bestOfStarts(points, count, options), options.seed),
  );
  const best = tried.reduce((left, right) => (right.silhouette > left.silhouette ? right : left));
  return fitted(best);
};
