/** Predicting from a saved linear regression: an average customer's money plus what each feature adds. Training stands in `regression-fit.ts`. */
import type { Features } from "../feature.ts";
import type { Reason } from "../prediction.ts";
import { foundValue, heldAndScaled } from "./held.ts";
import { rounded, shown } from "./scale.ts";
import type { RegressionModel } from "./spend-file.ts";

type WeightedFeature = RegressionModel["features"][number];

const moneyOf = (feature: WeightedFeature, features: Features): number =>
  rounded(feature.weight * heldAndScaled(feature, features));

const contribution = (feature: WeightedFeature, features: Features): Reason => {
  const money = moneyOf(feature, features);
  return {
    feature: feature.name,
    value: money,
    sentence: `${foundValue(feature, features)}: ${money < 0 ? "−" : "+"}${shown(Math.abs(money))}`,
  };
};

/** Money, held at the model's floor. */
export const regressionAmount = (model: RegressionModel, features: Features): number => {
  let amount = model.intercept;
  for (const feature of model.features) amount += moneyOf(feature, features);
  return Math.max(model.floor, amount);
};

/** Their values add up to the amount before it is held at the model's floor; the first one is the average customer. */
export const regressionReasons = (
  model: RegressionModel,
  features: Features,
): readonly Reason[] => [
  {
    feature: "averageCustomer",
    value: model.intercept,
    sentence: `an average customer spends ${shown(model.intercept)} in ${model.horizonDays} days`,
  },
  ...model.features.map((feature) => contribution(feature, features)),
];
