/** Rows of numbers laid one behind another in one typed array, with the checks, the scaling and the solver that linear estimators share. */
import { quote } from "../fault.ts";
import { refused, type Refusal } from "./fitted.ts";

/** Row `i` is `values[i * width … (i + 1) * width]`. */
export interface Matrix {
  readonly values: Float64Array;
  readonly width: number;
}

/** Numbers of one row or column: a plain or a typed array. */
export type Numbers = ArrayLike<number>;

export const rowsIn = ({ values, width }: Matrix): number => values.length / width;

export const matrixOf = (rows: readonly (readonly number[])[], width: number): Matrix => {
  const values = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(row.slice(0, width), index * width);
  return { values, width };
};

/** Place of the first number that is not finite; −1 when all are. */
const firstBad = (values: Numbers): number => {
  for (let at = 0; at < values.length; at += 1) if (!Number.isFinite(values[at])) return at;
  return -1;
};

/** The first thing that is wrong with the rows, if anything is: WIDTH, EMPTY, TOO_FEW or NOT_FINITE. */
export const checkMatrix = (matrix: Matrix, atLeast = 1): Refusal | undefined => {
  const { values, width } = matrix;
  if (!Number.isInteger(width) || width < 1)
    return refused("WIDTH", `a width of ${quote(width)} is no whole number above 0`);
  if (values.length === 0) return refused("EMPTY", "there are no rows; give a longer history");
  if (values.length % width !== 0)
    return refused("WIDTH", `${values.length} numbers do not fill rows of ${width}`);
  if (rowsIn(matrix) < atLeast)
    return refused(
      "TOO_FEW",
      `there are ${rowsIn(matrix)} rows, at least ${atLeast} are needed; give a longer history`,
    );
  const bad = firstBad(values);
  return bad < 0
    ? undefined
    : refused(
        "NOT_FINITE",
        `row ${Math.floor(bad / width)}, column ${bad % width}: ${String(values[bad])} is not a finite number; say what a missing value counts as`,
      );
};

/** WIDTH when there is not one number a row, NOT_FINITE when one is not finite; `what` names them in the sentence. */
export const checkColumn = (what: string, values: Numbers, rows: number): Refusal | undefined => {
  if (values.length !== rows)
    return refused(
      "WIDTH",
      `${what}: there are ${values.length} numbers for ${rows} rows; give one for each`,
    );
  const bad = firstBad(values);
  return bad < 0
    ? undefined
    : refused("NOT_FINITE", `${what}, row ${bad}: ${String(values[bad])} is not a finite number`);
};

/** A row's weight must be 0 or more; absent weights are 1 each. */
export const checkWeights = (weights: Numbers | undefined, rows: number): Refusal | undefined => {
  if (weights === undefined) return undefined;
  const refusal = checkColumn("weights", weights, rows);
  if (refusal !== undefined) return refusal;
  for (let row = 0; row < rows; row += 1)
    if ((weights[row] as number) < 0)
      return refused(
        "RANGE",
        `weights, row ${row}: ${String(weights[row])} is negative; give 0 to leave a row out`,
      );
  return undefined;
};

/** LABEL for a label that is neither 0 nor 1; CONSTANT when only one of them has rows that weigh anything. */
export const checkBinary = (labels: Numbers, weights?: Numbers): Refusal | undefined => {
  const seen = [false, false];
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] as number;
    if (label !== 0 && label !== 1)
      return refused("LABEL", `label ${quote(label)} is neither 0 nor 1`);
    if (weights === undefined || (weights[row] as number) > 0) seen[label] = true;
  }
  return seen[0] === true && seen[1] === true
    ? undefined
    : refused(
        "CONSTANT",
        `every row has the label ${seen[1] === true ? 1 : 0}; there is nothing to tell apart`,
      );
};

/** Throws a RangeError for a row that a model cannot read: asking with such a row is a bug of the caller. */
export const mustFit = (row: Numbers, width: number): void => {
  if (row.length !== width)
    throw new RangeError(`a row of ${row.length} numbers for a model of ${width} columns`);
  const bad = firstBad(row);
  if (bad >= 0)
    throw new RangeError(
      `column ${bad}: ${String(row[bad])} is not a finite number; say what a missing value counts as`,
    );
};

/** Mean of each column. Summed as distances from the first row, so that a constant column and dates in milliseconds lose nothing. */
export const meansOf = ({ values, width }: Matrix, weights?: Numbers): Float64Array => {
  const sums = new Float64Array(width);
  let total = 0;
  for (let at = 0, row = 0; at < values.length; at += width, row += 1) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    total += weight;
    for (let column = 0; column < width; column += 1)
      sums[column] =
        (sums[column] as number) +
        weight * ((values[at + column] as number) - (values[column] as number));
  }
  return sums.map((sum, column) => (values[column] as number) + sum / total);
};

/** A pivot below this share of its diagonal is what rounding leaves of a column that others already explain. */
const PIVOT_MIN = 1e-11;

/** Cholesky's factor in place of the lower triangle; 0 for each column that earlier ones explain, 1 for each that is kept. */
const factorise = (matrix: Float64Array, size: number): Uint8Array => {
  const isKept = new Uint8Array(size);
  for (let row = 0; row < size; row += 1) {
    const start = row * size;
    const diagonal = matrix[start + row] as number;
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[start + column] as number;
      for (let k = 0; k < column; k += 1)
        sum -= (matrix[start + k] as number) * (matrix[column * size + k] as number);
      if (column < row)
        matrix[start + column] =
          isKept[column] === 1 ? sum / (matrix[column * size + column] as number) : 0;
      else if (sum > PIVOT_MIN * diagonal) {
        isKept[row] = 1;
        matrix[start + row] = Math.sqrt(sum);
      }
    }
  }
  return isKept;
};

/**
 * Solves A x = b for a symmetric, positive semi-definite A, row-major, lower triangle given; A is overwritten (Cholesky).
 * A column that is a sum of earlier ones (or all 0) gets x = 0, so that there always is an answer.
 */
export const solveSymmetric = (matrix: Float64Array, right: Float64Array): Float64Array => {
  const size = right.length;
  const isKept = factorise(matrix, size);
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    let sum = solution[row] as number;
    for (let k = 0; k < row; k += 1)
      sum -= (matrix[row * size + k] as number) * (solution[k] as number);
    solution[row] = isKept[row] === 1 ? sum / (matrix[row * size + row] as number) : 0;
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = solution[row] as number;
    for (let k = row + 1; k < size; k += 1)
      sum -= (matrix[k * size + row] as number) * (solution[k] as number);
    solution[row] = isKept[row] === 1 ? sum / (matrix[row * size + row] as number) : 0;
  }
  return solution;
};
