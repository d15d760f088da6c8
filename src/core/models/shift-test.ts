/**
 * Tests of whether two independent samples come from the same distribution: raw numbers, counts by category, counts by ordered bin.
 * Rows must be independent of each other: a customer who stands in many rows makes every p-value here too small.
 */
import { chiSquareTail, normalTails } from "./special.ts";

export interface ShiftTest {
  readonly statistic: number;
  /** 0..1, uniform where nothing shifted (or larger, with ties or few rows). */
  readonly pValue: number;
}

export interface ChiSquareTest extends ShiftTest {
  /** Cells that were left to compare, less one. */
  readonly degrees: number;
}

/** Counts of the same cells in two samples. */
export interface CountPair {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
}

/** Least count that each sample must expect in a cell for the χ² distribution to hold (Cochran, 1954). */
const EXPECTED_MIN = 5;

/** P(K ≥ λ) of Kolmogorov's distribution: two series, each used where it falls fast. */
const kolmogorovTail = (lambda: number): number => {
  if (lambda <= 0) return 1;
  let sum = 0;
  if (lambda < 1.18) {
    for (let k = 1; k <= 15; k += 2) sum += Math.exp(-((k * Math.PI) ** 2) / (8 * lambda * lambda));
    return Math.min(1, Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / lambda) * sum));
  }
  for (let k = 1; k <= 8; k += 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * (k * lambda) ** 2);
  return Math.min(1, Math.max(0, sum));
};

/** Largest distance of two empirical distribution functions, looked at between tied values only. */
const largestGap = (left: Float64Array, right: Float64Array): number => {
  let [i, j, gap] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i] as number, right[j] as number);
    while (i < left.length && left[i] === value) i += 1;
    while (j < right.length && right[j] === value) j += 1;
    gap = Math.max(gap, Math.abs(i / left.length - j / right.length));
  }
  return gap;
};

const sorted = (name: string, values: ArrayLike<number>): Float64Array => {
  const copy = Float64Array.from(values);
  const bad = copy.findIndex(Number.isNaN);
  if (bad >= 0)
    throw new RangeError(`${name}[${bad}] is no number; leave missing values out of this test`);
  if (copy.length === 0) throw new RangeError(`${name} has no values; give at least one`);
  return copy.toSorted();
};

/**
 * Two-sample Kolmogorov–Smirnov test: the statistic is the largest distance of the distribution functions, 0..1; the p-value is the
 * asymptotic one at (√n + .12 + .11 ÷ √n) × distance, n = product ÷ sum of the sample sizes (Stephens, 1970). With ties it is too large, never too small.
 * @throws RangeError for NaN or an empty sample.
 */
export const kolmogorovSmirnov = (left: ArrayLike<number>, right: ArrayLike<number>): ShiftTest => {
  const [one, two] = [sorted("left", left), sorted("right", right)];
  const statistic = largestGap(one, two);
  const root = Math.sqrt((one.length * two.length) / (one.length + two.length));
  return { statistic, pValue: kolmogorovTail((root + 0.12 + 0.11 / root) * statistic) };
};

const total = (counts: ArrayLike<number>): number => {
  let sum = 0;
  for (let cell = 0; cell < counts.length; cell += 1) sum += counts[cell] as number;
  return sum;
};

type Cell = readonly [left: number, right: number];

/** Cells put together, in the order given, until the smaller sample expects enough in each; what is left over joins the last. */
const mergedCells = (cells: readonly Cell[], smallerShare: number): readonly Cell[] => {
  const merged: [number, number][] = [];
  let open: [number, number] = [0, 0];
  const isEnough = ([left, right]: Cell): boolean => (left + right) * smallerShare >= EXPECTED_MIN;
  for (const [left, right] of cells) {
    open = [open[0] + left, open[1] + right];
    if (!isEnough(open)) continue;
    merged.push(open);
    open = [0, 0];
  }
  const last = merged.at(-1);
  if (last === undefined) return [open];
  last[0] += open[0];
  last[1] += open[1];
  return merged;
};

/**
 * Pearson's χ² test that two samples have the same shares of cells. Cells of which the smaller sample expects fewer than 5 are put together: with
 * their neighbour where cells have an order, else the rarest with each other. Statistic 0 and p-value 1 where one cell is left.
 * @throws RangeError when the samples do not count the same cells.
 */
export const chiSquareOf = ({ left, right }: CountPair, isOrdered = false): ChiSquareTest => {
  if (left.length !== right.length)
    throw new RangeError(`${left.length} cells cannot be compared with ${right.length}`);
  const [inLeft, inRight] = [total(left), total(right)];
  const all = inLeft + inRight;
  if (inLeft === 0 || inRight === 0) return { statistic: 0, degrees: 0, pValue: 1 };
  const cells = Array.from(left, (count, cell): Cell => [count, right[cell] as number]);
  const ordered = isOrdered ? cells : cells.toSorted((a, b) => a[0] + a[1] - b[0] - b[1]);
  const merged = mergedCells(ordered, Math.min(inLeft, inRight) / all);
  let statistic = 0;
  for (const [one, two] of merged) {
    const share = (one + two) / all;
    statistic +=
      (one - share * inLeft) ** 2 / (share * inLeft) +
      (two - share * inRight) ** 2 / (share * inRight);
  }
  const degrees = merged.length - 1;
  if (degrees === 0) statistic = 0;
  return { statistic, degrees, pValue: chiSquareTail(degrees, statistic) };
};

/**
 * Wilcoxon's rank-sum test on counts of ordered bins: every value has the middle rank of its bin, the variance is corrected for ties (Hollander and
 * Wolfe, 1999, §4.1), the statistic is standard normal. Sees a move up or down that is spread over all bins sooner than χ² does.
 */
export const rankSumOf = ({ left, right }: CountPair): ShiftTest => {
  const [inLeft, inRight] = [total(left), total(right)];
  const all = inLeft + inRight;
  let [before, rankSum, ties] = [0, 0, 0];
  for (let cell = 0; cell < left.length; cell += 1) {
    const count = (left[cell] as number) + (right[cell] as number);
    rankSum += (left[cell] as number) * (before + (count + 1) / 2);
    ties += count ** 3 - count;
    before += count;
  }
  const variance = ((inLeft * inRight) / 12) * (all + 1 - ties / (all * (all - 1)));
  if (!(variance > 1e-9 * inLeft * inRight)) return { statistic: 0, pValue: 1 };
  const statistic = (rankSum - (inLeft * (all + 1)) / 2) / Math.sqrt(variance);
  return { statistic, pValue: normalTails(statistic) };
};
