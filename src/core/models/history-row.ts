/** A row of training data: what could be known of a customer at an instant, and what the customer did afterwards. */
import type { Features } from "../feature.ts";
import { type Refusal, refused } from "./fitted.ts";

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

const outcomeFault = ({ outcome }: HistoryRow): string | undefined => {
  if (outcome === null) return undefined;
  const { orders, spend } = outcome;
  if (!(Number.isInteger(orders) && orders >= 0)) return `${orders} orders are not a count`;
  return Number.isFinite(spend) ? undefined : `a spend of ${spend} is not a finite number`;
};

/** NOT_FINITE for a feature or an outcome that is no number: checked once for all, because an estimator that can miss numbers would take NaN for one. */
export const checkRows = (rows: readonly HistoryRow[]): Refusal | undefined => {
  for (const row of rows) {
    const place = `customer ${row.customerId} at ${row.at}`;
    for (const [name, value] of Object.entries(row.features))
      if (value !== null && !Number.isFinite(value))
        return refused(
          "NOT_FINITE",
          `${place}, ${name}: ${String(value)} is not a finite number; give null where it is not known`,
        );
    const fault = outcomeFault(row);
    if (fault !== undefined) return refused("NOT_FINITE", `${place}: ${fault}`);
  }
  return undefined;
};

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
