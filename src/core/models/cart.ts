/**
 * Decision trees on histograms (CART, Breiman et al. 1984): for labels 0 and 1, and for amounts. A missing number may be missing in
 * training and later; each split learns where it goes. Rows in another order give the same tree, byte for byte, and there is no seed.
 */
import { quote } from "../fault.ts";
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import { everyRow, type Grown, gridFor, growerOf, growTree, onGrid } from "./grow.ts";
import {
  binRows,
  checkNumericRows,
  type NumericRow,
  type NumericRows,
  readableRow,
} from "./histogram.ts";
import { mustBeWithin } from "./options.ts";
import {
  addGains,
  savedTree,
  type SavedNode,
  type Side,
  sideOf,
  VALUE_GRID,
} from "./saved-tree.ts";

export interface CartOptions {
  /** Most splits from root to leaf, 0..64; 6 by default. */
  readonly maxDepth?: number;
  /** Least rows of a leaf, at least 1; 20 by default. Fewer than twice as many rows are refused. */
  readonly minLeaf?: number;
  /** Most leaves, 1..4096; 64 by default. The split that gains most comes first. */
  readonly maxLeaves?: number;
  /** Least gain of a split; 0 by default. */
  readonly minGain?: number;
}

export interface CartLabelOptions extends CartOptions {
  /** What a split lowers: Gini impurity (default) or log-loss. */
  readonly criterion?: "gini" | "logLoss";
  /** Rows of each label added to a leaf (Laplace); 1 by default, 0 gives bare shares. */
  readonly smoothing?: number;
}

export interface CartModel {
  readonly kind: "cart";
  /** A node's value is a probability of label 1, or a mean amount. */
  readonly target: "label" | "amount";
  readonly width: number;
  readonly rows: number;
  /**
   * Importance: total gain by column. Gini: Σ positives² ÷ rows, half the fall of impurity summed over rows; log-loss: nats;
   * amounts: the fall of the sum of squared errors.
   */
  readonly gains: readonly number[];
  readonly root: SavedNode;
}

const CART_DEFAULTS = {
  maxDepth: 6,
  minLeaf: 20,
  maxLeaves: 64,
  minGain: 0,
  criterion: "gini",
  smoothing: 1,
} as const;

type Settings = Required<CartLabelOptions>;

const settingsOf = (options: CartLabelOptions): Settings => {
  const settings = { ...CART_DEFAULTS, ...options };
  mustBeWithin("maxDepth", settings.maxDepth, { from: 0, to: 64, isWhole: true });
  mustBeWithin("minLeaf", settings.minLeaf, { from: 1, isWhole: true });
  mustBeWithin("maxLeaves", settings.maxLeaves, { from: 1, to: 4096, isWhole: true });
  mustBeWithin("minGain", settings.minGain, { from: 0 });
  mustBeWithin("smoothing", settings.smoothing, { from: 0 });
  return settings;
};

/** The first thing that is wrong with the rows, or that there is not one target a row. */
const checkShape = (
  table: NumericRows,
  targets: ArrayLike<number>,
  atLeast: number,
): Refusal | undefined => {
  const refusal = checkNumericRows(table, atLeast);
  const rows = table.values.length / table.width;
  if (refusal !== undefined || targets.length === rows) return refusal;
  return refused(
    "WIDTH",
    `there are ${targets.length} targets for ${rows} rows; give one for each`,
  );
};

/** The first thing that is wrong with rows and their labels: EMPTY, WIDTH, TOO_FEW, NOT_FINITE, LABEL or CONSTANT. */
export const checkLabelled = (
  table: NumericRows,
  labels: ArrayLike<number>,
  atLeast: number,
): Refusal | undefined => {
  const refusal = checkShape(table, labels, atLeast);
  if (refusal !== undefined) return refusal;
  let positives = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] as number;
    if (label !== 0 && label !== 1)
      return refused("LABEL", `label ${quote(label)} is neither 0 nor 1`);
    positives += label;
  }
  return positives > 0 && positives < labels.length
    ? undefined
    : refused(
        "CONSTANT",
        `every row has the label ${positives > 0 ? 1 : 0}; there is nothing to tell apart`,
      );
};

interface Spread {
  readonly low: number;
  readonly high: number;
}

const spreadOf = (amounts: ArrayLike<number>): Spread => {
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < amounts.length; row += 1) {
    const amount = amounts[row] as number;
    if (amount < low) low = amount;
    if (amount > high) high = amount;
  }
  return { low, high };
};

/** Sums are squared: amounts beyond this would overflow, and differences below its inverse would vanish. */
const AMOUNT_MAX = 1e140;

const checkAmounts = (amounts: ArrayLike<number>): Refusal | undefined => {
  for (let row = 0; row < amounts.length; row += 1)
    if (!(Math.abs(amounts[row] as number) <= AMOUNT_MAX))
      return refused(
        "NOT_FINITE",
        `target ${row}: ${String(amounts[row])} is not a finite number up to ${AMOUNT_MAX}`,
      );
  const { low, high } = spreadOf(amounts);
  return high - low > 1 / AMOUNT_MAX
    ? undefined
    : refused("CONSTANT", `every target is ${low}; there is nothing to tell apart`);
};

interface Aim {
  readonly target: Float64Array;
  readonly kind: CartModel["target"];
  readonly isLogLoss: boolean;
  readonly valueOf: (node: Grown) => number;
}

const fitAim = (table: NumericRows, aim: Aim, settings: Settings): CartModel => {
  const { target, isLogLoss } = aim;
  const { maxDepth, maxLeaves, minLeaf, minGain } = settings;
  const binned = binRows(table);
  const root = growTree({
    grower: growerOf(binned),
    target,
    weight: new Float64Array(binned.rows).fill(1),
    members: everyRow(binned.rows),
    columns: Array.from({ length: table.width }, (_, column) => column),
    maxDepth,
    maxLeaves,
    minWeight: minLeaf,
    minGain,
    lambda: 0,
    isLogLoss,
  });
  const gains = Array.from({ length: table.width }, () => 0);
  addGains(root, gains);
  return {
    kind: "cart",
    target: aim.kind,
    width: table.width,
    rows: binned.rows,
    gains,
    root: savedTree(root, binned, aim.valueOf),
  };
};

/** A tree for labels 0 and 1; its leaves say (positives + smoothing) ÷ (rows + 2 smoothing), in steps of 2⁻⁴⁰. */
export const fitCart = (
  table: NumericRows,
  labels: ArrayLike<number>,
  options: CartLabelOptions = {},
): Fitted<CartModel> => {
  const settings = settingsOf(options);
  const { smoothing, criterion, minLeaf } = settings;
  const refusal = checkLabelled(table, labels, 2 * minLeaf);
  if (refusal !== undefined) return refusal;
  const aim: Aim = {
    target: new Float64Array(labels),
    kind: "label",
    isLogLoss: criterion === "logLoss",
    valueOf: ({ target, weight }) =>
      onGrid((target + smoothing) / (weight + 2 * smoothing), VALUE_GRID),
  };
  return fitted(fitAim(table, aim, settings));
};

/**
 * A tree for amounts; its leaves say the mean, to 2⁻⁴⁵ of the greatest amount, and its splits lower the squared error.
 * Refuses amounts beyond ±1e140 (NOT_FINITE) and amounts that are all the same, to 1e-140 (CONSTANT).
 */
export const fitCartAmounts = (
  table: NumericRows,
  amounts: ArrayLike<number>,
  options: CartOptions = {},
): Fitted<CartModel> => {
  const settings = settingsOf(options);
  const refusal = checkShape(table, amounts, 2 * settings.minLeaf) ?? checkAmounts(amounts);
  if (refusal !== undefined) return refusal;
  const { low, high } = spreadOf(amounts);
  const valueGrid = gridFor(2 ** 7 * Math.max(-low, high), 1);
  const middle = onGrid(low / 2 + high / 2, valueGrid);
  const grid = gridFor(high - low, amounts.length);
  const target = new Float64Array(amounts);
  for (let row = 0; row < target.length; row += 1)
    target[row] = onGrid((target[row] as number) - middle, grid);
  const aim: Aim = {
    target,
    kind: "amount",
    isLogLoss: false,
    valueOf: (node) => onGrid(middle + node.target / node.weight, valueGrid),
  };
  return fitted(fitAim(table, aim, settings));
};

/** Probability of label 1, or the expected amount. Throws a RangeError for a row of another width or with an infinite number. */
export const predictCart = (model: CartModel, row: NumericRow): number => {
  const values = readableRow(row, model.width);
  let node = model.root;
  while ("column" in node) node = node[sideOf(node, values[node.column] as number)];
  return node.value;
};

export interface CartStep {
  readonly column: number;
  /** The row's number; null where missing. */
  readonly value: number | null;
  readonly threshold: number | null;
  readonly side: Side;
  /** By how much the step moves the prediction. */
  readonly change: number;
}

export interface CartReasons {
  /** What the root says of everybody. */
  readonly base: number;
  readonly prediction: number;
  /** From root to leaf; base + the changes is the prediction, exactly. */
  readonly steps: readonly CartStep[];
}

/** The way of a row to its leaf. Throws as `predictCart` does. */
export const cartReasons = (model: CartModel, row: NumericRow): CartReasons => {
  const values = readableRow(row, model.width);
  const steps: CartStep[] = [];
  let node = model.root;
  while ("column" in node) {
    const { column, threshold } = node;
    const value = values[column] as number;
    const side = sideOf(node, value);
    const next = node[side];
    steps.push({
      column,
      value: Number.isNaN(value) ? null : value,
      threshold,
      side,
      change: next.value - node.value,
    });
    node = next;
  }
  return { base: model.root.value, prediction: node.value, steps };
};
