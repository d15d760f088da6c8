/**
 * Where alternatives wait in the index: a tree whose branches ask what a fact equals or holds, so that a run walks only to those
 * whose equalities all hold. What else an alternative asks is left for whoever finds it.
 */
import type { Facts } from "../facts.ts";
import type { Json } from "../json.ts";
import { type Lookup, read } from "./condition.ts";

/** A question that a branch can answer by one look: the fact is one of these values, or (`has`) a list that holds one of them. */
export interface Key {
  /** The same text for the same lookup and kind of question. */
  readonly name: string;
  readonly lookup: Lookup;
  readonly has: boolean;
  readonly values: readonly Json[];
}

/** A lower or upper bound that a number must pass. */
export interface Bound {
  readonly name: string;
  readonly lookup: Lookup;
  readonly isLower: boolean;
  readonly value: number;
}

interface Branch {
  readonly lookup: Lookup;
  readonly has: boolean;
  readonly children: Map<Json, Node>;
}

interface Waiting {
  readonly alternative: number;
  readonly bound: Bound | undefined;
}

/** A node while the index is built. */
export interface Node {
  readonly branches: Map<string, Branch>;
  readonly waiting: Waiting[];
}

export const openNode = (): Node => ({ branches: new Map(), waiting: [] });

/** Puts an alternative below the node, under every combination of the values of its keys. */
export const insert = (node: Node, keys: readonly Key[], waiting: Waiting): void => {
  const [key, ...others] = keys;
  if (key === undefined) {
    node.waiting.push(waiting);
    return;
  }
  const { name, lookup, has } = key;
  const branch = node.branches.get(name) ?? { lookup, has, children: new Map<Json, Node>() };
  node.branches.set(name, branch);
  for (const value of new Set(key.values)) {
    const child = branch.children.get(value) ?? openNode();
    branch.children.set(value, child);
    insert(child, others, waiting);
  }
};

/** Alternatives whose bound is on one fact: of lower bounds a number passes those before a place, of upper ones those after it. */
interface Range {
  readonly lookup: Lookup;
  readonly isLower: boolean;
  /** Ascending. */
  readonly bounds: Float64Array;
  readonly alternatives: Int32Array;
}

/** A node of the finished index. */
export interface Place {
  readonly branches: readonly {
    readonly lookup: Lookup;
    readonly has: boolean;
    readonly children: ReadonlyMap<Json, Place>;
  }[];
  readonly alternatives: Int32Array;
  readonly ranges: readonly Range[];
}

/** With fewer alternatives of one bound, asking each is as quick as searching. */
const RANGE_MIN = 8;

/** Gives the new number of an alternative: in the order in which a run meets them, so that what is read together lies together. */
type Renumber = (alternative: number) => number;

const rangesOf = (waiting: readonly Waiting[]) => {
  const groups = new Map<string, { readonly bound: Bound; readonly of: Waiting[] }>();
  for (const one of waiting) {
    if (one.bound === undefined) continue;
    const group = groups.get(one.bound.name) ?? { bound: one.bound, of: [] };
    groups.set(one.bound.name, group);
    group.of.push(one);
  }
  return [...groups.values()]
    .filter(({ of }) => of.length >= RANGE_MIN)
    .map(({ bound, of }) => {
      const sorted = of.toSorted(
        (left, right) => (left.bound?.value ?? 0) - (right.bound?.value ?? 0),
      );
      const { lookup, isLower } = bound;
      return { lookup, isLower, sorted };
    });
};

/** The finished form of a node and all below it. */
export const placeOf = (node: Node, renumber: Renumber): Place => {
  const groups = rangesOf(node.waiting);
  const ranged = new Set(groups.flatMap(({ sorted }) => sorted));
  const alternatives = Int32Array.from(
    node.waiting.filter((one) => !ranged.has(one)),
    ({ alternative }) => renumber(alternative),
  );
  const ranges = groups.map(({ lookup, isLower, sorted }) => ({
    lookup,
    isLower,
    bounds: Float64Array.from(sorted, (one) => one.bound?.value ?? 0),
    alternatives: Int32Array.from(sorted, ({ alternative }) => renumber(alternative)),
  }));
  const branches = [...node.branches.values()].map(({ lookup, has, children }) => ({
    lookup,
    has,
    children: new Map(Array.from(children, ([value, child]) => [value, placeOf(child, renumber)])),
  }));
  return { branches, alternatives, ranges };
};

/** How many of the first bounds pass. */
const countFirst = (bounds: Float64Array, passes: (bound: number) => boolean): number => {
  let from = 0;
  let to = bounds.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (passes(bounds[middle] ?? 0)) from = middle + 1;
    else to = middle;
  }
  return from;
};

const countUpTo = (bounds: Float64Array, value: number): number =>
  countFirst(bounds, (bound) => bound <= value);
const countBelow = (bounds: Float64Array, value: number): number =>
  countFirst(bounds, (bound) => bound < value);

type Found = (alternative: number) => void;

const walkRange = (
  { lookup, isLower, bounds, alternatives }: Range,
  facts: Facts,
  found: Found,
) => {
  const value = read(facts, lookup);
  if (typeof value !== "number") return;
  // Bounds equal to the number belong to both sides: ≤ and ≥ hold there.
  const from = isLower ? 0 : countBelow(bounds, value);
  const to = isLower ? countUpTo(bounds, value) : alternatives.length;
  for (let at = from; at < to; at += 1) found(alternatives[at] ?? 0);
};

/** Calls `found` for every alternative whose keys and bound the facts pass, perhaps more than once. */
export const walk = (place: Place, facts: Facts, found: Found): void => {
  for (const alternative of place.alternatives) found(alternative);
  for (const range of place.ranges) walkRange(range, facts, found);
  for (const { lookup, has, children } of place.branches) {
    const value = read(facts, lookup);
    if (!has) {
      const child = children.get(value);
      if (child !== undefined) walk(child, facts, found);
    } else if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) {
        const child = children.get(item);
        if (child !== undefined) walk(child, facts, found);
      }
    }
  }
};
