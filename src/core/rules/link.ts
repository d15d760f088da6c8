/**
 * Puts named conditions in the place of references to them.
 * Sizes and depths are told before anything is linked: a few lines of names that refer to each other can stand for more conditions than memory holds.
 */
import type { Fault } from "../fault.ts";
import { LIMITS } from "../limits.ts";
import type { Condition, Draft } from "./condition.ts";

/** Drafts by name, with the place where each stands. */
export type NamedDrafts = ReadonlyMap<string, { readonly draft: Draft; readonly place: string }>;

/** Conditions with all references resolved, by name. */
export type NamedConditions = ReadonlyMap<string, Measured>;

/** A linked condition: how many comparisons and groups it stands for, and how deep its groups nest. */
export interface Measured {
  readonly condition: Condition;
  readonly size: number;
  readonly height: number;
}

const references = (draft: Draft): readonly string[] => {
  if (draft.kind === "comparison") return [];
  return draft.kind === "reference" ? [draft.name] : draft.children.flatMap(references);
};

const measureFault = ({ size, height }: Omit<Measured, "condition">): string | undefined => {
  if (height > LIMITS.depth)
    return `conditions are nested deeper than ${LIMITS.depth} levels, named ones counted where they are used; flatten them`;
  return size > LIMITS.ruleConditions
    ? `stands for more than ${LIMITS.ruleConditions} conditions, named ones counted where they are used; split it`
    : undefined;
};

/** The condition of a draft whose references are all in `named`; null where one of them is not (its own fault is told elsewhere). */
const link = (draft: Draft, named: NamedConditions): Measured | null => {
  if (draft.kind === "comparison") return { condition: draft, size: 1, height: 0 };
  if (draft.kind === "reference") {
    const found = named.get(draft.name);
    if (found === undefined || found.condition.kind === "comparison") return found ?? null;
    return { ...found, condition: { ...found.condition, name: draft.name } };
  }
  const children: Condition[] = [];
  let size = 1;
  let height = 0;
  for (const child of draft.children) {
    const linked = link(child, named);
    if (linked === null) return null;
    children.push(linked.condition);
    size += linked.size;
    height = Math.max(height, linked.height);
  }
  return { condition: { kind: draft.kind, children }, size, height: height + 1 };
};

/** As `link`, for a whole rule or named condition; too much of it is a fault at `place`. */
export const linkWithin = (
  draft: Draft,
  named: NamedConditions,
  { place, faults }: { readonly place: string; readonly faults: Fault[] },
): Measured | null => {
  const linked = link(draft, named);
  if (linked === null) return null;
  const sentence = measureFault(linked);
  if (sentence === undefined) return linked;
  faults.push({ place, sentence });
  return null;
};

/** The rings among names that wait for each other, each as the names in order and the first again. */
const ringsOf = (
  waiting: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] => {
  const seen = new Set<string>();
  const rings: string[][] = [];
  for (const start of waiting.keys()) {
    const trail: string[] = [];
    let name: string | undefined = start;
    while (name !== undefined && !seen.has(name)) {
      seen.add(name);
      trail.push(name);
      name = waiting.get(name)?.find((next) => waiting.has(next));
    }
    const from = name === undefined ? -1 : trail.indexOf(name);
    if (name !== undefined && from >= 0) rings.push([...trail.slice(from), name]);
  }
  return rings;
};

/** How many names of a ring a fault names. */
const RING_SHOWN = 4;

const ringFault = (ring: readonly string[], drafts: NamedDrafts): Fault => {
  const [first = ""] = ring;
  const shown = ring.length > RING_SHOWN ? [...ring.slice(0, RING_SHOWN), null, first] : ring;
  const chain = shown.map((name) => (name === null ? "…" : `"${name}"`)).join(" → ");
  const sentence =
    ring.length === 2
      ? `condition "${first}" refers to itself; remove the reference`
      : `conditions refer to each other: ${chain}; break the ring`;
  return { place: drafts.get(first)?.place ?? first, sentence };
};

/** Links every named condition, those first that others need; rings and whatever waits for one are left out. */
export const linkNamed = (drafts: NamedDrafts, faults: Fault[]): NamedConditions => {
  const named = new Map<string, Measured>();
  const waiting = new Map<string, readonly string[]>();
  const users = new Map<string, string[]>();
  const ready: string[] = [];
  for (const [name, { draft }] of drafts) {
    const needs = [...new Set(references(draft))].filter((need) => drafts.has(need));
    waiting.set(name, needs);
    for (const need of needs) users.set(need, [...(users.get(need) ?? []), name]);
    if (needs.length === 0) ready.push(name);
  }
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    waiting.delete(name);
    const found = drafts.get(name);
    const linked =
      found === undefined ? null : linkWithin(found.draft, named, { place: found.place, faults });
    if (linked !== null) named.set(name, linked);
    for (const user of users.get(name) ?? []) {
      const left = (waiting.get(user) ?? []).filter((need) => need !== name);
      waiting.set(user, left);
      if (left.length === 0) ready.push(user);
    }
  }
  faults.push(...ringsOf(waiting).map((ring) => ringFault(ring, drafts)));
  return named;
};
