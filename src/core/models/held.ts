/** A feature's way into a line: null becomes what training chose for it, and the value is held within what training saw. */
import type { Features } from "../feature.ts";
import type { HeldFeature } from "./model-shapes.ts";
import { scaled, shown } from "./scale.ts";

/** Deviations from the mean of the training rows. */
export const heldAndScaled = (feature: HeldFeature, features: Features): number => {
  const value = features[feature.name] ?? feature.missing;
  return scaled(Math.min(feature.highest, Math.max(feature.lowest, value)), feature);
};

/** "overdue is 2.4" or "overdue is not known". */
export const foundValue = ({ name }: HeldFeature, features: Features): string => {
  const known = features[name];
  return known === null ? `${name} is not known` : `${name} is ${shown(known)}`;
};
