/**
 * K-means over a typed array, for tables of any size: several seeded starts compete, the best one is taken to the end. Up to half a
 * million rows every start sees all rows (Hamerly); beyond, starts see batches and only the winner makes full passes.
 */
import { type Fitted, fitted, refused } from "./fitted.ts";
import { improve, type Stop } from "./hamerly.ts";
import { seedCentres } from "./kmeans-seed.ts";
import { assignAll, type KMeansState, newState, squaredTo, stateAt } from "./kmeans-state.ts";
import { improveByBatches } from "./mini-batch.ts";
import { mustBeSeed, mustBeWithin } from "./options.ts";
import { checkPoints, drawRows, pick, type Points, rowOf } from "./points.ts";
import { type Random, randomFrom } from "./random.ts";

export interface KMeansOptions {
  /** Number of clusters, at least 1. */
  readonly k: number;
  readonly seed: number;
  /** Seeded starts that compete by inertia; 10 if absent. */
  readonly starts?: number;
  /** Rounds of one start at most; 300 if absent. */
  readonly roundsMax?: number;
  /** A start ends when the squared moves of its centres sum up to this part of the mean variance of a column; 1e-4 if absent. The winner goes on to rest. */
  readonly tolerance?: number;
  /** More rows than this are fitted by mini-batches; 500,000 if absent. */
  readonly batchAbove?: number;
}

/** Plain data. Clusters stand largest first, equal ones by their centres; none is empty (one that is at the very end is left out). */
export interface KMeansModel {
  readonly centroids: readonly (readonly number[])[];
  /** Training rows nearest to each centre. */
  readonly sizes: readonly number[];
  /** Sum of the squared distances of the training rows to their nearest centres. */
  readonly inertia: number;
  /** Rounds over all rows that led to the winner. */
  readonly iterations: number;
  readonly algorithm: "hamerly" | "mini-batch";
}

const STARTS = 10;
const ROUNDS_MAX = 300;
const TOLERANCE = 1e-4;
const BATCH_ABOVE = 500_000;

/** Rows on which starts begin where there are more than twice as many: seeding on all rows would take a third of the time. */
const TRIAL_ROWS = 20_000;
const BATCHES = { batchRows: 1024, batches: 80 };
/** Full passes that finish a mini-batch fit, at most. */
const FINISH_ROUNDS = 6;

/** Mean over the columns of the variance within a column. */
const meanVariance = ({ values, width }: Points): number => {
  const rows = values.length / width;
  const means = new Float64Array(width);
  for (let at = 0; at < values.length; at += width)
    for (let column = 0; column < width; column += 1)
      means[column] = (means[column] as number) + (values[at + column] as number) / rows;
  let squares = 0;
  for (let at = 0; at < values.length; at += width)
    for (let column = 0; column < width; column += 1) {
      const apart = (values[at + column] as number) - (means[column] as number);
      squares += apart * apart;
    }
  return squares / values.length;
};

const inertiaOf = (state: KMeansState): number => {
  let sum = 0;
  for (let row = 0; row < state.rows; row += 1)
    sum += squaredTo(state, row, state.places[row] as number);
  return sum;
};

/** The centres of a start, or how many different rows there are where that is fewer than k. */
type Start = { readonly centres: Float64Array; readonly iterations: number } | number;

interface Result {
  readonly inertia: number;
  readonly iterations: number;
}

interface Contest {
  readonly starts: number;
  /** Takes the state from nothing to improved centres and the inertia by which it competes. */
  readonly run: () => Result | number;
}

interface Chance {
  readonly random: Random;
  readonly stop: Stop;
}

const best = (state: KMeansState, { starts, run }: Contest): Start => {
  let [least, iterations] = [Infinity, 0];
  const centres = new Float64Array(state.centres.length);
  for (let start = 0; start < starts; start += 1) {
    const result = run();
    if (typeof result === "number") return result;
    if (result.inertia >= least) continue;
    least = result.inertia;
    iterations = result.iterations;
    centres.set(state.centres);
  }
  return { centres, iterations };
};

/** A sample on which starts begin; the whole state where it is not much larger than that. */
const trialOf = (state: KMeansState, random: Random): KMeansState =>
  state.rows <= 2 * TRIAL_ROWS
    ? state
    : newState(pick(state.points, drawRows(state.rows, TRIAL_ROWS, random)), state.k);

/** Sets first centres: seeded and improved on the trial, or seeded on all rows where too few of the trial differ. Gives how many differ. */
const begin = (state: KMeansState, trial: KMeansState, chance: Chance): number => {
  const found = seedCentres(trial, chance.random);
  state.sizes.fill(0);
  if (trial === state) return found;
  if (found < state.k) return seedCentres(state, chance.random);
  improve(trial, chance.stop);
  state.centres.set(trial.centres);
  state.sizes.set(trial.sizes);
  return found;
};

const bestOfStarts = (state: KMeansState, options: KMeansOptions, batched: boolean): Start => {
  const random = randomFrom(options.seed);
  const squaredMove = (options.tolerance ?? TOLERANCE) * meanVariance(state.points);
  const stop = { roundsMax: options.roundsMax ?? ROUNDS_MAX, squaredMove };
  const trial = trialOf(state, random);
  const inBatches = (): Result => {
    improveByBatches(state, BATCHES, random);
    trial.centres.set(state.centres);
    return { inertia: assignAll(trial), iterations: 0 };
  };
  return best(state, {
    starts: options.starts ?? STARTS,
    run: () => {
      const found = begin(state, trial, { random, stop });
      if (found < state.k) return found;
      if (batched) return inBatches();
      const iterations = improve(state, stop);
      return { inertia: inertiaOf(state), iterations };
    },
  });
};

const compareCentres = (left: readonly number[], right: readonly number[]): number => {
  const column = left.findIndex((value, at) => value !== right[at]);
  return column < 0 ? 0 : (left[column] ?? 0) - (right[column] ?? 0);
};

/** The clusters of a finished state in their stable order. */
const modelOf = (
  state: KMeansState,
  facts: Pick<KMeansModel, "iterations" | "algorithm">,
): KMeansModel => {
  const inertia = assignAll(state);
  const centres = { values: state.centres, width: state.points.width };
  const clusters = Array.from(state.sizes, (size, place) => ({
    size,
    centroid: rowOf(centres, place).map((value) => value + 0),
  }))
    .filter(({ size }) => size > 0)
    .toSorted(
      (left, right) => right.size - left.size || compareCentres(left.centroid, right.centroid),
    );
  return {
    centroids: clusters.map(({ centroid }) => centroid),
    sizes: clusters.map(({ size }) => size),
    inertia,
    ...facts,
  };
};

const mustBeSound = (options: KMeansOptions): void => {
  mustBeWithin("k", options.k, { from: 1, isWhole: true });
  mustBeWithin("starts", options.starts ?? STARTS, { from: 1, isWhole: true });
  mustBeWithin("roundsMax", options.roundsMax ?? ROUNDS_MAX, { from: 1, isWhole: true });
  mustBeWithin("tolerance", options.tolerance ?? TOLERANCE, { from: 0 });
  mustBeWithin("batchAbove", options.batchAbove ?? BATCH_ABOVE, { from: 0 });
  mustBeSeed(options.seed);
};

/**
 * Clusters of scaled rows; equal points, options and seed give the same bytes. Refused with EMPTY, WIDTH, NOT_FINITE, TOO_FEW (fewer
 * rows than clusters) or CONSTANT (fewer different rows than clusters). Memory beside the points: 20 bytes a row
 * and less than 2 MB for the sample.
 * @throws RangeError for an option out of range; k, starts and roundsMax are whole numbers from 1.
 */
export const fitKMeans = (points: Points, options: KMeansOptions): Fitted<KMeansModel> => {
  mustBeSound(options);
  const { k } = options;
  const refusal = checkPoints(points, k);
  if (refusal !== undefined) return refusal;
  const state = newState(points, k);
  const batched = state.rows > (options.batchAbove ?? BATCH_ABOVE);
  const start = bestOfStarts(state, options, batched);
  if (typeof start === "number")
    return refused(
      "CONSTANT",
      `only ${start} rows differ, at least ${k} must; ask for fewer clusters or give a longer history`,
    );
  state.centres.set(start.centres);
  const roundsMax = batched ? FINISH_ROUNDS : (options.roundsMax ?? ROUNDS_MAX);
  const iterations = start.iterations + improve(state, { roundsMax, squaredMove: 0 });
  return fitted(modelOf(state, { iterations, algorithm: batched ? "mini-batch" : "hamerly" }));
};

/** Place of the nearest centre of every row (the first of equals). */
export const assignPlaces = (
  points: Points,
  centroids: readonly (readonly number[])[],
): Int32Array => {
  const state = stateAt(points, centroids);
  assignAll(state);
  return state.places;
};
