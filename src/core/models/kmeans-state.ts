/** One k-means under way: its centres, bounds and sums in typed arrays, and the distances between rows and centres, where all the time goes. */
import { type Points, rowCount } from "./points.ts";

export interface KMeansState {
  readonly points: Points;
  readonly rows: number;
  readonly k: number;
  /** k × width, like `sums`: sums of the rows of each cluster. */
  readonly centres: Float64Array;
  readonly sums: Float64Array;
  /** Rows in each cluster. */
  readonly sizes: Int32Array;
  /** Cluster of each row. */
  readonly places: Int32Array;
  /** At least the distance to the own centre; while seeding, the squared distance to the nearest seed. */
  readonly upper: Float64Array;
  /** At most the distance to the nearest other centre. */
  readonly lower: Float64Array;
  /** Squared distances of the row last measured to each centre. */
  readonly distances: Float64Array;
}

export const newState = (points: Points, k: number): KMeansState => {
  const rows = rowCount(points);
  return {
    points,
    rows,
    k,
    centres: new Float64Array(k * points.width),
    sums: new Float64Array(k * points.width),
    sizes: new Int32Array(k),
    places: new Int32Array(rows),
    upper: new Float64Array(rows),
    lower: new Float64Array(rows),
    distances: new Float64Array(k),
  };
};

/** A state whose centres are given. */
export const stateAt = (points: Points, centroids: readonly (readonly number[])[]): KMeansState => {
  const state = newState(points, centroids.length);
  for (const [place, centroid] of centroids.entries())
    state.centres.set(centroid, place * points.width);
  return state;
};

/** Squared distance of a row to a centre. Four columns a turn, because the loop's own work would cost as much as the sums. */
export const squaredTo = (state: KMeansState, row: number, place: number): number => {
  const { centres } = state;
  const { values, width } = state.points;
  const [at, centre] = [row * width, place * width];
  const whole = width & ~3;
  let [sum, column] = [0, 0];
  for (; column < whole; column += 4) {
    const a = (values[at + column] as number) - (centres[centre + column] as number);
    const b = (values[at + column + 1] as number) - (centres[centre + column + 1] as number);
    const c = (values[at + column + 2] as number) - (centres[centre + column + 2] as number);
    const d = (values[at + column + 3] as number) - (centres[centre + column + 3] as number);
    sum += a * a + b * b + c * c + d * d;
  }
  for (; column < width; column += 1) {
    const a = (values[at + column] as number) - (centres[centre + column] as number);
    sum += a * a;
  }
  return sum;
};

/** Squared distances of a row to all centres, into `distances`; four columns of the row are read once for all centres (a fifth faster). */
const measure = (state: KMeansState, row: number): void => {
  const { centres, distances, k } = state;
  const { values, width } = state.points;
  const whole = width & ~3;
  const at = row * width;
  distances.fill(0);
  for (let column = 0; column < whole; column += 4) {
    const x = values[at + column] as number;
    const y = values[at + column + 1] as number;
    const z = values[at + column + 2] as number;
    const u = values[at + column + 3] as number;
    for (let place = 0, centre = column; place < k; place += 1, centre += width) {
      const a = x - (centres[centre] as number);
      const b = y - (centres[centre + 1] as number);
      const c = z - (centres[centre + 2] as number);
      const d = u - (centres[centre + 3] as number);
      distances[place] = (distances[place] as number) + (a * a + b * b + c * c + d * d);
    }
  }
  for (let column = whole; column < width; column += 1)
    for (let place = 0; place < k; place += 1) {
      const a = (values[at + column] as number) - (centres[place * width + column] as number);
      distances[place] = (distances[place] as number) + a * a;
    }
};

/** The nearest centre of a row (the first of equals); its bounds become exact. */
export const scan = (state: KMeansState, row: number): number => {
  const { k, distances } = state;
  measure(state, row);
  let [best, second, place] = [Infinity, Infinity, 0];
  for (let other = 0; other < k; other += 1) {
    const distance = distances[other] as number;
    if (distance < best) {
      second = best;
      best = distance;
      place = other;
    } else if (distance < second) second = distance;
  }
  state.upper[row] = Math.sqrt(best);
  state.lower[row] = Math.sqrt(second);
  return place;
};

/** Adds a row to the sums of a cluster (`sign` 1) or takes it out (−1). */
export const tally = (state: KMeansState, row: number, sign: 1 | -1): void => {
  const { sums, sizes } = state;
  const { values, width } = state.points;
  const place = state.places[row] as number;
  const [at, sum] = [row * width, place * width];
  for (let column = 0; column < width; column += 1)
    sums[sum + column] = (sums[sum + column] as number) + sign * (values[at + column] as number);
  sizes[place] = (sizes[place] as number) + sign;
};

/** Puts every row to its nearest centre, counts and sums the clusters anew. Gives the sum of squared distances (inertia). */
export const assignAll = (state: KMeansState): number => {
  state.sums.fill(0);
  state.sizes.fill(0);
  let inertia = 0;
  for (let row = 0; row < state.rows; row += 1) {
    state.places[row] = scan(state, row);
    inertia += (state.upper[row] as number) ** 2;
    tally(state, row, 1);
  }
  return inertia;
};
