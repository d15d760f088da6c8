/**
 * Drift: has what a model reads or says moved away from what it was trained on? A small profile of the training columns is compared with later rows.
 * A feature counts as shifted only when the move is both beyond chance and large; a p-value alone would alarm on every large table.
 */
import { quote } from "../fault.ts";
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import {
  binCounts,
  isMissing,
  levelCounts,
  type MaybeNumbers,
  quantileCuts,
  stabilityIndex,
} from "./psi.ts";
import { chiSquareOf, rankSumOf } from "./shift-test.ts";

/** One feature, prediction or topic, a value a row. Columns need not have equally many rows. null (and NaN) are missing. */
export type DriftColumn =
  | { readonly name: string; readonly kind: "number"; readonly values: MaybeNumbers }
  | {
      readonly name: string;
      readonly kind: "category";
      readonly values: ArrayLike<string | null>;
    };

/** What is kept of a column. `counts` has a place for each bin or level, for numbers above the last cut or other levels, and for missing. */
export type ColumnProfile =
  | {
      readonly name: string;
      readonly kind: "number";
      readonly cuts: readonly number[];
      readonly counts: readonly number[];
    }
  | {
      readonly name: string;
      readonly kind: "category";
      readonly levels: readonly string[];
      readonly counts: readonly number[];
    };

/** Plain JSON, about 200 bytes a column of numbers: fit to stand in a model file. */
export interface DriftReference {
  readonly kind: "drift-reference";
  readonly columns: readonly ColumnProfile[];
}

export interface ReferenceOptions {
  /** Quantile bins of a number, 2..50; 10 by default. */
  readonly bins?: number;
  /** Levels of a category that are counted one by one, the most frequent ones, 1..200; 30 by default. */
  readonly levels?: number;
}

export interface DriftOptions {
  /** Chance, at most, that any of the features is called shifted when none is; .01 by default. */
  readonly alpha?: number;
  /** Least stability index of a shift; .05 by default: half of what is customarily called stable, a move of about .22 standard deviations. */
  readonly floor?: number;
}

export interface FeatureDrift {
  readonly name: string;
  /** Population stability index over the reference's bins, 0 or more. */
  readonly psi: number;
  /** χ² of the reference's counts against the current ones, and its degrees of freedom. */
  readonly statistic: number;
  readonly degrees: number;
  /** Of this feature alone; for numbers twice the smaller of χ² over the bins and the rank-sum test. */
  readonly pValue: number;
  /** Holm's p-value, which takes all features together into account: shifted when at most `alpha` and `psi` reaches the floor. */
  readonly adjusted: number;
  readonly shifted: boolean;
}

export interface DriftReport {
  readonly isAlarm: boolean;
  /** The stated chance of an alarm when nothing shifted. */
  readonly alpha: number;
  readonly floor: number;
  /** In the order of the reference. */
  readonly features: readonly FeatureDrift[];
}

const isWithin = (value: number, [from, to]: readonly [number, number]): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

const firstRepeated = (names: readonly string[]): string | undefined =>
  names.find((name, place) => names.indexOf(name) !== place);

const columnFault = (column: DriftColumn): Refusal | undefined => {
  if (column.values.length === 0)
    return refused("EMPTY", `${column.name} has no rows; give at least one, missing or not`);
  if (column.kind === "category") return undefined;
  for (let row = 0; row < column.values.length; row += 1) {
    const value = column.values[row];
    if (!isMissing(value) && !Number.isFinite(value))
      return refused(
        "NOT_FINITE",
        `${column.name}, row ${row}: ${String(value)} is not a finite number; give null where it is missing`,
      );
  }
  return undefined;
};

const columnsFault = (columns: readonly DriftColumn[]): Refusal | undefined => {
  if (columns.length === 0) return refused("EMPTY", "there are no columns; give at least one");
  const repeated = firstRepeated(columns.map(({ name }) => name));
  if (repeated !== undefined)
    return refused("RANGE", `two columns are called ${quote(repeated)}; give each its own name`);
  for (const column of columns) {
    const fault = columnFault(column);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

/** Levels by frequency, equally frequent ones by name. */
const frequentLevels = (values: ArrayLike<string | null>, most: number): readonly string[] => {
  const counts = new Map<string, number>();
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? null;
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([left, more], [right, fewer]) => fewer - more || (left < right ? -1 : 1))
    .slice(0, most)
    .map(([level]) => level);
};

const profileOf = (column: DriftColumn, bins: number, most: number): ColumnProfile => {
  const { name } = column;
  if (column.kind === "number") {
    const cuts = quantileCuts(column.values, bins);
    return { name, kind: "number", cuts, counts: [...binCounts(column.values, cuts)] };
  }
  const levels = frequentLevels(column.values, most);
  return { name, kind: "category", levels, counts: [...levelCounts(column.values, levels)] };
};

/**
 * The profile of the columns that a model was trained on, or of what it said of its training rows. O(rows × log rows) a column.
 * Refuses no columns or rows (EMPTY), two columns of a name or options out of range (RANGE), infinite numbers (NOT_FINITE).
 */
export const fitReference = (
  columns: readonly DriftColumn[],
  { bins = 10, levels = 30 }: ReferenceOptions = {},
): Fitted<DriftReference> => {
  if (!isWithin(bins, [2, 50]))
    return refused("RANGE", `bins ${String(bins)}: give a whole number from 2 to 50`);
  if (!isWithin(levels, [1, 200]))
    return refused("RANGE", `levels ${String(levels)}: give a whole number from 1 to 200`);
  return (
    columnsFault(columns) ??
    fitted({
      kind: "drift-reference",
      columns: columns.map((column) => profileOf(column, bins, levels)),
    })
  );
};

const countsNow = (profile: ColumnProfile, column: DriftColumn): Float64Array =>
  profile.kind === "number"
    ? binCounts(column.values as MaybeNumbers, profile.cuts)
    : levelCounts(column.values as ArrayLike<string | null>, profile.levels);

type Unadjusted = Omit<FeatureDrift, "adjusted" | "shifted">;

/**
 * The profile has no raw values, so this is a two-sample test on counts. Bins cut at one sample's quantiles are fair: its chance then lies in where the
 * cuts fall instead of in its counts, and moves the difference of the shares as much. "Missing" is a cell of χ² and is left out of the ranks.
 */
const measured = (profile: ColumnProfile, column: DriftColumn): Unadjusted => {
  const now = countsNow(profile, column);
  const pair = { left: profile.counts, right: now };
  const psi = stabilityIndex(pair);
  const { statistic, degrees, pValue } = chiSquareOf(pair, profile.kind === "number");
  if (profile.kind === "category") return { name: profile.name, psi, statistic, degrees, pValue };
  const ranks = rankSumOf({ left: profile.counts.slice(0, -1), right: now.subarray(0, -1) });
  const both = Math.min(1, 2 * Math.min(pValue, ranks.pValue));
  return { name: profile.name, psi, statistic, degrees, pValue: both };
};

/** Holm's adjusted p-values (1979): the chance of any false one among all, whatever the dependence of the tests. */
export const holm = (pValues: readonly number[]): readonly number[] => {
  const adjusted = pValues.map(() => 0);
  const order = pValues.map((_, place) => place);
  let most = 0;
  for (const [rank, place] of order
    .toSorted((left, right) => (pValues[left] as number) - (pValues[right] as number))
    .entries()) {
    most = Math.max(most, Math.min(1, (pValues.length - rank) * (pValues[place] as number)));
    adjusted[place] = most;
  }
  return adjusted;
};

const pairFault = (
  profile: ColumnProfile,
  column: DriftColumn | undefined,
): Refusal | undefined => {
  if (column === undefined)
    return refused("WIDTH", `there is no column ${quote(profile.name)}, which the reference has`);
  return column.kind === profile.kind
    ? undefined
    : refused(
        "WIDTH",
        `${profile.name} is a ${column.kind} now and a ${profile.kind} in the reference; give the same column`,
      );
};

const optionsFault = (alpha: number, floor: number): Refusal | undefined => {
  if (!(alpha > 0 && alpha < 1))
    return refused("RANGE", `alpha ${String(alpha)}: give a chance between 0 and 1`);
  return floor >= 0
    ? undefined
    : refused("RANGE", `floor ${String(floor)}: give a stability index of 0 or more`);
};

/**
 * How far each column of the reference has moved. With nothing shifted, `isAlarm` is true in at most `alpha` of all looks, all columns together
 * and whatever their correlations, as long as rows are independent of each other (one row a customer) and of the reference.
 * Columns that the reference does not know are passed over. Refuses a column that is absent or of another kind (WIDTH), options out of
 * range (RANGE) and what `fitReference` refuses.
 */
export const driftOf = (
  reference: DriftReference,
  current: readonly DriftColumn[],
  { alpha = 0.01, floor = 0.05 }: DriftOptions = {},
): Fitted<DriftReport> => {
  const fault = optionsFault(alpha, floor) ?? columnsFault(current);
  if (fault !== undefined) return fault;
  const byName = new Map(current.map((column) => [column.name, column]));
  const found: Unadjusted[] = [];
  for (const profile of reference.columns) {
    const column = byName.get(profile.name);
    const mismatch = pairFault(profile, column);
    if (mismatch !== undefined) return mismatch;
    found.push(measured(profile, column as DriftColumn));
  }
  const adjusted = holm(found.map(({ pValue }) => pValue));
  const features = found.map((one, place): FeatureDrift => {
    const own = adjusted[place] as number;
    return { ...one, adjusted: own, shifted: own <= alpha && one.psi >= floor };
  });
  return fitted({ isAlarm: features.some(({ shifted }) => shifted), alpha, floor, features });
};
