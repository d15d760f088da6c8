/** Training the churn model: will a customer who has ordered before order nothing in the horizon? */
import { calibrationBins } from "./calibration.ts";
import { churnFeatures, churnOf, openChurn } from "./churn.ts";
import { CHURN_BASELINES, CHURN_CANDIDATES, churnLabel, REQUIRES } from "./churn-candidates.ts";
import type { ChurnModel } from "./churn-file.ts";
import { type Bare, championOf, compete, type Contest, winnersCard } from "./compete.ts";
import { probabilityScores } from "./evaluate.ts";
import { type Fitted, fitted, refused } from "./fitted.ts";
import { checkRows, type HistoryRow, isLabelled } from "./history-row.ts";
import { modelPath, writeModel } from "./model-file.ts";
import { rowLogLoss } from "./scores.ts";
import { emptyCard, lostAgainst, type TrainingContext } from "./train-common.ts";
import type { TrainingResult } from "../training.ts";

const NOTES: readonly string[] = [
  "Only customers with at least one order have a churn probability.",
  "Scores are of the last two cut-offs; the model scored was fitted on cut-offs whose horizon ended before them, the model saved on all. Intervals (95 %) resample customers.",
  "The estimator was chosen on an earlier time split (`choice`), the simplest within one standard error of the best.",
  "Rows look at a customer on a fixed day; a live customer is looked at when a signal arrives, so days since the last signal are smaller then.",
];

const CONTEST: Contest<Bare<ChurnModel>> = {
  candidates: CHURN_CANDIDATES,
  baselines: CHURN_BASELINES,
  said: (model, rows) => {
    const { probabilityOf } = openChurn({ ...model, card: emptyCard });
    return rows.map(({ features }) => probabilityOf(features));
  },
  saidOf: (model, features) => churnOf(openChurn({ ...model, card: emptyCard }), features),
  happened: churnLabel,
  loss: rowLogLoss,
  lossName: "logLoss",
  scores: probabilityScores,
  features: churnFeatures,
  calibration: (rows) =>
    calibrationBins(rows.map(({ said, happened }) => ({ probability: said, happened }))),
  labelOf: churnLabel,
};

const ESTIMATOR_OF: Readonly<Record<ChurnModel["kind"], string>> = {
  bgNbd: "BG/NBD",
  logistic: "logistic",
  tree: "tree",
  boosting: "boosting",
};

/** The churn model of the rows with its report and the gate's verdict against the model in force, or why there can be none. */
export const trainChurn = (
  all: readonly HistoryRow[],
  context: TrainingContext,
  inForce?: ChurnModel,
): Fitted<TrainingResult> => {
  const refusal = checkRows(all);
  if (refusal !== undefined) return refusal;
  const rows = all
    .filter(isLabelled)
    .filter(({ features }) => REQUIRES.every((name) => features[name] !== null));
  if (rows.length === 0)
    return refused(
      "EMPTY",
      "no customer with an order was seen a whole horizon before the end; give a longer history",
    );
  const positives = rows.filter((row) => churnLabel(row) === 1).length;
  if (positives === 0 || positives === rows.length)
    return refused(
      "CONSTANT",
      `${positives === 0 ? "every" : "no"} customer ordered again within ${context.horizonDays} days; there is nothing to tell apart`,
    );
  const contest = compete(rows, context, {
    contest: CONTEST,
    champion: championOf(inForce, ESTIMATOR_OF),
  });
  if (contest.kind === "refused") return contest;
  const winner = contest.value;
  const share = Math.round(
    (100 * rows.filter((row) => churnLabel(row) === 1).length) / rows.length,
  );
  const notes = [
    `Of the rows, ${share} % ordered nothing in the next ${context.horizonDays} days.`,
    ...NOTES,
    ...winner.notes,
    ...lostAgainst(winner.scores),
  ];
  const card = winnersCard(winner, context, { rows: rows.length, notes });
  return fitted({
    files: { [modelPath("churn")]: writeModel({ ...winner.model, card }) },
    report: { task: "churn", seed: context.seed, rows: rows.length, scores: winner.scores, notes },
    verdict: winner.verdict,
  });
};
