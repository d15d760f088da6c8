/** Training the spend model: how much money will a customer who has ordered before spend on orders in the horizon? */
import type { CalibrationBin } from "./calibration.ts";
import { REQUIRES } from "./churn-candidates.ts";
import { type Bare, championOf, compete, type Contest, winnersCard } from "./compete.ts";
import { amountScores, type Scored } from "./evaluate.ts";
import { type Fitted, fitted, refused } from "./fitted.ts";
import { checkRows, type HistoryRow, isLabelled } from "./history-row.ts";
import { modelPath, writeModel } from "./model-file.ts";
import { openSpend, spendFeatures, spendOf } from "./spend.ts";
import { SPEND_BASELINES, SPEND_CANDIDATES } from "./spend-candidates.ts";
import type { SpendModel } from "./spend-file.ts";
import { emptyCard, lostAgainst, type TrainingContext } from "./train-common.ts";
import type { TrainingResult } from "../training.ts";

const NOTES: readonly string[] = [
  "Money spent on orders, returns not taken off; only customers with at least one order have a prediction.",
  "Scores are of the last two cut-offs; the model scored was fitted on cut-offs whose horizon ended before them, the model saved on all. Intervals (95 %) resample customers.",
  "The estimator was chosen on an earlier time split by squared error (`choice`), the simplest within one standard error of the best.",
  "Read RMSE and Gini: the mean absolute error is lowest for who predicts too little, and where most spend nothing, for who predicts nothing.",
];

const meanOf = (part: readonly Scored[], of: "said" | "happened"): number =>
  part.reduce((sum, row) => sum + row[of], 0) / part.length;

/** Ten parts of equal size by what was said: mean said, mean happened. */
const tenths = (rows: readonly Scored[]): readonly CalibrationBin[] => {
  const sorted = rows.toSorted((left, right) => left.said - right.said);
  const border = (tenth: number): number => Math.floor((tenth * sorted.length) / 10);
  return Array.from({ length: 10 }, (_, tenth) => sorted.slice(border(tenth), border(tenth + 1)))
    .filter((part) => part.length > 0)
    .map((part) => ({
      count: part.length,
      said: meanOf(part, "said"),
      happened: meanOf(part, "happened"),
    }));
};

const CONTEST: Contest<Bare<SpendModel>> = {
  candidates: SPEND_CANDIDATES,
  baselines: SPEND_BASELINES,
  said: (model, rows) => {
    const { amountOf } = openSpend({ ...model, card: emptyCard });
    return rows.map(({ features }) => amountOf(features));
  },
  saidOf: (model, features) => spendOf(openSpend({ ...model, card: emptyCard }), features),
  happened: ({ outcome }) => outcome.spend,
  loss: ({ said, happened }) => (said - happened) ** 2,
  lossName: "squaredError",
  scores: amountScores,
  features: spendFeatures,
  calibration: tenths,
  labelOf: null,
};

const ESTIMATOR_OF: Readonly<Record<SpendModel["kind"], string>> = {
  purchases: "BG/NBD × gamma-gamma",
  regression: "regression",
  twoStage: "two-stage",
};

/** The spend model of the rows with its report and the gate's verdict against the model in force, or why there can be none. */
export const trainSpend = (
  all: readonly HistoryRow[],
  context: TrainingContext,
  inForce?: SpendModel,
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
  const contest = compete(rows, context, {
    contest: CONTEST,
    champion: championOf(inForce, ESTIMATOR_OF),
  });
  if (contest.kind === "refused") return contest;
  const winner = contest.value;
  const notes = [...NOTES, ...winner.notes, ...lostAgainst(winner.scores)];
  const card = winnersCard(winner, context, { rows: rows.length, notes });
  return fitted({
    files: { [modelPath("spend")]: writeModel({ ...winner.model, card }) },
    report: { task: "spend", seed: context.seed, rows: rows.length, scores: winner.scores, notes },
    verdict: winner.verdict,
  });
};
