/** What a line of the package finds, and what it makes NaN of. The contract is held in `fit.contract.test.ts`. */
import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../src/core/models/random.ts";
import { fitLine } from "../../../src/core/models/regression-fit.ts";

const made = () => {
  const random = randomFrom(3);
  const rows = Array.from({ length: 200 }, () => [120 * random(), 10 * random()]);
  return {
    table: { columns: ["recencyDays", "frequency"], rows },
    targets: rows.map(([recency = 0]) => (recency + 15 * random() > 70 ? 1 : 0)),
  };
};

describe("a line", () => {
  it("finds the weights of a plane", () => {
    const { table } = made();
    const fit = fitLine(
      table,
      table.rows.map(([left = 0, right = 0]) => 5 + 2 * left - 3 * right),
    );
    if (fit.kind === "refused") throw new Error(fit.sentence);
    expect(fit.value.intercept).toBeCloseTo(5, 6);
    expect(fit.value.weights[0]).toBeCloseTo(2, 6);
    expect(fit.value.weights[1]).toBeCloseTo(-3, 6);
  });

  it("refuses a constant column, of which the package makes NaN", () => {
    const { table, targets } = made();
    const fit = fitLine({ ...table, rows: table.rows.map(([left = 0]) => [left, 4]) }, targets);
    expect(fit).toMatchObject({
      code: "CONSTANT",
      sentence: "column frequency is the same in every row; leave it out",
    });
  });
});
