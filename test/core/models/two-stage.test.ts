/** The two-stage spend model: level, bounds, and its two explanations. */
import { describe, expect, it } from "vitest";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { logistic } from "../../../src/core/models/logistic.ts";
import { type Matrix, matrixOf } from "../../../src/core/models/matrix.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import {
  explainTwoStage,
  fitTwoStage,
  predictTwoStage,
  type TwoStageModel,
} from "../../../src/core/models/two-stage.ts";
import { codeOf, mustBeFitted, normalFrom, normalMatrix, rowsOf } from "./made-matrix.ts";

/** Who buys depends on column 0, how much on column 1; `spread` is that of ln amount. */
const amountsOf = (matrix: Matrix, spread: number): number[] => {
  const random = randomFrom(9);
  return rowsOf(matrix).map((row) =>
    random() < logistic(row[0]! - 0.5)
      ? Math.exp(3 + 0.5 * row[1]! + spread * normalFrom(random))
      : 0,
  );
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the two-stage spend model", () => {
  const matrix = normalMatrix(3000, 2, 1);
  const amounts = amountsOf(matrix, 0.8);
  const model = mustBeFitted(fitTwoStage(matrix, amounts));

  it("finds which column decides and which one sets the amount", () => {
    expect(model.buys.weights[0]).toBeCloseTo(1, 0);
    expect(Math.abs(model.buys.weights[1]!)).toBeLessThan(0.15);
    expect(model.lnAmount.weights[1]).toBeCloseTo(0.5, 1);
    expect(Math.abs(model.lnAmount.weights[0]!)).toBeLessThan(0.1);
  });

  it("keeps the level of amounts, which the logarithm alone would put a quarter too low", () => {
    const found = rowsOf(matrix).map((row) => predictTwoStage(model, row));
    expect(mean(found.map(({ amount }) => amount)) / mean(amounts)).toBeCloseTo(1, 1);
    expect(model.smearing).toBeCloseTo(Math.exp(0.8 ** 2 / 2), 1);
  });

  it("smears by 1 where the line goes through every point", () => {
    const exact = mustBeFitted(
      fitTwoStage(matrixOf([[0], [1], [2], [3], [4]], 1), [0, 2, 4, 8, 16], { amountPenalty: 0 }),
    );
    expect(exact.smearing).toBeCloseTo(1, 12);
    expect(predictTwoStage(exact, [3]).amountIfBuys).toBeCloseTo(8, 9);
  });

  it("does not follow the line beyond the amounts that it has seen", () => {
    const most = Math.max(...amounts);
    const far = predictTwoStage(model, [1e6, 1e6]);
    expect(far.amountIfBuys).toBeCloseTo(most * model.smearing, 6);
    expect(far.amount).toBeLessThanOrEqual(far.amountIfBuys);
    const least = Math.min(...amounts.filter((amount) => amount > 0));
    expect(predictTwoStage(model, [0, -1e6]).amountIfBuys).toBeCloseTo(least * model.smearing, 9);
  });

  it("explains each stage by contributions that sum to its score", () => {
    for (const row of rowsOf(matrix).slice(0, 50)) {
      const { buys, lnAmount } = explainTwoStage(model, row);
      const { probability, amountIfBuys } = predictTwoStage(model, row);
      expect(logistic(buys.reduce((sum, one) => sum + one, model.buys.base))).toBe(probability);
      const ln = lnAmount.reduce((sum, one) => sum + one, model.lnAmount.base);
      expect(model.smearing * Math.exp(ln)).toBeCloseTo(amountIfBuys, 9);
    }
  });

  it("takes more returned than bought for nothing bought", () => {
    const returned = amounts.map((amount) => (amount > 0 ? amount : -20));
    expect(JSON.stringify(mustBeFitted(fitTwoStage(matrix, returned)))).toBe(JSON.stringify(model));
  });

  it("shrinks each stage with its own penalty", () => {
    const shrunk = mustBeFitted(fitTwoStage(matrix, amounts, { buysPenalty: 1e9 }));
    expect(Math.abs(shrunk.buys.weights[0]!)).toBeLessThan(1e-3);
    expect(shrunk.lnAmount).toEqual(model.lnAmount);
  });

  it("predicts the same after JSON and leaves its data alone", () => {
    const values = matrix.values.slice();
    const given = [...amounts];
    mustBeFitted(fitTwoStage(matrix, given));
    expect(matrix.values).toEqual(values);
    expect(given).toEqual(amounts);
    const loaded = JSON.parse(JSON.stringify(model)) as TwoStageModel;
    for (const row of rowsOf(matrix).slice(0, 50))
      expect(predictTwoStage(loaded, row)).toEqual(predictTwoStage(model, row));
  });

  const four = matrixOf([[1], [2], [3], [4]], 1);
  it.each<[string, string, () => Fitted<unknown>]>([
    ["no rows", "EMPTY", () => fitTwoStage(matrixOf([], 1), [])],
    ["an amount too few", "WIDTH", () => fitTwoStage(four, [0, 1, 2])],
    ["a NaN", "NOT_FINITE", () => fitTwoStage(four, [0, 1, 2, Number.NaN])],
    ["nobody who buys", "CONSTANT", () => fitTwoStage(four, [0, 0, 0, -1])],
    ["nobody who does not", "CONSTANT", () => fitTwoStage(four, [1, 2, 3, 4])],
    ["two buyers", "TOO_FEW", () => fitTwoStage(four, [0, 0, 3, 4])],
    ["a penalty below 0", "RANGE", () => fitTwoStage(four, [0, 2, 3, 4], { amountPenalty: -1 })],
  ])("refuses %s with %s", (_, code, fit) => {
    expect(codeOf(fit())).toBe(code);
  });

  it("throws for a row of another width", () => {
    expect(() => predictTwoStage(model, [1])).toThrow(RangeError);
  });
});
