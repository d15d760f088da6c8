/** Columns that alone tell the label nearly without a fault: known only afterwards, or the label under another name. */
import { auc } from "../models/scores.ts";
import { type ModelColumn, readNumber } from "./columns.ts";
import { type Cells, levelRanks } from "./encode.ts";
import type { Cell } from "./table.ts";

export interface Leak {
  readonly name: string;
  /** Area under the ROC curve of the column alone, .5 … 1. */
  readonly auc: number;
  /** The column is left out: nothing that is known beforehand is this sure. Else it is only named. */
  readonly isLeftOut: boolean;
  readonly sentence: string;
}

const LEFT_OUT_FROM = 0.995;
const NAMED_FROM = 0.97;

const scoresOf = (
  column: ModelColumn,
  cells: readonly Cell[],
  labels: Float64Array,
): readonly number[] => {
  if (column.kind === "number")
    return cells.map((cell) => {
      const value = readNumber(column, cell);
      return Number.isNaN(value) ? column.mean : value;
    });
  const rows = cells.map((cell) => [cell]);
  const [ranks = []] = levelRanks([column], { places: [0], rows }, labels);
  const rankOf = new Map(ranks.map((level, rank) => [level, rank]));
  return cells.map((cell) => (cell === null ? -1 : (rankOf.get(cell) ?? ranks.length / 2)));
};

/** Columns that give the label away, the surest first. */
export const findLeaks = (
  columns: readonly ModelColumn[],
  { places, rows }: Cells,
  labels: Float64Array,
): readonly Leak[] =>
  columns
    .map((column, index): Leak => {
      const cells = rows.map((row) => row[places[index] as number] ?? null);
      const scores = scoresOf(column, cells, labels);
      const area = auc(
        scores.map((probability, row) => ({ probability, happened: labels[row] as number })),
      );
      const own = Math.max(area, 1 - area);
      const isLeftOut = own >= LEFT_OUT_FROM;
      const figure = own.toFixed(3);
      return {
        name: column.name,
        auc: own,
        isLeftOut,
        sentence: isLeftOut
          ? `${column.name} alone tells the label (AUC ${figure}) and was left out: it is probably known only afterwards; keep it with --keep ${column.name} if it is not`
          : `${column.name} alone nearly tells the label (AUC ${figure}): make sure that it is known beforehand`,
      };
    })
    .filter((leak) => leak.auc >= NAMED_FROM)
    .toSorted((left, right) => right.auc - left.auc);
