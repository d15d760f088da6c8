/**
 * Fitting a line through scaled columns with ml-regression, the only file that imports it. The package drops small singular values
 * and turns constant or non-finite columns into null weights without a word: columns must come standardised and are checked here.
 */
import { MultivariateLinearRegression } from "ml-regression";
import { checkTable, checkTargets, type Fitted, fitted, refused, type Table } from "./fitted.ts";

export interface Line {
  readonly intercept: number;
  /** One for every column. */
  readonly weights: readonly number[];
}

const isConstant = (table: Table, column: number): boolean =>
  table.rows.every((row) => row[column] === table.rows[0]?.[column]);

/** Least squares over standardised columns. Needs more rows than columns and no constant column; nothing is kept between calls. */
export const fitLine = (table: Table, targets: readonly number[]): Fitted<Line> => {
  const refusal = checkTable(table, table.columns.length + 2) ?? checkTargets(table, targets);
  if (refusal !== undefined) return refusal;
  const constant = table.columns.find((_, column) => isConstant(table, column));
  if (constant !== undefined)
    return refused("CONSTANT", `column ${constant} is the same in every row; leave it out`);
  const { weights } = new MultivariateLinearRegression(
    table.rows,
    targets.map((target) => [target]),
    { intercept: true, statistics: false },
  );
  const numbers = weights.map(([weight]) => weight ?? Number.NaN);
  if (!numbers.every(Number.isFinite))
    return refused(
      "NOT_FINITE",
      "the columns depend on each other so closely that no line fits; leave some out",
    );
  return fitted({ intercept: numbers.at(-1) ?? 0, weights: numbers.slice(0, -1) });
};
