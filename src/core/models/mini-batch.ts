/** K-means on small random batches (Sculley, "Web-scale k-means clustering", 2010): centres near enough for a few full passes to finish. */
import { type KMeansState, scan } from "./kmeans-state.ts";
import type { Random } from "./random.ts";

export interface BatchOptions {
  readonly batchRows: number;
  readonly batches: number;
}

/** Moves a centre towards a row by 1 ÷ (rows that it has seen). */
const pull = (state: KMeansState, row: number, place: number): void => {
  const { centres, sizes } = state;
  const { values, width } = state.points;
  const seen = (sizes[place] as number) + 1;
  sizes[place] = seen;
  const [at, centre] = [row * width, place * width];
  for (let column = 0; column < width; column += 1) {
    const old = centres[centre + column] as number;
    centres[centre + column] = old + ((values[at + column] as number) - old) / seen;
  }
};

/**
 * Moves the centres of a state by batches of rows drawn with repetition. `sizes` says how many rows each centre has seen, before and after.
 * Overwrites bounds.
 */
export const improveByBatches = (
  state: KMeansState,
  options: BatchOptions,
  random: Random,
): void => {
  const rows = new Int32Array(options.batchRows);
  const nearest = new Int32Array(options.batchRows);
  for (let batch = 0; batch < options.batches; batch += 1) {
    for (let at = 0; at < rows.length; at += 1) {
      const row = Math.floor(random() * state.rows);
      rows[at] = row;
      nearest[at] = scan(state, row);
    }
    for (let at = 0; at < rows.length; at += 1)
      pull(state, rows[at] as number, nearest[at] as number);
  }
};
