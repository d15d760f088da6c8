/** Small models and rows for the suites of this room, so that a test says only what matters to it. */
import { FEATURES, type FeatureName, type Features } from "../../../src/core/feature.ts";
import type { HistoryRow } from "../../../src/core/models/history-row.ts";
import type { TreeModel } from "../../../src/core/models/churn-file.ts";
import type { ModelCard } from "../../../src/core/models/model-file.ts";
import type { ClustersModel } from "../../../src/core/models/segments-file.ts";
import type { RegressionModel } from "../../../src/core/models/spend-file.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import type { TrainingContext } from "../../../src/core/models/train-common.ts";

export const features = (known: Partial<Record<FeatureName, number>> = {}): Features =>
  Object.fromEntries(
    Object.keys(FEATURES).map((name) => [name, known[name as FeatureName] ?? null]),
  ) as Features;

const card: ModelCard = {
  data: "0".repeat(64),
  rows: 3,
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-06-01T00:00:00.000Z",
  seed: 1,
  command: "attune train",
  scores: [{ estimator: "tree", metric: "auc", value: 0.8 }],
  notes: ["made by hand"],
};

export const clusters = (): ClustersModel => ({
  format: "attune-model/1",
  requires: ["tenureDays"],
  card,
  kind: "clusters",
  task: "segments",
  features: [
    { name: "recencyDays", missing: 99, transform: "none", mean: 50, deviation: 10 },
    { name: "frequency", missing: 0, transform: "log1p", mean: 1, deviation: 0.5 },
  ],
  clusters: [
    { name: "loyal", sentence: "buys often", size: 2, centroid: [-4, 2] },
    { name: "dormant", sentence: "was away", size: 1, centroid: [4.9, -1] },
  ],
});

export const tree = (): TreeModel => ({
  format: "attune-model/1",
  requires: ["recencyDays"],
  card,
  kind: "tree",
  task: "churn",
  horizonDays: 60,
  features: [
    { name: "recencyDays", missing: -9 },
    { name: "overdue", missing: -9 },
  ],
  tree: {
    feature: "recencyDays",
    threshold: 41.5,
    below: { probability: 0.1, rows: 8, positives: 0 },
    above: {
      feature: "overdue",
      threshold: 0,
      below: { probability: 0.5, rows: 4, positives: 2 },
      above: { probability: 0.9, rows: 18, positives: 17 },
    },
  },
});

export const regression = (): RegressionModel => ({
  format: "attune-model/1",
  requires: ["frequency"],
  card,
  kind: "regression",
  task: "spend",
  horizonDays: 60,
  intercept: 100,
  floor: 0,
  features: [
    {
      name: "frequency",
      missing: 0,
      transform: "none",
      mean: 4,
      deviation: 2,
      lowest: 0,
      highest: 10,
      weight: 30,
    },
    {
      name: "recencyDays",
      missing: 100,
      transform: "log1p",
      mean: 3,
      deviation: 1.5,
      lowest: 0,
      highest: 100,
      weight: -20.5,
    },
  ],
});

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);

export const cutoff = (index: number): string =>
  new Date(START_MS + index * 30 * DAY_MS).toISOString();

/** Rows of a made-up shop: who was away long orders nothing, who buys often spends more; one customer in ten never ordered. */
export const shopRows = (options: {
  readonly customers: number;
  readonly cutoffs: number;
  readonly seed?: number;
}): readonly HistoryRow[] => {
  const random = randomFrom(options.seed ?? 5);
  return Array.from({ length: options.cutoffs }, (_, index) =>
    Array.from({ length: options.customers }, (_person, person): HistoryRow => {
      const frequency = person % 10 === 0 ? 0 : 1 + Math.floor(random() * 12);
      const recencyDays = Math.round(120 * random());
      const stops = frequency === 0 || recencyDays + 20 * random() > 70;
      const bought = features({
        recencyDays,
        frequency,
        monetary: frequency * 30,
        monthlySpend: frequency * 6,
        averageOrder: 25 + 10 * random(),
        overdue: recencyDays / 20,
        meanGapDays: 20,
        tenureDays: 100 + person,
        daysSinceAppOpen: recencyDays / 2,
      });
      return {
        customerId: `c${String(person).padStart(4, "0")}`,
        at: cutoff(index),
        features:
          frequency === 0 ? features({ frequency, monetary: 0, tenureDays: 100 + person }) : bought,
        outcome: { orders: stops ? 0 : 1, spend: stops ? 0 : frequency * 10 + 5 * random() },
      };
    }),
  ).flat();
};

export const context: TrainingContext = {
  data: "a".repeat(64),
  from: cutoff(0),
  to: cutoff(9),
  seed: 1,
  horizonDays: 60,
  command: "attune train --seed 1",
  watched: { customers: [], topics: [] },
};
