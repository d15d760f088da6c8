/** The form in which a grown tree is saved, and how a row finds its way through it. Missing numbers go where they went in training. */
import type { Grid, Grown, GrownSplit } from "./grow.ts";
import type { Binned, NumericRow } from "./histogram.ts";

export type Side = "below" | "above";

export interface SavedLeaf {
  /** What the tree would say if it ended here. */
  readonly value: number;
  /** Training rows that came here. */
  readonly rows: number;
}

export interface SavedSplit extends SavedLeaf {
  readonly column: number;
  /** A number below it goes below; null sends every known number below and the missing ones above. */
  readonly threshold: number | null;
  /** Where a missing number goes. */
  readonly missing: Side;
  /** What the split gained in training, in the measure of the estimator. */
  readonly gain: number;
  readonly below: SavedNode;
  readonly above: SavedNode;
}

/** A leaf is a node without `column`. */
export type SavedNode = SavedLeaf | SavedSplit;

/** Steps of 2⁻⁴⁰ for probabilities and log-odds: differences and sums of such values are exact, so that reasons add up to the bit. */
export const VALUE_GRID: Grid = 1.5 * 2 ** 12;

/** Saves a tree; `valueOf` gives a node's value. */
export const savedTree = (
  grown: Grown,
  { thresholds }: Binned,
  valueOf: (node: Grown) => number,
): SavedNode => {
  const save = (node: Grown): SavedNode => {
    const leaf: SavedLeaf = { value: valueOf(node), rows: node.to - node.from };
    if (node.split === undefined) return leaf;
    const { column, bin, isMissingBelow, gain, below, above } = node.split;
    return {
      ...leaf,
      column,
      threshold: thresholds[column]?.[bin - 1] ?? null,
      missing: isMissingBelow ? "below" : "above",
      gain,
      below: save(below),
      above: save(above),
    };
  };
  return save(grown);
};

/** The side to which a number goes; null and NaN are missing. */
export const sideOf = (
  { threshold, missing }: SavedSplit,
  value: number | null | undefined,
): Side => {
  if (value === null || value === undefined || Number.isNaN(value)) return missing;
  return threshold === null || value < threshold ? "below" : "above";
};

/** Value of the leaf that a row comes to. */
export const valueAt = (root: SavedNode, row: NumericRow): number => {
  let node = root;
  while ("column" in node) node = node[sideOf(node, row[node.column])];
  return node.value;
};

/** Adds each split's gain to its column's. */
export const addGains = (grown: Grown, gains: number[]): void => {
  const { split } = grown;
  if (split === undefined) return;
  gains[split.column] = (gains[split.column] ?? 0) + split.gain;
  addGains(split.below, gains);
  addGains(split.above, gains);
};

const isBelow = ({ bin, isMissingBelow }: GrownSplit, found: number): boolean =>
  found === 0 ? isMissingBelow : found <= bin;

/** The leaf of a tree just grown that a binned row comes to. */
export const grownLeaf = (root: Grown, { bins, rows }: Binned, row: number): Grown => {
  let node = root;
  while (node.split !== undefined) {
    const { split } = node;
    const found = bins[split.column * rows + row] as number;
    node = isBelow(split, found) ? split.below : split.above;
  }
  return node;
};

interface Range {
  readonly from: number;
  readonly to?: number;
  readonly isWhole?: boolean;
}

/** Throws a RangeError for an option outside `from … to`, ends included: such an option is a bug of the caller. */
export const mustBeWithin = (name: string, value: number, range: Range): void => {
  const { from, to = Number.MAX_VALUE, isWhole = false } = range;
  if (value >= from && value <= to && (!isWhole || Number.isInteger(value))) return;
  throw new RangeError(
    `${name}: ${value} is not ${isWhole ? "a whole number" : "a number"} from ${from} to ${to}`,
  );
};
