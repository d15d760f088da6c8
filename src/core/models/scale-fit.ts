/** How each feature is to be scaled, found from training rows: what null counts as, mean and deviation after the transform. */
import type { FeatureName, Features } from "../feature.ts";
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import type { ScaledFeature } from "./model-shapes.ts";
import { rounded, transformed } from "./scale.ts";

/** What a null of a feature counts as: a fixed number, or the largest value that training saw ("longer than anybody"). */
export interface FeatureChoice {
  readonly name: FeatureName;
  readonly missing: number | "largest";
  readonly transform: ScaledFeature["transform"];
}

/** Less than this is no variation but rounding. */
const DEVIATION_MIN = 1e-6;

const known = (rows: readonly Features[], name: FeatureName): readonly number[] =>
  rows.map((row) => row[name]).filter((value) => value !== null);

/** The number that stands for a null. */
const missingOf = (choice: FeatureChoice, rows: readonly Features[]): number =>
  choice.missing === "largest"
    ? rounded(known(rows, choice.name).reduce((most, value) => Math.max(most, value), 0))
    : choice.missing;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const scaleOf = (choice: FeatureChoice, rows: readonly Features[]): ScaledFeature => {
  const { name, transform } = choice;
  const missing = missingOf(choice, rows);
  const values = rows.map((row) => transformed(row[name] ?? missing, transform));
  const centre = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  return { name, missing, transform, mean: rounded(centre, 6), deviation: rounded(deviation, 6) };
};

/** Beyond this the square of a value that is not on a logarithmic scale, summed over rows, may not be a finite number. */
const SIZE_MAX = 1e140;

const faultyValue = (
  choices: readonly FeatureChoice[],
  rows: readonly Features[],
): Refusal | undefined => {
  for (const [row, features] of rows.entries())
    for (const { name } of choices) {
      const value = features[name];
      if (value !== null && !(Math.abs(value) <= SIZE_MAX))
        return refused(
          "NOT_FINITE",
          `row ${row}, ${name}: ${String(value)} is not a finite number that can be squared; give null where it is not known`,
        );
    }
  return undefined;
};

/**
 * Scales of the chosen features over the rows; a feature that does not vary is left out, because nothing can be learnt from it.
 * Refuses EMPTY (no rows), NOT_FINITE and CONSTANT (no feature varies).
 */
export const fitScales = (
  choices: readonly FeatureChoice[],
  rows: readonly Features[],
): Fitted<readonly ScaledFeature[]> => {
  if (rows.length === 0) return refused("EMPTY", "there are no rows; give a longer history");
  const fault = faultyValue(choices, rows);
  if (fault !== undefined) return fault;
  const scales = choices
    .map((choice) => scaleOf(choice, rows))
    .filter(({ deviation }) => deviation > DEVIATION_MIN);
  return scales.length === 0
    ? refused("CONSTANT", "no feature differs between customers; give a longer history")
    : fitted(scales);
};
