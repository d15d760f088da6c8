/**
 * Human names for clusters, from their centres: k-means numbers its clusters by chance, a rule needs "at_risk" to stay "at_risk".
 * Every name stands for a direction in scaled units; clusters and names are paired best fit first, no name twice.
 */
import type { FeatureName } from "../feature.ts";
import type { ScaledFeature } from "./model-shapes.ts";
import { shown, unscaled } from "./scale.ts";

type Direction = Partial<Readonly<Record<FeatureName, number>>>;

/** Direction of each name; the order is that of the model file. */
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  loyal: { frequency: 1, monetary: 1, tenureDays: 0.3, recencyDays: -0.7, overdue: -0.3 },
  regular: { frequency: 0.6, recencyDays: -0.8, tenureDays: 0.3, monetary: 0.2 },
  new: { tenureDays: -1.6, daysSinceAppOpen: -0.3, frequency: -0.3 },
  browsing: { frequency: -1.2, monetary: -1, daysSinceAppOpen: -0.8, tenureDays: 0.2 },
  at_risk: { overdue: 1.4, recencyDays: 0.5, frequency: 0.3 },
  dormant: { daysSinceAppOpen: 1.2, recencyDays: 1, frequency: -0.3, tenureDays: 0.2 },
  occasional: { frequency: -0.4, monetary: 0.2, recencyDays: 0.2 },
  other: {},
};

export const SEGMENT_NAMES: readonly string[] = Object.keys(DIRECTIONS);

interface Pairing {
  readonly place: number;
  readonly name: string;
  readonly fit: number;
}

const fitOf = (
  centroid: readonly number[],
  features: readonly ScaledFeature[],
  name: string,
): number => {
  const direction = DIRECTIONS[name] ?? {};
  const length =
    Math.sqrt(Object.values(direction).reduce((sum, weight) => sum + weight * weight, 0)) || 1;
  return (
    features.reduce(
      (sum, feature, column) => sum + (direction[feature.name] ?? 0) * (centroid[column] ?? 0),
      0,
    ) / length
  );
};

/** A name for each centre, in the order of the centres; at most `SEGMENT_NAMES.length` centres. */
export const nameClusters = (
  centroids: readonly (readonly number[])[],
  features: readonly ScaledFeature[],
): readonly string[] => {
  const pairings = centroids
    .flatMap((centroid, place) =>
      SEGMENT_NAMES.map((name): Pairing => ({ place, name, fit: fitOf(centroid, features, name) })),
    )
    .toSorted((left, right) => right.fit - left.fit);
  const names = new Map<number, string>();
  for (const { place, name } of pairings) {
    if (names.has(place) || [...names.values()].includes(name)) continue;
    names.set(place, name);
  }
  return centroids.map((_, place) => names.get(place) ?? "other");
};

/** What is typical of a centre: its three features furthest from the average customer, in their own units. */
export const describeCentre = (
  centroid: readonly number[],
  features: readonly ScaledFeature[],
): string =>
  features
    .map((feature, column) => ({ feature, value: centroid[column] ?? 0 }))
    .toSorted((left, right) => Math.abs(right.value) - Math.abs(left.value))
    .slice(0, 3)
    .map(
      ({ feature, value }) =>
        `${value < 0 ? "low" : "high"} ${feature.name} (around ${shown(unscaled(value, feature))})`,
    )
    .join(", ");
