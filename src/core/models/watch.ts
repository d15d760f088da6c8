/**
 * What of a model is watched for drift: the features that it reads, what it says, and what customers write about. The reference is kept on the card, of the
 * customers at the end of the training signals, one row each.
 */
import type { FeatureName, Features } from "../feature.ts";
import { type DriftColumn, type DriftReference, fitReference } from "./drift.ts";

/** Customers as a model sees them at one instant, and the topics of feedback. */
export interface Watched {
  readonly customers: readonly Features[];
  /** Main topic of each feedback. */
  readonly topics: readonly string[];
}

/** What a model reads and says. */
export interface Watching {
  readonly features: readonly FeatureName[];
  /** Probability, amount or segment; null where it predicts nothing. */
  readonly said: (features: Features) => number | string | null;
}

/** Names of the columns beside the features. */
const PREDICTION = "prediction";
const TOPIC = "topic";

/** One column a feature, then `prediction` and, where there is feedback, `topic`. */
export const watchedColumns = (
  { customers, topics }: Watched,
  { features, said }: Watching,
): readonly DriftColumn[] => {
  const columns: DriftColumn[] = features.map((name) => ({
    name,
    kind: "number",
    values: customers.map((customer) => customer[name]),
  }));
  const answers = customers.map(said);
  columns.push(
    answers.some((answer) => typeof answer === "string")
      ? {
          name: PREDICTION,
          kind: "category",
          values: answers.map((answer) => answer as string | null),
        }
      : {
          name: PREDICTION,
          kind: "number",
          values: answers.map((answer) => answer as number | null),
        },
  );
  if (topics.length > 0) columns.push({ name: TOPIC, kind: "category", values: topics });
  return columns;
};

/** The reference for a card; null where there are no customers. */
export const referenceFor = (watched: Watched, watching: Watching): DriftReference | null => {
  const fit = fitReference(watchedColumns(watched, watching));
  return fit.kind === "fitted" ? fit.value : null;
};

/** A copy as the schema of the card has it, whose lists may be changed. */
export const asPlain = ({ kind, columns }: DriftReference) => ({
  kind,
  columns: columns.map((column) =>
    column.kind === "number"
      ? { ...column, cuts: [...column.cuts], counts: [...column.counts] }
      : { ...column, levels: [...column.levels], counts: [...column.counts] },
  ),
});
