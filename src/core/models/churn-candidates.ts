/**
 * The estimators that compete to be the churn model, simplest first, and the baselines that stand beside them. Each is fitted on rows of
 * customers who have ordered before; the label is 1 where a customer ordered nothing in the horizon.
 */
import type { FeatureName } from "../feature.ts";
import { fitBgNbd } from "./bg-nbd.ts";
import { fitBoosting } from "./boosting-fit.ts";
import { fitCart } from "./cart.ts";
import type { ChurnModel, TreeNode } from "./churn-file.ts";
import type { Bare, Candidate } from "./compete.ts";
import { type Fitted, fitted, refused, type Table } from "./fitted.ts";
import { fitHeldScales, heldMatrix, weightedFeatures } from "./held-fit.ts";
import type { LabelledRow } from "./history-row.ts";
import { fitLogistic } from "./logistic.ts";
import { MODEL_FORMAT } from "./model-file.ts";
import { purchasesOf } from "./purchases.ts";
import { rounded } from "./scale.ts";
import type { FeatureChoice } from "./scale-fit.ts";
import type { SavedNode } from "./saved-tree.ts";
import type { TrainingContext } from "./train-common.ts";
import { fitTree, TREE_FIT_DEFAULTS } from "./tree-fit.ts";

type ChurnCandidate = Candidate<Bare<ChurnModel>>;

export const REQUIRES: readonly FeatureName[] = ["recencyDays"];

/** Null in a tree that knows no missing values: below every value that a feature can have. */
const BELOW_ALL = -9;

const LINE: readonly FeatureChoice[] = [
  { name: "recencyDays", missing: "largest", transform: "log1p" },
  { name: "frequency", missing: 0, transform: "log1p" },
  { name: "monetary", missing: 0, transform: "log1p" },
  { name: "averageOrder", missing: 0, transform: "log1p" },
  { name: "orderTrend", missing: 1, transform: "log1p" },
  { name: "tenureDays", missing: 0, transform: "log1p" },
  { name: "meanGapDays", missing: "largest", transform: "log1p" },
  { name: "gapSpreadDays", missing: "largest", transform: "log1p" },
  { name: "overdue", missing: 1, transform: "log1p" },
  { name: "returns", missing: 0, transform: "log1p" },
  { name: "negativeFeedback", missing: 0, transform: "log1p" },
  { name: "rollingSentiment", missing: 0, transform: "none" },
  { name: "appOpens", missing: 0, transform: "log1p" },
  { name: "daysSinceAppOpen", missing: "largest", transform: "log1p" },
  { name: "paymentFailures", missing: 0, transform: "log1p" },
  { name: "parcelDelays", missing: 0, transform: "log1p" },
  { name: "cancellations", missing: 0, transform: "log1p" },
  { name: "orders90", missing: 0, transform: "log1p" },
  { name: "spend90", missing: 0, transform: "log1p" },
  { name: "returnRate", missing: 0, transform: "none" },
  { name: "itemsPerOrder", missing: 0, transform: "log1p" },
  { name: "complaints90", missing: 0, transform: "log1p" },
  { name: "complaints90AtLeast2", missing: 0, transform: "none" },
  { name: "complaints90AtLeast4", missing: 0, transform: "none" },
  { name: "sentimentTrend", missing: 0, transform: "none" },
  { name: "appOpens30", missing: 0, transform: "log1p" },
  { name: "cartsAbandoned30", missing: 0, transform: "log1p" },
  { name: "productViews30", missing: 0, transform: "log1p" },
];

const choicesNamed = (names: readonly FeatureName[]): readonly FeatureChoice[] =>
  LINE.filter(({ name }) => names.includes(name));

const TREE_FEATURES: readonly FeatureName[] = [
  ...LINE.map(({ name }) => name),
  "monthlySpend",
  "positiveFeedback",
];

export const churnLabel = ({ outcome }: LabelledRow): number => (outcome.orders === 0 ? 1 : 0);

const head = ({ horizonDays }: TrainingContext) => ({
  format: MODEL_FORMAT,
  task: "churn" as const,
  horizonDays,
  requires: [...REQUIRES],
});

/** Ridge-penalised; 1 is scikit-learn's and R's default, and figures hardly move between .1 and 10. */
const PENALTY = 1;

const logisticOn =
  (choices: readonly FeatureChoice[]): ChurnCandidate["fit"] =>
  (rows, context) => {
    const scales = fitHeldScales(choices, rows);
    if (scales.kind === "refused") return scales;
    const matrix = heldMatrix(scales.value, rows);
    const fit = fitLogistic(matrix, rows.map(churnLabel), { penalty: PENALTY });
    if (fit.kind === "refused") return fit;
    const { intercept, features } = weightedFeatures(scales.value, fit.value);
    return fitted({ ...head(context), kind: "logistic", intercept, features });
  };

const treeTable = (rows: readonly LabelledRow[]): Table<FeatureName> => ({
  columns: TREE_FEATURES,
  rows: rows.map(({ features }) => TREE_FEATURES.map((name) => features[name] ?? BELOW_ALL)),
});

/** More rows than this are grown by our own histogram tree: ml-cart's time grows with their square. */
const PACKAGE_ROWS_MAX = 3000;

const asTreeNode = (node: SavedNode): TreeNode => {
  if (!("column" in node) || node.threshold === null)
    return {
      probability: node.value,
      rows: node.rows,
      positives: Math.round(node.value * (node.rows + 2) - 1),
    };
  return {
    feature: TREE_FEATURES[node.column] ?? "recencyDays",
    threshold: node.threshold,
    below: asTreeNode(node.below),
    above: asTreeNode(node.above),
  };
};

const growTree = (rows: readonly LabelledRow[], seed: number): Fitted<TreeNode> => {
  const table = treeTable(rows);
  const labels = rows.map(churnLabel);
  if (rows.length <= PACKAGE_ROWS_MAX)
    return fitTree(table, labels, { ...TREE_FIT_DEFAULTS, seed });
  const width = TREE_FEATURES.length;
  const grown = fitCart({ values: Float64Array.from(table.rows.flat()), width }, labels, {
    maxDepth: 5,
    minLeaf: TREE_FIT_DEFAULTS.leafRows,
  });
  return grown.kind === "refused" ? grown : fitted(asTreeNode(grown.value.root));
};

const tree: ChurnCandidate["fit"] = (rows, context) => {
  const grown = growTree(rows, context.seed);
  if (grown.kind === "refused") return grown;
  return fitted({
    ...head(context),
    kind: "tree",
    features: TREE_FEATURES.map((name) => ({ name, missing: BELOW_ALL })),
    tree: grown.value,
  });
};

/** With fewer rows boosted trees have never beaten a line on any history that we measured. */
const BOOSTING_ROWS_MIN = 3000;

/**
 * A customer has a row at every cut-off, so rows held out at random are old acquaintances and let far too many trees pass: a fixed number of
 * small ones gave AUC .740 on a year of a British gift shop (UCI Online Retail), where early stopping gave .732.
 */
const BOOSTING = {
  rounds: 60,
  maxLeaves: 4,
  minChildWeight: 50,
  rowShare: 0.7,
  columnShare: 0.5,
  holdout: 0,
} as const;

const boosting: ChurnCandidate["fit"] = (rows, context) => {
  if (rows.length < BOOSTING_ROWS_MIN)
    return refused(
      "TOO_FEW",
      `boosted trees need ${BOOSTING_ROWS_MIN} rows, there are ${rows.length}`,
    );
  const values = Float64Array.from(
    rows.flatMap(({ features }) => TREE_FEATURES.map((name) => features[name] ?? Number.NaN)),
  );
  const fit = fitBoosting({ values, width: TREE_FEATURES.length }, rows.map(churnLabel), {
    ...BOOSTING,
    seed: context.seed,
  });
  if (fit.kind === "refused") return fit;
  const { start, base, trees } = fit.value;
  return fitted({
    ...head(context),
    kind: "boosting",
    features: [...TREE_FEATURES],
    start,
    base,
    trees: [...trees],
  });
};

const purchases: ChurnCandidate["fit"] = (rows, context) => {
  const histories = rows.map(({ features }) => purchasesOf(features));
  const fit = fitBgNbd({
    frequency: histories.map(({ frequency }) => frequency),
    recency: histories.map(({ recency }) => recency),
    age: histories.map(({ age }) => age),
  });
  if (fit.kind === "refused") return fit;
  const { r, alpha, a, b } = fit.value;
  return fitted({ ...head(context), kind: "bgNbd", r, alpha, a, b });
};

/** Every customer alike: a line of one feature whose weight is 0. */
const constant: ChurnCandidate["fit"] = (rows, context) => {
  const share = rows.reduce((sum, row) => sum + churnLabel(row), 0) / rows.length;
  const held = Math.min(1 - 1e-6, Math.max(1e-6, share));
  const feature = { name: "recencyDays" as const, missing: 0, transform: "none" as const };
  return fitted({
    ...head(context),
    kind: "logistic",
    intercept: rounded(Math.log(held / (1 - held)), 6),
    features: [{ ...feature, mean: 0, deviation: 1, lowest: 0, highest: 0, weight: 0 }],
  });
};

/** Simplest first. */
export const CHURN_CANDIDATES: readonly ChurnCandidate[] = [
  { estimator: "BG/NBD", fit: purchases },
  { estimator: "logistic", fit: logisticOn(LINE) },
  { estimator: "tree", fit: tree },
  { estimator: "boosting", fit: boosting },
];

export const CHURN_BASELINES: readonly ChurnCandidate[] = [
  { estimator: "baseline: constant", fit: constant },
  { estimator: "baseline: recency alone", fit: logisticOn(choicesNamed(["recencyDays"])) },
  {
    estimator: "baseline: RFM logistic",
    fit: logisticOn(choicesNamed(["recencyDays", "frequency", "monetary"])),
  },
];
