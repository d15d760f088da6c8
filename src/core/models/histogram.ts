/**
 * Sorts the numbers of each column into at most 255 bins with about as many rows each, which is all that trees look at.
 * Unlike elsewhere a missing number (NaN, null in a plain row) is allowed and has a bin of its own; an infinite one is refused.
 */
import { quote } from "../fault.ts";
import { refused, type Refusal } from "./fitted.ts";

/** Rows one behind another: row `i` is `values[i * width … (i + 1) * width]`; NaN stands for a missing number. */
export interface NumericRows {
  readonly values: Float64Array;
  readonly width: number;
}

/** One number a column; null and NaN stand for a missing one. */
export type NumericRow = ArrayLike<number | null>;

/** Most bins of known numbers in a column; with bin 0 for missing ones, a bin fits a byte. */
export const BINS_MAX = 255;

export interface Binned {
  readonly rows: number;
  readonly width: number;
  /** Column-major: the bin of row `i` in column `c` is `bins[c * rows + i]`; 0 is missing, known numbers are in 1 … bins of the column. */
  readonly bins: Uint8Array;
  /** Per column, ascending and one fewer than its bins: a number is in bin `b` or lower exactly when it is below `thresholds[b - 1]`. */
  readonly thresholds: readonly (readonly number[])[];
}

/** Plain rows as one array; null becomes NaN. Throws a RangeError for a row of another width. */
export const numericRows = (rows: readonly NumericRow[], width: number): NumericRows => {
  const values = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) {
    if (row.length !== width)
      throw new RangeError(`row ${index} has ${row.length} numbers for ${width} columns`);
    for (let column = 0; column < width; column += 1)
      values[index * width + column] = row[column] ?? Number.NaN;
  }
  return { values, width };
};

/** The first thing that is wrong with the rows, if anything is: WIDTH, EMPTY, TOO_FEW or NOT_FINITE (infinite). */
export const checkNumericRows = (table: NumericRows, atLeast = 1): Refusal | undefined => {
  const { values, width } = table;
  if (!Number.isInteger(width) || width < 1)
    return refused("WIDTH", `a width of ${quote(width)} is no whole number above 0`);
  if (values.length === 0) return refused("EMPTY", "there are no rows; give a longer history");
  if (values.length % width !== 0)
    return refused("WIDTH", `${values.length} numbers do not fill rows of ${width}`);
  if (values.length / width < atLeast)
    return refused(
      "TOO_FEW",
      `there are ${values.length / width} rows, at least ${atLeast} are needed; give a longer history`,
    );
  for (let at = 0; at < values.length; at += 1)
    if (Math.abs(values[at] as number) === Infinity)
      return refused(
        "NOT_FINITE",
        `row ${Math.floor(at / width)}, column ${at % width}: ${String(values[at])} is not finite; leave it missing (null) or cap it`,
      );
  return undefined;
};

/** A row as a model reads it, missing numbers as NaN. Throws a RangeError for another width or an infinite number: asking with such a row is a bug of the caller. */
export const readableRow = (row: NumericRow, width: number): Float64Array => {
  if (row.length !== width)
    throw new RangeError(`a row of ${row.length} numbers for a model of ${width} columns`);
  const values = new Float64Array(width);
  for (let column = 0; column < width; column += 1) {
    const value = row[column] ?? Number.NaN;
    if (Math.abs(value) === Infinity)
      throw new RangeError(`column ${column}: ${value} is not finite; leave it missing or cap it`);
    values[column] = value;
  }
  return values;
};

const CELLS = 4096;

/** Places numbers on a grid of equal cells; never falls as the number rises. A range too wide or too narrow for doubles is one cell. */
const gridOver = (values: Float64Array): { readonly low: number; readonly scale: number } => {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = (CELLS - 1) / (high - low);
  return Number.isFinite(scale) ? { low, scale } : { low, scale: 0 };
};

const SLOTS = 1024;

/** The different numbers, ascending; undefined when there are more than `BINS_MAX`. Open addressing on the bits of the number. */
const fewDifferent = (values: Float64Array): Float64Array | undefined => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const table = new Float64Array(SLOTS);
  const isTaken = new Uint8Array(SLOTS);
  let count = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    const mixed = Math.imul((bits[2 * at] as number) ^ (bits[2 * at + 1] as number), 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
    while (isTaken[slot] === 1 && table[slot] !== value) slot = (slot + 1) & (SLOTS - 1);
    if (isTaken[slot] === 1) continue;
    if (count === BINS_MAX) return undefined;
    isTaken[slot] = 1;
    table[slot] = value;
    count += 1;
  }
  return table.filter((_, slot) => isTaken[slot] === 1).toSorted();
};

const COUNTERS = 65_536;

/**
 * The numbers at ranks `i * length / BINS_MAX`, each once, ascending. Only the grid cells that hold such a rank are sorted, so that
 * usually one pass over the numbers is enough; the result is the same as from sorting them all, whatever their order.
 */
const quantiles = (values: Float64Array): number[] => {
  const { low, scale: cellScale } = gridOver(values);
  const scale = (cellScale / (CELLS - 1)) * (COUNTERS - 1);
  const ends = new Uint32Array(COUNTERS);
  for (let at = 0; at < values.length; at += 1) {
    const cell = (((values[at] as number) - low) * scale) | 0;
    ends[cell] = (ends[cell] as number) + 1;
  }
  for (let cell = 1; cell < COUNTERS; cell += 1)
    ends[cell] = (ends[cell] as number) + (ends[cell - 1] as number);
  const ranks = Array.from({ length: BINS_MAX }, (_, step) =>
    Math.floor((step * values.length) / BINS_MAX),
  );
  /** Per cell, where its numbers go in `wanted`, plus 1. */
  const places = new Uint32Array(COUNTERS);
  const cells: number[] = [];
  let [cell, size] = [0, 0];
  for (const rank of ranks) {
    while ((ends[cell] as number) <= rank) cell += 1;
    if (places[cell] === 0) {
      places[cell] = size + 1;
      size += (ends[cell] as number) - (cell === 0 ? 0 : (ends[cell - 1] as number));
    }
    cells.push(cell);
  }
  const wanted = new Float64Array(size);
  const starts = places.slice();
  for (let at = 0; at < values.length; at += 1) {
    const own = (((values[at] as number) - low) * scale) | 0;
    const place = places[own] as number;
    if (place === 0) continue;
    wanted[place - 1] = values[at] as number;
    places[own] = place + 1;
  }
  /** Cells were met in ascending order, so that sorting all of `wanted` keeps every cell at its place. */
  wanted.sort();
  const found = ranks.map((rank, step) => {
    const own = cells[step] as number;
    const first = own === 0 ? 0 : (ends[own - 1] as number);
    return wanted[(starts[own] as number) - 1 + rank - first] as number;
  });
  return [...new Set(found)];
};

/** Half way from `below` to `above`, or `above` where no double lies between. */
const midway = (below: number, above: number): number => {
  const middle = below / 2 + above / 2;
  return middle > below && middle < above ? middle : above;
};

interface Known {
  /** Numbers of the column in the order of the rows, NaN where missing. */
  readonly column: Float64Array;
  /** Least number of each bin, ascending. */
  readonly lowest: Float64Array;
  readonly bins: Uint8Array;
}

/** Writes the bin of each number; gives the greatest number found in each bin. */
const fillBins = ({ column, lowest, bins }: Known): Float64Array => {
  const { low, scale } = gridOver(lowest);
  /** Per grid cell, how many bins begin in an earlier cell. */
  const before = new Uint16Array(CELLS + 1);
  for (const edge of lowest) {
    const next = (((edge - low) * scale) | 0) + 1;
    before[next] = (before[next] as number) + 1;
  }
  for (let cell = 1; cell <= CELLS; cell += 1)
    before[cell] = (before[cell] as number) + (before[cell - 1] as number);
  const highest = new Float64Array(lowest.length).fill(-Infinity);
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] as number;
    if (value !== value) continue;
    const place = (value - low) * scale;
    const cell = place >= CELLS - 1 ? CELLS - 1 : place | 0;
    let from = before[cell] as number;
    let to = before[cell + 1] as number;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((lowest[middle] as number) <= value) from = middle + 1;
      else to = middle;
    }
    bins[row] = from;
    if (value > (highest[from - 1] as number)) highest[from - 1] = value;
  }
  return highest;
};

interface Room {
  /** Numbers of the column in the order of the rows, NaN where missing. */
  readonly column: Float64Array;
  /** As long; overwritten. */
  readonly spare: Float64Array;
}

/** The numbers that are not missing, in `spare`; −0 becomes 0, so that equal numbers have equal bits. A callback for every number would take half of the time. */
const knownOf = ({ column, spare }: Room): Float64Array => {
  let count = 0;
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] as number;
    if (value !== value) continue;
    spare[count] = value + 0;
    count += 1;
  }
  return spare.subarray(0, count);
};

/** Bins one column into `bins` (all 0 before) and gives its thresholds, which lie midway between neighbouring bins. */
const binColumn = (room: Room, bins: Uint8Array): number[] => {
  const known = knownOf(room);
  if (known.length === 0) return [];
  const lowest = Float64Array.from(fewDifferent(known) ?? quantiles(known));
  const highest = fillBins({ column: room.column, lowest, bins });
  return Array.from({ length: lowest.length - 1 }, (_, bin) =>
    midway(highest[bin] as number, lowest[bin + 1] as number),
  );
};

/** Bins checked rows. A column with at most 255 different numbers gets a bin for each; the result does not depend on the order of the rows. */
export const binRows = ({ values, width }: NumericRows): Binned => {
  const rows = values.length / width;
  const bins = new Uint8Array(values.length);
  const room = { column: new Float64Array(rows), spare: new Float64Array(rows) };
  const { column } = room;
  const thresholds = Array.from({ length: width }, (_, index) => {
    for (let row = 0, at = index; row < rows; row += 1, at += width)
      column[row] = values[at] as number;
    return binColumn(room, bins.subarray(index * rows, (index + 1) * rows));
  });
  return { rows, width, bins, thresholds };
};
