/** How well clusters are apart: the silhouette on a sample of rows, and a cheaper one that looks at centres only. */
import { scan, stateAt } from "./kmeans-state.ts";
import { type Points, drawRows, pick, rowCount } from "./points.ts";
import { randomFrom } from "./random.ts";

/** Rows of a sample: the silhouette takes time with the square of them (2,000 rows × 8: some 30 ms). */
export const SILHOUETTE_ROWS_MAX = 2000;

/** A clustering of points: place of each row, and how many places there are. */
export interface Labelling {
  readonly places: ArrayLike<number>;
  readonly k: number;
}

/** What a silhouette is summed up from: per labelling, sizes of its clusters and sums of distances from the row at hand. */
interface Running {
  readonly labelling: Labelling;
  readonly sizes: Float64Array;
  readonly sums: Float64Array;
  total: number;
}

const start = (labelling: Labelling): Running => {
  const sizes = new Float64Array(labelling.k);
  for (let row = 0; row < labelling.places.length; row += 1) {
    const place = labelling.places[row] as number;
    sizes[place] = (sizes[place] as number) + 1;
  }
  return { labelling, sizes, sums: new Float64Array(labelling.k), total: 0 };
};

const ratio = (inside: number, outside: number): number => {
  const most = Math.max(inside, outside);
  return most === 0 ? 0 : (outside - inside) / most;
};

/** Silhouette of the row whose distances to all rows are given; 0 alone in its cluster or with no other cluster. */
const ofRow = (
  { labelling, sizes, sums }: Running,
  row: number,
  distances: Float64Array,
): number => {
  const { places, k } = labelling;
  sums.fill(0);
  for (let other = 0; other < distances.length; other += 1) {
    const place = places[other] as number;
    sums[place] = (sums[place] as number) + (distances[other] as number);
  }
  const own = places[row] as number;
  const mates = (sizes[own] as number) - 1;
  if (mates === 0) return 0;
  let nearest = Infinity;
  for (let place = 0; place < k; place += 1) {
    const size = sizes[place] as number;
    if (place !== own && size > 0) nearest = Math.min(nearest, (sums[place] as number) / size);
  }
  return nearest === Infinity ? 0 : ratio((sums[own] as number) / mates, nearest);
};

/** Distances from one row to every row. */
const measureRow = ({ values, width }: Points, row: number, distances: Float64Array): void => {
  const from = row * width;
  for (let other = 0, at = 0; other < distances.length; other += 1) {
    let sum = 0;
    for (let column = 0; column < width; column += 1, at += 1) {
      const apart = (values[from + column] as number) - (values[at] as number);
      sum += apart * apart;
    }
    distances[other] = Math.sqrt(sum);
  }
};

/**
 * Mean silhouette of each labelling over all the points, −1..1 (Rousseeuw 1987); 0 for fewer than two clusters. Quadratic in rows, but
 * the distances are measured once for all labellings.
 */
export const silhouettes = (
  points: Points,
  labellings: readonly Labelling[],
): readonly number[] => {
  const rows = rowCount(points);
  const running = labellings.map(start);
  const distances = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    measureRow(points, row, distances);
    for (const one of running) one.total += ofRow(one, row, distances);
  }
  return running.map(({ total }) => total / rows);
};

export interface SilhouetteOptions {
  readonly seed: number;
  /** Rows of the sample at most; 2,000 if absent. */
  readonly rowsMax?: number;
}

/** Mean silhouette over a seeded sample of the rows, measured within the sample. */
export const sampledSilhouette = (
  points: Points,
  labelling: Labelling,
  options: SilhouetteOptions,
): number => {
  const rowsMax = options.rowsMax ?? SILHOUETTE_ROWS_MAX;
  const drawn = drawRows(rowCount(points), rowsMax, randomFrom(options.seed));
  const places = Int32Array.from(drawn, (row) => labelling.places[row] as number);
  return silhouettes(pick(points, drawn), [{ places, k: labelling.k }])[0] as number;
};

/**
 * Simplified silhouette (Hruschka, de Castro and Campello 2004): distances to the own and the nearest other centre stand for the mean
 * distances to rows, so that every row can be looked at. Each row belongs to its nearest centre; 0..1, 0 for fewer than two centres.
 */
export const simplifiedSilhouette = (
  points: Points,
  centroids: readonly (readonly number[])[],
): number => {
  if (centroids.length < 2) return 0;
  const state = stateAt(points, centroids);
  let total = 0;
  for (let row = 0; row < state.rows; row += 1) {
    scan(state, row);
    total += ratio(state.upper[row] as number, state.lower[row] as number);
  }
  return total / state.rows;
};
