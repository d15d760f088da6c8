/**
 * The models of a playbook, opened once and asked for every signal: microseconds, no package, no state.
 * A model whose file is absent predicts nothing; a file that is present and faulty refuses the whole playbook.
 */
import { type Checked, type Fault, faulty, sound } from "../fault.ts";
import type { Features } from "../feature.ts";
import type { PlaybookFiles } from "../playbook.ts";
import type { PredictedValues, Predictions } from "../prediction.ts";
import { type OpenClusters, openClusters, predictSegment, segmentOf } from "./clusters.ts";
import { type ModelOf, modelPath, type ModelTask, readModel } from "./model-file.ts";
import { type OpenOffers, offersOf, openOffers, recommend } from "./offers.ts";
import { churnOf, type OpenChurn, openChurn, predictChurn } from "./churn.ts";
import { type OpenSpend, openSpend, predictSpend, spendOf } from "./spend.ts";

/** The models of one playbook; each is absent where its file is. */
export interface Models {
  readonly segments?: OpenClusters;
  readonly churn?: OpenChurn;
  readonly spend?: OpenSpend;
  readonly offers?: OpenOffers;
}

const readOptional = <T extends ModelTask>(
  task: T,
  files: PlaybookFiles,
): Checked<ModelOf[T] | undefined> => {
  const text = files[modelPath(task)];
  return text === undefined ? sound(undefined) : readModel(task, text);
};

const faultsIn = (results: readonly Checked<unknown>[]): readonly Fault[] =>
  results.flatMap((result) => (result.kind === "faulty" ? result.faults : []));

const valueOf = <T>(result: Checked<T>): T | undefined =>
  result.kind === "sound" ? result.value : undefined;

/** Opens `models/segments.json`, `models/churn.json`, `models/spend.json` and `models/offers.json`; names the faults of all of them. */
export const openModels = (files: PlaybookFiles): Checked<Models> => {
  const segments = readOptional("segments", files);
  const churn = readOptional("churn", files);
  const spend = readOptional("spend", files);
  const offers = readOptional("offers", files);
  const faults = faultsIn([segments, churn, spend, offers]);
  if (faults.length > 0) return faulty(faults);
  const [clusters, tree, regression] = [valueOf(segments), valueOf(churn), valueOf(spend)];
  const saved = valueOf(offers);
  return sound({
    ...(clusters === undefined ? {} : { segments: openClusters(clusters) }),
    ...(tree === undefined ? {} : { churn: openChurn(tree) }),
    ...(regression === undefined ? {} : { spend: openSpend(regression) }),
    ...(saved === undefined ? {} : { offers: openOffers(saved) }),
  });
};

/** The predictions alone, for facts: what `predict` says without the reasons, which only an explanation reads. `products` as for `predict`. */
export const predictValues = (
  features: Features,
  models: Models,
  products: readonly string[] = [],
): PredictedValues => ({
  segment: models.segments === undefined ? null : segmentOf(models.segments, features),
  churn: models.churn === undefined ? null : churnOf(models.churn, features),
  spend: models.spend === undefined ? null : spendOf(models.spend, features),
  offers: models.offers === undefined ? null : offersOf(models.offers, products),
});

/** What the models say of a customer who has `products` (newest first), with reasons. A prediction that does not apply is absent. */
export const predict = (
  features: Features,
  models: Models,
  products: readonly string[] = [],
): Predictions => {
  const segment = models.segments && predictSegment(models.segments, features);
  const churn = models.churn && predictChurn(models.churn, features);
  const spend = models.spend && predictSpend(models.spend, features);
  const offers = models.offers && recommend(models.offers, products);
  return {
    ...(segment === undefined ? {} : { segment }),
    ...(churn === undefined ? {} : { churn }),
    ...(spend === undefined ? {} : { spend }),
    ...(offers === undefined ? {} : { offers }),
  };
};
