/** A row of training data: what could be known of a customer at an instant, and what the customer did afterwards. */
import type { Features } from "../feature.ts";

export interface HistoryRow {
  readonly customerId: string;
  /** The cut-off; features see signals before it only, the outcome what came at or after it. ISO 8601, UTC. */
  readonly at: string;
  readonly features: Features;
  /** Null where the signals end before the horizon does: what happened cannot be told. */
  readonly outcome: {
    /** Orders and money spent on them in the horizon. */
    readonly orders: number;
    readonly spend: number;
  } | null;
}

/** A row whose outcome can be told. */
export type LabelledRow = HistoryRow & { readonly outcome: NonNullable<HistoryRow["outcome"]> };

export const isLabelled = (row: HistoryRow): row is LabelledRow => row.outcome !== null;

/** Earlier rows to fit on and later ones to score on. */
export interface TimeSplit<Row extends HistoryRow> {
  readonly earlier: readonly Row[];
  readonly later: readonly Row[];
}

/**
 * Splits rows by time: the last two cut-offs are for scoring; fitting gets the cut-offs whose horizon was over by then.
 * Nothing that a fitted row was labelled with happened after the first scored cut-off.
 */
export const splitByTime = <Row extends HistoryRow>(
  rows: readonly Row[],
  horizonDays: number,
): TimeSplit<Row> => {
  const cutoffs = [...new Set(rows.map(({ at }) => at))].toSorted();
  const firstLater = cutoffs.at(-2) ?? cutoffs.at(-1) ?? "";
  const overBy = (at: string): number => Date.parse(at) + horizonDays * 86_400_000;
  return {
    earlier: rows.filter(({ at }) => overBy(at) <= Date.parse(firstLater)),
    later: rows.filter(({ at }) => at >= firstLater),
  };
};
