/**
 * BG/NBD (Fader, Hardie and Lee, 2005, "Counting your customers" the easy way): how often customers buy who may leave after any purchase without saying so.
 * Buying rates vary by a gamma distribution (r, alpha), chances of leaving by a beta distribution (a, b). Recency is here the time of the last purchase since the first, not the time that has passed since.
 */
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import { checkColumn, checkWeights, type Numbers } from "./matrix.ts";
import { isAtWall, minimise, wallPenalty } from "./minimise.ts";
import { hypergeometric, lnBeta, lnGamma } from "./special.ts";

/** One customer; every time in one unit, counted from the customer's first purchase. */
export interface PurchaseHistory {
  /** x: purchases after the first one. */
  readonly frequency: number;
  /** tₓ: when the last of them was; 0 if there are none. */
  readonly recency: number;
  /** T: how long the customer has been watched. */
  readonly age: number;
}

/** Many customers, one number a customer in each column. */
export interface PurchaseHistories {
  readonly frequency: Numbers;
  readonly recency: Numbers;
  readonly age: Numbers;
  /** How many customers each stands for, 0 or more; 1 if absent. */
  readonly weight?: Numbers;
}

export interface BgNbdParameters {
  readonly r: number;
  /** In the unit of time of the histories. */
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

export interface BgNbdModel extends BgNbdParameters {
  readonly kind: "bgNbd";
  /** Of all customers, in nats, without the penalty. */
  readonly logLikelihood: number;
  readonly customers: number;
  /** True when a parameter (alpha in mean ages) lies beyond 1/100 … 100, where `wallPenalty` and not the data holds it: use it to predict, do not read it. */
  readonly isBounded: boolean;
  readonly isConverged: boolean;
}

/** ln(eˣ + eʸ). */
const lnSum = (x: number, y: number): number =>
  Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));

/** What a customer's likelihood owes to the number of purchases alone, for the living and for the departed. */
interface FrequencyTerms {
  readonly living: number;
  readonly departed: number;
}

const frequencyTerms = ({ r, alpha, a, b }: BgNbdParameters, frequency: number): FrequencyTerms => {
  const shared = lnGamma(r + frequency) - lnGamma(r) + r * Math.log(alpha) - lnBeta(a, b);
  return {
    living: shared + lnBeta(a, b + frequency),
    departed: frequency > 0 ? shared + lnBeta(a + 1, b + frequency - 1) : -Infinity,
  };
};

const lnLikelihood = (
  parameters: BgNbdParameters,
  { frequency, recency, age }: PurchaseHistory,
  terms: FrequencyTerms,
): number => {
  const { r, alpha } = parameters;
  const living = terms.living - (r + frequency) * Math.log(alpha + age);
  if (frequency === 0) return living;
  return lnSum(living, terms.departed - (r + frequency) * Math.log(alpha + recency));
};

/** ln of the likelihood of one history (equation 6 of the paper), in nats. */
export const bgNbdLogLikelihood = (parameters: BgNbdParameters, history: PurchaseHistory): number =>
  lnLikelihood(parameters, history, frequencyTerms(parameters, history.frequency));

/** Different histories in ascending order, with how many customers each stands for: equal customers in any order give the same fit. */
interface Counted extends PurchaseHistory {
  readonly weight: number;
}

const inOrder = (left: PurchaseHistory, right: PurchaseHistory): number =>
  left.frequency - right.frequency || left.age - right.age || left.recency - right.recency;

const countedOf = (histories: PurchaseHistories): readonly Counted[] => {
  const { frequency, recency, age, weight } = histories;
  const sorted = Array.from(frequency, (count, at): Counted => ({
    frequency: count,
    recency: recency[at] as number,
    age: age[at] as number,
    weight: weight === undefined ? 1 : (weight[at] as number),
  })).toSorted((left, right) => inOrder(left, right) || left.weight - right.weight);
  const counted: Counted[] = [];
  for (const one of sorted) {
    const last = counted.at(-1);
    if (last !== undefined && inOrder(last, one) === 0)
      counted[counted.length - 1] = { ...last, weight: last.weight + one.weight };
    else counted.push(one);
  }
  return counted.filter((one) => one.weight > 0);
};

/** Σ weight × ln likelihood; histories must be in ascending order of frequency. */
const totalOf = (parameters: BgNbdParameters, counted: readonly Counted[]): number => {
  let total = 0;
  let [frequency, terms] = [-1, frequencyTerms(parameters, 0)];
  for (const one of counted) {
    if (one.frequency !== frequency) {
      frequency = one.frequency;
      terms = frequencyTerms(parameters, frequency);
    }
    total += one.weight * lnLikelihood(parameters, one, terms);
  }
  return total;
};

const faultOf = ({ frequency, recency, age }: PurchaseHistory): string | undefined => {
  if (!(Number.isInteger(frequency) && frequency >= 0))
    return `frequency ${frequency} is not a count`;
  if (!(age > 0)) return `age ${age} is not above 0`;
  if (!(recency >= 0 && recency <= age))
    return `recency ${recency} is not in 0..${age}, the customer's age`;
  return frequency === 0 && recency > 0
    ? `recency ${recency} is that of a purchase, but frequency is 0`
    : undefined;
};

const checkHistories = (histories: PurchaseHistories): Refusal | undefined => {
  const { frequency, recency, age, weight } = histories;
  const rows = frequency.length;
  if (rows === 0) return refused("EMPTY", "there are no customers; give a longer history");
  const refusal =
    checkColumn("frequency", frequency, rows) ??
    checkColumn("recency", recency, rows) ??
    checkColumn("age", age, rows) ??
    checkWeights(weight, rows);
  if (refusal !== undefined) return refusal;
  for (let row = 0; row < rows; row += 1) {
    const fault = faultOf({
      frequency: frequency[row] as number,
      recency: recency[row] as number,
      age: age[row] as number,
    });
    if (fault !== undefined) return refused("RANGE", `customer ${row}: ${fault}`);
  }
  return undefined;
};

/** Where searches start: logarithms of r, alpha ÷ mean age, a, b. Few and many purchases, early and late departures. */
const STARTS = [
  [-1, -1.5, 0, 1],
  [0, 0, -1, 0],
  [1, 0, -1, 2],
] as const;

const parametersAt = (logarithms: readonly number[], unit: number): BgNbdParameters => {
  const [r, alpha, a, b] = logarithms.map(Math.exp) as [number, number, number, number];
  return { r, alpha: alpha * unit, a, b };
};

/**
 * The most likely parameters, less `wallPenalty` of their logarithms (alpha in mean ages, so that the unit of time does not matter).
 * Refuses EMPTY, WIDTH, NOT_FINITE, histories that cannot be (RANGE), fewer than 10 customers (TOO_FEW) and customers of whom none came back (CONSTANT).
 */
export const fitBgNbd = (histories: PurchaseHistories): Fitted<BgNbdModel> => {
  const refusal = checkHistories(histories);
  if (refusal !== undefined) return refusal;
  const counted = countedOf(histories);
  const customers = counted.reduce((sum, one) => sum + one.weight, 0);
  if (customers < 10)
    return refused("TOO_FEW", `there are ${customers} customers, at least 10 are needed`);
  if (counted.every(({ frequency }) => frequency === 0))
    return refused("CONSTANT", "no customer bought a second time; give a longer history");
  const unit = counted.reduce((sum, one) => sum + one.weight * one.age, 0) / customers;
  const { point, isConverged } = minimise((logarithms) => {
    const penalty = wallPenalty(logarithms);
    return penalty === Infinity
      ? Infinity
      : penalty - totalOf(parametersAt(logarithms, unit), counted);
  }, STARTS);
  const parameters = parametersAt(point, unit);
  return fitted({
    kind: "bgNbd",
    ...parameters,
    logLikelihood: totalOf(parameters, counted),
    customers,
    isBounded: isAtWall(point),
    isConverged,
  });
};

/** a ÷ (b + x − 1) × ((alpha + T) ÷ (alpha + tₓ))^(r + x): the odds that the customer has left. 0 before a second purchase. */
const departedOdds = (parameters: BgNbdParameters, history: PurchaseHistory): number => {
  const { r, alpha, a, b } = parameters;
  const { frequency, recency, age } = history;
  if (frequency === 0) return 0;
  const waited = Math.log((alpha + age) / (alpha + recency));
  return (a / (b + frequency - 1)) * Math.exp((r + frequency) * waited);
};

const mustBePossible = (history: PurchaseHistory): void => {
  const fault = faultOf(history);
  if (fault !== undefined) throw new RangeError(fault);
};

/** The probability that the customer still buys, 0..1; 1 for one who has not come back yet, because in this model nobody leaves before. Throws a RangeError for an impossible history. */
export const probabilityAlive = (parameters: BgNbdParameters, history: PurchaseHistory): number => {
  mustBePossible(history);
  return 1 / (1 + departedOdds(parameters, history));
};

/** Arguments of ₂F₁(p, e; c; z). */
interface Series {
  readonly p: number;
  readonly e: number;
  readonly c: number;
  readonly z: number;
}

const TERMS_MAX = 200_000;

/** c (₂F₁(p, e; c; z) − 1) ÷ e, which has no pole at e = 0 or c = 0. */
const risen = ({ p, e, c, z }: Series): number => {
  let term = p * z;
  let sum = term;
  for (let n = 1; n < TERMS_MAX; n += 1) {
    const ratio = (((p + n) * (e + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    const isFalling = Math.abs(ratio) < 1 && n > Math.abs(p) + Math.abs(e) + Math.abs(c);
    if (term === 0 || (isFalling && Math.abs(term) < 1e-16 * Math.abs(sum) * (1 - z))) break;
  }
  return sum;
};

/**
 * c ÷ (a − 1) × [1 − share^(r + x) ₂F₁(r + x, b + x; c; 1 − share)] with c = a + b + x − 1: expected purchases of a customer who is alive.
 * Up to a = 1 + r + x it is summed after Euler's transformation, share^(a − 1) ₂F₁(c − r − x, a − 1; c; 1 − share), with 1 − … divided by
 * a − 1 term by term: the plain formula is 0 ÷ 0 at a = 1 and loses every digit near it.
 */
const expectedOfLiving = (
  { r, a, b }: BgNbdParameters,
  frequency: number,
  share: number,
): number => {
  const c = a + b + frequency - 1;
  const e = a - 1;
  const rate = r + frequency;
  if (e > rate)
    return (c / e) * (1 - share ** rate * hypergeometric([rate, b + frequency, c], 1 - share));
  const lnShare = Math.log(share);
  const lost = e === 0 ? -lnShare : -Math.expm1(e * lnShare) / e;
  return c * lost - Math.exp(e * lnShare) * risen({ p: c - rate, e, c, z: 1 - share });
};

const mustBeTime = (time: number): void => {
  if (!(time >= 0 && Number.isFinite(time)))
    throw new RangeError(`time ${time}: give a finite number of 0 or more`);
};

/** Purchases after the first that a new customer is expected to make in `time` (equation 9 of the paper). Throws a RangeError for a negative time. */
export const expectedPurchases = (parameters: BgNbdParameters, time: number): number => {
  mustBeTime(time);
  const { alpha } = parameters;
  return Math.max(0, expectedOfLiving(parameters, 0, alpha / (alpha + time)));
};

/** Purchases that a customer is expected to make in the next `time`, given the history (equation 10). Throws a RangeError for a negative time or an impossible history. */
export const expectedNextPurchases = (
  parameters: BgNbdParameters,
  history: PurchaseHistory,
  time: number,
): number => {
  mustBeTime(time);
  const alive = probabilityAlive(parameters, history);
  const seen = parameters.alpha + history.age;
  const share = seen / (seen + time);
  return Math.max(0, alive * expectedOfLiving(parameters, history.frequency, share));
};
