/**
 * The number of clusters: among the numbers whose clusters come back when the fit is repeated on other halves of the rows, the one with
 * the best silhouette. All figures are given, because on a continuum of customers no number is right.
 */
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import { assignPlaces, fitKMeans, type KMeansModel } from "./kmeans.ts";
import { mustBeWithin } from "./options.ts";
import { checkPoints, drawRows, pick, type Points, rowCount } from "./points.ts";
import { adjustedRandIndex } from "./rand-index.ts";
import { randomFrom } from "./random.ts";
import { SILHOUETTE_ROWS_MAX, silhouettes, simplifiedSilhouette } from "./silhouette.ts";

export interface ChooseOptions {
  readonly seed: number;
  /** Numbers to try, each at least 2; 2 to 10 if absent. */
  readonly counts?: readonly number[];
  /** Starts of each fit; 10 if absent. */
  readonly starts?: number;
  /** Fits on halves of the rows, each compared with each; 5 if absent, at least 2. */
  readonly halves?: number;
  /** Least stability of a number that may be chosen; .8 if absent. Where none has it, the most stable one is chosen. */
  readonly stabilityMin?: number;
  /** Rows that the figures are of at most, drawn by the seed; 20,000 if absent. */
  readonly rowsMax?: number;
}

export interface FigureOfK {
  readonly k: number;
  /** Mean silhouette of at most 2,000 rows, −1..1. */
  readonly silhouette: number;
  /** By centres only, over all rows looked at, 0..1. */
  readonly simplifiedSilhouette: number;
  /** Mean adjusted Rand index between fits on different halves, applied to the same rows; 1 when they always agree. */
  readonly stability: number;
  /** Sum of squared distances to centres, ÷ rows. */
  readonly inertiaPerRow: number;
}

export interface ChoiceOfK {
  readonly k: number;
  /** Rows looked at. */
  readonly rows: number;
  /** One for each number tried, ascending; a number that too few rows differ for is left out. */
  readonly figures: readonly FigureOfK[];
}

const COUNTS: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10];
const HALVES = 5;
const STABILITY_MIN = 0.8;
const ROWS_MAX = 20_000;
/** Rows on which the fits on halves are compared. */
const COMPARED_ROWS = 5000;

const meanOfPairs = (labels: readonly Int32Array[]): number => {
  let [sum, count] = [0, 0];
  for (const [at, left] of labels.entries())
    for (const right of labels.slice(at + 1)) {
      sum += adjustedRandIndex(left, right);
      count += 1;
    }
  return sum / count;
};

/** How far fits on different halves agree; undefined where a half has fewer different rows than clusters. */
const stabilityOf = (
  points: Points,
  k: number,
  { seed, starts = 10, halves = HALVES }: ChooseOptions,
): number | undefined => {
  const random = randomFrom(seed);
  const rows = rowCount(points);
  const compared = pick(points, drawRows(rows, COMPARED_ROWS, random));
  const labels: Int32Array[] = [];
  for (let half = 0; half < halves; half += 1) {
    const part = pick(points, drawRows(rows, Math.ceil(rows / 2), random));
    const fit = fitKMeans(part, { k, starts, seed: seed + 1000 * half + 1 });
    if (fit.kind === "refused") return undefined;
    labels.push(assignPlaces(compared, fit.value.centroids));
  }
  return meanOfPairs(labels);
};

interface Tried {
  readonly model: KMeansModel;
  readonly stability: number;
}

const tryAll = (points: Points, counts: readonly number[], options: ChooseOptions) => {
  const tried: Tried[] = [];
  let refusal: Refusal | undefined;
  for (const k of counts) {
    const fit = fitKMeans(points, { k, seed: options.seed, starts: options.starts ?? 10 });
    const stability = fit.kind === "fitted" ? stabilityOf(points, k, options) : undefined;
    if (fit.kind === "refused") refusal ??= fit;
    else if (stability !== undefined) tried.push({ model: fit.value, stability });
  }
  return { tried, refusal };
};

const figuresOf = (points: Points, tried: readonly Tried[], seed: number): readonly FigureOfK[] => {
  const rows = rowCount(points);
  const few = pick(points, drawRows(rows, SILHOUETTE_ROWS_MAX, randomFrom(seed)));
  const widths = silhouettes(
    few,
    tried.map(({ model }) => ({
      places: assignPlaces(few, model.centroids),
      k: model.centroids.length,
    })),
  );
  return tried.map(({ model, stability }, at) => ({
    k: model.centroids.length,
    silhouette: widths[at] as number,
    simplifiedSilhouette: simplifiedSilhouette(points, model.centroids),
    stability,
    inertiaPerRow: model.inertia / rows,
  }));
};

const chosen = (figures: readonly FigureOfK[], stabilityMin: number): number => {
  const most = Math.max(...figures.map(({ stability }) => stability));
  const stable = figures.filter(({ stability }) => stability >= Math.min(stabilityMin, most));
  return stable.reduce((left, right) => (right.silhouette > left.silhouette ? right : left)).k;
};

/**
 * The number of clusters for scaled rows, with the figures of every number tried; of equal silhouettes the smaller number. The same
 * points, options and seed give the same choice. Refused like `fitKMeans`, and with TOO_FEW where no half of the rows can be fitted.
 * @throws RangeError if a count is no whole number from 2, or there are none, or another option is out of range.
 */
export const chooseK = (points: Points, options: ChooseOptions): Fitted<ChoiceOfK> => {
  const counts = [...new Set(options.counts ?? COUNTS)].toSorted((left, right) => left - right);
  if (counts.length === 0 || counts.some((count) => !Number.isInteger(count) || count < 2))
    throw new RangeError(`counts are ${counts.join(", ")}; give whole numbers from 2`);
  mustBeWithin("halves", options.halves ?? HALVES, { from: 2, isWhole: true });
  mustBeWithin("rowsMax", options.rowsMax ?? ROWS_MAX, { from: 2, isWhole: true });
  const refusal = checkPoints(points, 2);
  if (refusal !== undefined) return refusal;
  const drawn = drawRows(rowCount(points), options.rowsMax ?? ROWS_MAX, randomFrom(options.seed));
  const looked = pick(points, drawn);
  const { tried, refusal: first } = tryAll(looked, counts, options);
  if (tried.length === 0)
    return (
      first ??
      refused("TOO_FEW", "half of the rows are too few to fit clusters to; give a longer history")
    );
  const figures = figuresOf(looked, tried, options.seed);
  return fitted({
    k: chosen(figures, options.stabilityMin ?? STABILITY_MIN),
    rows: drawn.length,
    figures,
  });
};
