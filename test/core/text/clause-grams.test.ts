import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clauseGrams } from "../../../src/core/text/clause-grams.ts";
import { type GramBag, gramCounter, HEAD_GRAM } from "../../../src/core/text/grams.ts";

const counter = gramCounter(HEAD_GRAM);

const countsOf = ({ size, slots, counts }: GramBag): ReadonlyMap<number, number> =>
  new Map(Array.from({ length: size }, (_, at) => [slots[at] ?? -1, counts[at] ?? 0]));

const dealt = (
  text: string,
  clauses: readonly { readonly from: number; readonly to: number }[],
): readonly ReadonlyMap<number, number>[] => {
  const dealer = clauseGrams();
  dealer.deal(counter.count(text), clauses, text.length);
  return clauses.map((_, at) => countsOf(dealer.of(at)));
};

const sumOf = (bag: ReadonlyMap<number, number> | undefined): number =>
  [...(bag?.values() ?? [])].reduce((sum, count) => sum + count, 0);

describe("the grams of clauses", () => {
  it("are all grams of the text where one clause covers it", () => {
    const text = "the parcel was late, late again";
    const [whole] = dealt(text, [{ from: 0, to: text.length }]);
    expect(whole).toEqual(countsOf(counter.count(text)));
  });

  it("count what stands twice in a clause twice, and leave out what reaches across", () => {
    const [twice] = dealt("late late", [{ from: 0, to: 9 }]);
    const [first, second] = dealt("late late", [
      { from: 0, to: 4 },
      { from: 5, to: 9 },
    ]);
    expect(Math.max(...(twice?.values() ?? []))).toBe(2);
    expect(Math.max(...(first?.values() ?? []))).toBe(1);
    expect(sumOf(first) + sumOf(second)).toBeLessThan(sumOf(twice));
  });

  it("do not depend on the texts that were dealt before", () => {
    const dealer = clauseGrams();
    const text = "快递太慢，客服很好";
    const clauses = [
      { from: 0, to: 4 },
      { from: 5, to: 9 },
    ];
    const fresh = dealt(text, clauses);
    for (const other of ["slow", "a much longer text that makes the memory grow".repeat(40)]) {
      dealer.deal(counter.count(other), [{ from: 0, to: other.length }], other.length);
      dealer.of(0);
    }
    dealer.deal(counter.count(text), clauses, text.length);
    expect(clauses.map((_, at) => countsOf(dealer.of(at)))).toEqual(fresh);
  });

  it("together are no more than the text's own, for any cut", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.nat(60), (text, at) => {
        const cut = Math.min(at, text.length);
        const all = countsOf(counter.count(text));
        const parts = dealt(text, [
          { from: 0, to: cut },
          { from: cut, to: text.length },
        ]);
        const sums = new Map<number, number>();
        for (const part of parts)
          for (const [slot, count] of part) sums.set(slot, (sums.get(slot) ?? 0) + count);
        for (const [slot, count] of sums) expect(count).toBeLessThanOrEqual(all.get(slot) ?? 0);
      }),
    );
  });
});
