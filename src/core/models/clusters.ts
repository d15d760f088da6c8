/** Predicting from saved clusters: the segment whose centre is nearest in scaled units. Training stands in `clusters-fit.ts`. */
import type { Features } from "../feature.ts";
import type { Predictions, Reason } from "../prediction.ts";
import type { ClustersModel } from "./segments-file.ts";
import type { Watching } from "./watch.ts";
import { allKnown, rounded, scaled, shown, unscaled } from "./scale.ts";

/** How many features explain a segment. */
const REASONS = 3;

/** Per cluster, places of the features in which its centre is furthest from the average customer, furthest first. */
const definingFeatures = (model: ClustersModel): readonly (readonly number[])[] =>
  model.clusters.map(({ centroid }) =>
    centroid
      .map((value, place) => ({ place, size: Math.abs(value) }))
      .toSorted((left, right) => right.size - left.size)
      .slice(0, REASONS)
      .map(({ place }) => place),
  );

/** Place of the nearest centre and the Euclidean distance to it; the first one wins a tie. */
export const nearest = (
  point: readonly number[],
  centroids: readonly (readonly number[])[],
): { readonly place: number; readonly distance: number } => {
  let place = 0;
  let best = Infinity;
  for (const [index, centroid] of centroids.entries()) {
    let sum = 0;
    for (const [column, value] of point.entries()) sum += (value - (centroid[column] ?? 0)) ** 2;
    if (sum < best) {
      best = sum;
      place = index;
    }
  }
  return { place, distance: Math.sqrt(best) };
};

/** Saved clusters, ready to predict. */
export interface OpenClusters {
  readonly model: ClustersModel;
  readonly centroids: readonly (readonly number[])[];
  readonly defining: readonly (readonly number[])[];
}

export const openClusters = (model: ClustersModel): OpenClusters => ({
  model,
  centroids: model.clusters.map(({ centroid }) => centroid),
  defining: definingFeatures(model),
});

const reasonsOf = (open: OpenClusters, place: number, features: Features): readonly Reason[] => {
  const centroid = open.centroids[place] ?? [];
  const name = open.model.clusters[place]?.name ?? "";
  return (open.defining[place] ?? []).flatMap((column): readonly Reason[] => {
    const feature = open.model.features[column];
    if (feature === undefined) return [];
    const known = features[feature.name];
    const value = known ?? feature.missing;
    const typical = shown(unscaled(centroid[column] ?? 0, feature));
    const found = known === null ? `is not known (taken as ${shown(value)})` : `is ${shown(value)}`;
    return [
      {
        feature: feature.name,
        value,
        sentence: `${feature.name} ${found}; ${name} is around ${typical}`,
      },
    ];
  });
};

const nearestTo = ({ model, centroids }: OpenClusters, features: Features) =>
  nearest(
    model.features.map((feature) => scaled(features[feature.name] ?? feature.missing, feature)),
    centroids,
  );

const nameAt = ({ model }: OpenClusters, place: number): string =>
  model.clusters[place]?.name ?? "";

/** Name of a customer's segment; null when a required feature is. */
export const segmentOf = (open: OpenClusters, features: Features): string | null =>
  allKnown(features, open.model.requires) ? nameAt(open, nearestTo(open, features).place) : null;

/** The segment of a customer; undefined when a required feature is null. A reason's value is the customer's own. */
export const predictSegment = (open: OpenClusters, features: Features): Predictions["segment"] => {
  if (!allKnown(features, open.model.requires)) return undefined;
  const { place, distance } = nearestTo(open, features);
  return {
    name: nameAt(open, place),
    distance: rounded(distance),
    reasons: reasonsOf(open, place, features),
  };
};

/** What the model reads and says, for telling drift. */
export const segmentsWatching = (model: ClustersModel): Watching => {
  const open = openClusters(model);
  return {
    features: model.features.map(({ name }) => name),
    said: (features) => segmentOf(open, features),
  };
};
