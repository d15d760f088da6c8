/**
 * Gamma-gamma model of what a purchase is worth (Fader and Hardie, 2013, "The gamma-gamma model of monetary value"): a customer's purchases vary by a gamma distribution of shape p,
 * and its rate varies between customers by another (q, gamma). A mean over few purchases is drawn towards that of all customers. Assumes that those who buy often do not spend more or less each time.
 */
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import { checkColumn, checkWeights, type Numbers } from "./matrix.ts";
import { isAtWall, minimise, wallPenalty } from "./minimise.ts";
import { lnGamma } from "./special.ts";

/** What one customer spent. */
export interface Spending {
  /** x: purchases that the mean is taken over; 0 where none is known. */
  readonly purchases: number;
  /** Mean amount of one of them, above 0; not looked at where there are none. */
  readonly meanAmount: number;
}

/** Many customers with at least one purchase each, one number a customer in each column. */
export interface Spendings {
  readonly purchases: Numbers;
  readonly meanAmount: Numbers;
  /** How many customers each stands for, 0 or more; 1 if absent. */
  readonly weight?: Numbers;
}

export interface GammaGammaParameters {
  readonly p: number;
  /** Above 1: at 1 and below, the mean of all customers would be infinite. */
  readonly q: number;
  /** In the unit of money of the amounts. */
  readonly gamma: number;
}

export interface GammaGammaModel extends GammaGammaParameters {
  readonly kind: "gammaGamma";
  /** Of all customers, in nats, without the penalty. */
  readonly logLikelihood: number;
  readonly customers: number;
  /** True when p, q − 1 or gamma ÷ mean amount lies beyond 1/100 … 100, where `wallPenalty` and not the data holds it. */
  readonly isBounded: boolean;
  readonly isConverged: boolean;
}

/** ln of the density of a customer's mean amount (equation 1a of the note), in nats. */
export const gammaGammaLogLikelihood = (
  { p, q, gamma }: GammaGammaParameters,
  { purchases, meanAmount }: Spending,
): number => {
  const shape = p * purchases;
  return (
    lnGamma(shape + q) -
    lnGamma(shape) -
    lnGamma(q) +
    q * Math.log(gamma) +
    (shape - 1) * Math.log(meanAmount) +
    shape * Math.log(purchases) -
    (shape + q) * Math.log(gamma + meanAmount * purchases)
  );
};

interface Counted extends Spending {
  readonly weight: number;
}

/** Customers that weigh anything, in an order of their own: the same customers in any order give the same fit. */
const countedOf = ({ purchases, meanAmount, weight }: Spendings): readonly Counted[] =>
  Array.from(purchases, (count, at): Counted => ({
    purchases: count,
    meanAmount: meanAmount[at] as number,
    weight: weight === undefined ? 1 : (weight[at] as number),
  }))
    .filter((one) => one.weight > 0)
    .toSorted(
      (left, right) =>
        left.purchases - right.purchases ||
        left.meanAmount - right.meanAmount ||
        left.weight - right.weight,
    );

const totalOf = (parameters: GammaGammaParameters, counted: readonly Counted[]): number =>
  counted.reduce((sum, one) => sum + one.weight * gammaGammaLogLikelihood(parameters, one), 0);

const checkSpendings = ({ purchases, meanAmount, weight }: Spendings): Refusal | undefined => {
  const rows = purchases.length;
  if (rows === 0) return refused("EMPTY", "there are no customers; give a longer history");
  const refusal =
    checkColumn("purchases", purchases, rows) ??
    checkColumn("meanAmount", meanAmount, rows) ??
    checkWeights(weight, rows);
  if (refusal !== undefined) return refusal;
  for (let row = 0; row < rows; row += 1) {
    if (!(Number.isInteger(purchases[row]) && (purchases[row] as number) >= 1))
      return refused(
        "RANGE",
        `customer ${row}: ${purchases[row]} purchases; leave out who has none`,
      );
    if (!((meanAmount[row] as number) > 0))
      return refused(
        "RANGE",
        `customer ${row}: mean amount ${meanAmount[row]} is not above 0; leave out what was free`,
      );
  }
  return undefined;
};

/** Where searches start: logarithms of p, q − 1, gamma ÷ mean amount. */
const STARTS = [
  [1, 1, 0],
  [0, 0, 0],
  [2, 2, 1],
] as const;

const parametersAt = (logarithms: readonly number[], unit: number): GammaGammaParameters => {
  const [p, beyond, gamma] = logarithms.map(Math.exp) as [number, number, number];
  return { p, q: 1 + beyond, gamma: gamma * unit };
};

/**
 * The most likely parameters with a finite mean (q > 1), less `wallPenalty` of the logarithms of p, q − 1 and gamma in mean amounts, so that the currency does not matter.
 * Refuses EMPTY, WIDTH, NOT_FINITE, counts below 1 and amounts not above 0 (RANGE), fewer than 10 customers (TOO_FEW) and equal amounts throughout (CONSTANT).
 */
export const fitGammaGamma = (spendings: Spendings): Fitted<GammaGammaModel> => {
  const refusal = checkSpendings(spendings);
  if (refusal !== undefined) return refusal;
  const counted = countedOf(spendings);
  const customers = counted.reduce((sum, one) => sum + one.weight, 0);
  if (customers < 10)
    return refused("TOO_FEW", `there are ${customers} customers, at least 10 are needed`);
  if (counted.every(({ meanAmount }) => meanAmount === counted[0]?.meanAmount))
    return refused("CONSTANT", "every customer spends the same; there is nothing to tell apart");
  const unit = counted.reduce((sum, one) => sum + one.weight * one.meanAmount, 0) / customers;
  const { point, isConverged } = minimise((logarithms) => {
    const penalty = wallPenalty(logarithms);
    return penalty === Infinity
      ? Infinity
      : penalty - totalOf(parametersAt(logarithms, unit), counted);
  }, STARTS);
  const parameters = parametersAt(point, unit);
  return fitted({
    kind: "gammaGamma",
    ...parameters,
    logLikelihood: totalOf(parameters, counted),
    customers,
    isBounded: isAtWall(point),
    isConverged,
  });
};

/** Mean amount of a purchase over all customers: p gamma ÷ (q − 1). */
export const meanAmountOfAll = ({ p, q, gamma }: GammaGammaParameters): number =>
  (p * gamma) / (q - 1);

/**
 * What a customer's next purchase is expected to be worth, given the mean of those before (equation 5 of the note): between that mean and the one of all customers.
 * Throws a RangeError for a count that is none or an amount that is not above 0.
 */
export const expectedAmount = (
  parameters: GammaGammaParameters,
  { purchases, meanAmount }: Spending,
): number => {
  if (!(Number.isInteger(purchases) && purchases >= 0))
    throw new RangeError(`${purchases} purchases are not a count`);
  if (purchases === 0) return meanAmountOfAll(parameters);
  if (!(meanAmount > 0 && Number.isFinite(meanAmount)))
    throw new RangeError(`mean amount ${meanAmount} is not a finite number above 0`);
  const { p, q, gamma } = parameters;
  return (p * (gamma + meanAmount * purchases)) / (p * purchases + q - 1);
};
