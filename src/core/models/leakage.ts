/**
 * Features that alone tell the label nearly without a fault: known only afterwards, or the label under another name. Nothing that is known beforehand
 * is that sure.
 */
import type { FeatureName } from "../feature.ts";
import type { LabelledRow } from "./history-row.ts";
import { aucFigure } from "./intervals.ts";
import { rounded } from "./scale.ts";

export interface Leak {
  readonly feature: FeatureName;
  /** Area under the ROC curve of the feature alone, .5 … 1. */
  readonly auc: number;
}

/** From this area on a single column is taken for a leak. */
const LEAK_AUC = 0.995;

/** What stands for a missing value: below and above all others is tried, because being missing may be what leaks. */
const MISSING: readonly number[] = [-Infinity, Infinity];

/** How well numbers tell labels in either direction, .5 … 1; NaN where only one label occurs. */
const eitherWay = (values: readonly number[], labels: readonly number[]): number => {
  const area = aucFigure(values, labels)(new Float64Array(values.length).fill(1));
  return Math.max(area, 1 - area);
};

/** Features of the rows that give the label away, the surest first. */
export const leaksIn = (
  rows: readonly LabelledRow[],
  features: readonly FeatureName[],
  labelOf: (row: LabelledRow) => number,
): readonly Leak[] => {
  const labels = rows.map(labelOf);
  return features
    .map((feature): Leak => {
      const areas = MISSING.map((missing) =>
        eitherWay(
          rows.map((row) => row.features[feature] ?? missing),
          labels,
        ),
      );
      return { feature, auc: rounded(Math.max(...areas)) };
    })
    .filter((leak) => leak.auc >= LEAK_AUC)
    .toSorted((left, right) => right.auc - left.auc);
};
