/** Asking a table's model about the rows of another table, whose columns may stand in another order. */
import { type Checked, didYouMean, faulty, quote, sound } from "../fault.ts";
import { openEstimator } from "./estimators.ts";
import type { Cell, RawTable } from "./table.ts";
import type { TableModel } from "./table-file.ts";

export interface ColumnReason {
  readonly column: string;
  /** As it stands in the table; null where it is missing. */
  readonly value: Cell;
  /** Added to the score. */
  readonly contribution: number;
  readonly sentence: string;
}

export interface RowPrediction {
  /** From 1, as the rows stand in the file. */
  readonly row: number;
  readonly id?: string | null;
  /** Of the positive label, 0..1. */
  readonly probability: number;
  /** What `base` and all contributions add up to: log-odds, or for a tree the probability itself. */
  readonly score: number;
  readonly base: number;
  readonly scale: "logOdds" | "probability";
  /** Strongest first; columns that moved nothing are left out. */
  readonly reasons: readonly ColumnReason[];
}

const shown = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");

const sentenceOf = (
  column: string,
  value: Cell,
  { change, scale }: { readonly change: number; readonly scale: RowPrediction["scale"] },
): string => {
  const found = value === null ? `${column} is missing` : `${column} is ${value}`;
  return scale === "logOdds"
    ? `${found}: odds × ${shown(Math.exp(change))}`
    : `${found}: ${change < 0 ? "−" : "+"}${shown(Math.abs(100 * change))} points`;
};

/** What the model says of every row, or which columns it misses. */
export const predictTable = (
  model: TableModel,
  table: RawTable,
): Checked<{
  readonly predictions: Iterable<RowPrediction>;
  readonly ignored: readonly string[];
}> => {
  const placeOf = new Map(table.columns.map((name, place) => [name, place]));
  const missing = model.columns.filter(({ name }) => !placeOf.has(name));
  if (missing.length > 0)
    return faulty(
      missing.map(({ name }) => ({
        place: "--data",
        sentence: `has no column ${quote(name)}, which the model reads${didYouMean(name, table.columns)}`,
      })),
    );
  const places = model.columns.map(({ name }) => placeOf.get(name) ?? -1);
  const known = new Set([...model.columns.map(({ name }) => name), model.label, model.id]);
  return sound({
    predictions: rowsOf(model, table, places),
    ignored: table.columns.filter((name) => !known.has(name)),
  });
};

function* rowsOf(
  model: TableModel,
  table: RawTable,
  places: readonly number[],
): Generator<RowPrediction> {
  const open = openEstimator(model.estimator, { columns: model.columns, places });
  const scale = model.estimator.kind === "tree" ? "probability" : "logOdds";
  const idPlace = model.id === null ? -1 : table.columns.indexOf(model.id);
  for (const [index, row] of table.rows.entries()) {
    const { probability, base, score, contributions } = open(row);
    const reasons = model.columns
      .map(({ name }, column): ColumnReason => {
        const contribution = contributions[column] ?? 0;
        const value = row[places[column] as number] ?? null;
        const sentence = sentenceOf(name, value, { change: contribution, scale });
        return { column: name, value, contribution, sentence };
      })
      .filter(({ contribution }) => contribution !== 0)
      .toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution));
    yield {
      row: index + 1,
      ...(idPlace < 0 ? {} : { id: row[idPlace] ?? null }),
      probability,
      score,
      base,
      scale,
      reasons,
    };
  }
}
