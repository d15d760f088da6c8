import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Baskets,
  type FpGrowthOptions,
  frequentSets,
  type FrequentSet,
  packBaskets,
} from "../../../src/core/models/fp-growth.ts";

const setsOf = (...given: Parameters<typeof frequentSets>): readonly FrequentSet[] => {
  const found = frequentSets(...given);
  if (found.kind === "refused") throw new Error(found.sentence);
  return found.value;
};

/** Every set of up to `maxLength` of the items, counted one by one. */
const countedPlainly = (
  lists: readonly (readonly number[])[],
  minCount: number,
  maxLength: number,
): readonly FrequentSet[] => {
  const items = [...new Set(lists.flat())].toSorted((left, right) => left - right);
  const grow = (sets: readonly (readonly number[])[]): readonly (readonly number[])[] =>
    sets.flatMap((set) =>
      items.filter((item) => item > (set.at(-1) ?? -1)).map((item) => [...set, item]),
    );
  const found: FrequentSet[] = [];
  let sets: readonly (readonly number[])[] = [[]];
  for (let length = 1; length <= maxLength; length += 1) {
    sets = grow(sets);
    for (const set of sets) {
      const count = lists.filter((list) => set.every((item) => list.includes(item))).length;
      if (count >= minCount) found.push({ items: set, count });
    }
  }
  return found;
};

describe("frequent sets", () => {
  it("are those of counting every set, in the same order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 6 }), { maxLength: 6 }), { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (lists, minSupport, maxLength) => {
          expect(setsOf(packBaskets(lists), { minSupport, maxLength })).toEqual(
            countedPlainly(lists, minSupport, maxLength),
          );
        },
      ),
    );
  });

  it("take a support below 1 as a share of the baskets, rounded up, and leave the baskets as they are", () => {
    const baskets = packBaskets([[2, 0], [0], [0, 1], [1]], 9);
    expect(baskets.width).toBe(9);
    expect(setsOf(baskets, { minSupport: 0.5 })).toEqual([
      { items: [0], count: 3 },
      { items: [1], count: 2 },
    ]);
    expect(setsOf(baskets, { minSupport: 0.51 })).toEqual([{ items: [0], count: 3 }]);
    expect([...baskets.items]).toEqual([2, 0, 0, 0, 1, 1]);
  });

  it("are none where the baskets are empty", () => {
    expect(setsOf(packBaskets([[], []]))).toEqual([]);
  });

  it.each<[Baskets, FpGrowthOptions, readonly [string, RegExp]]>([
    [packBaskets([]), {}, ["EMPTY", /no baskets/u]],
    [packBaskets([[0]]), { minSupport: 0 }, ["RANGE", /minSupport 0 /u]],
    [packBaskets([[0]]), { minSupport: 1.5 }, ["RANGE", /minSupport 1.5 /u]],
    [packBaskets([[0]]), { maxLength: 0 }, ["RANGE", /maxLength 0 /u]],
    [packBaskets([[0, 1, 2, 3]]), { minSupport: 1, maxSets: 5 }, ["RANGE", /more than 5 sets/u]],
    [packBaskets([[0, 7]], 3), {}, ["RANGE", /item 1 of the baskets is 7, not in 0 … 2/u]],
    [packBaskets([[-1]], 3), {}, ["RANGE", /item 0 of the baskets is -1/u]],
  ])("of %o with %o are refused", (baskets, options, [code, sentence]) => {
    const found = frequentSets(baskets, options);
    expect(found).toMatchObject({ kind: "refused", code });
    expect(found.kind === "refused" ? found.sentence : "").toMatch(sentence);
  });
});
