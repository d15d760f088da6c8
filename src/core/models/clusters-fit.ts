/**
 * Fitting clusters, with ml-kmeans up to the size where it holds (the only file that imports it) and with our own k-means beyond. The
 * package starts once, keeps empty clusters and fails on NaN without a word: here rows are checked, ten seeded starts compete, and an
 * empty cluster is left out.
 */
import { kmeans } from "ml-kmeans";
import { checkTable, type Fitted, fitted, refused, type Table } from "./fitted.ts";
import { inertia, silhouette } from "./scores.ts";
import { nearest } from "./clusters.ts";
import { assignPlaces, fitKMeans } from "./kmeans.ts";
import { mustBeSeed, mustBeWithin } from "./options.ts";
import { checkPoints, type Points, pointsFrom } from "./points.ts";
import { randomFrom, sample } from "./random.ts";
import { sampledSilhouette } from "./silhouette.ts";

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

/** More rows than this are fitted by our own k-means: the package would take seconds for each number of clusters. */
const PACKAGE_ROWS_MAX = 20_000;
/** Rows that the silhouette is of, which is quadratic. */
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

const fitSmall = (
  table: Table,
  count: number,
  options: ClustersFitOptions,
): Fitted<FittedClusters> =>
  fitted(judge(table.rows, bestOfStarts(table.rows, count, options), options.seed));

const fitLarge = (
  points: Points,
  count: number,
  { seed, starts = 10 }: ClustersFitOptions,
): Fitted<FittedClusters> => {
  const fit = fitKMeans(points, { k: count, seed, starts });
  if (fit.kind === "refused") return fit;
  const { centroids, inertia: sum } = fit.value;
  const own = assignPlaces(points, centroids);
  return fitted({
    centroids,
    places: [...own],
    inertia: sum / own.length,
    silhouette: sampledSilhouette(
      points,
      { places: own, k: centroids.length },
      { seed, rowsMax: SILHOUETTE_ROWS_MAX },
    ),
  });
};

/** Of equally good silhouettes the first, or the first refusal. */
const bestBySilhouette = (
  counts: readonly number[],
  fit: (count: number) => Fitted<FittedClusters>,
): Fitted<FittedClusters> => {
  let best: FittedClusters | undefined;
  for (const count of counts) {
    const tried = fit(count);
    if (tried.kind === "refused") return tried;
    if (best === undefined || tried.value.silhouette > best.silhouette) best = tried.value;
  }
  return best === undefined
    ? refused("TOO_FEW", "no number of clusters was given; give one")
    : fitted(best);
};

const mustBeSound = ({ seed, counts, starts = 10 }: ClustersFitOptions): void => {
  for (const count of counts) mustBeWithin("counts", count, { from: 1, isWhole: true });
  mustBeWithin("starts", starts, { from: 1, isWhole: true });
  mustBeSeed(seed);
};

/**
 * Clusters of scaled rows. Equal rows, options and seed give the same clusters; nothing is kept between calls.
 * @throws RangeError if a count or `starts` is no whole number from 1.
 */
export const fitClusters = (table: Table, options: ClustersFitOptions): Fitted<FittedClusters> => {
  mustBeSound(options);
  const most = Math.max(...options.counts);
  const misshapen = checkTable(table, 2 * most);
  if (misshapen !== undefined) return misshapen;
  const points = pointsFrom(table.rows);
  // The package takes no notice of squares that overflow and then asks itself for a row that is not there.
  const refusal = checkPoints(points, 2 * most);
  if (refusal !== undefined) return refusal;
  if (table.rows.length > PACKAGE_ROWS_MAX)
    return bestBySilhouette(options.counts, (count) => fitLarge(points, count, options));
  const different = new Set(table.rows.map((row) => row.join(" "))).size;
  if (different < most)
    return refused(
      "CONSTANT",
      `only ${different} rows differ, at least ${most} must; give a longer history`,
    );
  return bestBySilhouette(options.counts, (count) => fitSmall(table, count, options));
};
