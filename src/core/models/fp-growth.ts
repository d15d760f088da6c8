/**
 * Frequent item sets by FP-growth (Han, Pei, Yin 2000, "Mining frequent patterns without candidate generation"): baskets are kept in a prefix tree
 * and every item is mined from the paths that lead to it. Items are whole numbers; an item that stands twice in a basket counts once.
 */
import { quote } from "../fault.ts";
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";

/** Baskets one after another: basket b holds `items[starts[b]] … items[starts[b + 1] − 1]`, each in 0 … `width` − 1. */
export interface Baskets {
  readonly items: Int32Array;
  readonly starts: Int32Array;
  readonly width: number;
}

export interface FrequentSet {
  /** Ascending. */
  readonly items: readonly number[];
  /** Baskets that hold all of them. */
  readonly count: number;
}

export interface FpGrowthOptions {
  /** Baskets that must hold a set: a share of all (below 1) or a count. */
  readonly minSupport?: number;
  /** Items in a set. */
  readonly maxLength?: number;
  /** More sets than this are refused: the support is too low to be of use. */
  readonly maxSets?: number;
}

const FP_GROWTH_DEFAULTS = { minSupport: 0.01, maxLength: 3, maxSets: 200_000 } as const;

/** Puts lists of whole numbers one after another; `width` is one more than the highest item unless given. Throws a RangeError for another number. */
export const packBaskets = (lists: readonly (readonly number[])[], width?: number): Baskets => {
  const starts = new Int32Array(lists.length + 1);
  for (const [index, list] of lists.entries())
    starts[index + 1] = (starts[index] ?? 0) + list.length;
  const items = new Int32Array(starts[lists.length] ?? 0);
  let highest = -1;
  for (const [index, list] of lists.entries())
    for (const [place, item] of list.entries()) {
      if (!Number.isInteger(item))
        throw new RangeError(
          `item ${item} of basket ${index} is no whole number; number the items`,
        );
      items[(starts[index] ?? 0) + place] = item;
      highest = Math.max(highest, item);
    }
  return { items, starts, width: width ?? highest + 1 };
};

/** A prefix tree of items by rank (0 is the most frequent): node 0 is the root, a path from it has ascending ranks. */
interface Tree {
  readonly rank: Int32Array;
  readonly count: Int32Array;
  readonly parent: Int32Array;
  /** The next node of the same rank, 0 at the end; `heads[rank]` begins the chain. */
  readonly next: Int32Array;
  readonly heads: Int32Array;
  /** Children by open addressing: slot → node, 0 where free. */
  readonly slots: Int32Array;
  size: number;
}

const newTree = (nodes: number, ranks: number): Tree => {
  let slots = 8;
  while (slots < 2 * (nodes + 1)) slots *= 2;
  return {
    rank: new Int32Array(nodes + 1).fill(-1),
    count: new Int32Array(nodes + 1),
    parent: new Int32Array(nodes + 1),
    next: new Int32Array(nodes + 1),
    heads: new Int32Array(ranks),
    slots: new Int32Array(slots),
    size: 1,
  };
};

/** The child of a node with that rank, made where there is none. */
const childOf = (tree: Tree, parent: number, rank: number): number => {
  const mask = tree.slots.length - 1;
  let slot = (Math.imul(parent, 0x9e3779b1) ^ Math.imul(rank, 0x85ebca6b)) >>> 0;
  slot = (slot ^ (slot >>> 15)) & mask;
  for (let node = tree.slots[slot] as number; node !== 0; node = tree.slots[slot] as number) {
    if (tree.parent[node] === parent && tree.rank[node] === rank) return node;
    slot = (slot + 1) & mask;
  }
  const node = tree.size;
  tree.size += 1;
  tree.slots[slot] = node;
  tree.parent[node] = parent;
  tree.rank[node] = rank;
  tree.next[node] = tree.heads[rank] as number;
  tree.heads[rank] = node;
  return node;
};

interface Mining {
  readonly minCount: number;
  readonly maxLength: number;
  readonly maxSets: number;
  /** Rank → item. */
  readonly itemOf: Int32Array;
  readonly found: FrequentSet[];
}

const chainCount = (tree: Tree, rank: number): number => {
  let count = 0;
  for (let node = tree.heads[rank] as number; node !== 0; node = tree.next[node] as number)
    count += tree.count[node] as number;
  return count;
};

interface Above {
  /** Baskets by rank on the paths above the nodes of one rank. */
  readonly counts: Int32Array;
  /** Nodes passed, which bounds the size of a tree of these paths. */
  readonly nodes: number;
}

const countAbove = (tree: Tree, rank: number): Above => {
  const counts = new Int32Array(rank);
  let nodes = 0;
  for (let node = tree.heads[rank] as number; node !== 0; node = tree.next[node] as number) {
    const count = tree.count[node] as number;
    for (
      let above = tree.parent[node] as number;
      above !== 0;
      above = tree.parent[above] as number
    ) {
      counts[tree.rank[above] as number] = (counts[tree.rank[above] as number] as number) + count;
      nodes += 1;
    }
  }
  return { counts, nodes };
};

/** The tree of the paths above one rank, of those ranks that are frequent on them. */
const treeAbove = (
  tree: Tree,
  rank: number,
  { above, minCount }: { above: Above; minCount: number },
): Tree => {
  const conditional = newTree(Math.min(above.nodes, tree.size), rank);
  const path = new Int32Array(rank);
  for (let node = tree.heads[rank] as number; node !== 0; node = tree.next[node] as number) {
    let length = 0;
    for (let up = tree.parent[node] as number; up !== 0; up = tree.parent[up] as number)
      if ((above.counts[tree.rank[up] as number] as number) >= minCount) {
        path[length] = tree.rank[up] as number;
        length += 1;
      }
    let place = 0;
    for (let index = length - 1; index >= 0; index -= 1) {
      place = childOf(conditional, place, path[index] as number);
      conditional.count[place] =
        (conditional.count[place] as number) + (tree.count[node] as number);
    }
  }
  return conditional;
};

const report = (mining: Mining, ranks: readonly number[], count: number): void => {
  const items = ranks
    .map((rank) => mining.itemOf[rank] ?? 0)
    .toSorted((left, right) => left - right);
  mining.found.push({ items, count });
};

/** Every frequent set that ends (by rank) in `suffix`; stops when there are too many. */
const mine = (tree: Tree, suffix: readonly number[], mining: Mining): void => {
  const { minCount, maxLength, maxSets, found } = mining;
  for (let rank = tree.heads.length - 1; rank >= 0 && found.length <= maxSets; rank -= 1) {
    const count = chainCount(tree, rank);
    if (count < minCount) continue;
    const set = [rank, ...suffix];
    report(mining, set, count);
    if (set.length >= maxLength) continue;
    const above = countAbove(tree, rank);
    if (set.length + 1 < maxLength) {
      mine(treeAbove(tree, rank, { above, minCount }), set, mining);
      continue;
    }
    // The last item of a set needs its count only, no tree.
    for (const [other, together] of above.counts.entries())
      if (together >= minCount) report(mining, [other, ...set], together);
  }
};

/** Baskets that hold each item; marks stand for "seen in this basket". */
const countItems = ({ items, starts, width }: Baskets): Int32Array => {
  const counts = new Int32Array(width);
  const seen = new Int32Array(width).fill(-1);
  for (let basket = 0; basket + 1 < starts.length; basket += 1)
    for (let place = starts[basket] as number; place < (starts[basket + 1] as number); place += 1) {
      const item = items[place] as number;
      if (seen[item] === basket) continue;
      seen[item] = basket;
      counts[item] = (counts[item] as number) + 1;
    }
  return counts;
};

/** Ranks of frequent items, most frequent first, equal ones by number; −1 for the others. */
const rankItems = (
  counts: Int32Array,
  minCount: number,
): { itemOf: Int32Array; rankOf: Int32Array } => {
  const frequent = Array.from(counts.keys()).filter((item) => (counts[item] as number) >= minCount);
  frequent.sort(
    (left, right) => (counts[right] as number) - (counts[left] as number) || left - right,
  );
  const rankOf = new Int32Array(counts.length).fill(-1);
  for (const [rank, item] of frequent.entries()) rankOf[item] = rank;
  return { itemOf: Int32Array.from(frequent), rankOf };
};

const plant = (baskets: Baskets, rankOf: Int32Array, ranks: number): Tree => {
  const { items, starts } = baskets;
  const tree = newTree(items.length, ranks);
  for (let basket = 0; basket + 1 < starts.length; basket += 1) {
    const path = new Int32Array((starts[basket + 1] as number) - (starts[basket] as number));
    for (let place = 0; place < path.length; place += 1)
      path[place] = rankOf[items[(starts[basket] as number) + place] as number] as number;
    path.sort();
    let node = 0;
    let last = -1;
    for (const rank of path) {
      // −1 (not frequent) comes first and a repeated item follows itself: both are passed over.
      if (rank === last) continue;
      last = rank;
      node = childOf(tree, node, rank);
      tree.count[node] = (tree.count[node] as number) + 1;
    }
  }
  return tree;
};

const faultyOptions = ({
  minSupport,
  maxLength,
  maxSets,
}: Required<FpGrowthOptions>): Refusal | undefined => {
  if (!(minSupport > 0 && (minSupport < 1 || Number.isInteger(minSupport))))
    return refused(
      "RANGE",
      `minSupport ${String(minSupport)} is neither a share below 1 nor a whole count; give one above 0`,
    );
  const whole = Object.entries({ maxLength, maxSets }).find(
    ([, value]) => !(Number.isInteger(value) && value >= 1),
  );
  return whole === undefined
    ? undefined
    : refused("RANGE", `${whole[0]} ${String(whole[1])} is not a whole number from 1; give one`);
};

const faultyStarts = ({ starts, items }: Baskets): Refusal | undefined => {
  const bad = starts.findIndex((start, basket) =>
    basket === 0 ? start !== 0 : start < (starts[basket - 1] as number),
  );
  if (bad >= 0)
    return refused("WIDTH", `basket ${bad} starts at ${starts[bad]}, before the one before it`);
  return starts.at(-1) === items.length
    ? undefined
    : refused("WIDTH", `baskets end at ${starts.at(-1)}, but there are ${items.length} items`);
};

const faultyItem = ({ items, width }: Baskets): Refusal | undefined => {
  const bad = items.findIndex((item) => item < 0 || item >= width);
  return bad < 0
    ? undefined
    : refused(
        "RANGE",
        `item ${bad} of the baskets is ${quote(items[bad])}, not in 0 … ${width - 1}; number the items anew`,
      );
};

const inOrder = (left: FrequentSet, right: FrequentSet): number => {
  if (left.items.length !== right.items.length) return left.items.length - right.items.length;
  const place = left.items.findIndex((item, index) => item !== right.items[index]);
  return (left.items[place] ?? 0) - (right.items[place] ?? 0);
};

/**
 * Every set of items that enough baskets hold, short sets first, then by items.
 * Refuses EMPTY (no baskets), WIDTH (baskets that do not fit the items) and RANGE (options, items, or more than `maxSets` sets).
 */
export const frequentSets = (
  baskets: Baskets,
  options: FpGrowthOptions = {},
): Fitted<readonly FrequentSet[]> => {
  const full = { ...FP_GROWTH_DEFAULTS, ...options };
  const total = baskets.starts.length - 1;
  if (total < 1) return refused("EMPTY", "there are no baskets; give orders that name products");
  const fault = faultyOptions(full) ?? faultyStarts(baskets) ?? faultyItem(baskets);
  if (fault !== undefined) return fault;
  const { minSupport, maxLength, maxSets } = full;
  const minCount = Math.max(1, minSupport < 1 ? Math.ceil(minSupport * total - 1e-9) : minSupport);
  const { itemOf, rankOf } = rankItems(countItems(baskets), minCount);
  const found: FrequentSet[] = [];
  mine(plant(baskets, rankOf, itemOf.length), [], { minCount, maxLength, maxSets, itemOf, found });
  return found.length > maxSets
    ? refused(
        "RANGE",
        `more than ${maxSets} sets are in ${minCount} baskets or more; raise minSupport`,
      )
    : fitted(found.toSorted(inOrder));
};
