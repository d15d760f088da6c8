/** Invented rows for the linear estimators: standard normal columns from a seed, and what a fit must have given. */
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { type Matrix, rowsIn } from "../../../src/core/models/matrix.ts";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";

/** One standard normal number (Box and Muller). */
export const normalFrom = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export const normalMatrix = (rows: number, width: number, seed = 1): Matrix => {
  const random = randomFrom(seed);
  return { values: Float64Array.from({ length: rows * width }, () => normalFrom(random)), width };
};

export const rowAt = ({ values, width }: Matrix, row: number): Float64Array =>
  values.subarray(row * width, (row + 1) * width);

export const rowsOf = (matrix: Matrix): Float64Array[] =>
  Array.from({ length: rowsIn(matrix) }, (_, row) => rowAt(matrix, row));

/** The same rows with one column replaced. */
export const withColumn = (
  matrix: Matrix,
  column: number,
  value: (row: Float64Array) => number,
): Matrix => {
  const values = matrix.values.slice();
  for (const [index, row] of rowsOf(matrix).entries())
    values[index * matrix.width + column] = value(row);
  return { values, width: matrix.width };
};

export const mustBeFitted = <T>(result: Fitted<T>): T => {
  if (result.kind === "refused") throw new Error(`${result.code}: ${result.sentence}`);
  return result.value;
};

export const codeOf = (result: Fitted<unknown>): string =>
  result.kind === "refused" ? result.code : "fitted";
