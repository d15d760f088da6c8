/** A table as somebody hands it over: named columns of cells that are still text. What the cells mean is found out in `columns.ts`. */

/** Null is a missing cell. */
export type Cell = string | null;

export interface RawTable {
  readonly columns: readonly string[];
  /** One cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
}

const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "nil", "?", "-", "--"]);
/** Most cells are longer, and need no look into the set. */
const MISSING_CHARS_MAX = 4;

/** The text without blanks around it, or null where it says that nothing is known. */
export const cellOf = (text: string): Cell => {
  const trimmed = text.trim();
  return trimmed.length <= MISSING_CHARS_MAX && MISSING.has(trimmed.toLowerCase()) ? null : trimmed;
};

/** What is wrong with the shape of a table, in words; undefined when every row has one cell for each column. */
export const shapeFault = ({ columns, rows }: RawTable): string | undefined => {
  if (rows.length === 0) return "has no rows; give some";
  const ragged = rows.findIndex((row) => row.length !== columns.length);
  return ragged < 0
    ? undefined
    : `has ${rows[ragged]?.length} cells in row ${ragged + 1} for ${columns.length} columns; give one for each`;
};

/** The cells of one column, from top to bottom. */
export const cellsOf = ({ rows }: RawTable, column: number): readonly Cell[] =>
  rows.map((row) => row[column] ?? null);
