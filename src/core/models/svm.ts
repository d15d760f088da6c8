/**
 * Linear support vector machine with squared hinge loss, fitted by dual coordinate descent with shrinking
 * (Hsieh, Chang, Lin, Keerthi and Sundararajan, 2008). Same rows, targets and seed: same weights.
 */
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import { mustBeSeed, mustBeWithin } from "./options.ts";
import { randomFrom } from "./random.ts";

/** Rows beside each other: row `i` has the entries `starts[i] … starts[i + 1]` of `columns` and `values`. */
export interface Rows {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
  /** Number of columns; a constant 1 is added behind them as the bias. */
  readonly width: number;
}

export interface SvmTask {
  readonly rows: Rows;
  /** 1 where the label holds, −1 where it does not, 0 where a row is left out. */
  readonly targets: Int8Array;
  /** Penalty of a row with the label and of one without it: ½‖w‖² + Σ cᵢ max(0, 1 − yᵢ w·xᵢ)². */
  readonly cost: readonly [number, number];
  readonly seed: number;
  /** Weight of each row's penalty, 0 or more, where 0 leaves a row out; 1 for all if absent. */
  readonly importance?: Float32Array;
  readonly maxRounds?: number;
  readonly tolerance?: number;
}

/** `weights[width]` is the bias. */
export type SvmWeights = Float32Array;

const MAX_ROUNDS = 60;
const TOLERANCE = 0.1;

const squares = (rows: Rows): Float64Array => {
  const sums = new Float64Array(rows.starts.length - 1);
  for (let row = 0; row < sums.length; row += 1) {
    let sum = 1;
    const end = rows.starts[row + 1] as number;
    for (let at = rows.starts[row] as number; at < end; at += 1) {
      const value = rows.values[at] as number;
      sum += value * value;
    }
    sums[row] = sum;
  }
  return sums;
};

const shuffle = (order: Int32Array, count: number, random: () => number): void => {
  for (let at = 0; at < count; at += 1) {
    const other = at + Math.floor(random() * (count - at));
    const kept = order[at] as number;
    order[at] = order[other] as number;
    order[other] = kept;
  }
};

/** One fit under way. */
interface Descent {
  readonly task: SvmTask;
  readonly norms: Float64Array;
  readonly weights: SvmWeights;
  readonly dual: Float64Array;
  /** Rows in the order of this round; those from `active` on are shrunk. */
  readonly order: Int32Array;
  active: number;
  /** Slope from which a row at its bound is shrunk. */
  most: number;
  /** Largest and smallest projected slope of this round. */
  highest: number;
  lowest: number;
}

const marginOf = ({ task: { rows }, weights }: Descent, row: number): number => {
  let margin = weights[rows.width] as number;
  const end = rows.starts[row + 1] as number;
  for (let at = rows.starts[row] as number; at < end; at += 1)
    margin += (rows.values[at] as number) * (weights[rows.columns[at] as number] as number);
  return margin;
};

const addRow = ({ task: { rows }, weights }: Descent, row: number, step: number): void => {
  const end = rows.starts[row + 1] as number;
  for (let at = rows.starts[row] as number; at < end; at += 1) {
    const column = rows.columns[at] as number;
    weights[column] = (weights[column] as number) + step * (rows.values[at] as number);
  }
  weights[rows.width] = (weights[rows.width] as number) + step;
};

const ridgeOf = ({ cost, importance }: SvmTask, row: number, target: number): number => {
  const weight = importance === undefined ? 1 : (importance[row] as number);
  return 0.5 / ((target > 0 ? cost[0] : cost[1]) * weight);
};

/** One step of one row; true where the row is shrunk instead. */
const visit = (descent: Descent, row: number): boolean => {
  const { task, dual, norms } = descent;
  const target = task.targets[row] as number;
  const ridge = ridgeOf(task, row, target);
  const alpha = dual[row] as number;
  const slope = target * marginOf(descent, row) - 1 + alpha * ridge;
  if (alpha === 0 && slope > 0) {
    descent.highest = Math.max(descent.highest, 0);
    return slope > descent.most;
  }
  descent.highest = Math.max(descent.highest, slope);
  descent.lowest = Math.min(descent.lowest, slope);
  if (Math.abs(slope) < 1e-12) return false;
  const next = Math.max(alpha - slope / ((norms[row] as number) + ridge), 0);
  dual[row] = next;
  if (next !== alpha) addRow(descent, row, (next - alpha) * target);
  return false;
};

/** Visits every active row once, in the order that was shuffled. */
const sweep = (descent: Descent): void => {
  const { order } = descent;
  descent.highest = -Infinity;
  descent.lowest = Infinity;
  for (let at = 0; at < descent.active; at += 1) {
    const row = order[at] as number;
    if (!visit(descent, row)) continue;
    descent.active -= 1;
    order[at] = order[descent.active] as number;
    order[descent.active] = row;
    at -= 1;
  }
};

const begin = (task: SvmTask, norms: Float64Array): Descent => {
  const { rows, targets, importance } = task;
  const count = rows.starts.length - 1;
  const order = new Int32Array(count);
  let active = 0;
  for (let row = 0; row < count; row += 1)
    if (targets[row] !== 0 && importance?.[row] !== 0) order[active++] = row;
  return {
    task,
    norms,
    weights: new Float32Array(rows.width + 1),
    dual: new Float64Array(count),
    order,
    active,
    most: Infinity,
    highest: -Infinity,
    lowest: Infinity,
  };
};

const checkRows = ({ starts, columns, values, width }: Rows): Refusal | undefined => {
  if (starts.length < 2) return refused("EMPTY", "there are no rows; give some to learn from");
  const entries = starts.at(-1) as number;
  if (columns.length < entries || values.length < entries)
    return refused(
      "WIDTH",
      `rows end at entry ${entries}, but there are ${columns.length} columns and ${values.length} values; give one of each`,
    );
  for (let at = 0; at < entries; at += 1) {
    const column = columns[at] as number;
    if (column < 0 || column >= width)
      return refused("WIDTH", `entry ${at} stands in column ${column}, not in 0 … ${width - 1}`);
  }
  return undefined;
};

const checkTargets = ({ rows, targets, importance }: SvmTask): Refusal | undefined => {
  const count = rows.starts.length - 1;
  if (targets.length !== count || (importance !== undefined && importance.length !== count))
    return refused(
      "WIDTH",
      `there are ${targets.length} targets and ${importance?.length ?? "no"} weights for ${count} rows; give one for each`,
    );
  const bad = targets.findIndex((target) => target < -1 || target > 1);
  if (bad >= 0)
    return refused("LABEL", `target ${bad} is ${targets[bad]}; give 1, −1, or 0 to leave it out`);
  const weight = importance?.findIndex((value) => !(value >= 0 && Number.isFinite(value))) ?? -1;
  return weight < 0
    ? undefined
    : refused(
        "RANGE",
        `importance ${weight} is ${importance?.[weight]}; give a finite number of 0 or more`,
      );
};

const mustBeSound = ({ cost, maxRounds, tolerance, seed }: SvmTask): void => {
  for (const one of cost) mustBeWithin("cost", one, { from: Number.MIN_VALUE });
  mustBeWithin("maxRounds", maxRounds ?? MAX_ROUNDS, { from: 1, isWhole: true });
  mustBeWithin("tolerance", tolerance ?? TOLERANCE, { from: 0 });
  mustBeSeed(seed);
};

/**
 * Weights of one label. O(rounds × entries); typically 5 to 20 rounds. Shrunk rows are looked at again before the end.
 * Refuses EMPTY, WIDTH, NOT_FINITE, targets other than 1, −1 and 0 (LABEL) and importance below 0 (RANGE). Rows of one class only are
 * fitted: a label may be absent from a part of the texts. An option out of range is a RangeError.
 */
export const fitSvm = (task: SvmTask): Fitted<SvmWeights> => {
  mustBeSound(task);
  const refusal = checkRows(task.rows) ?? checkTargets(task);
  if (refusal !== undefined) return refusal;
  const norms = squares(task.rows);
  const bad = norms.findIndex((norm) => !Number.isFinite(norm));
  if (bad >= 0)
    return refused("NOT_FINITE", `row ${bad} has a number that is not finite; leave the entry out`);
  const descent = begin(task, norms);
  const all = descent.active;
  const random = randomFrom(task.seed);
  const tolerance = task.tolerance ?? TOLERANCE;
  for (let round = 0; round < (task.maxRounds ?? MAX_ROUNDS); round += 1) {
    shuffle(descent.order, descent.active, random);
    sweep(descent);
    const isSettled = descent.highest - descent.lowest <= tolerance;
    if (isSettled && descent.active === all) break;
    if (isSettled) descent.active = all;
    descent.most = isSettled || descent.highest <= 0 ? Infinity : descent.highest;
  }
  // A −0 would come back from a file as 0.
  return fitted(descent.weights.map((weight) => weight + 0));
};
