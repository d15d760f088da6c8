/** From training rows to the columns of a line: scales and bounds of each feature, the matrix, and the fitted weights beside their features. */
import type { Features } from "../feature.ts";
import { heldAndScaled } from "./held.ts";
import { type Fitted, fitted } from "./fitted.ts";
import type { Matrix } from "./matrix.ts";
import type { HeldFeature } from "./model-shapes.ts";
import type { LinearTerms } from "./ridge.ts";
import { rounded } from "./scale.ts";
import { type FeatureChoice, fitScales } from "./scale-fit.ts";

interface WithFeatures {
  readonly features: Features;
}

/** Scales with the extremes that training saw; features that never vary are left out. Refuses what `fitScales` does. */
export const fitHeldScales = (
  choices: readonly FeatureChoice[],
  rows: readonly WithFeatures[],
): Fitted<readonly HeldFeature[]> => {
  const scales = fitScales(
    choices,
    rows.map(({ features }) => features),
  );
  if (scales.kind === "refused") return scales;
  const held = scales.value.map((scale) => {
    let [lowest, highest] = [Infinity, -Infinity];
    for (const { features } of rows) {
      const value = features[scale.name] ?? scale.missing;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    return { ...scale, lowest, highest };
  });
  return fitted(held);
};

/** One row a customer, one column a feature, in deviations from the mean. */
export const heldMatrix = (
  scales: readonly HeldFeature[],
  rows: readonly WithFeatures[],
): Matrix => {
  const width = scales.length;
  const values = new Float64Array(rows.length * width);
  for (const [row, { features }] of rows.entries())
    for (const [column, scale] of scales.entries())
      values[row * width + column] = heldAndScaled(scale, features);
  return { values, width };
};

/**
 * Weights of one deviation each, and what an average customer gets. The estimator standardises columns once more (they are so already, up to
 * rounding): that is undone here, so that the file holds one scale only.
 */
export const weightedFeatures = (
  scales: readonly HeldFeature[],
  { base, means, deviations, weights }: LinearTerms,
): {
  readonly intercept: number;
  readonly features: (HeldFeature & { readonly weight: number })[];
} => {
  let intercept = base;
  const features = scales.map((scale, column) => {
    const weight = (weights[column] ?? 0) / (deviations[column] ?? 1);
    intercept -= weight * (means[column] ?? 0);
    return { ...scale, weight: rounded(weight, 6) };
  });
  return { intercept: rounded(intercept, 6), features };
};
