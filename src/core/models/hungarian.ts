/** The assignment problem: pairs of rows and columns with the least sum of costs, no row and no column twice. */

/** Cost of pairing each row (first index) with each column; every row as long as the first. */
export type Costs = readonly (readonly number[])[];

/** Prices of rows and columns that prove a matching optimal, while it grows. Index 0 stands for "none". */
interface Growing {
  readonly costs: Costs;
  readonly rowPrices: Float64Array;
  readonly columnPrices: Float64Array;
  /** Row of each column, 1-based; 0 is free. */
  readonly rowOf: Int32Array;
  /** Column from which each column was reached. */
  readonly from: Int32Array;
}

/** The cheapest column not yet reached, after the paths through `column` are known. */
const nextColumn = (
  growing: Growing,
  column: number,
  search: { readonly least: Float64Array; readonly reached: Uint8Array },
): number => {
  const { costs, rowPrices, columnPrices, rowOf, from } = growing;
  const { least, reached } = search;
  const row = rowOf[column] as number;
  let [best, delta] = [0, Infinity];
  for (let other = 1; other < least.length; other += 1) {
    if (reached[other] === 1) continue;
    const cost = costs[row - 1]?.[other - 1] ?? 0;
    const reduced = cost - (rowPrices[row] as number) - (columnPrices[other] as number);
    if (reduced < (least[other] as number)) {
      least[other] = reduced;
      from[other] = column;
    }
    if ((least[other] as number) < delta) [best, delta] = [other, least[other] as number];
  }
  for (let other = 0; other < least.length; other += 1)
    if (reached[other] === 1) {
      const owner = rowOf[other] as number;
      rowPrices[owner] = (rowPrices[owner] as number) + delta;
      columnPrices[other] = (columnPrices[other] as number) - delta;
    } else least[other] = (least[other] as number) - delta;
  return best;
};

/** Gives one more row a column, moving others along the cheapest path. */
const addRow = (growing: Growing, row: number): void => {
  const { rowOf, from } = growing;
  const search = {
    least: new Float64Array(rowOf.length).fill(Infinity),
    reached: new Uint8Array(rowOf.length),
  };
  rowOf[0] = row;
  let column = 0;
  while (rowOf[column] !== 0) {
    search.reached[column] = 1;
    column = nextColumn(growing, column, search);
  }
  while (column !== 0) {
    const before = from[column] as number;
    rowOf[column] = rowOf[before] as number;
    column = before;
  }
};

const transposed = (costs: Costs): Costs =>
  (costs[0] ?? []).map((_, column) => costs.map((row) => row[column] ?? 0));

const assignFewRows = (costs: Costs): number[] => {
  const [rows, columns] = [costs.length, costs[0]?.length ?? 0];
  const growing: Growing = {
    costs,
    rowPrices: new Float64Array(rows + 1),
    columnPrices: new Float64Array(columns + 1),
    rowOf: new Int32Array(columns + 1),
    from: new Int32Array(columns + 1),
  };
  for (let row = 1; row <= rows; row += 1) addRow(growing, row);
  const columnOf = Array.from({ length: rows }, () => -1);
  for (let column = 1; column <= columns; column += 1) {
    const row = growing.rowOf[column] as number;
    if (row !== 0) columnOf[row - 1] = column - 1;
  }
  return columnOf;
};

/**
 * The column of each row, −1 for rows left over where there are fewer columns; as many pairs as the smaller side has. Hungarian
 * algorithm with prices (Kuhn 1955; Jonker and Volgenant 1987), cubic in the sides. Costs are finite.
 */
export const assignLeastCost = (costs: Costs): readonly number[] => {
  const columns = costs[0]?.length ?? 0;
  if (costs.length <= columns) return assignFewRows(costs);
  const columnOf = costs.map(() => -1);
  if (columns === 0) return columnOf;
  for (const [column, row] of assignFewRows(transposed(costs)).entries()) columnOf[row] = column;
  return columnOf;
};
