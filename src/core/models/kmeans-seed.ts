/** First centres for k-means: greedy k-means++ (Arthur and Vassilvitskii 2007), which also notices when too few rows differ. */
import { type KMeansState, squaredTo } from "./kmeans-state.ts";
import type { Random } from "./random.ts";

const place = (state: KMeansState, row: number, at: number): void => {
  const { values, width } = state.points;
  state.centres.set(values.subarray(row * width, (row + 1) * width), at * width);
};

/** A row drawn in proportion to its squared distance to the nearest seed (`upper`), whose sum is `total`. */
const drawRow = (state: KMeansState, total: number, random: Random): number => {
  let left = random() * total;
  let last = 0;
  for (let row = 0; row < state.rows; row += 1) {
    const weight = state.upper[row] as number;
    if (weight === 0) continue;
    last = row;
    left -= weight;
    if (left < 0) return row;
  }
  return last;
};

/** Takes centre `at` into account for the squared distances to the nearest seed; gives their sum. */
const withSeed = (state: KMeansState, at: number): number => {
  const { upper } = state;
  let total = 0;
  for (let row = 0; row < state.rows; row += 1) {
    const distance = squaredTo(state, row, at);
    if (at === 0 || distance < (upper[row] as number)) upper[row] = distance;
    total += upper[row] as number;
  }
  return total;
};

/** Sum of squared distances if centre `at` were added. */
const totalWith = (state: KMeansState, at: number): number => {
  const { upper } = state;
  let total = 0;
  for (let row = 0; row < state.rows; row += 1) {
    const known = upper[row] as number;
    const distance = squaredTo(state, row, at);
    total += distance < known ? distance : known;
  }
  return total;
};

/** Of `trials` drawn rows, the one that leaves the least sum. */
const bestRow = (state: KMeansState, at: number, draw: () => number): number => {
  const trials = state.k < 8 ? 3 : 4;
  let [best, least] = [0, Infinity];
  for (let trial = 0; trial < trials; trial += 1) {
    const row = draw();
    place(state, row, at);
    const total = totalWith(state, at);
    if (total < least) [best, least] = [row, total];
  }
  return best;
};

/**
 * Sets the centres to k different rows. Gives how many different rows were found: fewer than k only where the points have no more.
 * Overwrites `upper`.
 */
export const seedCentres = (state: KMeansState, random: Random): number => {
  place(state, Math.floor(random() * state.rows), 0);
  for (let at = 1; at < state.k; at += 1) {
    const total = withSeed(state, at - 1);
    if (total === 0) return at;
    place(
      state,
      bestRow(state, at, () => drawRow(state, total, random)),
      at,
    );
  }
  return state.k;
};
