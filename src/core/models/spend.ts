/**
 * Predicting spend from a saved model of any kind: the amount, and why. Reasons of a line and of two stages are money and add up to the amount.
 */
import type { FeatureName, Features } from "../feature.ts";
import type { Predictions, Reason } from "../prediction.ts";
import { expectedNextPurchases } from "./bg-nbd.ts";
import { expectedAmount } from "./gamma-gamma.ts";
import { foundValue, heldAndScaled } from "./held.ts";
import { logistic } from "./logistic.ts";
import { purchasesOf, spendingOf } from "./purchases.ts";
import { regressionAmount, regressionReasons } from "./regression.ts";
import { allKnown, rounded, shown } from "./scale.ts";
import type { SpendModel, SpendPurchases, SpendTwoStage } from "./spend-file.ts";

/** A spend model ready to be asked about customers whose required features are known. */
export interface OpenSpend {
  readonly model: SpendModel;
  /** Money in the horizon, 0 or more, not rounded. */
  readonly amountOf: (features: Features) => number;
  readonly reasonsOf: (features: Features) => readonly Reason[];
}

interface Stages {
  readonly buys: number;
  readonly lnAmount: number;
}

const moneyAt = (model: SpendTwoStage, { buys, lnAmount }: Stages): number =>
  logistic(buys) *
  model.smearing *
  Math.exp(Math.min(model.highest, Math.max(model.lowest, lnAmount)));

const stagesOf = (model: SpendTwoStage, features: Features): Stages => {
  let [buys, lnAmount] = [model.buysIntercept, model.lnAmountIntercept];
  for (const feature of model.features) {
    const value = heldAndScaled(feature, features);
    buys += feature.buys * value;
    lnAmount += feature.lnAmount * value;
  }
  return { buys, lnAmount };
};

const STEPS = 64;

/**
 * Money that a unit of log-odds and a unit of ln amount are worth on the straight way from the average customer to this one
 * (integrated gradients, Sundararajan, Taly and Yan 2017; midpoint rule).
 */
const slopesOf = (model: SpendTwoStage, to: Stages): Stages => {
  const from: Stages = { buys: model.buysIntercept, lnAmount: model.lnAmountIntercept };
  let [buys, lnAmount] = [0, 0];
  for (let step = 0; step < STEPS; step += 1) {
    const share = (step + 0.5) / STEPS;
    const here: Stages = {
      buys: from.buys + share * (to.buys - from.buys),
      lnAmount: from.lnAmount + share * (to.lnAmount - from.lnAmount),
    };
    const money = moneyAt(model, here);
    const isFree = here.lnAmount > model.lowest && here.lnAmount < model.highest;
    buys += (money * (1 - logistic(here.buys))) / STEPS;
    lnAmount += (isFree ? money : 0) / STEPS;
  }
  return { buys, lnAmount };
};

const averageReason = (money: number, horizonDays: number): Reason => ({
  feature: "averageCustomer",
  value: rounded(money),
  sentence: `an average customer spends ${shown(money)} in ${horizonDays} days`,
});

const moneySentence = (money: number): string =>
  `${money < 0 ? "−" : "+"}${shown(Math.abs(money))}`;

const twoStageReasons = (model: SpendTwoStage, features: Features): readonly Reason[] => {
  const to = stagesOf(model, features);
  const start = moneyAt(model, { buys: model.buysIntercept, lnAmount: model.lnAmountIntercept });
  const slopes = slopesOf(model, to);
  const shares = model.features.map((feature) => {
    const value = heldAndScaled(feature, features);
    return value * (feature.buys * slopes.buys + feature.lnAmount * slopes.lnAmount);
  });
  const sum = shares.reduce((total, share) => total + share, 0);
  // The midpoint rule is a little off: what it misses is shared out in proportion to the sizes, so that the reasons add up.
  const missed = moneyAt(model, to) - start - sum;
  const size = shares.reduce((total, share) => total + Math.abs(share), 0);
  const reasons = model.features.map((feature, place): Reason => {
    const share = shares[place] ?? 0;
    const money = rounded(size === 0 ? share : share + (missed * Math.abs(share)) / size);
    return {
      feature: feature.name,
      value: money,
      sentence: `${foundValue(feature, features)}: ${moneySentence(money)}`,
    };
  });
  return [
    averageReason(start, model.horizonDays),
    ...reasons.toSorted((left, right) => Math.abs(right.value) - Math.abs(left.value)),
  ];
};

const purchasesReasons = (model: SpendPurchases, features: Features): readonly Reason[] => {
  const history = purchasesOf(features);
  const orders = expectedNextPurchases(model, history, model.horizonDays);
  const each = expectedAmount(model, spendingOf(features));
  return [
    {
      feature: "frequency",
      value: rounded(orders),
      sentence: `${history.frequency + 1} orders in ${shown(history.recency)} days, then none for ${shown(history.age - history.recency)}: ${shown(orders)} more are expected in ${model.horizonDays} days`,
    },
    {
      feature: "averageOrder",
      value: rounded(each),
      sentence: `each is expected to be worth ${shown(each)}`,
    },
  ];
};

export const openSpend = (model: SpendModel): OpenSpend => {
  if (model.kind === "regression")
    return {
      model,
      amountOf: (features) => regressionAmount(model, features),
      reasonsOf: (features) => regressionReasons(model, features),
    };
  if (model.kind === "twoStage")
    return {
      model,
      amountOf: (features) => moneyAt(model, stagesOf(model, features)),
      reasonsOf: (features) => twoStageReasons(model, features),
    };
  return {
    model,
    amountOf: (features) =>
      expectedNextPurchases(model, purchasesOf(features), model.horizonDays) *
      expectedAmount(model, spendingOf(features)),
    reasonsOf: (features) => purchasesReasons(model, features),
  };
};

/** The amount that `predictSpend` gives, without its reasons; null when a required feature is null. */
export const spendOf = ({ model, amountOf }: OpenSpend, features: Features): number | null =>
  allKnown(features, model.requires) ? rounded(amountOf(features)) : null;

/** The money expected of a customer in the model's horizon, with reasons; undefined when a required feature is null. */
export const predictSpend = (open: OpenSpend, features: Features): Predictions["spend"] =>
  allKnown(features, open.model.requires)
    ? { amount: rounded(open.amountOf(features)), reasons: open.reasonsOf(features) }
    : undefined;

/** The features that a model reads. */
export const spendFeatures = (model: Omit<SpendModel, "card">): readonly FeatureName[] => {
  const { kind } = model;
  if (kind === "purchases") return ["recencyDays", "frequency", "meanGapDays", "averageOrder"];
  return (model as Exclude<SpendModel, SpendPurchases>).features.map(({ name }) => name);
};
