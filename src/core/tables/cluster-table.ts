/**
 * Clusters of any table: numbers on a logarithmic scale where they are skewed, standardised; categories as one column a level, weighted so that a category
 * counts as much as a number. Missing numbers count as the mean.
 */
import { type Checked, faulty, quote, sound } from "../fault.ts";
import { chooseK, type FigureOfK } from "../models/choose-k.ts";
import { assignPlaces, fitKMeans } from "../models/kmeans.ts";
import type { Points } from "../models/points.ts";
import { sampledSilhouette } from "../models/silhouette.ts";
import { findColumns, type LeftOut, type ModelColumn, readNumber } from "./columns.ts";
import { type Cell, type RawTable, shapeFault } from "./table.ts";

export interface ClusterTableOptions {
  /** Number of clusters; chosen by silhouette and stability from 2 to 10 when absent. */
  readonly k?: number | undefined;
  readonly seed: number;
  /** Columns that are not looked at. */
  readonly ignore: readonly string[];
}

export interface ClusteredTable {
  readonly k: number;
  /** Sum of squared distances to the centres, in standardised units. */
  readonly inertia: number;
  /** Mean silhouette of at most 2,000 rows, −1..1. */
  readonly silhouette: number;
  /** Rows of each cluster; the largest one comes first. */
  readonly sizes: readonly number[];
  /** Cluster of each row, 0 … k − 1, in the order of the rows. */
  readonly labels: readonly number[];
  readonly columns: readonly { readonly name: string; readonly kind: string }[];
  readonly leftOut: readonly LeftOut[];
  /** Of every number of clusters tried; empty when it was given. */
  readonly tried: readonly FigureOfK[];
}

const SILHOUETTE_ROWS = 2000;

interface Axis {
  readonly valueOf: (row: readonly Cell[]) => number;
  readonly weight: number;
}

const axesOf = (column: ModelColumn, place: number): readonly Axis[] => {
  if (column.kind === "number")
    return [
      {
        weight: 1,
        valueOf: (row) => {
          const known = readNumber(column, row[place] ?? null);
          const value = Number.isNaN(known) ? column.mean : known;
          return column.transform === "log1p" ? Math.log1p(Math.max(0, value)) : value;
        },
      },
    ];
  return column.levels.map((level) => ({
    weight: Math.sqrt(1 / column.levels.length),
    valueOf: (row) => (row[place] === level ? 1 : 0),
  }));
};

/** Standardised; an axis that never varies is left at 0. */
const pointsOf = (rows: RawTable["rows"], axes: readonly Axis[]): Points => {
  const width = axes.length;
  const values = new Float64Array(rows.length * width);
  for (const [column, { valueOf, weight }] of axes.entries()) {
    let sum = 0;
    for (const [row, cells] of rows.entries()) {
      const value = valueOf(cells);
      values[row * width + column] = value;
      sum += value;
    }
    const mean = sum / rows.length;
    let squares = 0;
    for (let at = column; at < values.length; at += width) {
      const value = (values[at] as number) - mean;
      values[at] = value;
      squares += value * value;
    }
    const deviation = Math.sqrt(squares / rows.length);
    const factor = deviation < 1e-12 ? 0 : weight / deviation;
    for (let at = column; at < values.length; at += width)
      values[at] = (values[at] as number) * factor;
  }
  return { values, width };
};

/** Places renumbered so that the largest cluster is 0. */
const bySize = (
  places: Int32Array,
  k: number,
): { readonly labels: readonly number[]; readonly sizes: readonly number[] } => {
  const counts = Array.from({ length: k }, () => 0);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  const order = [...counts.keys()].toSorted(
    (left, right) => (counts[right] ?? 0) - (counts[left] ?? 0) || left - right,
  );
  const rank = new Map(order.map((place, index) => [place, index]));
  return {
    labels: Array.from(places, (place) => rank.get(place) ?? 0),
    sizes: order.map((place) => counts[place] ?? 0),
  };
};

const fault = (sentence: string): Checked<never> => faulty([{ place: "the table", sentence }]);

/** What stands in the way before any cell is read, in words. */
const tableFault = (table: RawTable, ignore: readonly string[]): string | undefined => {
  const unknown = ignore.filter((name) => !table.columns.includes(name));
  return unknown.length > 0
    ? `has no column ${unknown.map(quote).join(", ")}; it has ${table.columns.join(", ")}`
    : shapeFault(table);
};

/** The clusters of a table, or why there can be none. */
export const clusterTable = (
  table: RawTable,
  { k, seed, ignore }: ClusterTableOptions,
): Checked<ClusteredTable> => {
  const misshapen = tableFault(table, ignore);
  if (misshapen !== undefined) return fault(misshapen);
  const { columns, leftOut } = findColumns(
    table,
    ignore.map((name) => ({ name, reason: "id", sentence: `${name} is not looked at` })),
  );
  const axes = columns.flatMap((column) => axesOf(column, table.columns.indexOf(column.name)));
  if (axes.length === 0) return fault("has no column whose rows differ");
  const points = pointsOf(table.rows, axes);
  const choice = k === undefined ? chooseK(points, { seed }) : undefined;
  if (choice?.kind === "refused") return fault(`cannot be clustered: ${choice.sentence}`);
  const count = k ?? choice?.value.k ?? 2;
  const fit = fitKMeans(points, { k: count, seed, starts: 10 });
  if (fit.kind === "refused") return fault(`cannot be clustered: ${fit.sentence}`);
  const places = assignPlaces(points, fit.value.centroids);
  return sound({
    k: fit.value.centroids.length,
    inertia: fit.value.inertia,
    silhouette: sampledSilhouette(
      points,
      { places, k: fit.value.centroids.length },
      { seed, rowsMax: SILHOUETTE_ROWS },
    ),
    ...bySize(places, fit.value.centroids.length),
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    leftOut,
    tried: choice?.value.figures ?? [],
  });
};
