/** The running figures of a back-test. Everything here is counted in place; `tallies` and `changes` give the records, names in order. */
import type { OutcomeChange, ReplyTally, Tallies } from "./result.ts";

export type Counted = { -readonly [Name in keyof ReplyTally]: number };
export type Groups = Map<string, Counted>;

const countedFor = (groups: Groups, name: string): Counted => {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const fresh = noReplies();
  groups.set(name, fresh);
  return fresh;
};

export const noReplies = (): Counted => ({
  stored: 0,
  candidate: 0,
  gained: 0,
  lost: 0,
  changed: 0,
});

/** The group of a reply on each side; undefined where it was not written. */
export interface Sides {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Written on both sides with something other in it. */
  readonly isOther: boolean;
}

/** One reply, or its absence, on both sides. A reply that moved to another group is lost by one and gained by the other. */
export const countReply = (groups: Groups, { before, after, isOther }: Sides): void => {
  if (before !== undefined) countedFor(groups, before).stored += 1;
  if (after !== undefined) countedFor(groups, after).candidate += 1;
  if (before === after) {
    if (before !== undefined && isOther) countedFor(groups, before).changed += 1;
    return;
  }
  if (before !== undefined) countedFor(groups, before).lost += 1;
  if (after !== undefined) countedFor(groups, after).gained += 1;
};

/** By code units, as everything that must not depend on a machine. */
export const byName = (left: string, right: string): number => {
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

export const tallies = (groups: Groups): Tallies =>
  Object.fromEntries(
    [...groups]
      .toSorted(([left], [right]) => byName(left, right))
      .map(([name, counted]) => [name, { ...counted }]),
  );

/** `from` and `to` with a line feed between, and how often. */
export type Changes = Map<string, number>;

export const changesOf = (changes: Changes): readonly OutcomeChange[] =>
  [...changes]
    .toSorted(([left], [right]) => byName(left, right))
    .map(([name, count]) => {
      const [from, to] = name.split("\n");
      return { from, to, count } as OutcomeChange;
    });

export const increase = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

/** An entry or a reply without its place in the inbox, which an earlier reply more would move. */
export const withoutPlace = <T extends { readonly seq?: number }>({ seq: _seq, ...rest }: T) =>
  rest;
