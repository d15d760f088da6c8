/**
 * Grows one tree on binned rows, best split first, for the estimators in `cart.ts` and `boosting.ts`.
 * Every number that is summed must come rounded by `onGrid`: sums are then exact, and the tree cannot depend on the order of the rows.
 */
import type { Binned } from "./histogram.ts";

/** Adding and taking away this number rounds to the grid; see `gridFor`. */
export type Grid = number;

/** The finest grid on which `count` numbers of at most `largest` (above 0) add up without rounding, in whatever order. */
export const gridFor = (largest: number, count: number): Grid => {
  let power = 1;
  while (power < largest * count) power *= 2;
  while (power / 2 >= largest * count) power /= 2;
  return 1.5 * power;
};

/** The nearest number on the grid: the sum has no bits left for anything finer. */
export const onGrid = (value: number, grid: Grid): number => value + grid - grid;

/** Rows that are summed column after column before the next ones: few enough that their numbers stay near the processor. */
const BLOCK = 4096;

/** Room that is reused from tree to tree. */
export interface Grower {
  readonly binned: Binned;
  /** The bins of each column. */
  readonly columns: readonly Uint8Array[];
  /** Where each column's sums start in a histogram: two numbers a bin, bin 0 first. */
  readonly offsets: readonly number[];
  readonly size: number;
  readonly pool: Float64Array[];
  /** Targets and weights of `BLOCK` rows. */
  readonly targets: Float64Array;
  readonly weights: Float64Array;
  readonly spare: Int32Array;
}

export const growerOf = (binned: Binned): Grower => {
  let size = 0;
  const offsets = binned.thresholds.map((thresholds) => {
    const offset = size;
    size += 2 * (thresholds.length + 2);
    return offset;
  });
  return {
    binned,
    columns: offsets.map((_, column) =>
      binned.bins.subarray(column * binned.rows, (column + 1) * binned.rows),
    ),
    offsets,
    size,
    pool: [],
    targets: new Float64Array(BLOCK),
    weights: new Float64Array(BLOCK),
    spare: new Int32Array(binned.rows),
  };
};

/** The places of so many rows, in order. A loop, because a callback for every row is many times slower. */
export const everyRow = (count: number): Int32Array => {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row += 1) rows[row] = row;
  return rows;
};

/** What a tree is grown on. A leaf's value is Σ target ÷ (Σ weight + lambda). */
export interface Growth {
  readonly grower: Grower;
  /** Per row, on a grid; with isLogLoss a count of positives. */
  readonly target: Float64Array;
  /** Per row, above 0 or 0, on a grid. */
  readonly weight: Float64Array;
  /** Rows to grow on; reordered so that the rows of every node stand together, in their old order. */
  readonly members: Int32Array;
  /** Columns that may be split. */
  readonly columns: readonly number[];
  readonly maxDepth: number;
  readonly maxLeaves: number;
  /** Least Σ weight of a leaf, above 0. */
  readonly minWeight: number;
  /** A split must gain more than this. */
  readonly minGain: number;
  readonly lambda: number;
  /** Score of a node: log-likelihood of its positives, else (Σ target)² ÷ (Σ weight + lambda). The gain of a split is by how much the score rises. */
  readonly isLogLoss: boolean;
}

export interface GrownSplit {
  readonly column: number;
  /** Known numbers in this bin or a lower one go below. */
  readonly bin: number;
  readonly isMissingBelow: boolean;
  readonly gain: number;
  readonly below: Grown;
  readonly above: Grown;
}

/** A node; its rows are `members[from … to]`. */
export interface Grown {
  readonly from: number;
  readonly to: number;
  readonly target: number;
  readonly weight: number;
  split?: GrownSplit;
}

/** The best split found so far. */
interface Best {
  score: number;
  column: number;
  bin: number;
  isMissingBelow: boolean;
  target: number;
  weight: number;
}

/** A leaf that can be split. */
interface Open {
  readonly node: Grown;
  readonly depth: number;
  readonly histogram: Float64Array;
  readonly best: Best;
  readonly gain: number;
}

const timesLog = (count: number, share: number): number =>
  count <= 0 ? 0 : count * Math.log(share);

const scoreOf = (growth: Growth, target: number, weight: number): number =>
  growth.isLogLoss
    ? timesLog(target, target / weight) + timesLog(weight - target, 1 - target / weight)
    : (target * target) / (weight + growth.lambda);

/** Rows `members[from … to]`, whose targets and weights stand in the grower. */
interface Gathered {
  readonly growth: Growth;
  readonly from: number;
  readonly to: number;
  readonly into: Float64Array;
}

/** Sums one column. */
const addColumn = ({ growth, from, to, into }: Gathered, column: number): void => {
  const { members, grower } = growth;
  const { targets, weights, columns, offsets } = grower;
  const bins = columns[column] as Uint8Array;
  const offset = offsets[column] as number;
  for (let at = from; at < to; at += 1) {
    const slot = offset + 2 * (bins[members[at] as number] as number);
    into[slot] = (into[slot] as number) + (targets[at - from] as number);
    into[slot + 1] = (into[slot + 1] as number) + (weights[at - from] as number);
  }
};

/** Sums two columns in one pass, which reads the rows' numbers half as often. */
const addTwoColumns = ({ growth, from, to, into }: Gathered, one: number, other: number): void => {
  const { members, grower } = growth;
  const { targets, weights, columns, offsets } = grower;
  const bins = columns[one] as Uint8Array;
  const otherBins = columns[other] as Uint8Array;
  const offset = offsets[one] as number;
  const otherOffset = offsets[other] as number;
  for (let at = from; at < to; at += 1) {
    const row = members[at] as number;
    const target = targets[at - from] as number;
    const weight = weights[at - from] as number;
    const slot = offset + 2 * (bins[row] as number);
    into[slot] = (into[slot] as number) + target;
    into[slot + 1] = (into[slot + 1] as number) + weight;
    const otherSlot = otherOffset + 2 * (otherBins[row] as number);
    into[otherSlot] = (into[otherSlot] as number) + target;
    into[otherSlot + 1] = (into[otherSlot + 1] as number) + weight;
  }
};

const gather = ({ grower, members, target, weight }: Growth, from: number, to: number): void => {
  const { targets, weights } = grower;
  for (let at = from; at < to; at += 1) {
    const row = members[at] as number;
    targets[at - from] = target[row] as number;
    weights[at - from] = weight[row] as number;
  }
};

/** Sums target and weight of the node's rows, by column and bin. */
const addUp = (growth: Growth, node: Grown, into: Float64Array): void => {
  const { columns } = growth;
  into.fill(0);
  for (let from = node.from; from < node.to; from += BLOCK) {
    const to = Math.min(node.to, from + BLOCK);
    gather(growth, from, to);
    const gathered = { growth, from, to, into };
    for (let place = 0; place < columns.length; place += 2) {
      const other = columns[place + 1];
      if (other === undefined) addColumn(gathered, columns[place] as number);
      else addTwoColumns(gathered, columns[place] as number, other);
    }
  }
};

interface Scan {
  readonly node: Grown;
  readonly histogram: Float64Array;
  /** Overwritten when the column has a better split. */
  readonly best: Best;
}

interface Way {
  readonly column: number;
  readonly isMissingBelow: boolean;
}

/** Tries every threshold of a column, from the lowest, with the missing on one side; the first of equals is kept. */
const scanSide = (growth: Growth, { node, histogram, best }: Scan, way: Way): void => {
  const { grower, minWeight } = growth;
  const { column, isMissingBelow } = way;
  const offset = grower.offsets[column] as number;
  const bins = (grower.binned.thresholds[column] as readonly number[]).length + 1;
  const hasMissing = (histogram[offset + 1] as number) > 0;
  let target = isMissingBelow ? (histogram[offset] as number) : 0;
  let weight = isMissingBelow ? (histogram[offset + 1] as number) : 0;
  /** After the last bin, the known are below and the missing above. */
  const end = hasMissing && !isMissingBelow ? bins : bins - 1;
  for (let bin = 1; bin <= end; bin += 1) {
    const added = histogram[offset + 2 * bin + 1] as number;
    if (added === 0) continue;
    target += histogram[offset + 2 * bin] as number;
    weight += added;
    if (weight < minWeight) continue;
    if (node.weight - weight < minWeight) return;
    const score =
      scoreOf(growth, target, weight) + scoreOf(growth, node.target - target, node.weight - weight);
    if (score > best.score)
      Object.assign(best, { score, column, bin, isMissingBelow, target, weight });
  }
};

/** Tries every split of a column. A missing number that training never met here goes with most rows. */
const scanColumn = (growth: Growth, scan: Scan, column: number): void => {
  const { node, histogram, best } = scan;
  const offset = growth.grower.offsets[column] as number;
  const hasMissing = (histogram[offset + 1] as number) > 0;
  scanSide(growth, scan, { column, isMissingBelow: false });
  if (hasMissing) scanSide(growth, scan, { column, isMissingBelow: true });
  else if (best.column === column) best.isMissingBelow = 2 * best.weight >= node.weight;
};

/** Gains below this share of the score are what rounding leaves. */
const NOISE = 1e-12;

/** The leaf with its best split; undefined, and the histogram given back, when none gains enough. */
const openLeaf = (
  growth: Growth,
  leaf: { readonly node: Grown; readonly depth: number },
  histogram: Float64Array,
): Open | undefined => {
  const { grower } = growth;
  const { node } = leaf;
  const own = scoreOf(growth, node.target, node.weight);
  const least = own + growth.minGain + NOISE * Math.abs(own);
  const best: Best = {
    score: least,
    column: -1,
    bin: 0,
    isMissingBelow: false,
    target: 0,
    weight: 0,
  };
  for (const column of growth.columns) scanColumn(growth, { node, histogram, best }, column);
  if (best.column >= 0) return { ...leaf, histogram, best, gain: best.score - own };
  grower.pool.push(histogram);
  return undefined;
};

/** Puts the rows that go below first, order kept; gives where the others start. */
const divide = ({ grower, members }: Growth, { from, to }: Grown, best: Best): number => {
  const { columns, spare } = grower;
  const bins = columns[best.column] as Uint8Array;
  /** Bin 0 is the lowest, or, shifted by one, wraps to the highest. */
  const shift = best.isMissingBelow ? 0 : 1;
  const limit = best.bin + 1 - shift;
  let below = from;
  let above = 0;
  for (let at = from; at < to; at += 1) {
    const row = members[at] as number;
    const isBelow = (((bins[row] as number) - shift) & 255) < limit ? 1 : 0;
    members[below] = row;
    spare[above] = row;
    below += isBelow;
    above += 1 - isBelow;
  }
  members.set(spare.subarray(0, above), below);
  return below;
};

const splitLeaf = (growth: Growth, { node, best, gain }: Open): GrownSplit => {
  const middle = divide(growth, node, best);
  const { column, bin, isMissingBelow, target, weight } = best;
  return {
    column,
    bin,
    isMissingBelow,
    gain,
    below: { from: node.from, to: middle, target, weight },
    above: {
      from: middle,
      to: node.to,
      target: node.target - target,
      weight: node.weight - weight,
    },
  };
};

const takeHistogram = ({ pool, size }: Grower): Float64Array =>
  pool.pop() ?? new Float64Array(size);

/** Sums the smaller child's rows; the larger child's histogram is what that leaves of the parent's. */
const openChildren = (growth: Growth, parent: Open, split: GrownSplit): readonly Open[] => {
  const { grower } = growth;
  const { below, above } = split;
  const depth = parent.depth + 1;
  const canSplit = (node: Grown): boolean =>
    depth < growth.maxDepth && node.weight >= 2 * growth.minWeight;
  const isBelowSmaller = below.to - below.from <= above.to - above.from;
  const [small, large] = isBelowSmaller ? [below, above] : [above, below];
  if (!canSplit(small) && !canSplit(large)) {
    grower.pool.push(parent.histogram);
    return [];
  }
  const own = takeHistogram(grower);
  const rest = parent.histogram;
  addUp(growth, small, own);
  if (canSplit(large))
    for (let slot = 0; slot < grower.size; slot += 1)
      rest[slot] = (rest[slot] as number) - (own[slot] as number);
  const open = (node: Grown, histogram: Float64Array): Open | undefined => {
    if (canSplit(node)) return openLeaf(growth, { node, depth }, histogram);
    grower.pool.push(histogram);
    return undefined;
  };
  return [open(small, own), open(large, rest)].filter((leaf) => leaf !== undefined);
};

const sumOver = (members: Int32Array, values: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < members.length; at += 1) sum += values[members[at] as number] as number;
  return sum;
};

/** The place of the leaf with the most to gain, the first of equals. */
const mostGain = (open: readonly Open[]): number => {
  let place = 0;
  for (let at = 1; at < open.length; at += 1)
    if ((open[at] as Open).gain > (open[place] as Open).gain) place = at;
  return place;
};

/** The root of a new tree; `members` must not be empty. */
export const growTree = (growth: Growth): Grown => {
  const { grower, members } = growth;
  const root: Grown = {
    from: 0,
    to: members.length,
    target: sumOver(members, growth.target),
    weight: sumOver(members, growth.weight),
  };
  if (growth.maxLeaves < 2 || growth.maxDepth < 1) return root;
  const histogram = takeHistogram(grower);
  addUp(growth, root, histogram);
  const open = [openLeaf(growth, { node: root, depth: 0 }, histogram)].filter(
    (leaf) => leaf !== undefined,
  );
  for (let leaves = 2; open.length > 0; leaves += 1) {
    const [parent] = open.splice(mostGain(open), 1) as [Open];
    parent.node.split = splitLeaf(growth, parent);
    if (leaves < growth.maxLeaves) open.push(...openChildren(growth, parent, parent.node.split));
    else {
      grower.pool.push(parent.histogram, ...open.map((leaf) => leaf.histogram));
      break;
    }
  }
  return root;
};
