/** An invented table: who calls often and has no contract leaves. */
import { randomFrom } from "../../../src/core/models/random.ts";
import type { Cell, RawTable } from "../../../src/core/tables/table.ts";

const COLUMNS = ["id", "calls", "plan", "城市", "since", "noise", "left"] as const;

export const madeTable = (rows: number, seed = 1): RawTable => {
  const random = randomFrom(seed);
  return {
    columns: [...COLUMNS],
    rows: Array.from({ length: rows }, (_, row): readonly Cell[] => {
      const calls = Math.floor(8 * random());
      const plan = random() < 0.4 ? "monthly" : "yearly";
      const odds = -3 + (calls >= 4 ? 3 : 0) + (plan === "monthly" ? 1.5 : 0);
      const leaves = random() < 1 / (1 + Math.exp(-odds));
      return [
        `c${row}`,
        random() < 0.05 ? null : String(calls),
        plan,
        random() < 0.5 ? "上海" : "成都",
        `2025-0${1 + Math.floor(9 * random())}-01`,
        random().toFixed(3),
        leaves ? "yes" : "no",
      ];
    }),
  };
};

/** The same table with one column more. */
export const withColumn = (
  table: RawTable,
  name: string,
  cellOf: (row: readonly Cell[], index: number) => Cell,
): RawTable => ({
  columns: [...table.columns, name],
  rows: table.rows.map((row, index) => [...row, cellOf(row, index)]),
});
