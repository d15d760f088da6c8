/**
 * 95 % intervals of figures by resampling customers, not rows: a customer's rows at several cut-offs are alike, and rows drawn one by one would
 * promise too much (cluster bootstrap; Efron and Tibshirani 1993).
 */
import { randomFrom } from "./random.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Resamples; the ends of an interval are the 6th and the 195th of 200. */
const RESAMPLES = 200;

/** How often each row counts in one resample. */
type Weights = Float64Array;

/** A figure of rows that count more or less than once; NaN where it cannot be told. */
export type WeightedFigure = (weights: Weights) => number;

const placesOf = (
  customers: readonly string[],
): { readonly places: Int32Array; readonly count: number } => {
  const known = new Map<string, number>();
  const places = new Int32Array(customers.length);
  for (const [row, customer] of customers.entries()) {
    const place = known.get(customer) ?? known.size;
    known.set(customer, place);
    places[row] = place;
  }
  return { places, count: known.size };
};

/** One interval for each figure; null where resamples leave the figure untold. `customers` names the customer of each row. */
export const intervalsOf = (
  customers: readonly string[],
  figures: readonly WeightedFigure[],
  seed: number,
): readonly (Interval | null)[] => {
  const { places, count } = placesOf(customers);
  const random = randomFrom(seed);
  const found = figures.map(() => new Float64Array(RESAMPLES));
  const drawn = new Float64Array(count);
  const weights = new Float64Array(customers.length);
  for (let resample = 0; resample < RESAMPLES; resample += 1) {
    drawn.fill(0);
    for (let draw = 0; draw < count; draw += 1) {
      const place = Math.floor(random() * count);
      drawn[place] = (drawn[place] as number) + 1;
    }
    for (let row = 0; row < weights.length; row += 1)
      weights[row] = drawn[places[row] as number] as number;
    for (const [index, figure] of figures.entries())
      (found[index] as Float64Array)[resample] = figure(weights);
  }
  return found.map((values) => {
    if (values.some((value) => !Number.isFinite(value))) return null;
    const sorted = values.toSorted();
    return { low: sorted[5] as number, high: sorted[194] as number };
  });
};

/** Weighted mean of one number a row. */
export const meanFigure =
  (values: ArrayLike<number>): WeightedFigure =>
  (weights) => {
    let [sum, total] = [0, 0];
    for (let row = 0; row < weights.length; row += 1) {
      sum += (weights[row] as number) * (values[row] as number);
      total += weights[row] as number;
    }
    return sum / total;
  };

/** Weighted area under the ROC curve, ties counted half; sorts once for all resamples. */
export const aucFigure = (scores: readonly number[], labels: readonly number[]): WeightedFigure => {
  const order = Array.from(scores, (_, row) => row).toSorted(
    (left, right) => (scores[left] ?? 0) - (scores[right] ?? 0),
  );
  return (weights) => {
    let [below, wins, positives, start] = [0, 0, 0, 0];
    while (start < order.length) {
      const score = scores[order[start] as number];
      let [here, there, end] = [0, 0, start];
      for (; end < order.length && scores[order[end] as number] === score; end += 1) {
        const row = order[end] as number;
        if (labels[row] === 1) here += weights[row] as number;
        else there += weights[row] as number;
      }
      wins += here * (below + there / 2);
      below += there;
      positives += here;
      start = end;
    }
    return wins / (positives * below);
  };
};

/** Rows by their values, greatest first. */
const descending = (values: readonly number[]): readonly number[] =>
  Array.from(values, (_, row) => row).toSorted(
    (left, right) => (values[right] ?? 0) - (values[left] ?? 0),
  );

/**
 * Weighted normalised Gini of amounts: the area between the shares of customers (those said to spend most first) and of money, over that of the true
 * order (Lorenz curve). 1 is the true order, 0 none.
 */
export const giniFigure = (
  said: readonly number[],
  happened: readonly number[],
): WeightedFigure => {
  const area = (
    order: readonly number[],
    values: readonly number[],
    weights: Float64Array,
  ): number => {
    let [money, customers, sum, start] = [0, 0, 0, 0];
    while (start < order.length) {
      const value = values[order[start] as number];
      let [ownMoney, ownCustomers, end] = [0, 0, start];
      for (; end < order.length && values[order[end] as number] === value; end += 1) {
        const row = order[end] as number;
        ownCustomers += weights[row] as number;
        ownMoney += (weights[row] as number) * (happened[row] as number);
      }
      sum += ownCustomers * (money + ownMoney / 2);
      money += ownMoney;
      customers += ownCustomers;
      start = end;
    }
    return sum / (money * customers) - 0.5;
  };
  const [own, best] = [descending(said), descending(happened)];
  return (weights) => area(own, said, weights) / area(best, happened, weights);
};
