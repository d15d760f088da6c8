/**
 * Spend in two stages: the probability that a customer buys at all (logistic) times what one who buys spends (ridge on the logarithm).
 * The mean of a logarithm is not the logarithm of the mean: Duan's smearing factor (1983) brings amounts back to the right level.
 */
import { type Fitted, fitted, refused } from "./fitted.ts";
import { fitLogistic, logistic, type LogisticModel } from "./logistic.ts";
import { checkColumn, checkMatrix, type Matrix, type Numbers, rowsIn } from "./matrix.ts";
import { contributionsOf, fitRidge, linearScore, type RidgeModel } from "./ridge.ts";

export interface TwoStageModel {
  readonly kind: "twoStage";
  /** Whether a customer spends anything. */
  readonly buys: LogisticModel;
  /** ln of the amount of those who do. */
  readonly lnAmount: RidgeModel;
  /** Mean of e^(residual) over the buyers, about 1 or more. */
  readonly smearing: number;
  /** Least and greatest ln amount of the training rows: the line is not followed beyond. */
  readonly lowest: number;
  readonly highest: number;
}

export interface TwoStageOptions {
  /** As of `fitLogistic`; 1 by default. */
  readonly buysPenalty?: number;
  /** As of `fitRidge`; 1 by default. */
  readonly amountPenalty?: number;
}

export interface TwoStagePrediction {
  /** probability × amountIfBuys, in the unit of the targets. */
  readonly amount: number;
  /** 0..1 */
  readonly probability: number;
  readonly amountIfBuys: number;
}

const held = (value: number, lowest: number, highest: number): number =>
  Math.min(highest, Math.max(lowest, value));

/** Throws a RangeError for a row of another width or with a number that is not finite. */
export const predictTwoStage = (model: TwoStageModel, row: Numbers): TwoStagePrediction => {
  const { buys, lnAmount, smearing, lowest, highest } = model;
  const probability = logistic(linearScore(buys, row));
  const amountIfBuys = smearing * Math.exp(held(linearScore(lnAmount, row), lowest, highest));
  return { amount: probability * amountIfBuys, probability, amountIfBuys };
};

export interface TwoStageContributions {
  /** Added to `buys.base`: the log-odds of buying. */
  readonly buys: readonly number[];
  /** Added to `lnAmount.base`: ln of the amount before smearing and before it is held between lowest and highest. */
  readonly lnAmount: readonly number[];
}

/** What each column adds in each stage; on the amount itself columns multiply, so that nothing adds up there. */
export const explainTwoStage = (model: TwoStageModel, row: Numbers): TwoStageContributions => ({
  buys: contributionsOf(model.buys, row),
  lnAmount: contributionsOf(model.lnAmount, row),
});

interface Buyers {
  readonly matrix: Matrix;
  readonly lnAmounts: Float64Array;
}

const buyersOf = ({ values, width }: Matrix, amounts: Numbers): Buyers => {
  const places: number[] = [];
  for (let row = 0; row < amounts.length; row += 1)
    if ((amounts[row] as number) > 0) places.push(row);
  const own = new Float64Array(places.length * width);
  for (const [at, row] of places.entries())
    own.set(values.subarray(row * width, (row + 1) * width), at * width);
  return {
    matrix: { values: own, width },
    lnAmounts: Float64Array.from(places, (row) => Math.log(amounts[row] as number)),
  };
};

const smearingOf = (
  model: RidgeModel,
  { matrix: { values, width }, lnAmounts }: Buyers,
  [lowest, highest]: readonly [number, number],
): number => {
  let sum = 0;
  for (const [at, lnAmount] of lnAmounts.entries()) {
    const score = linearScore(model, values.subarray(at * width, (at + 1) * width));
    sum += Math.exp(lnAmount - held(score, lowest, highest));
  }
  return sum / lnAmounts.length;
};

/**
 * Amounts of 0 or less (more returned than bought) count as not bought.
 * Refuses what `fitLogistic` does; fewer buyers than columns + 2 (TOO_FEW); customers who all or none of them buy (CONSTANT).
 */
export const fitTwoStage = (
  matrix: Matrix,
  amounts: Numbers,
  options: TwoStageOptions = {},
): Fitted<TwoStageModel> => {
  const refusal = checkMatrix(matrix, 2) ?? checkColumn("amounts", amounts, rowsIn(matrix));
  if (refusal !== undefined) return refusal;
  const labels = Uint8Array.from(amounts, (amount) => (amount > 0 ? 1 : 0));
  const buys = fitLogistic(matrix, labels, { penalty: options.buysPenalty ?? 1 });
  if (buys.kind === "refused") return buys;
  const buyers = buyersOf(matrix, amounts);
  const count = buyers.lnAmounts.length;
  if (count < matrix.width + 2)
    return refused(
      "TOO_FEW",
      `${count} rows spent anything, at least ${matrix.width + 2} are needed; give a longer history`,
    );
  const lnAmount = fitRidge(buyers.matrix, buyers.lnAmounts, {
    penalty: options.amountPenalty ?? 1,
  });
  if (lnAmount.kind === "refused") return lnAmount;
  const bounds = buyers.lnAmounts.reduce<readonly [number, number]>(
    ([lowest, highest], value) => [Math.min(lowest, value), Math.max(highest, value)],
    [Infinity, -Infinity],
  );
  return fitted({
    kind: "twoStage",
    buys: buys.value,
    lnAmount: lnAmount.value,
    smearing: smearingOf(lnAmount.value, buyers, bounds),
    lowest: bounds[0],
    highest: bounds[1],
  });
};
