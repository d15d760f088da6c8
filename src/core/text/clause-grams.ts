/**
 * The grams of a text dealt to its clauses, without counting again: a gram belongs to the clause that holds it whole.
 * The arrays that `of` gives are used again by the next clause.
 */
import type { GramBag, Grams } from "./grams.ts";
import type { Span } from "./normalise.ts";

export interface ClauseGrams {
  /** Deals the grams to clauses, which are in order and apart; `units` is the length of the text. Linear time. */
  readonly deal: (grams: Grams, clauses: readonly Span[], units: number) => void;
  /** The grams of one of the clauses that were dealt to last. */
  readonly of: (clause: number) => GramBag;
}

interface Dealing {
  /** Clause of each unit, −1 between clauses. */
  clauseOf: Int16Array;
  /** Places of a clause as a chain: the first of each clause, and what follows each; −1 ends. */
  first: Int32Array;
  next: Int32Array;
  /** Where each gram stands among the clause's own, and the clause that this was written for. */
  at: Int32Array;
  writtenFor: Int32Array;
  /** Clauses given so far: stamps never meet again. */
  round: number;
}

const roomy = <A extends Int32Array | Int16Array>(array: A, size: number): A =>
  array.length >= size
    ? array
    : new (array.constructor as new (length: number) => A)(Math.max(size, array.length * 2));

const reserve = (
  into: Dealing,
  { places, size }: Grams,
  most: { readonly units: number; readonly clauses: number },
): void => {
  into.clauseOf = roomy(into.clauseOf, most.units);
  into.first = roomy(into.first, most.clauses);
  into.next = roomy(into.next, places);
  into.at = roomy(into.at, size);
  into.writtenFor = roomy(into.writtenFor, size);
};

/** Memory for one text after the other. */
export const clauseGrams = (): ClauseGrams => {
  const into: Dealing = {
    clauseOf: new Int16Array(256),
    first: new Int32Array(16),
    next: new Int32Array(2048),
    at: new Int32Array(1024),
    writtenFor: new Int32Array(1024),
    round: 0,
  };
  const bag = { size: 0, slots: new Int32Array(1024), counts: new Float32Array(1024) };
  let dealt: Grams | undefined;
  return {
    deal: (grams, clauses, units) => {
      dealt = grams;
      reserve(into, grams, { units, clauses: clauses.length });
      if (bag.slots.length < grams.size) {
        bag.slots = new Int32Array(grams.size * 2);
        bag.counts = new Float32Array(grams.size * 2);
      }
      const { clauseOf, first, next } = into;
      clauseOf.fill(-1, 0, units);
      first.fill(-1, 0, clauses.length);
      for (let clause = 0; clause < clauses.length; clause += 1) {
        const { from, to } = clauses[clause] as Span;
        clauseOf.fill(clause, from, to);
      }
      for (let place = 0; place < grams.places; place += 1) {
        const clause = clauseOf[grams.from[place] as number] as number;
        if (clause < 0 || clauseOf[(grams.to[place] as number) - 1] !== clause) continue;
        next[place] = first[clause] as number;
        first[clause] = place;
      }
    },
    of: (clause) => {
      bag.size = 0;
      if (dealt === undefined) return bag;
      const { first, next, at, writtenFor } = into;
      into.round += 1;
      for (let place = first[clause] as number; place >= 0; place = next[place] as number) {
        const gram = dealt.at[place] as number;
        if (writtenFor[gram] === into.round) {
          const own = at[gram] as number;
          bag.counts[own] = (bag.counts[own] as number) + 1;
          continue;
        }
        writtenFor[gram] = into.round;
        at[gram] = bag.size;
        bag.slots[bag.size] = dealt.slots[gram] as number;
        bag.counts[bag.size] = 1;
        bag.size += 1;
      }
      return bag;
    },
  };
};
