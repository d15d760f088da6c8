/** What a feature is worth to a model: by how much its loss rises when the feature's values are dealt out anew among the rows (Breiman 2001). */
import type { FeatureName } from "../feature.ts";
import type { LabelledRow } from "./history-row.ts";
import { randomFrom, sample } from "./random.ts";
import { rounded } from "./scale.ts";

export interface Importance {
  readonly feature: FeatureName;
  /** Share of all rises, 0..1; features that the loss does not rise without are left out. */
  readonly share: number;
}

export interface ImportanceOptions {
  readonly features: readonly FeatureName[];
  /** Mean loss of the model over rows. */
  readonly lossOf: (rows: readonly LabelledRow[]) => number;
  readonly seed: number;
}

/** More rows tell no more. */
const ROWS_MAX = 5000;

const dealtAnew = (
  rows: readonly LabelledRow[],
  name: FeatureName,
  random: () => number,
): readonly LabelledRow[] => {
  const values = rows.map(({ features }) => features[name]);
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [values[at], values[other]] = [values[other] ?? null, values[at] ?? null];
  }
  return rows.map((row, index) => ({
    ...row,
    features: { ...row.features, [name]: values[index] ?? null },
  }));
};

/** Shares of the features, greatest first. A feature that must be known is known in every row, so it stays so. */
export const importanceOf = (
  all: readonly LabelledRow[],
  { features, lossOf, seed }: ImportanceOptions,
): readonly Importance[] => {
  const random = randomFrom(seed);
  const rows = sample(all, ROWS_MAX, random);
  const before = lossOf(rows);
  const rises = features
    .map((feature) => ({ feature, rise: lossOf(dealtAnew(rows, feature, random)) - before }))
    .filter(({ rise }) => rise > 0);
  const sum = rises.reduce((total, { rise }) => total + rise, 0);
  return rises
    .map(({ feature, rise }) => ({ feature, share: rounded(rise / sum) }))
    .filter(({ share }) => share > 0)
    .toSorted((left, right) => right.share - left.share);
};
