/** Rows of numbers in one typed array, row after row: what k-means reads where an array per row would take too much memory. */
import { type Refusal, refused } from "./fitted.ts";
import { type Random } from "./random.ts";

/** Row `i` is `values[i × width] … values[(i + 1) × width − 1]`. */
export interface Points {
  readonly values: Float64Array;
  readonly width: number;
}

/** The square of more than this, summed over columns and rows, may not be a finite number. */
const SIZE_MAX = 1e140;

/** Number of rows. */
export const rowCount = ({ values, width }: Points): number => values.length / width;

/** Rows of equal width put into one typed array (a copy). */
export const pointsFrom = (rows: readonly (readonly number[])[]): Points => {
  const width = rows[0]?.length ?? 1;
  const values = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(row, index * width);
  return { values, width };
};

/** A copy of one row. */
export const rowOf = ({ values, width }: Points, row: number): number[] => [
  ...values.subarray(row * width, (row + 1) * width),
];

/** Copies of the rows named, in the order given. */
export const pick = ({ values, width }: Points, rows: ArrayLike<number>): Points => {
  const picked = new Float64Array(rows.length * width);
  for (let at = 0; at < rows.length; at += 1) {
    const from = (rows[at] as number) * width;
    for (let column = 0; column < width; column += 1)
      picked[at * width + column] = values[from + column] as number;
  }
  return { values: picked, width };
};

/** Indices of `count` of `rows` rows drawn without repetition, ascending; all of them where there are not more. */
export const drawRows = (rows: number, count: number, random: Random): Int32Array => {
  const drawn = new Int32Array(Math.min(rows, count));
  let taken = 0;
  for (let row = 0; taken < drawn.length; row += 1)
    if (random() * (rows - row) < drawn.length - taken) {
      drawn[taken] = row;
      taken += 1;
    }
  return drawn;
};

/** The first thing that is wrong with points, if anything is: EMPTY, WIDTH, NOT_FINITE or TOO_FEW. */
export const checkPoints = ({ values, width }: Points, atLeast: number): Refusal | undefined => {
  if (values.length === 0) return refused("EMPTY", "there are no rows; give a longer history");
  if (!Number.isInteger(width) || width < 1 || values.length % width !== 0)
    return refused(
      "WIDTH",
      `${values.length} numbers do not make whole rows of ${width} columns; give one number for each column`,
    );
  let bad = 0;
  while (bad < values.length && Math.abs(values[bad] as number) <= SIZE_MAX) bad += 1;
  if (bad < values.length)
    return refused(
      "NOT_FINITE",
      `row ${Math.floor(bad / width)}, column ${bad % width}: ${String(values[bad])} is not a finite number that can be squared; scale it, or say what a missing value counts as`,
    );
  return values.length / width < atLeast
    ? refused(
        "TOO_FEW",
        `there are ${values.length / width} rows, at least ${atLeast} are needed; give a longer history`,
      )
    : undefined;
};
