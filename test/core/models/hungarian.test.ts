import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignLeastCost, type Costs } from "../../../src/core/models/hungarian.ts";

const costOf = (costs: Costs, columnOf: readonly number[]): number =>
  columnOf.reduce((sum, column, row) => sum + (column < 0 ? 0 : (costs[row]?.[column] ?? 0)), 0);

/** The least cost by trying everything; rows may be left over only where there are fewer columns. */
const least = (costs: Costs, row = 0, used: readonly number[] = []): number => {
  if (row === costs.length) return 0;
  const columns = costs[0]?.length ?? 0;
  const spare = costs.length - row > columns - used.length;
  let best = spare ? least(costs, row + 1, used) : Infinity;
  for (let column = 0; column < columns; column += 1)
    if (!used.includes(column))
      best = Math.min(best, (costs[row]?.[column] ?? 0) + least(costs, row + 1, [...used, column]));
  return best;
};

describe("assignment of least cost", () => {
  it("is not fooled by the cheapest pair", () => {
    expect(
      assignLeastCost([
        [1, 2],
        [2, 9],
      ]),
    ).toEqual([1, 0]);
  });

  it.each<[string, Costs, readonly number[]]>([
    ["no rows", [], []],
    ["no columns", [[], []], [-1, -1]],
    ["one of each", [[5]], [0]],
    ["more columns", [[3, 1, 2]], [1]],
    ["more rows", [[3], [1], [2]], [-1, 0, -1]],
  ])("takes %s", (...[, costs, expected]) => {
    expect(assignLeastCost(costs)).toEqual(expected);
  });

  it("costs no more than any other, and pairs as many as it can", () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc.array(
          fc.array(fc.integer({ min: -4, max: 9 }), { minLength: columns, maxLength: columns }),
          { minLength: rows, maxLength: rows },
        ),
      );
    fc.assert(
      fc.property(matrix, (costs) => {
        const columnOf = assignLeastCost(costs);
        const paired = columnOf.filter((column) => column >= 0);
        const smaller = Math.min(costs.length, costs[0]!.length);
        expect(paired).toHaveLength(smaller);
        expect(new Set(paired).size).toBe(smaller);
        // Trying everything may leave more rows out than must be; with costs below 0 it does not pay, so costs are lifted.
        const lifted = costs.map((row) => row.map((cost) => cost - 100));
        expect(costOf(lifted, assignLeastCost(lifted))).toBe(least(lifted));
        expect(costOf(costs, columnOf)).toBe(least(lifted) + 100 * smaller);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
