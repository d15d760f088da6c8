/** The form in which a grown tree is saved, and how a row finds its way through it. Missing numbers go where they went in training. */
import type { Grid, Grown, GrownSplit } from "./grow.ts";
import type { Binned } from "./histogram.ts";

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

/** The side to which a number goes; NaN is missing. */
export const sideOf = ({ threshold, missing }: SavedSplit, value: number): Side => {
  if (Number.isNaN(value)) return missing;
  return threshold === null || value < threshold ? "below" : "above";
};

/** Trees laid out for speed, the nodes of each from its root down, every node right before the one below it. */
export interface OpenTrees {
  readonly roots: Int32Array;
  /** Per node; −1 for a leaf. */
  readonly columns: Int32Array;
  /** Infinity for null. */
  readonly thresholds: Float64Array;
  readonly isMissingBelow: Uint8Array;
  /** Place of the node above. */
  readonly above: Int32Array;
  readonly values: Float64Array;
}

/** Number arrays are many times faster to follow than objects: 100 trees take microseconds. */
export const openTrees = (trees: readonly SavedNode[]): OpenTrees => {
  const nodes: SavedNode[] = [];
  const above: number[] = [];
  const lay = (node: SavedNode): void => {
    const place = nodes.push(node) - 1;
    above.push(0);
    if (!("column" in node)) return;
    lay(node.below);
    above[place] = nodes.length;
    lay(node.above);
  };
  const roots = trees.map((tree) => {
    const root = nodes.length;
    lay(tree);
    return root;
  });
  const splits = nodes.map((node) => ("column" in node ? node : undefined));
  return {
    roots: Int32Array.from(roots),
    columns: Int32Array.from(splits, (split) => split?.column ?? -1),
    thresholds: Float64Array.from(splits, (split) => split?.threshold ?? Infinity),
    isMissingBelow: Uint8Array.from(splits, (split) => (split?.missing === "below" ? 1 : 0)),
    above: Int32Array.from(above),
    values: Float64Array.from(nodes, ({ value }) => value),
  };
};

/** The node that comes after a split. */
export const nextNode = (trees: OpenTrees, node: number, value: number): number => {
  const isBelow =
    value < (trees.thresholds[node] as number) ||
    (value !== value && trees.isMissingBelow[node] === 1);
  return isBelow ? node + 1 : (trees.above[node] as number);
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
