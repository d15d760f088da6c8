/** Predicting from a saved linear regression: an average customer's money plus what each feature adds. Training stands in `regression-fit.ts`. */
import type { Features } from "../feature.ts";
import type { Predictions, Reason } from "../prediction.ts";
import type { RegressionModel } from "./model-file.ts";
import { allKnown, rounded, scaled, shown } from "./scale.ts";

type WeightedFeature = RegressionModel["features"][number];

const moneyOf = (feature: WeightedFeature, features: Features): number => {
  const value = features[feature.name] ?? feature.missing;
  const held = Math.min(feature.highest, Math.max(feature.lowest, value));
  return rounded(feature.weight * scaled(held, feature));
};

const contribution = (feature: WeightedFeature, features: Features): Reason => {
  const known = features[feature.name];
  const value = known ?? feature.missing;
  const money = moneyOf(feature, features);
  const found = known === null ? "is not known" : `is ${shown(value)}`;
  return {
    feature: feature.name,
    value: money,
    sentence: `${feature.name} ${found}: ${money < 0 ? "−" : "+"}${shown(Math.abs(money))}`,
  };
};

/** The amount that `predictSpend` gives, without its reasons; null when a required feature is null. */
export const spendOf = (model: RegressionModel, features: Features): number | null => {
  if (!allKnown(features, model.requires)) return null;
  let amount = model.intercept;
  for (const feature of model.features) amount += moneyOf(feature, features);
  return rounded(Math.max(model.floor, amount));
};

/**
 * The money expected of a customer in the model's horizon; undefined when a required feature is null.
 * The values of the reasons add up to the amount before it is held at the model's floor; the first one is the average customer.
 */
export const predictSpend = (model: RegressionModel, features: Features): Predictions["spend"] => {
  if (!allKnown(features, model.requires)) return undefined;
  const average: Reason = {
    feature: "averageCustomer",
    value: model.intercept,
    sentence: `an average customer spends ${shown(model.intercept)} in ${model.horizonDays} days`,
  };
  const reasons = [average, ...model.features.map((feature) => contribution(feature, features))];
  let amount = 0;
  for (const reason of reasons) amount += reason.value;
  return { amount: rounded(Math.max(model.floor, amount)), reasons };
};
