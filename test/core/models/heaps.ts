/** Invented points for the suites of clusters: heaps of rows around known centres. */
import { pointsFrom, type Points } from "../../../src/core/models/points.ts";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";

/** About normal: mean 0, deviation 1 (twelve uniform numbers summed). */
export const noise = (random: Random): number => {
  let sum = -6;
  for (let turn = 0; turn < 12; turn += 1) sum += random();
  return sum;
};

export interface Heaps {
  readonly rows: readonly (readonly number[])[];
  /** Heap of each row. */
  readonly truth: readonly number[];
}

export interface HeapsOptions {
  readonly rows: number;
  readonly width: number;
  readonly heaps: number;
  /** Distance scale of the centres, in deviations of a heap. */
  readonly apart: number;
  readonly seed: number;
}

/** Rows in heaps of unequal sizes, mixed in order. */
export const heaps = (options: HeapsOptions): Heaps => {
  const random = randomFrom(options.seed);
  const centres = Array.from({ length: options.heaps }, () =>
    Array.from({ length: options.width }, () => options.apart * noise(random)),
  );
  const truth = Array.from({ length: options.rows }, () =>
    Math.floor(options.heaps * random() ** 1.3),
  );
  return {
    truth,
    rows: truth.map((heap) => (centres[heap] ?? []).map((value) => value + noise(random))),
  };
};

export const heapsOf = (options: HeapsOptions): { points: Points; truth: readonly number[] } => {
  const { rows, truth } = heaps(options);
  return { points: pointsFrom(rows), truth };
};
