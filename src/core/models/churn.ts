/**
 * Predicting churn from a saved model of any kind: the probability, and why. Log-odds of a line and of boosted trees are sums, so their reasons
 * add up to ln(probability ÷ (1 − probability)); a tree tells its tests, the purchase process its two factors.
 */
import type { FeatureName, Features } from "../feature.ts";
import type { Predictions, Reason } from "../prediction.ts";
import {
  boostingContributions,
  type OpenBoosting,
  openBoosting,
  predictBoosting,
} from "./boosting.ts";
import type { ChurnBoosting, ChurnLogistic, ChurnModel, ChurnPurchases } from "./churn-file.ts";
import { foundValue, heldAndScaled } from "./held.ts";
import { logistic } from "./logistic.ts";
import { buysAgain, purchasesOf } from "./purchases.ts";
import { allKnown, rounded, shown } from "./scale.ts";
import { openTree, treeProbability, treeReasons } from "./tree.ts";

/** A churn model ready to be asked about customers whose required features are known. */
export interface OpenChurn {
  readonly model: ChurnModel;
  /** 0..1, not rounded. */
  readonly probabilityOf: (features: Features) => number;
  readonly reasonsOf: (features: Features) => readonly Reason[];
}

/** How a change of log-odds is told: odds are multiplied, which needs no logarithms of the reader. */
const oddsSentence = (change: number): string => `odds of leaving × ${shown(Math.exp(change))}`;

const bySize = (left: Reason, right: Reason): number =>
  Math.abs(right.value) - Math.abs(left.value);

const averageReason = (logOdds: number, horizonDays: number): Reason => ({
  feature: "averageCustomer",
  value: rounded(logOdds, 6),
  sentence: `an average customer orders nothing in the next ${horizonDays} days with a probability of ${shown(logistic(logOdds))}`,
});

const openLine = (model: ChurnLogistic): OpenChurn => ({
  model,
  probabilityOf: (features) => {
    let score = model.intercept;
    for (const feature of model.features)
      score += feature.weight * heldAndScaled(feature, features);
    return logistic(score);
  },
  reasonsOf: (features) => [
    averageReason(model.intercept, model.horizonDays),
    ...model.features
      .map((feature): Reason => {
        const change = feature.weight * heldAndScaled(feature, features);
        const sentence = `${foundValue(feature, features)}: ${oddsSentence(change)}`;
        return { feature: feature.name, value: rounded(change, 6), sentence };
      })
      .toSorted(bySize),
  ],
});

const rowOf = ({ features: names }: ChurnBoosting, features: Features): readonly number[] =>
  names.map((name) => features[name] ?? Number.NaN);

const openTreesOf = (model: ChurnBoosting): OpenBoosting =>
  openBoosting({
    kind: "boosting",
    width: model.features.length,
    rows: model.card.rows,
    start: model.start,
    base: model.base,
    gains: [],
    trees: model.trees,
    heldOut: null,
  });

const openBoosted = (model: ChurnBoosting): OpenChurn => {
  const open = openTreesOf(model);
  return {
    model,
    probabilityOf: (features) => predictBoosting(open, rowOf(model, features)),
    reasonsOf: (features) => {
      const { base, columns } = boostingContributions(open, rowOf(model, features));
      const reasons = model.features.map((name, column): Reason => {
        const change = columns[column] ?? 0;
        const known = features[name];
        const found = known === null ? "is not known" : `is ${shown(known)}`;
        return {
          feature: name,
          value: rounded(change, 6),
          sentence: `${name} ${found}: ${oddsSentence(change)}`,
        };
      });
      return [
        averageReason(base, model.horizonDays),
        ...reasons.filter(({ value }) => value !== 0).toSorted(bySize),
      ];
    },
  };
};

const openPurchases = (model: ChurnPurchases): OpenChurn => ({
  model,
  probabilityOf: (features) =>
    1 - buysAgain(model, purchasesOf(features), model.horizonDays).probability,
  reasonsOf: (features) => {
    const history = purchasesOf(features);
    const { alive, ifAlive } = buysAgain(model, history, model.horizonDays);
    return [
      {
        feature: "frequency",
        value: history.frequency + 1,
        sentence: `${history.frequency + 1} orders in ${shown(history.recency)} days, then none for ${shown(history.age - history.recency)}: still a customer with a probability of ${shown(alive)}`,
      },
      {
        feature: "recencyDays",
        value: rounded(history.age - history.recency),
        sentence: `one who still is orders within ${model.horizonDays} days with a probability of ${shown(ifAlive)}`,
      },
    ];
  },
});

export const openChurn = (model: ChurnModel): OpenChurn => {
  if (model.kind === "logistic") return openLine(model);
  if (model.kind === "boosting") return openBoosted(model);
  if (model.kind === "bgNbd") return openPurchases(model);
  const open = openTree(model);
  return {
    model,
    probabilityOf: (features) => treeProbability(open, features),
    reasonsOf: (features) => treeReasons(open, features),
  };
};

/** The probability that `predictChurn` gives, without its reasons; null when a required feature is null. */
export const churnOf = ({ model, probabilityOf }: OpenChurn, features: Features): number | null =>
  allKnown(features, model.requires) ? rounded(probabilityOf(features)) : null;

/** The churn probability of a customer, with reasons; undefined when a required feature is null. */
export const predictChurn = (open: OpenChurn, features: Features): Predictions["churn"] =>
  allKnown(features, open.model.requires)
    ? { probability: rounded(open.probabilityOf(features)), reasons: open.reasonsOf(features) }
    : undefined;

/** The features that a model reads. */
export const churnFeatures = (model: Omit<ChurnModel, "card">): readonly FeatureName[] => {
  const { kind } = model;
  if (kind === "bgNbd") return ["recencyDays", "frequency", "meanGapDays"];
  const { features } = model as Exclude<ChurnModel, ChurnPurchases>;
  return features.map((feature) => (typeof feature === "string" ? feature : feature.name));
};
