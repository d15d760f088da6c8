/**
 * Training the churn tree: will a customer who has ordered before order nothing in the horizon?
 * Scored on later cut-offs than it was fitted on, beside two baselines; the model that is saved is then fitted on all rows.
 */
import type { FeatureName, Features } from "../feature.ts";
import { type Fitted, fitted, refused, type Table } from "./fitted.ts";
import { type HistoryRow, isLabelled, type LabelledRow, splitByTime } from "./history-row.ts";
import {
  MODEL_FORMAT,
  modelPath,
  type TreeModel,
  type TreeNode,
  writeModel,
} from "./model-file.ts";
import { type Judged, probabilityScores } from "./scores.ts";
import { cardOf, lostAgainst, type TrainingContext } from "./train-common.ts";
import type { Score, TrainingResult } from "./training.ts";
import { openTree, predictChurn } from "./tree.ts";
import { fitTree, TREE_FIT_DEFAULTS } from "./tree-fit.ts";

/** Below every value that the feature can have, so that a tree can tell "unknown" apart. */
const MISSING = -9;

const COLUMNS: readonly FeatureName[] = [
  "recencyDays",
  "frequency",
  "monetary",
  "monthlySpend",
  "averageOrder",
  "orderTrend",
  "tenureDays",
  "meanGapDays",
  "gapSpreadDays",
  "overdue",
  "returns",
  "negativeFeedback",
  "positiveFeedback",
  "rollingSentiment",
  "appOpens",
  "daysSinceAppOpen",
  "paymentFailures",
  "parcelDelays",
  "cancellations",
];

const REQUIRES: readonly FeatureName[] = ["recencyDays"];

const NOTES: readonly string[] = [
  "Only customers with at least one order have a churn probability.",
  "Scores are of the last two cut-offs; the model scored was fitted on cut-offs whose horizon ended before them, the model saved on all.",
  "Rows look at a customer on a fixed day; a live customer is looked at when a signal arrives, so days since the last signal are smaller then.",
  "Depth (4) and leaf size (30) were set once, looking at such scores of the fixture history: expect a little less of a history that nobody has looked at.",
];

const labelOf = (row: LabelledRow): number => (row.outcome.orders === 0 ? 1 : 0);

const tableOf = (
  rows: readonly { readonly features: Features }[],
  columns: readonly FeatureName[],
): Table<FeatureName> => ({
  columns,
  rows: rows.map(({ features }) => columns.map((name) => features[name] ?? MISSING)),
});

const fitOn = (
  rows: readonly LabelledRow[],
  columns: readonly FeatureName[],
  seed: number,
): Fitted<TreeNode> =>
  fitTree(tableOf(rows, columns), rows.map(labelOf), { ...TREE_FIT_DEFAULTS, seed });

const modelOf = (tree: TreeNode, context: TrainingContext, card: TreeModel["card"]): TreeModel => ({
  format: MODEL_FORMAT,
  kind: "tree",
  task: "churn",
  horizonDays: context.horizonDays,
  requires: [...REQUIRES],
  features: COLUMNS.map((name) => ({ name, missing: MISSING })),
  tree,
  card,
});

const judge = (
  tree: TreeNode,
  rows: readonly LabelledRow[],
  context: TrainingContext,
): readonly Judged[] => {
  const open = openTree(
    modelOf(tree, context, cardOf(context, { rows: 0, scores: [], notes: [] })),
  );
  return rows.map((row) => ({
    probability: predictChurn(open, row.features)?.probability ?? Number.NaN,
    happened: labelOf(row),
  }));
};

const constantScores = (
  earlier: readonly LabelledRow[],
  later: readonly LabelledRow[],
): readonly Score[] => {
  const probability = earlier.reduce((sum, row) => sum + labelOf(row), 0) / earlier.length;
  return probabilityScores(
    "baseline: constant",
    later.map((row) => ({ probability, happened: labelOf(row) })),
  );
};

const scoresOf = (
  rows: readonly LabelledRow[],
  context: TrainingContext,
): Fitted<readonly Score[]> => {
  const { earlier, later } = splitByTime(rows, context.horizonDays);
  if (earlier.length === 0)
    return refused(
      "TOO_FEW",
      "no horizon ends before the last two cut-offs; give a longer history",
    );
  const tree = fitOn(earlier, COLUMNS, context.seed);
  if (tree.kind === "refused") return tree;
  const recency = fitOn(earlier, ["recencyDays"], context.seed);
  return fitted([
    ...probabilityScores("tree", judge(tree.value, later, context)),
    ...constantScores(earlier, later),
    ...(recency.kind === "fitted"
      ? probabilityScores("baseline: recency alone", judge(recency.value, later, context))
      : []),
  ]);
};

/** The churn model of the rows with its report, or why there can be none. */
export const trainChurn = (
  all: readonly HistoryRow[],
  context: TrainingContext,
): Fitted<TrainingResult> => {
  const rows = all
    .filter(isLabelled)
    .filter(({ features }) => REQUIRES.every((name) => features[name] !== null));
  if (rows.length === 0)
    return refused(
      "EMPTY",
      "no customer with an order was seen a whole horizon before the end; give a longer history",
    );
  const scores = scoresOf(rows, context);
  if (scores.kind === "refused") return scores;
  const tree = fitOn(rows, COLUMNS, context.seed);
  if (tree.kind === "refused") return tree;
  const share = Math.round((100 * rows.filter((row) => labelOf(row) === 1).length) / rows.length);
  const notes = [
    `Of the rows, ${share} % ordered nothing in the next ${context.horizonDays} days.`,
    ...NOTES,
    ...lostAgainst(scores.value),
  ];
  const findings = { rows: rows.length, scores: scores.value, notes };
  const model = modelOf(tree.value, context, cardOf(context, findings));
  return fitted({
    files: { [modelPath("churn")]: writeModel(model) },
    report: { task: "churn", seed: context.seed, ...findings },
  });
};
