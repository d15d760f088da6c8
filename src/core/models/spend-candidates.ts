/** The estimators that compete to be the spend model, simplest first, and the baselines beside them. */
import { fitBgNbd } from "./bg-nbd.ts";
import type { Bare, Candidate } from "./compete.ts";
import { REQUIRES } from "./churn-candidates.ts";
import { fitted } from "./fitted.ts";
import { fitGammaGamma } from "./gamma-gamma.ts";
import { fitHeldScales, heldMatrix, weightedFeatures } from "./held-fit.ts";
import type { LabelledRow } from "./history-row.ts";
import { MODEL_FORMAT } from "./model-file.ts";
import { purchasesOf, spendingOf } from "./purchases.ts";
import { fitLine } from "./regression-fit.ts";
import { fitRidge } from "./ridge.ts";
import { rounded } from "./scale.ts";
import type { FeatureChoice } from "./scale-fit.ts";
import type { SpendModel } from "./spend-file.ts";
import type { TrainingContext } from "./train-common.ts";
import { fitTwoStage } from "./two-stage.ts";

type SpendCandidate = Candidate<Bare<SpendModel>>;

const LINE: readonly FeatureChoice[] = [
  { name: "recencyDays", missing: "largest", transform: "log1p" },
  { name: "frequency", missing: 0, transform: "log1p" },
  { name: "monthlySpend", missing: 0, transform: "none" },
  { name: "averageOrder", missing: 0, transform: "none" },
  { name: "orderTrend", missing: 1, transform: "none" },
  { name: "meanGapDays", missing: "largest", transform: "log1p" },
  { name: "overdue", missing: 1, transform: "log1p" },
  { name: "daysSinceAppOpen", missing: "largest", transform: "log1p" },
  { name: "spend90", missing: 0, transform: "none" },
  { name: "orders90", missing: 0, transform: "log1p" },
  { name: "appOpens30", missing: 0, transform: "log1p" },
];

/** In two stages amounts are logarithms, and so are the features that are amounts. */
const STAGES: readonly FeatureChoice[] = LINE.map((choice) => ({ ...choice, transform: "log1p" }));

/** Nobody spends less than nothing. */
const FLOOR = 0;

const head = ({ horizonDays }: TrainingContext) => ({
  format: MODEL_FORMAT,
  task: "spend" as const,
  horizonDays,
  requires: [...REQUIRES],
});

const spendOf = ({ outcome }: LabelledRow): number => outcome.spend;

/** More rows than this are fitted by our own ridge regression: ml-regression takes 30 times as long and 2 GB for a million rows. */
const PACKAGE_ROWS_MAX = 20_000;

const line: SpendCandidate["fit"] = (rows, context) => {
  const found = fitHeldScales(LINE, rows);
  if (found.kind === "refused") return found;
  const scales = found.value;
  const matrix = heldMatrix(scales, rows);
  const spends = rows.map(spendOf);
  if (rows.length > PACKAGE_ROWS_MAX) {
    const ridge = fitRidge(matrix, spends);
    if (ridge.kind === "refused") return ridge;
    const weighted = weightedFeatures(scales, ridge.value);
    return fitted({ ...head(context), kind: "regression", floor: FLOOR, ...weighted });
  }
  const width = scales.length;
  const fit = fitLine(
    {
      columns: scales.map(({ name }) => name),
      rows: rows.map((_, row) => [...matrix.values.subarray(row * width, (row + 1) * width)]),
    },
    spends,
  );
  if (fit.kind === "refused") return fit;
  return fitted({
    ...head(context),
    kind: "regression",
    floor: FLOOR,
    intercept: rounded(fit.value.intercept),
    features: scales.map((scale, column) => ({
      ...scale,
      weight: rounded(fit.value.weights[column] ?? 0, 6),
    })),
  });
};

const twoStage: SpendCandidate["fit"] = (rows, context) => {
  const found = fitHeldScales(STAGES, rows);
  if (found.kind === "refused") return found;
  const scales = found.value;
  const fit = fitTwoStage(heldMatrix(scales, rows), rows.map(spendOf));
  if (fit.kind === "refused") return fit;
  const buys = weightedFeatures(scales, fit.value.buys);
  const lnAmount = weightedFeatures(scales, fit.value.lnAmount);
  return fitted({
    ...head(context),
    kind: "twoStage",
    buysIntercept: buys.intercept,
    lnAmountIntercept: lnAmount.intercept,
    smearing: rounded(fit.value.smearing, 6),
    lowest: rounded(fit.value.lowest, 6),
    highest: rounded(fit.value.highest, 6),
    features: scales.map((scale, column) => ({
      ...scale,
      buys: buys.features[column]?.weight ?? 0,
      lnAmount: lnAmount.features[column]?.weight ?? 0,
    })),
  });
};

const purchases: SpendCandidate["fit"] = (rows, context) => {
  const histories = rows.map(({ features }) => purchasesOf(features));
  const often = fitBgNbd({
    frequency: histories.map(({ frequency }) => frequency),
    recency: histories.map(({ recency }) => recency),
    age: histories.map(({ age }) => age),
  });
  if (often.kind === "refused") return often;
  const spendings = rows
    .map(({ features }) => spendingOf(features))
    .filter((one) => one.purchases > 0);
  const much = fitGammaGamma({
    purchases: spendings.map((one) => one.purchases),
    meanAmount: spendings.map(({ meanAmount }) => meanAmount),
  });
  if (much.kind === "refused") return much;
  const { r, alpha, a, b } = often.value;
  const { p, q, gamma } = much.value;
  return fitted({ ...head(context), kind: "purchases", r, alpha, a, b, p, q, gamma });
};

/** Every customer alike: a line of one feature whose weight is 0. */
const constant: SpendCandidate["fit"] = (rows, context) => {
  const mean = rows.reduce((sum, row) => sum + spendOf(row), 0) / rows.length;
  const feature = { name: "recencyDays" as const, missing: 0, transform: "none" as const };
  return fitted({
    ...head(context),
    kind: "regression",
    floor: FLOOR,
    intercept: rounded(mean),
    features: [{ ...feature, mean: 0, deviation: 1, lowest: 0, highest: 0, weight: 0 }],
  });
};

/** As much a month as before. */
const pastAverage: SpendCandidate["fit"] = (_rows, context) =>
  fitted({
    ...head(context),
    kind: "regression",
    floor: FLOOR,
    intercept: 0,
    features: [
      {
        name: "monthlySpend",
        missing: 0,
        transform: "none",
        mean: 0,
        deviation: 1,
        lowest: 0,
        highest: Number.MAX_VALUE,
        weight: rounded(context.horizonDays / 30, 6),
      },
    ],
  });

/** Simplest first. */
export const SPEND_CANDIDATES: readonly SpendCandidate[] = [
  { estimator: "BG/NBD × gamma-gamma", fit: purchases },
  { estimator: "regression", fit: line },
  { estimator: "two-stage", fit: twoStage },
];

export const SPEND_BASELINES: readonly SpendCandidate[] = [
  { estimator: "baseline: mean", fit: constant },
  { estimator: "baseline: past average", fit: pastAverage },
];
