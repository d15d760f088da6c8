/** How far what a model reads and says has moved since it was trained. */
import { churnFeatures, churnOf, openChurn } from "./churn.ts";
import { segmentsWatching } from "./clusters.ts";
import { driftOf, type DriftOptions, type DriftReport } from "./drift.ts";
import { type Fitted, refused } from "./fitted.ts";
import type { ModelOf } from "./model-file.ts";
import { openSpend, spendFeatures, spendOf } from "./spend.ts";
import { type Watched, type Watching, watchedColumns } from "./watch.ts";

/** A model of customers' features; offers look at products, which no reference describes. */
export type WatchedModel = ModelOf["segments" | "churn" | "spend"];

/** What a model reads and says. */
const watchingOf = (model: WatchedModel): Watching => {
  if (model.task === "segments") return segmentsWatching(model);
  if (model.task === "churn") {
    const open = openChurn(model);
    return { features: churnFeatures(model), said: (features) => churnOf(open, features) };
  }
  const open = openSpend(model);
  return { features: spendFeatures(model), said: (features) => spendOf(open, features) };
};

/**
 * Compares customers and topics of now with the reference on the model's card. Refuses a model without one (EMPTY) and what `driftOf` refuses; topics are
 * passed over while there is no feedback.
 */
export const modelDrift = (
  model: WatchedModel,
  watched: Watched,
  options: DriftOptions = {},
): Fitted<DriftReport> => {
  const { reference } = model.card;
  if (reference === undefined)
    return refused("EMPTY", `the ${model.task} model has no reference on its card; train it again`);
  const current = watchedColumns(watched, watchingOf(model));
  const names = new Set(current.map(({ name }) => name));
  const columns = reference.columns.filter(({ name }) => name !== "topic" || names.has(name));
  return driftOf({ ...reference, columns }, current, options);
};
