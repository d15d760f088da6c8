import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AssociationRule,
  associationRules,
  fisherAtLeast,
} from "../../../src/core/models/association-rules.ts";
import { type FrequentSet, frequentSets, packBaskets } from "../../../src/core/models/fp-growth.ts";
import { randomFrom } from "../../../src/core/models/random.ts";

const rulesOf = (...given: Parameters<typeof associationRules>): readonly AssociationRule[] => {
  const found = associationRules(...given);
  if (found.kind === "refused") throw new Error(found.sentence);
  return found.value;
};

const ALL = { minConfidence: 0, minLift: 0, minCount: 1, maxFalseShare: 1 } as const;

const setsOf = (lists: readonly (readonly number[])[]): readonly FrequentSet[] => {
  const found = frequentSets(packBaskets(lists), { minSupport: 1 });
  return found.kind === "refused" ? [] : found.value;
};

describe("association rules", () => {
  it("have the figures of their definitions", () => {
    // 0 in 4 baskets of 8, 1 in 4, both in 3.
    const lists = [[0, 1], [0, 1], [0, 1], [0], [1], [2], [2], [2]];
    const rule = rulesOf(setsOf(lists), 8, ALL).find(({ to }) => to === 1);
    expect(rule).toMatchObject({ from: [0], to: 1, count: 3, support: 3 / 8, confidence: 3 / 4 });
    expect(rule?.lift).toBeCloseTo(1.5, 12);
    expect(rule?.leverage).toBeCloseTo(3 / 8 - 1 / 4, 12);
    expect(rule?.conviction).toBeCloseTo(0.5 / 0.25, 12);
    // (4 choose 3)(4 choose 1) + 1, of (8 choose 4).
    expect(rule?.pValue).toBeCloseTo(17 / 70, 10);
  });

  it("have no conviction where A never comes without b", () => {
    expect(
      rulesOf(setsOf([[0, 1], [1], [2]]), 3, ALL).find(({ from }) => from[0] === 0)?.conviction,
    ).toBe(null);
  });

  it("come in one order, most confident first, also with two products on the left", () => {
    const lists = [[0, 1, 2], [0, 1, 2], [0, 1], [2, 3], [3]];
    const rules = rulesOf(setsOf(lists), 5, ALL);
    expect(rules.map(({ confidence }) => confidence)).toEqual(
      rules.map(({ confidence }) => confidence).toSorted((left, right) => right - left),
    );
    expect(rules.slice(0, 4).map(({ from, to }) => `${from.join("+")}>${to}`)).toEqual([
      "0>1",
      "1>0",
      "0+2>1",
      "1+2>0",
    ]);
    expect(rulesOf(setsOf(lists.toReversed()), 5, ALL)).toEqual(rules);
  });

  it("leave out what is rare, unsure, no more than chance, or probably chance's", () => {
    const random = randomFrom(3);
    const noise = Array.from({ length: 400 }, () =>
      Array.from({ length: 12 }, (_one, item) => item).filter(() => random() < 0.2),
    );
    const planted = noise.map((list) => (random() < 0.2 ? [...list, 20, 21] : list));
    expect(rulesOf(setsOf(noise), 400).length).toBeLessThan(20);
    const found = rulesOf(setsOf(planted), 400).map(({ from, to }) => `${from.join("+")}>${to}`);
    expect(found).toContain("20>21");
    expect(found).toContain("21>20");
    const all = rulesOf(setsOf(planted), 400, ALL);
    expect(found.length).toBeLessThan(all.length / 10);
    expect(
      rulesOf(setsOf(planted), 400, { ...ALL, minCount: 70 }).every(({ count }) => count >= 70),
    ).toBe(true);
    expect(
      rulesOf(setsOf(planted), 400, { ...ALL, minLift: 2 }).every(({ lift }) => lift >= 2),
    ).toBe(true);
  });

  it("are none of sets whose subsets are missing, and none without sets", () => {
    expect(rulesOf([{ items: [0, 1], count: 5 }], 10, ALL)).toEqual([]);
    expect(rulesOf([], 3)).toEqual([]);
  });

  it.each([
    [{ minCount: -1 }, 10, /minCount -1/u],
    [{ maxFalseShare: Number.NaN }, 10, /maxFalseShare NaN/u],
    [{}, 2, /2 baskets in all, but a set is in 5/u],
  ])("with %o of %d baskets are refused", (options, total, sentence) => {
    const found = associationRules([{ items: [0], count: 5 }], total, options);
    expect(found).toMatchObject({ kind: "refused", code: "RANGE" });
    expect(found.kind === "refused" ? found.sentence : "").toMatch(sentence);
  });
});

const choose = (n: number, k: number): number =>
  k < 0 || k > n
    ? 0
    : Array.from({ length: k }).reduce<number>(
        (product, _one, i) => (product * (n - i)) / (i + 1),
        1,
      );

describe("Fisher's exact test", () => {
  it("is the tail of the hypergeometric distribution, counted one by one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 25 }).chain((total) =>
          fc.record({
            total: fc.constant(total),
            left: fc.integer({ min: 0, max: total }),
            right: fc.integer({ min: 0, max: total }),
            both: fc.integer({ min: 0, max: total }),
          }),
        ),
        ({ both, left, right, total }) => {
          let tail = 0;
          for (let k = both; k <= Math.min(left, right); k += 1)
            tail += (choose(left, k) * choose(total - left, right - k)) / choose(total, right);
          expect(fisherAtLeast({ both, left, right, total })).toBeCloseTo(tail, 9);
        },
      ),
    );
  });
});
