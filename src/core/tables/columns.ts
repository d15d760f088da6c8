/**
 * Finds out what the columns of a table are: numbers, dates, categories, or nothing that a model could learn from.
 * Only the training rows are looked at; a model keeps what was found and reads later rows by it.
 */
import { type Cell, cellsOf, type RawTable } from "./table.ts";

export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** Dates count as days since 1970. */
  readonly isDate: boolean;
  /** What stands for a missing number in a linear model. */
  readonly mean: number;
  readonly hasMissing: boolean;
  /** `log1p` where no number is negative and few are very large. */
  readonly transform: "none" | "log1p";
  /** Ascending; a linear model is told for each whether the number reaches it: effects are often steps, not slopes. */
  readonly thresholds: readonly number[];
}

export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  /** Frequent ones, by name; every other known cell is one more. */
  readonly levels: readonly string[];
}

export type ModelColumn = NumberColumn | CategoryColumn;

/** A column that no model is given, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: "constant" | "identifier" | "empty" | "leak" | "label" | "id";
  readonly sentence: string;
}

export interface ColumnsFound {
  readonly columns: readonly ModelColumn[];
  readonly leftOut: readonly LeftOut[];
}

/** Share of the known cells that must be numbers: one slip of the pen makes no category of a column. */
const NUMBERS_FROM = 0.98;
/** Words that differ in nearly every row name the row. */
const IDENTIFIER_FROM = 0.9;
const LEVELS_MAX = 40;
const LEVEL_ROWS_MIN = 10;
/** Rows from which steps are worth their columns. */
const STEP_ROWS_MIN = 500;
const STEPS = 7;
const SKEW_FROM = 2;

const NUMBER = /^[+-]?(?:\d+(?:,\d{3})*|\d*)(?:\.\d*)?(?:e[+-]?\d+)?%?$/iu;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u;
const DAY_MS = 86_400_000;

/** The number that a cell holds, NaN where it holds none: 1,234.5 · -3e4 · 12 %. */
const numberIn = (cell: Cell): number => {
  if (cell === null || !/\d/u.test(cell)) return Number.NaN;
  const bare = cell.replace(/\s+%$/u, "%");
  if (!NUMBER.test(bare)) return Number.NaN;
  const value = Number(bare.replace(/,/gu, "").replace(/%$/u, ""));
  return Number.isFinite(value) ? value : Number.NaN;
};

/** Days since 1970 of an ISO 8601 date or instant, NaN for any other cell. Without a zone it is read as UTC. */
const daysIn = (cell: Cell): number => {
  if (cell === null || !DATE.test(cell)) return Number.NaN;
  const day = cell.slice(0, 10);
  const clock = /\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?/u.exec(cell.slice(10))?.[0];
  const zone = /(?:Z|[+-]\d{2}:?\d{2})$/u.exec(cell.slice(10))?.[0] ?? "Z";
  const parsed = Date.parse(clock === undefined ? day : `${day}T${clock}${zone}`);
  return parsed / DAY_MS;
};

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;

/** Quantiles that leave rows on both sides, without repetition. */
const thresholdsOf = (sorted: Float64Array): readonly number[] => {
  if (sorted.length < STEP_ROWS_MIN) return [];
  const least = sorted[0] as number;
  const places = Array.from({ length: STEPS }, (_, step) =>
    quantile(sorted, (step + 1) / (STEPS + 1)),
  );
  return [...new Set(places)].filter((value) => value > least);
};

const skewness = (values: Float64Array, mean: number): number => {
  let [second, third] = [0, 0];
  for (const value of values) {
    second += (value - mean) ** 2;
    third += (value - mean) ** 3;
  }
  const deviation = Math.sqrt(second / values.length);
  return deviation === 0 ? 0 : third / values.length / deviation ** 3;
};

const numberColumn = (
  name: string,
  values: Float64Array,
  how: { readonly rows: number; readonly isDate: boolean },
): NumberColumn => {
  const sorted = values.toSorted();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    kind: "number",
    name,
    isDate: how.isDate,
    mean,
    hasMissing: values.length < how.rows,
    transform: (sorted[0] as number) >= 0 && skewness(values, mean) > SKEW_FROM ? "log1p" : "none",
    thresholds: thresholdsOf(sorted),
  };
};

const categoryColumn = (name: string, counts: ReadonlyMap<string, number>): CategoryColumn => ({
  kind: "category",
  name,
  levels: [...counts]
    .filter(([, count]) => count >= LEVEL_ROWS_MIN || counts.size <= 2)
    .toSorted(([left, more], [right, fewer]) => fewer - more || (left < right ? -1 : 1))
    .slice(0, LEVELS_MAX)
    .map(([level]) => level)
    .toSorted(),
});

const leftOut = (name: string, reason: LeftOut["reason"], sentence: string): LeftOut => ({
  name,
  reason,
  sentence: `${name} ${sentence}`,
});

const countsOf = (known: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const cell of known) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return counts;
};

const numbersIn = (
  known: readonly string[],
  read: (cell: Cell) => number,
): Float64Array | undefined => {
  const values = Float64Array.from(known, read).filter((value) => !Number.isNaN(value));
  return values.length >= NUMBERS_FROM * known.length ? values : undefined;
};

/** Whole numbers that rise by one from row to row count the rows. */
const isCounter = (values: Float64Array, rows: number): boolean =>
  rows > 20 &&
  values.length === rows &&
  values.every((value, at) => at === 0 || value === (values[at - 1] as number) + 1);

const columnOf = (name: string, cells: readonly Cell[]): ModelColumn | LeftOut => {
  const known = cells.filter((cell) => cell !== null);
  if (known.length === 0) return leftOut(name, "empty", "has no known cell");
  const counts = countsOf(known);
  if (counts.size === 1 && known.length === cells.length)
    return leftOut(name, "constant", "says the same in every row");
  for (const isDate of [false, true]) {
    const values = numbersIn(known, isDate ? daysIn : numberIn);
    if (values === undefined) continue;
    return isCounter(values, cells.length)
      ? leftOut(name, "identifier", "counts the rows")
      : numberColumn(name, values, { rows: cells.length, isDate });
  }
  return counts.size > IDENTIFIER_FROM * known.length && known.length > 20
    ? leftOut(name, "identifier", "differs in nearly every row and names the row")
    : categoryColumn(name, counts);
};

/** What every column of the table is; columns of `ignored` are left out with the reason given. */
export const findColumns = (table: RawTable, ignored: readonly LeftOut[]): ColumnsFound => {
  const known = new Map(ignored.map((one) => [one.name, one]));
  const found = table.columns.map(
    (name, column) => known.get(name) ?? columnOf(name, cellsOf(table, column)),
  );
  return {
    columns: found.filter((one): one is ModelColumn => "kind" in one),
    leftOut: found.filter((one): one is LeftOut => "reason" in one),
  };
};

/** The number of a cell in a number column: NaN where it is missing or none. */
export const readNumber = ({ isDate }: NumberColumn, cell: Cell): number =>
  isDate ? daysIn(cell) : numberIn(cell);
