/**
 * Rows of cells as rows of numbers: for trees (missing stays missing, categories by rank) and for linear models (steps, one column a level).
 * Every number column of an encoding knows which column of the table it comes from, so that reasons can be given in the table's own names.
 */
import type { Matrix } from "../models/matrix.ts";
import { type CategoryColumn, type ModelColumn, type NumberColumn, readNumber } from "./columns.ts";
import type { Cell } from "./table.ts";

/** The place of each model column among the cells of a row, and the cells. */
export interface Cells {
  readonly places: readonly number[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Turns one row of cells into `width` numbers, written from `into[at]` on. */
interface Encoding {
  readonly width: number;
  /** Model column that each number comes from. */
  readonly sources: readonly number[];
  readonly write: (row: readonly Cell[], into: Float64Array, at: number) => void;
}

/** Levels of each category in the order of their rate of positives: the order in which one threshold can part them best (Fisher, 1958). */
export type LevelRanks = readonly (readonly string[])[];

const rateOf = (hits: number, count: number, base: number): number =>
  (hits + base * 10) / (count + 10);

const ranksOf = (
  { levels }: CategoryColumn,
  cells: readonly Cell[],
  labels: ArrayLike<number>,
): readonly string[] => {
  const counts = new Map(levels.map((level) => [level, { count: 0, hits: 0 }]));
  let positives = 0;
  for (const [row, cell] of cells.entries()) {
    const label = labels[row] as number;
    positives += label;
    const own = cell === null ? undefined : counts.get(cell);
    if (own === undefined) continue;
    own.count += 1;
    own.hits += label;
  }
  const base = positives / Math.max(1, cells.length);
  const rate = (level: string): number => {
    const { count, hits } = counts.get(level) ?? { count: 0, hits: 0 };
    return rateOf(hits, count, base);
  };
  return levels.toSorted((left, right) => rate(left) - rate(right) || (left < right ? -1 : 1));
};

/** Ranks of every category, in the order of the columns; empty for numbers. */
export const levelRanks = (
  columns: readonly ModelColumn[],
  { places, rows }: Cells,
  labels: ArrayLike<number>,
): LevelRanks =>
  columns.map((column, index) =>
    column.kind === "number"
      ? []
      : ranksOf(
          column,
          rows.map((row) => row[places[index] as number] ?? null),
          labels,
        ),
  );

/** One number a column: categories by rank, unknown ones behind all, missing cells as NaN. */
export const treeEncoding = (
  columns: readonly ModelColumn[],
  places: readonly number[],
  ranks: LevelRanks,
): Encoding => {
  const maps = ranks.map((levels) => new Map(levels.map((level, rank) => [level, rank])));
  return {
    width: columns.length,
    sources: columns.map((_, index) => index),
    write: (row, into, at) => {
      for (const [index, column] of columns.entries()) {
        const cell = row[places[index] as number] ?? null;
        if (column.kind === "number") into[at + index] = readNumber(column, cell);
        else if (cell === null) into[at + index] = Number.NaN;
        else into[at + index] = maps[index]?.get(cell) ?? column.levels.length;
      }
    },
  };
};

const numberWidth = ({ hasMissing, thresholds }: NumberColumn): number =>
  1 + (hasMissing ? 1 : 0) + thresholds.length;

const writeNumber = (
  column: NumberColumn,
  cell: Cell,
  to: { readonly into: Float64Array; at: number },
): void => {
  const { into } = to;
  const known = readNumber(column, cell);
  const value = Number.isNaN(known) ? column.mean : known;
  into[to.at++] = column.transform === "log1p" ? Math.log1p(Math.max(0, value)) : value;
  if (column.hasMissing) into[to.at++] = Number.isNaN(known) ? 1 : 0;
  for (const threshold of column.thresholds) into[to.at++] = value >= threshold ? 1 : 0;
};

const writeCategory = (
  { levels }: CategoryColumn,
  cell: Cell,
  to: { readonly into: Float64Array; at: number },
): void => {
  let isKnown = cell === null;
  for (const level of levels) {
    to.into[to.at++] = level === cell ? 1 : 0;
    isKnown ||= level === cell;
  }
  to.into[to.at++] = isKnown ? 0 : 1;
};

/** Numbers with their steps and a mark for missing ones; one number for every level of a category and one for all others. */
export const linearEncoding = (
  columns: readonly ModelColumn[],
  places: readonly number[],
): Encoding => {
  const widths = columns.map((column) =>
    column.kind === "number" ? numberWidth(column) : column.levels.length + 1,
  );
  return {
    width: widths.reduce((sum, width) => sum + width, 0),
    sources: widths.flatMap((width, index) => Array.from({ length: width }, () => index)),
    write: (row, into, at) => {
      const to = { into, at };
      for (const [index, column] of columns.entries()) {
        const cell = row[places[index] as number] ?? null;
        if (column.kind === "number") writeNumber(column, cell, to);
        else writeCategory(column, cell, to);
      }
    },
  };
};

/** All rows in one encoding. */
export const encoded = ({ width, write }: Encoding, rows: readonly (readonly Cell[])[]): Matrix => {
  const values = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) write(row, values, index * width);
  return { values, width };
};

/** Contributions of encoded columns summed by the column of the table that they come from. */
export const bySource = (
  { sources }: Encoding,
  contributions: readonly number[],
  columns: number,
): readonly number[] => {
  const sums = Array.from({ length: columns }, () => 0);
  for (const [at, value] of contributions.entries()) {
    const source = sources[at] as number;
    sums[source] = (sums[source] as number) + value;
  }
  return sums;
};
