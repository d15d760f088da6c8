/**
 * Gradient boosting of small trees for labels 0 and 1 (Friedman 2001; second-order leaf values after Chen and Guestrin 2016, histograms
 * and best-leaf-first growth after Ke et al. 2017). Missing numbers may be missing. Only the held-out rows and the sampling, which
 * a seed chooses, depend on the order of the rows.
 */
import { type BoostingModel, probabilityOf } from "./boosting.ts";
import { checkLabelled } from "./cart.ts";
import { type Fitted, fitted } from "./fitted.ts";
import { everyRow, type Grower, growerOf, type Grown, gridFor, growTree, onGrid } from "./grow.ts";
import { binRows, type NumericRows } from "./histogram.ts";
import { mustBeSeed, mustBeWithin } from "./options.ts";
import { type Random, randomFrom } from "./random.ts";
import { addGains, grownLeaf, savedTree, VALUE_GRID } from "./saved-tree.ts";

export interface BoostingOptions {
  /** Most trees, 1..10,000; 150 by default. */
  readonly rounds?: number;
  /** Share of each tree's answer that is taken, above 0 (1e-4) to 1; .05 by default. */
  readonly rate?: number;
  /** Most leaves of a tree, 2..256; 8 by default. */
  readonly maxLeaves?: number;
  /** Most splits from root to leaf, 1..64; 64 by default, so that only `maxLeaves` binds. */
  readonly maxDepth?: number;
  /** λ added to a leaf's weight, 0 or more; 1 by default. */
  readonly lambda?: number;
  /** Least Σ p (1 − p) over the rows of a leaf, at least .001; 5 by default, which is 20 rows or more. */
  readonly minChildWeight?: number;
  /** Least gain of a split; 0 by default. */
  readonly minGain?: number;
  /** Share of the rows that each tree sees, .01..1; 1 by default. */
  readonly rowShare?: number;
  /** Share of the columns that each tree may split, above 0 (.001) to 1; 1 by default, always one column at least. */
  readonly columnShare?: number;
  /** Share of the rows of each label held out to find the best number of trees, 0..0.5; .1 by default, 0 takes every round. */
  readonly holdout?: number;
  /** Rounds without a better held-out loss after which the fit stops; 20 by default. */
  readonly patience?: number;
  /** Whether the chosen number of trees is grown again on all rows, the held-out ones too, which doubles the time; true by default. */
  readonly isRefitted?: boolean;
  /** Chooses the held-out rows and the samples; 1 by default. */
  readonly seed?: number;
}

const BOOSTING_DEFAULTS = {
  rounds: 150,
  rate: 0.05,
  maxLeaves: 8,
  maxDepth: 64,
  lambda: 1,
  minChildWeight: 5,
  minGain: 0,
  rowShare: 1,
  columnShare: 1,
  holdout: 0.1,
  patience: 20,
  isRefitted: true,
  seed: 1,
} as const;

type Settings = Required<BoostingOptions>;

/** Fewer rows than this are refused. */
const ROWS_MIN = 20;
/** With fewer rows of a label held out, chance would choose the number of trees. */
const HELD_OUT_MIN = 10;

const settingsOf = (options: BoostingOptions): Settings => {
  const settings = { ...BOOSTING_DEFAULTS, ...options };
  mustBeWithin("rounds", settings.rounds, { from: 1, to: 10_000, isWhole: true });
  mustBeWithin("rate", settings.rate, { from: 1e-4, to: 1 });
  mustBeWithin("maxLeaves", settings.maxLeaves, { from: 2, to: 256, isWhole: true });
  mustBeWithin("maxDepth", settings.maxDepth, { from: 1, to: 64, isWhole: true });
  mustBeWithin("lambda", settings.lambda, { from: 0 });
  mustBeWithin("minChildWeight", settings.minChildWeight, { from: 1e-3 });
  mustBeWithin("minGain", settings.minGain, { from: 0 });
  mustBeWithin("rowShare", settings.rowShare, { from: 0.01, to: 1 });
  mustBeWithin("columnShare", settings.columnShare, { from: 1e-3, to: 1 });
  mustBeWithin("holdout", settings.holdout, { from: 0, to: 0.5 });
  mustBeWithin("patience", settings.patience, { from: 1, isWhole: true });
  mustBeSeed(settings.seed);
  return settings;
};

/** −ln p(label), without overflow. */
const lossOf = (score: number, label: number): number => {
  const margin = label === 1 ? score : -score;
  return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
};

interface Parts {
  /** Rows to grow on, ascending. */
  readonly grown: Int32Array;
  readonly heldOut: Int32Array;
}

/** Holds out the same share of both labels: the tail of the rows in an order that the seed chooses. */
const divideRows = (labels: Uint8Array, share: number, random: Random): Parts => {
  const order = everyRow(labels.length);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const row = order[last] as number;
    order[last] = order[other] as number;
    order[other] = row;
  }
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const wanted = [labels.length - positives, positives].map((rows) => Math.floor(share * rows));
  if (Math.min(...wanted) < HELD_OUT_MIN)
    return { grown: everyRow(labels.length), heldOut: new Int32Array() };
  const isHeldOut = new Uint8Array(labels.length);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const row = order[at] as number;
    const label = labels[row] as number;
    if ((wanted[label] as number) === 0) continue;
    wanted[label] = (wanted[label] as number) - 1;
    isHeldOut[row] = 1;
  }
  return partsOf(isHeldOut, order);
};

/** Both parts ascending, in the room of `order`: filtering would hold every place twice. */
const partsOf = (isHeldOut: Uint8Array, order: Int32Array): Parts => {
  let count = 0;
  for (const side of [0, 1])
    for (let row = 0; row < isHeldOut.length; row += 1)
      if (isHeldOut[row] === side) {
        order[count] = row;
        count += 1;
      }
  const grown = isHeldOut.reduce((sum, held) => sum - held, isHeldOut.length);
  return { grown: order.subarray(0, grown), heldOut: order.subarray(grown) };
};

/** One fit under way. */
interface Boost {
  readonly settings: Settings;
  readonly grower: Grower;
  readonly labels: Uint8Array;
  readonly parts: Parts;
  /** Log-odds of every row so far. */
  readonly scores: Float64Array;
  /** Label minus probability, and the curvature p (1 − p). */
  readonly slopes: Float64Array;
  readonly curves: Float64Array;
  /** Room for the rows of a tree. */
  readonly members: Int32Array;
  readonly random: Random;
}

const takeSlopes = ({ parts, labels, scores, slopes, curves }: Boost): void => {
  const grid = gridFor(1, labels.length);
  const { grown } = parts;
  for (let at = 0; at < grown.length; at += 1) {
    const row = grown[at] as number;
    const probability = probabilityOf(scores[row] as number);
    slopes[row] = onGrid((labels[row] as number) - probability, grid);
    curves[row] = onGrid(probability * (1 - probability), grid);
  }
};

/** Places in 0 … count − 1, each with the chance `share`; all of them for a share of 1, and never none. */
const drawn = (count: number, share: number, random: Random): Int32Array => {
  const all = everyRow(count);
  if (share === 1) return all;
  const some = all.filter(() => random() < share);
  return some.length > 0 ? some : Int32Array.of(Math.floor(random() * count));
};

const growOne = (boost: Boost, members: Int32Array): Grown => {
  const { settings, grower, slopes, curves, random } = boost;
  const { maxDepth, maxLeaves, minChildWeight, minGain, lambda, columnShare } = settings;
  return growTree({
    grower,
    target: slopes,
    weight: curves,
    members,
    columns: [...drawn(grower.binned.width, columnShare, random)],
    maxDepth,
    maxLeaves,
    minWeight: minChildWeight,
    minGain,
    lambda,
    isLogLoss: false,
  });
};

/** What a leaf adds to the log-odds: rate × Σ slope ÷ (Σ curvature + λ), one Newton step. A node that is split has the mean of its rows. */
const stepOf = (node: Grown, settings: Settings): number => {
  if (node.split === undefined)
    return onGrid((settings.rate * node.target) / (node.weight + settings.lambda), VALUE_GRID);
  const { below, above } = node.split;
  const sum =
    (below.to - below.from) * stepOf(below, settings) +
    (above.to - above.from) * stepOf(above, settings);
  return onGrid(sum / (node.to - node.from), VALUE_GRID);
};

const addToMembers = (boost: Boost, node: Grown, members: Int32Array): void => {
  if (node.split !== undefined) {
    addToMembers(boost, node.split.below, members);
    addToMembers(boost, node.split.above, members);
    return;
  }
  const { scores, settings } = boost;
  const step = stepOf(node, settings);
  for (let at = node.from; at < node.to; at += 1) {
    const row = members[at] as number;
    scores[row] = (scores[row] as number) + step;
  }
};

const addToOthers = (boost: Boost, root: Grown, rows: Int32Array): void => {
  const { scores, settings, grower } = boost;
  for (const row of rows)
    scores[row] = (scores[row] as number) + stepOf(grownLeaf(root, grower.binned, row), settings);
};

const heldOutLoss = ({ parts, labels, scores }: Boost): number => {
  let sum = 0;
  for (const row of parts.heldOut) sum += lossOf(scores[row] as number, labels[row] as number);
  return sum / parts.heldOut.length;
};

/** One more tree, its answers added to the scores; undefined when nothing was worth a split. */
const boostOnce = (boost: Boost): Grown | undefined => {
  const { parts, settings, random } = boost;
  takeSlopes(boost);
  const isSampled = settings.rowShare < 1;
  const members = isSampled
    ? drawn(parts.grown.length, settings.rowShare, random).map((at) => parts.grown[at] as number)
    : boost.members.subarray(0, parts.grown.length);
  if (!isSampled) members.set(parts.grown);
  const root = growOne(boost, members);
  if (root.split === undefined) return undefined;
  if (isSampled) addToOthers(boost, root, parts.grown);
  else addToMembers(boost, root, members);
  addToOthers(boost, root, parts.heldOut);
  return root;
};

interface Boosted {
  readonly roots: readonly Grown[];
  readonly logLoss: number;
}

/** Trees up to the one with the least held-out loss; all of them when nothing is held out. */
const boostAll = (boost: Boost): Boosted => {
  const { rounds, patience, rowShare, columnShare } = boost.settings;
  const isSampled = rowShare < 1 || columnShare < 1;
  const hasHeldOut = boost.parts.heldOut.length > 0;
  const roots: Grown[] = [];
  let best = { trees: 0, logLoss: hasHeldOut ? heldOutLoss(boost) : 0 };
  for (let round = 0; round < rounds; round += 1) {
    const root = boostOnce(boost);
    if (root === undefined && !isSampled) break;
    if (root === undefined) continue;
    roots.push(root);
    const logLoss = hasHeldOut ? heldOutLoss(boost) : 0;
    if (!hasHeldOut || logLoss < best.logLoss) best = { trees: roots.length, logLoss };
    if (roots.length - best.trees >= patience) break;
  }
  return { roots: roots.slice(0, best.trees), logLoss: best.logLoss };
};

const startOf = (labels: Uint8Array, rows: Int32Array): number => {
  let positives = 0;
  for (const row of rows) positives += labels[row] as number;
  return onGrid(Math.log(positives / (rows.length - positives)), VALUE_GRID);
};

/** What both fits share: the second one writes over the first one's numbers. */
type Given = Omit<Boost, "parts" | "settings">;

const givenOf = (table: NumericRows, labels: ArrayLike<number>, random: Random): Given => {
  const rows = labels.length;
  return {
    grower: growerOf(binRows(table)),
    labels: new Uint8Array(labels),
    scores: new Float64Array(rows),
    slopes: new Float64Array(rows),
    curves: new Float64Array(rows),
    members: new Int32Array(rows),
    random,
  };
};

const boostOf = (given: Given, parts: Parts, settings: Settings): Boost => {
  given.scores.fill(startOf(given.labels, parts.grown));
  return { ...given, settings, parts };
};

/** As many trees as the held-out rows have chosen, grown on all rows. */
const boostAgain = (given: Given, first: Boosted, settings: Settings): readonly Grown[] => {
  const rounds = first.roots.length;
  const parts = { grown: everyRow(given.labels.length), heldOut: new Int32Array() };
  return boostAll(boostOf(given, parts, { ...settings, rounds })).roots;
};

/** Boosted trees for labels 0 and 1. Refuses what `fitCart` does, and fewer than 20 rows; an option out of range is a RangeError. */
export const fitBoosting = (
  table: NumericRows,
  labels: ArrayLike<number>,
  options: BoostingOptions = {},
): Fitted<BoostingModel> => {
  const settings = settingsOf(options);
  const refusal = checkLabelled(table, labels, ROWS_MIN);
  if (refusal !== undefined) return refusal;
  const random = randomFrom(settings.seed);
  const given = givenOf(table, labels, random);
  const parts = divideRows(given.labels, settings.holdout, random);
  const first = boostAll(boostOf(given, parts, settings));
  const isAgain = settings.isRefitted && parts.heldOut.length > 0;
  const roots = isAgain ? boostAgain(given, first, settings) : first.roots;
  const grown = isAgain ? everyRow(labels.length) : parts.grown;
  const start = startOf(given.labels, grown);
  const gains = Array.from({ length: table.width }, () => 0);
  for (const root of roots) addGains(root, gains);
  const trees = roots.map((root) =>
    savedTree(root, given.grower.binned, (node) => stepOf(node, settings)),
  );
  return fitted({
    kind: "boosting",
    width: table.width,
    rows: labels.length,
    start,
    base: trees.reduce((sum, tree) => sum + tree.value, start),
    gains,
    trees,
    heldOut:
      parts.heldOut.length > 0 ? { rows: parts.heldOut.length, logLoss: first.logLoss } : null,
  });
};
