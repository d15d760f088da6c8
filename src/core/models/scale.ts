/** How one feature enters a model, for training and predicting alike: the same code, so that the two cannot drift apart. */
import type { Features } from "../feature.ts";
import type { ScaledFeature } from "./model-shapes.ts";

type Transform = ScaledFeature["transform"];

/** ln(1 + x) of what is not negative, or the value as it is. */
export const transformed = (value: number, transform: Transform): number =>
  transform === "log1p" ? Math.log1p(Math.max(0, value)) : value;

/** Back from `transformed` to the unit of the feature. */
const untransformed = (value: number, transform: Transform): number =>
  transform === "log1p" ? Math.expm1(value) : value;

/** Deviations from the mean of the training rows. */
export const scaled = (value: number, feature: ScaledFeature): number =>
  (transformed(value, feature.transform) - feature.mean) / feature.deviation;

/** Back from `scaled` to the unit of the feature. */
export const unscaled = (value: number, feature: ScaledFeature): number =>
  untransformed(value * feature.deviation + feature.mean, feature.transform);

/** True when every feature named can be told of the customer. */
export const allKnown = (features: Features, names: readonly (keyof Features)[]): boolean =>
  names.every((name) => features[name] !== null);

/** Rounded to so many decimals; the same on every machine. */
export const rounded = (value: number, decimals = 4): number => {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor + 0;
};

/** A number as a sentence shows it: at most 2 decimals. */
export const shown = (value: number): string => String(rounded(value, 2));
