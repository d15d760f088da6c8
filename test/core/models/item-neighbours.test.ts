import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  itemNeighbours,
  logLikelihoodRatio,
  type NeighbourKind,
  type Neighbours,
  type NeighbourOptions,
} from "../../../src/core/models/item-neighbours.ts";
import type { Basket } from "../../../src/core/models/orders.ts";

const basket = (customer: number, ...items: readonly number[]): Basket => ({
  customer,
  atMs: 0,
  items,
});

const found = (
  baskets: readonly Basket[],
  width: number,
  options: NeighbourOptions,
): Neighbours => {
  const neighbours = itemNeighbours(baskets, width, options);
  if (neighbours.kind === "refused") throw new Error(neighbours.sentence);
  return neighbours.value;
};

const PLAIN = { shrinkage: 0, minCount: 1 } as const;

/** Item, neighbour, score. */
const triples = ({
  starts,
  targets,
  scores,
}: Neighbours): readonly (readonly [number, number, number])[] =>
  starts
    .slice(1)
    .flatMap((end, item) =>
      targets
        .slice(starts[item], end)
        .map((target, place) => [item, target, scores[(starts[item] ?? 0) + place] ?? 0] as const),
    );

describe("neighbours of an item", () => {
  const shop = [
    basket(0, 0, 1),
    basket(1, 0),
    basket(1, 1, 2),
    basket(2, 0),
    basket(3, 2),
    basket(2, 0),
    basket(4, 3),
  ];

  it("by cosine are those that the same customers have", () => {
    expect(triples(found(shop, 4, { ...PLAIN, kind: "cosine" }))).toEqual([
      [0, 1, Math.round(10_000 * (2 / Math.sqrt(3 * 2)))],
      [0, 2, Math.round(10_000 * (1 / Math.sqrt(3 * 2)))],
      [1, 0, 8165],
      [1, 2, 5000],
      [2, 1, 5000],
      [2, 0, 4082],
    ]);
  });

  it("by order are those bought later, one way only", () => {
    expect(triples(found(shop, 4, { ...PLAIN, kind: "after" }))).toEqual([
      [0, 1, 3333],
      [0, 2, 3333],
    ]);
  });

  it("by likelihood ratio are those that meet more often than by chance", () => {
    const both = Array.from({ length: 20 }, (_one, customer) => basket(customer, 0, 1));
    const others = Array.from({ length: 20 }, (_one, customer) => basket(20 + customer, 2));
    const neighbours = triples(
      found([...both, ...others, basket(40, 0, 2)], 3, { ...PLAIN, kind: "llr" }),
    );
    expect(neighbours.map(([item, target]) => [item, target])).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(neighbours[0]?.[2]).toBeGreaterThan(9500);
  });

  it("are held back where few customers have both, at most so many, best first", () => {
    expect(triples(found(shop, 4, { kind: "cosine", shrinkage: 2, minCount: 2 }))).toEqual([
      [0, 1, Math.round((8164.97 * 2) / 4)],
      [1, 0, Math.round((8164.97 * 2) / 4)],
    ]);
    expect(triples(found(shop, 4, { ...PLAIN, count: 1 })).map(([item]) => item)).toEqual([
      0, 1, 2,
    ]);
  });

  it("of a customer with thousands of products count the first 200 only", () => {
    const many = [basket(0, ...Array.from({ length: 300 }, (_one, item) => item)), basket(0, 0)];
    const neighbours = found(many, 300, { ...PLAIN, count: 300 });
    expect(Math.max(...neighbours.targets)).toBe(199);
  });

  it("stay within 0..10000 and survive being stored, whoever buys what", () => {
    const order = fc.record({
      customer: fc.nat({ max: 5 }),
      atMs: fc.constant(0),
      items: fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(
        fc.array(order, { minLength: 1, maxLength: 30 }),
        fc.constantFrom<NeighbourKind>("cosine", "llr", "after"),
        (baskets, kind) => {
          const neighbours = found(baskets, 8, { kind, minCount: 1 });
          expect(JSON.parse(JSON.stringify(neighbours))).toEqual(neighbours);
          expect(neighbours.starts).toHaveLength(9);
          for (const [item, target, score] of triples(neighbours)) {
            expect(target).not.toBe(item);
            expect(score).toBeGreaterThan(0);
            expect(score).toBeLessThanOrEqual(10_000);
          }
        },
      ),
    );
  });

  it.each([
    [[], {}, "EMPTY"],
    [shop, { count: 0 }, "RANGE"],
    [shop, { shrinkage: -1 }, "RANGE"],
    [shop, { minCount: 0 }, "RANGE"],
  ])("of %o with %o are refused", (baskets, options, code) => {
    expect(itemNeighbours(baskets, 4, options)).toMatchObject({ kind: "refused", code });
  });
});

describe("the log-likelihood ratio", () => {
  it("is 0 for independence and Σ 2 k ln(k ÷ expected) else", () => {
    expect(logLikelihoodRatio({ both: 10, left: 20, right: 50, total: 100 })).toBeCloseTo(0, 9);
    const cells = [
      [15, 10],
      [5, 10],
      [35, 40],
      [45, 40],
    ] as const;
    const expected = cells.reduce((sum, [k, e]) => sum + 2 * k * Math.log(k / e), 0);
    expect(logLikelihoodRatio({ both: 15, left: 20, right: 50, total: 100 })).toBeCloseTo(
      expected,
      9,
    );
  });
});
