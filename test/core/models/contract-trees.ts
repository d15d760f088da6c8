/** The contract's table: trees, ours and the package's, and boosting. */
import type { FeatureName } from "../../../src/core/feature.ts";
import {
  boostingContributions,
  type BoostingModel,
  openBoosting,
  predictBoosting,
} from "../../../src/core/models/boosting.ts";
import { type BoostingOptions, fitBoosting } from "../../../src/core/models/boosting-fit.ts";
import {
  type CartLabelOptions,
  fitCart,
  fitCartAmounts,
  predictCart,
} from "../../../src/core/models/cart.ts";
import type { TreeNode } from "../../../src/core/models/churn-file.ts";
import type { Table } from "../../../src/core/models/fitted.ts";
import { fitTree } from "../../../src/core/models/tree-fit.ts";
import { estimator, type Fault, type Row } from "./contract.ts";
import * as made from "./contract-made.ts";

const cartOptions = (
  fit: (data: made.Labelled, options: CartLabelOptions) => unknown,
  own: Readonly<Record<string, CartLabelOptions>> = {},
): Readonly<Record<string, (data: made.Labelled) => unknown>> =>
  Object.fromEntries(
    Object.entries({
      "maxDepth 65": { maxDepth: 65 },
      "maxDepth 2.5": { maxDepth: 2.5 },
      "minLeaf 0": { minLeaf: 0 },
      "maxLeaves 0": { maxLeaves: 0 },
      "minGain −1": { minGain: -1 },
      "minGain NaN": { minGain: Number.NaN },
      ...own,
    }).map(([name, options]) => [name, (data: made.Labelled) => fit(data, options)]),
  );

const cart = estimator({
  name: "fitCart",
  data: made.labelled,
  fit: ({ matrix, labels }) => fitCart(matrix, labels),
  ask: (model, numbers) => [
    predictCart(model, numbers),
    predictCart(model, [numbers[0], Number.NaN, null]),
  ],
  range: [0, 1],
  faults: {
    empty: made.EMPTY,
    width: made.WIDTH,
    notFinite: made.INFINITE,
    label: made.labelFaults("LABEL"),
    others: [...made.TOO_FEW, ...made.ONE_CLASS],
  },
  options: cartOptions(({ matrix, labels }, options) => fitCart(matrix, labels, options), {
    "smoothing −1": { smoothing: -1 },
  }),
  misasked: made.misasked(predictCart),
  shuffled: made.shuffled,
  inUnit: made.inUnit,
  judged: (model) => made.judgedBy((row) => predictCart(model, row)),
});

const logLossCart = estimator({
  name: "fitCart: log-loss, without smoothing",
  data: made.labelled,
  fit: ({ matrix, labels }) => fitCart(matrix, labels, { criterion: "logLoss", smoothing: 0 }),
  ask: (model, numbers) => [predictCart(model, numbers)],
  range: [0, 1],
  faults: {
    empty: made.EMPTY,
    width: made.WIDTH,
    notFinite: made.INFINITE,
    label: made.labelFaults("LABEL"),
    others: [],
  },
  options: "as without the criterion",
  misasked: made.misasked(predictCart),
  shuffled: made.shuffled,
  inUnit: made.inUnit,
  judged: "bare shares of small leaves are too sure, which smoothing mends",
});

const amounts = estimator({
  name: "fitCartAmounts",
  data: made.labelled,
  fit: (data) => fitCartAmounts(data.matrix, data.amounts),
  ask: (model, numbers) => [predictCart(model, numbers)],
  range: [0, Number.MAX_VALUE],
  faults: {
    empty: made.EMPTY,
    width: made.WIDTH,
    notFinite: [...made.INFINITE, ...made.AMOUNT_NOT_FINITE],
    label: "targets are amounts",
    others: [
      ...made.TOO_FEW,
      {
        what: "one amount for all",
        code: "CONSTANT",
        spoil: (good) => ({ ...good, amounts: good.amounts.map(() => 7) }),
      },
    ],
  },
  options: cartOptions((data, options) => fitCartAmounts(data.matrix, data.amounts, options)),
  misasked: made.misasked(predictCart),
  shuffled: made.shuffled,
  inUnit: made.inUnit,
  judged: "says amounts",
});

const boostingOptions: Readonly<Record<string, BoostingOptions>> = {
  "rounds 0": { rounds: 0 },
  "rate 0": { rate: 0 },
  "rate 2": { rate: 2 },
  "maxLeaves 1": { maxLeaves: 1 },
  "maxDepth 0": { maxDepth: 0 },
  "lambda −1": { lambda: -1 },
  "minChildWeight 0": { minChildWeight: 0 },
  "minGain −1": { minGain: -1 },
  "rowShare 0": { rowShare: 0 },
  "columnShare 2": { columnShare: 2 },
  "holdout .6": { holdout: 0.6 },
  "patience 0": { patience: 0 },
  "seed NaN": { seed: Number.NaN },
};

const boosting = (name: string, given: BoostingOptions, shuffled: "ordered" | "any"): Row =>
  estimator({
    name: `fitBoosting: ${name}`,
    data: made.labelled,
    fit: ({ matrix, labels }: made.Labelled) => fitBoosting(matrix, labels, given),
    ask: (model, numbers) => {
      const open = openBoosting(model);
      const { base, columns, score } = boostingContributions(open, numbers);
      const rest = score - columns.reduce((sum, change) => sum + change, base);
      return [predictBoosting(open, numbers), rest, predictBoosting(open, [null, numbers[1], 0])];
    },
    range: [0, 1],
    faults: {
      empty: made.EMPTY,
      width: made.WIDTH,
      notFinite: made.INFINITE,
      label: made.labelFaults("LABEL"),
      others: [...made.TOO_FEW, ...made.ONE_CLASS],
    },
    options: Object.fromEntries(
      Object.entries(boostingOptions).map(([what, options]) => [
        what,
        ({ matrix, labels }: made.Labelled) => fitBoosting(matrix, labels, options),
      ]),
    ),
    misasked: made.misasked((model: BoostingModel, row) =>
      predictBoosting(openBoosting(model), row),
    ),
    shuffled:
      shuffled === "any"
        ? made.shuffled
        : "rows held out and drawn depend on the order of the rows",
    inUnit: made.inUnit,
    judged: (model) => {
      const open = openBoosting(model);
      return made.judgedBy((row) => predictBoosting(open, row));
    },
  });

const NAMES: readonly FeatureName[] = ["recencyDays", "frequency", "monetary"];
const TREE_OPTIONS = { seed: 1, depthMax: 4, leafRows: 20, gainMin: 0.001 };

interface TreeData {
  readonly table: Table<FeatureName>;
  readonly labels: readonly number[];
}

const withRow = ({ table, labels }: TreeData, row: readonly number[]): TreeData => ({
  table: { ...table, rows: [row, ...table.rows.slice(1)] },
  labels,
});

const fault = (what: string, code: string, spoil: Fault<TreeData>["spoil"]): Fault<TreeData> => ({
  what,
  code,
  spoil,
});

const leafOf = (root: TreeNode, row: readonly number[]): number => {
  let node = root;
  while ("feature" in node) {
    const value = row[NAMES.indexOf(node.feature)] as number;
    node = value >= node.threshold ? node.above : node.below;
  }
  return node.probability;
};

const tree = estimator<TreeData, TreeNode>({
  name: "fitTree",
  data: (seed, rows) => {
    const good = made.labelled(seed, rows);
    return { table: { columns: NAMES, rows: made.plainRows(good) }, labels: good.labels };
  },
  fit: ({ table, labels }) => fitTree(table, labels, TREE_OPTIONS),
  ask: (root, numbers) => [leafOf(root, numbers)],
  range: [0, 1],
  faults: {
    empty: [
      fault("no rows", "EMPTY", ({ table }) => ({ table: { ...table, rows: [] }, labels: [] })),
    ],
    width: [
      fault("a narrow row", "WIDTH", (good) => withRow(good, [1])),
      fault("a wide row", "WIDTH", (good) => withRow(good, [1, 2, 3, 4])),
      fault("no columns", "WIDTH", ({ table, labels }) => ({
        table: { columns: [], rows: table.rows.map(() => []) },
        labels,
      })),
      fault("too few labels", "WIDTH", ({ table, labels }) => ({ table, labels: labels.slice(1) })),
    ],
    notFinite: [
      fault("NaN", "NOT_FINITE", (good) => withRow(good, [1, Number.NaN, 3])),
      fault("infinity", "NOT_FINITE", (good) => withRow(good, [1, 2, Infinity])),
      fault("a label of NaN", "NOT_FINITE", ({ table, labels }) => ({
        table,
        labels: [Number.NaN, ...labels.slice(1)],
      })),
    ],
    label: [
      fault("a label of 2", "LABEL", ({ table, labels }) => ({
        table,
        labels: [2, ...labels.slice(1)],
      })),
    ],
    others: [
      fault("too few rows for two leaves", "TOO_FEW", ({ table, labels }) => ({
        table: { ...table, rows: table.rows.slice(0, 39) },
        labels: labels.slice(0, 39),
      })),
      fault("one class", "CONSTANT", ({ table, labels }) => ({
        table,
        labels: labels.map(() => 1),
      })),
    ],
  },
  options: Object.fromEntries(
    Object.entries({
      "depthMax 0": { depthMax: 0 },
      "leafRows 0": { leafRows: 0 },
      "gainMin NaN": { gainMin: Number.NaN },
      "seed NaN": { seed: Number.NaN },
    }).map(([what, options]) => [
      what,
      ({ table, labels }: TreeData) => fitTree(table, labels, { ...TREE_OPTIONS, ...options }),
    ]),
  ),
  misasked: "the tree is asked in `tree.ts`, through features",
  shuffled: (good, random) => {
    const own = { ...made.labelled(3), amounts: good.labels };
    const mixed = made.shuffled(own, random);
    return { table: { columns: NAMES, rows: made.plainRows(mixed) }, labels: mixed.labels };
  },
  inUnit: ({ table, labels }, factor) => ({
    table: { ...table, rows: table.rows.map((row) => row.map((value) => value * factor)) },
    labels,
  }),
  judged: (root) => made.judgedBy((row) => leafOf(root, row)),
});

export const TREES: readonly Row[] = [
  tree,
  cart,
  logLossCart,
  amounts,
  boosting("every row", { holdout: 0, rounds: 80 }, "any"),
  boosting("rows held out", { holdout: 0.2 }, "ordered"),
  boosting("rows and columns drawn", { rowShare: 0.7, columnShare: 0.5 }, "ordered"),
];
