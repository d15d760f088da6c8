/**
 * Bins that are laid over a reference, and the population stability index of counts in them.
 * A value that many reference rows share has a bin of its own; so has "missing", which is the last count.
 */
import { type CountPair } from "./shift-test.ts";

/** Numbers of one column; null and NaN are missing. */
export type MaybeNumbers = ArrayLike<number | null>;

/** A value with at least this share of a bin's rows is worth a bin of its own. */
const ATOM_OF_BIN = 0.8;
/** Added to every count, so that an empty cell does not make the index infinite. */
const SMOOTHING = 0.5;

const bits = new DataView(new ArrayBuffer(8));

/** The smallest number above a finite one. */
const nextAbove = (value: number): number => {
  if (value === 0) return Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0) + 0;
};

/** How many of the sorted values are below the value. */
const countBelow = (sorted: Float64Array, value: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const isMissing = (value: number | null | undefined): boolean =>
  value === null || value === undefined || Number.isNaN(value);

/** The numbers of a column that are known, ascending. */
const knownSorted = (values: MaybeNumbers): Float64Array =>
  Float64Array.from(
    Array.from(values).filter((value): value is number => !isMissing(value)),
  ).toSorted();

/**
 * Cuts at the quantiles of the known values, ascending and all different: a value falls into the bin with the number of cuts at or below it.
 * A value shared by (nearly) a whole bin's rows is cut off on both sides; a column with one value has three bins.
 * @param bins number of bins wanted, 2 or more; ties make them fewer or, by cutting values off, up to twice as many
 */
export const quantileCuts = (values: MaybeNumbers, bins = 10): readonly number[] => {
  const sorted = knownSorted(values);
  const cuts = new Set<number>();
  for (let bin = 0; bin < bins && sorted.length > 0; bin += 1) {
    const place = Math.floor((bin * sorted.length) / bins);
    const value = (sorted[place] as number) + 0;
    const above = nextAbove(value);
    const shared = countBelow(sorted, above) - countBelow(sorted, value);
    const isAtom = shared > 1 && shared >= (ATOM_OF_BIN * sorted.length) / bins;
    if (isAtom || bin > 0) cuts.add(value);
    if (isAtom) cuts.add(above);
  }
  return [...cuts].filter(Number.isFinite).toSorted((left, right) => left - right);
};

/** Rows in each bin of the cuts, and behind them the rows whose value is missing: `cuts.length + 2` counts. */
export const binCounts = (values: MaybeNumbers, cuts: readonly number[]): Float64Array => {
  const counts = new Float64Array(cuts.length + 2);
  const places = Float64Array.from(cuts);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    // Cuts at or below the value, that is: below the next number.
    const bin = isMissing(value) ? cuts.length + 1 : countBelow(places, nextAbove(value as number));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
};

/** Counts of the named levels, behind them all other known values, and behind those the missing ones: `levels.length + 2` counts. */
export const levelCounts = (
  values: ArrayLike<string | null>,
  levels: readonly string[],
): Float64Array => {
  const places = new Map(levels.map((level, place) => [level, place]));
  const counts = new Float64Array(levels.length + 2);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? null;
    const place = value === null ? levels.length + 1 : (places.get(value) ?? levels.length);
    counts[place] = (counts[place] as number) + 1;
  }
  return counts;
};

const sumOf = (counts: ArrayLike<number>): number => {
  let sum = 0;
  for (let cell = 0; cell < counts.length; cell += 1) sum += counts[cell] as number;
  return sum;
};

/**
 * Population stability index Σ (p − q) ln(p ÷ q) over the cells that either sample has (the symmetric Kullback–Leibler divergence; Jeffreys, 1946), 0 or more.
 * Shares are (count + ½) ÷ (rows + cells ÷ 2). Customary reading: below .1 stable, from .25 on another population; chance alone gives about cells × (1 ÷ rows + 1 ÷ rows).
 * @throws RangeError when the samples do not count the same cells.
 */
export const stabilityIndex = ({ left, right }: CountPair): number => {
  if (left.length !== right.length)
    throw new RangeError(`${left.length} cells cannot be compared with ${right.length}`);
  const seen = Array.from(left, (count, cell) => count + (right[cell] as number) > 0);
  const added = SMOOTHING * seen.filter(Boolean).length;
  const [inLeft, inRight] = [sumOf(left) + added, sumOf(right) + added];
  let index = 0;
  for (const [cell, isSeen] of seen.entries()) {
    if (!isSeen) continue;
    const one = ((left[cell] as number) + SMOOTHING) / inLeft;
    const two = ((right[cell] as number) + SMOOTHING) / inRight;
    index += (one - two) * (Math.log(one) - Math.log(two));
  }
  return index;
};
