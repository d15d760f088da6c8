/**
 * Training the spend regression: how much money will a customer who has ordered before spend on orders in the horizon?
 * Scored on later cut-offs than it was fitted on, beside two baselines; the model that is saved is then fitted on all rows.
 */
import type { FeatureName } from "../feature.ts";
import { type Fitted, fitted, refused } from "./fitted.ts";
import { type HistoryRow, isLabelled, type LabelledRow, splitByTime } from "./history-row.ts";
import { MODEL_FORMAT, modelPath, type RegressionModel, writeModel } from "./model-file.ts";
import { predictSpend } from "./regression.ts";
import { fitLine } from "./regression-fit.ts";
import { rounded, scaled } from "./scale.ts";
import { type FeatureChoice, fitScales } from "./scale-fit.ts";
import { amountScores } from "./scores.ts";
import { cardOf, lostAgainst, type TrainingContext } from "./train-common.ts";
import type { Score, TrainingResult } from "./training.ts";

const CHOICES: readonly FeatureChoice[] = [
  { name: "recencyDays", missing: "largest", transform: "log1p" },
  { name: "frequency", missing: 0, transform: "log1p" },
  { name: "monthlySpend", missing: 0, transform: "none" },
  { name: "averageOrder", missing: 0, transform: "none" },
  { name: "orderTrend", missing: 1, transform: "none" },
  { name: "meanGapDays", missing: "largest", transform: "log1p" },
  { name: "overdue", missing: 1, transform: "log1p" },
  { name: "daysSinceAppOpen", missing: "largest", transform: "log1p" },
];

const REQUIRES: readonly FeatureName[] = ["recencyDays"];

/** Nobody spends less than nothing. */
const FLOOR = 0;

const NOTES: readonly string[] = [
  "Money spent on orders, returns not taken off; only customers with at least one order have a prediction.",
  "Scores are of the last two cut-offs; the model scored was fitted on cut-offs whose horizon ended before them, the model saved on all.",
  "A straight line: few customers with very large orders move it, and predictions below 0 are raised to 0.",
];

type Unsigned = Omit<RegressionModel, "card">;

/** Extremes in the order of magnitude of the training rows. */
const rangeOf = (rows: readonly LabelledRow[], name: FeatureName, missing: number) => {
  const values = rows.map(({ features }) => features[name] ?? missing);
  return {
    lowest: values.reduce((least, value) => Math.min(least, value), Infinity),
    highest: values.reduce((most, value) => Math.max(most, value), -Infinity),
  };
};

const fitOn = (rows: readonly LabelledRow[], horizonDays: number): Fitted<Unsigned> => {
  const scales = fitScales(
    CHOICES,
    rows.map(({ features }) => features),
  );
  const table = {
    columns: scales.map(({ name }) => name),
    rows: rows.map(({ features }) =>
      scales.map((scale) => scaled(features[scale.name] ?? scale.missing, scale)),
    ),
  };
  const line = fitLine(
    table,
    rows.map(({ outcome }) => outcome.spend),
  );
  if (line.kind === "refused") return line;
  return fitted({
    format: MODEL_FORMAT,
    kind: "regression",
    task: "spend",
    horizonDays,
    requires: [...REQUIRES],
    intercept: rounded(line.value.intercept),
    floor: FLOOR,
    features: scales.map((scale, column) => ({
      ...scale,
      ...rangeOf(rows, scale.name, scale.missing),
      weight: rounded(line.value.weights[column] ?? 0, 6),
    })),
  });
};

const baselines = (
  {
    earlier,
    later,
  }: { readonly earlier: readonly LabelledRow[]; readonly later: readonly LabelledRow[] },
  horizonDays: number,
): readonly Score[] => {
  const mean = earlier.reduce((sum, { outcome }) => sum + outcome.spend, 0) / earlier.length;
  const pastOf = ({ features }: LabelledRow): number =>
    Math.max(0, ((features.monthlySpend ?? 0) * horizonDays) / 30);
  return [
    ...amountScores(
      "baseline: mean",
      later.map(({ outcome }) => [mean, outcome.spend]),
    ),
    ...amountScores(
      "baseline: past average",
      later.map((row) => [pastOf(row), row.outcome.spend]),
    ),
  ];
};

const scoresOf = (
  rows: readonly LabelledRow[],
  context: TrainingContext,
): Fitted<readonly Score[]> => {
  const split = splitByTime(rows, context.horizonDays);
  if (split.earlier.length === 0)
    return refused(
      "TOO_FEW",
      "no horizon ends before the last two cut-offs; give a longer history",
    );
  const model = fitOn(split.earlier, context.horizonDays);
  if (model.kind === "refused") return model;
  const unscored = { ...model.value, card: cardOf(context, { rows: 0, scores: [], notes: [] }) };
  const predicted = split.later.map(({ features, outcome }): [number, number] => [
    predictSpend(unscored, features)?.amount ?? Number.NaN,
    outcome.spend,
  ]);
  return fitted([
    ...amountScores("regression", predicted),
    ...baselines(split, context.horizonDays),
  ]);
};

/** The spend model of the rows with its report, or why there can be none. */
export const trainSpend = (
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
  const model = fitOn(rows, context.horizonDays);
  if (model.kind === "refused") return model;
  const findings = {
    rows: rows.length,
    scores: scores.value,
    notes: [...NOTES, ...lostAgainst(scores.value)],
  };
  return fitted({
    files: {
      [modelPath("spend")]: writeModel({ ...model.value, card: cardOf(context, findings) }),
    },
    report: { task: "spend", seed: context.seed, ...findings },
  });
};
