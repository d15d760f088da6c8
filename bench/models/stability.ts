/**
 * Whether segments stay what they are: between trainings that differ in their seed, and when a later training sees other customers or
 * shifted amounts. Recency, frequency and money of customers, log1p, standardised.
 */
import type { FeatureName, Features } from "../../src/core/feature.ts";
import { fitClusters } from "../../src/core/models/clusters-fit.ts";
import { assignPlaces, fitKMeans } from "../../src/core/models/kmeans.ts";
import { matchClusters, rescaled } from "../../src/core/models/match-clusters.ts";
import type { ScaledFeature } from "../../src/core/models/model-shapes.ts";
import { type Points, pointsFrom } from "../../src/core/models/points.ts";
import { adjustedRandIndex } from "../../src/core/models/rand-index.ts";
import { scaled } from "../../src/core/models/scale.ts";
import { fitScales } from "../../src/core/models/scale-fit.ts";
import { must } from "./contestants.ts";

type Centroids = readonly (readonly number[])[];
type Described = ReadonlyMap<string, Features>;

const RFM: readonly FeatureName[] = ["recencyDays", "frequency", "monetary"];
const SEEDS = 10;

const scalesOf = (customers: Described): readonly ScaledFeature[] =>
  must(
    fitScales(
      RFM.map((name) => ({ name, missing: 0, transform: "log1p" })),
      [...customers.values()],
    ),
  );

const rowsOf = (customers: Described, scales: readonly ScaledFeature[]): Centroids =>
  Array.from(customers.values(), (features) =>
    scales.map((scale) => scaled(features[scale.name] ?? scale.missing, scale)),
  );

/** Least and mean adjusted Rand index of all pairs of trainings. */
export interface Agreement {
  readonly engine: string;
  readonly k: number;
  readonly least: number;
  readonly mean: number;
}

type Engine = (rows: Centroids, k: number, seed: number) => Centroids;

/** Our own k-means, and the fit that `train segments` takes for as many customers. */
const ENGINES: Readonly<Record<string, Engine>> = {
  "k-means": (rows, k, seed) => must(fitKMeans(pointsFrom(rows), { k, seed })).centroids,
  "train segments": (rows, k, seed) =>
    must(fitClusters({ columns: RFM, rows }, { counts: [k], seed })).centroids,
};

const agreement = (
  points: Points,
  trainings: readonly Centroids[],
): Omit<Agreement, "engine" | "k"> => {
  const places = trainings.map((centroids) => assignPlaces(points, centroids));
  const all = places.flatMap((one, at) =>
    places.slice(at + 1).map((other) => adjustedRandIndex(one, other)),
  );
  return { least: Math.min(...all), mean: all.reduce((sum, one) => sum + one, 0) / all.length };
};

export const reseededAgreement = (customers: Described, k: number): readonly Agreement[] => {
  const rows = rowsOf(customers, scalesOf(customers));
  const points = pointsFrom(rows);
  return Object.entries(ENGINES).map(([engine, fit]) => {
    const trainings = Array.from({ length: SEEDS }, (_, seed) => fit(rows, k, seed + 1));
    return { engine, k, ...agreement(points, trainings) };
  });
};

interface Trained {
  readonly scales: readonly ScaledFeature[];
  readonly centroids: Centroids;
}

const train = (customers: Described, k: number, seed: number): Trained => {
  const scales = scalesOf(customers);
  const points = pointsFrom(rowsOf(customers, scales));
  return { scales, centroids: must(fitKMeans(points, { k, seed })).centroids };
};

const placesBy = ({ scales, centroids }: Trained, customers: Described): Int32Array =>
  assignPlaces(pointsFrom(rowsOf(customers, scales)), centroids);

/** What became of `k` segments. */
export interface Kept {
  readonly k: number;
  /** Names that went on. */
  readonly names: number;
  /** Clusters that get the same name by their centres as by the customers of the second state, whom both models place. */
  readonly alike: number;
  /** Share of those customers who have the same name in both models. */
  readonly stayed: number;
}

/** Trains on one state of the customers and, with another seed, on another one, and lets the names be matched by centres. */
export const keptAcross = (before: Described, after: Described, k: number): Kept => {
  const [first, second] = [train(before, k, 1), train(after, k, 2)];
  const previous = first.centroids.map((centroid, place) => ({
    name: `segment ${place}`,
    centroid,
  }));
  const centroids = second.centroids.map((one) => rescaled(one, second.scales, first.scales));
  const members = { before: placesBy(first, after), after: placesBy(second, after) };
  const byCentre = matchClusters({ previous, centroids }).clusters;
  const byMembers = matchClusters({ previous, centroids, members }).clusters;
  const stayed = members.after.filter(
    (place, row) => byCentre[place]?.previous === members.before[row],
  );
  return {
    k,
    names: byCentre.filter((cluster) => cluster.previous !== null).length,
    alike: byCentre.filter((one, place) => one.previous === byMembers[place]?.previous).length,
    stayed: stayed.length / members.after.length,
  };
};

/** The same customers after prices rose by a quarter. */
export const dearer = (customers: Described): Described =>
  new Map(
    Array.from(customers, ([id, features]) => [
      id,
      { ...features, monetary: (features.monetary ?? 0) * 1.25 },
    ]),
  );

/** The same customers a fortnight later without orders. */
export const absent = (customers: Described): Described =>
  new Map(
    Array.from(customers, ([id, features]) => [
      id,
      { ...features, recencyDays: (features.recencyDays ?? 0) + 14 },
    ]),
  );
