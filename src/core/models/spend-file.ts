/**
 * The file of the spend model, which is one of three kinds: a line, two stages (whether × how much), or the purchase process (BG/NBD × gamma-gamma).
 * All say the money that a customer who has ordered before is expected to spend within the horizon.
 */
import { z } from "zod";
import { purchaseShape } from "./churn-file.ts";
import { common, heldShape } from "./model-shapes.ts";

const regressionSchema = z.strictObject({
  ...common,
  kind: z.literal("regression"),
  task: z.literal("spend"),
  horizonDays: z.number().positive(),
  /** Money of an average customer of the training rows. */
  intercept: z.number(),
  /** A prediction below this becomes this. */
  floor: z.number(),
  features: z
    .array(
      z.strictObject({
        ...heldShape,
        /** Money for one deviation above the mean. */
        weight: z.number(),
      }),
    )
    .min(1),
});

const twoStageSchema = z.strictObject({
  ...common,
  kind: z.literal("twoStage"),
  task: z.literal("spend"),
  horizonDays: z.number().positive(),
  /** Log-odds of an average customer buying at all, and ln of the amount if so. */
  buysIntercept: z.number(),
  lnAmountIntercept: z.number(),
  /** Mean of e^(residual) over the buyers. */
  smearing: z.number().positive(),
  /** Bounds of ln amount in training. */
  lowest: z.number(),
  highest: z.number(),
  /** Weights: of one deviation above the mean, on the log-odds and on ln amount. */
  features: z
    .array(z.strictObject({ ...heldShape, buys: z.number(), lnAmount: z.number() }))
    .min(1),
});

const purchasesSchema = z.strictObject({
  ...common,
  kind: z.literal("purchases"),
  task: z.literal("spend"),
  horizonDays: z.number().positive(),
  /** BG/NBD: how often. */
  ...purchaseShape,
  /** Gamma-gamma: how much; q above 1. */
  p: z.number().positive(),
  q: z.number().gt(1),
  gamma: z.number().positive(),
});

export const spendSchema = z.discriminatedUnion(
  "kind",
  [regressionSchema, twoStageSchema, purchasesSchema],
  { error: "is no kind of spend model; train the model again" },
);

export type RegressionModel = Readonly<z.output<typeof regressionSchema>>;
export type SpendTwoStage = Readonly<z.output<typeof twoStageSchema>>;
export type SpendPurchases = Readonly<z.output<typeof purchasesSchema>>;
export type SpendModel = RegressionModel | SpendTwoStage | SpendPurchases;
