/** What a fit gives: a model, or a refusal that says why the data will not do. Checked before a package sees the data, because the packages do not check. */
import { quote } from "../fault.ts";

const REFUSAL_CODES = [
  "EMPTY",
  "WIDTH",
  "NOT_FINITE",
  "TOO_FEW",
  "CONSTANT",
  "LABEL",
  "RANGE",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Refusal {
  readonly kind: "refused";
  readonly code: RefusalCode;
  readonly sentence: string;
}

export type Fitted<T> = { readonly kind: "fitted"; readonly value: T } | Refusal;

export const fitted = <T>(value: T): Fitted<T> => ({ kind: "fitted", value });
export const refused = (code: RefusalCode, sentence: string): Refusal => ({
  kind: "refused",
  code,
  sentence,
});

/** Rows of numbers under named columns. */
export interface Table<Name extends string = string> {
  readonly columns: readonly Name[];
  readonly rows: readonly (readonly number[])[];
}

const faultyRow = (table: Table): Refusal | undefined => {
  for (const [index, row] of table.rows.entries()) {
    if (row.length !== table.columns.length)
      return refused(
        "WIDTH",
        `row ${index} has ${row.length} numbers for ${table.columns.length} columns; give one for each`,
      );
    const bad = row.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      return refused(
        "NOT_FINITE",
        `row ${index}, ${table.columns[bad]}: ${String(row[bad])} is not a finite number; say what a missing value counts as`,
      );
  }
  return undefined;
};

/** The first thing that is wrong with a table, if anything is. */
export const checkTable = (table: Table, atLeast = 1): Refusal | undefined => {
  if (table.rows.length === 0) return refused("EMPTY", "there are no rows; give a longer history");
  if (table.columns.length === 0)
    return refused("WIDTH", "there are no columns; give at least one");
  if (table.rows.length < atLeast)
    return refused(
      "TOO_FEW",
      `there are ${table.rows.length} rows, at least ${atLeast} are needed; give a longer history`,
    );
  return faultyRow(table);
};

/** The first thing that is wrong with what the rows are to predict. */
export const checkTargets = (table: Table, targets: readonly number[]): Refusal | undefined => {
  if (targets.length !== table.rows.length)
    return refused(
      "WIDTH",
      `there are ${targets.length} targets for ${table.rows.length} rows; give one for each`,
    );
  const bad = targets.findIndex((target) => !Number.isFinite(target));
  return bad >= 0
    ? refused("NOT_FINITE", `target ${bad}: ${String(targets[bad])} is not a finite number`)
    : undefined;
};

/** The first label that is neither 0 nor 1, or that there is one class only. */
export const checkLabels = (labels: readonly number[]): Refusal | undefined => {
  const bad = labels.find((label) => label !== 0 && label !== 1);
  if (bad !== undefined) return refused("LABEL", `label ${quote(bad)} is neither 0 nor 1`);
  return new Set(labels).size < 2
    ? refused(
        "CONSTANT",
        `every row has the label ${labels[0] ?? "none"}; there is nothing to tell apart`,
      )
    : undefined;
};
