/** The label of a table: which of its values counts as yes. */
import { type Checked, faulty, quote, sound } from "../fault.ts";
import { cellsOf, type RawTable } from "./table.ts";

export interface LabelFound {
  readonly positive: string;
  /** 1, 0, or null where the label is missing. */
  readonly labels: readonly (1 | 0 | null)[];
}

const YES = new Set(["1", "1.0", "yes", "y", "true", "t", "positive", "churned", "ja", "是"]);
const VALUES_SHOWN = 6;

const countsOf = (cells: readonly (string | null)[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return counts;
};

/** The name of a yes among the values, else the rarer one. */
const likeliest = (counts: ReadonlyMap<string, number>): string => {
  const values = [...counts];
  const yes = values.find(([value]) => YES.has(value.toLowerCase()));
  const [rarest] = values.toSorted(
    ([left, fewer], [right, more]) => fewer - more || (left < right ? -1 : 1),
  );
  return yes?.[0] ?? rarest?.[0] ?? "";
};

const fault = (place: string, sentence: string): Checked<never> => faulty([{ place, sentence }]);

/** Labels of the rows; refused where the column has one value, or more than two and no `positive` says which counts. */
export const labelOf = (
  table: RawTable,
  name: string,
  positive: string | undefined,
): Checked<LabelFound> => {
  const cells = cellsOf(table, table.columns.indexOf(name));
  const counts = countsOf(cells);
  const shown = [...counts.keys()].slice(0, VALUES_SHOWN).map(quote).join(", ");
  if (counts.size < 2)
    return fault(
      name,
      `has ${counts.size === 0 ? "no value" : `the one value ${shown}`}; a label needs two`,
    );
  if (positive !== undefined && !counts.has(positive))
    return fault("--positive", `${quote(positive)} does not stand in ${name}; it has ${shown}`);
  if (positive === undefined && counts.size > 2)
    return fault(
      name,
      `has ${counts.size} values (${shown} …); say with --positive which counts as yes`,
    );
  const yes = positive ?? likeliest(counts);
  return sound({
    positive: yes,
    labels: cells.map((cell) => (cell === null ? null : cell === yes ? 1 : 0)),
  });
};
