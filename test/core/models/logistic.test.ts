/** Logistic regression: known solutions, the gradient, and the data on which Newton's method without a guard diverges. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import {
  fitLogistic,
  logistic,
  type LogisticModel,
  predictLogistic,
} from "../../../src/core/models/logistic.ts";
import { type Matrix, matrixOf } from "../../../src/core/models/matrix.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { contributionsOf } from "../../../src/core/models/ridge.ts";
import { codeOf, mustBeFitted, normalMatrix, rowsOf, withColumn } from "./made-matrix.ts";

const labelsOf = (matrix: Matrix, logOdds: (row: Float64Array) => number, seed = 1): number[] => {
  const random = randomFrom(seed);
  return rowsOf(matrix).map((row) => (random() < logistic(logOdds(row)) ? 1 : 0));
};

interface Data {
  readonly matrix: Matrix;
  readonly labels: readonly number[];
}

const lossAt = ({ matrix, labels }: Data, model: LogisticModel): number =>
  rowsOf(matrix).reduce(
    (sum, row, index) => sum - Math.log(Math.abs(1 - labels[index]! - predictLogistic(model, row))),
    (model.penalty / 2) * model.weights.reduce((sum, weight) => sum + weight ** 2, 0),
  );

const numericSlope = (data: Data, at: (by: number) => LogisticModel): number =>
  (lossAt(data, at(1e-4)) - lossAt(data, at(-1e-4))) / 2e-4;

describe("the logistic function", () => {
  it("stays in 0..1 and symmetric, far out too", () => {
    for (const score of [0, 1, 30, 800, 1e308]) {
      expect(logistic(score) + logistic(-score)).toBeCloseTo(1, 15);
      expect(logistic(-score)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("logistic regression", () => {
  it("finds the log-odds of a two by two table, which are known in closed form", () => {
    const counts = [
      [0, 0, 30],
      [0, 1, 10],
      [1, 0, 5],
      [1, 1, 20],
    ] as const;
    const rows = counts.flatMap(([x, y, count]) => Array.from({ length: count }, () => [x, y]));
    const model = mustBeFitted(
      fitLogistic(
        matrixOf(rows, 1),
        rows.map(([, y]) => y!),
        { penalty: 0 },
      ),
    );
    expect(model.isConverged).toBe(true);
    expect(predictLogistic(model, [0])).toBeCloseTo(10 / 40, 6);
    expect(predictLogistic(model, [1])).toBeCloseTo(20 / 25, 6);
    expect(model.weights[0]! / model.deviations[0]!).toBeCloseTo(
      Math.log(20 / 5) - Math.log(10 / 30),
      5,
    );
  });

  it("stands at a point where the numeric gradient of its loss is 0", () => {
    const matrix = normalMatrix(300, 3, 5);
    const data = { matrix, labels: labelsOf(matrix, (row) => 1 + 2 * row[0]! - row[2]!) };
    const model = mustBeFitted(fitLogistic(matrix, data.labels, { penalty: 2 }));
    for (const column of [0, 1, 2])
      expect(
        numericSlope(data, (by) => ({
          ...model,
          weights: model.weights.map((weight, at) => (at === column ? weight + by : weight)),
        })),
      ).toBeCloseTo(0, 5);
    expect(numericSlope(data, (by) => ({ ...model, base: model.base + by }))).toBeCloseTo(0, 5);
  });

  it("finds the weights that made the labels", () => {
    const matrix = normalMatrix(20_000, 2, 6);
    const labels = labelsOf(matrix, (row) => -1 + 1.5 * row[0]!);
    const model = mustBeFitted(fitLogistic(matrix, labels));
    expect(model.weights[0]).toBeCloseTo(1.5, 1);
    expect(Math.abs(model.weights[1]!)).toBeLessThan(0.06);
    expect(model.base).toBeCloseTo(-1, 1);
  });

  it.each([0, 1e-3])("ends on separable labels with a penalty of %s", (penalty) => {
    const matrix = normalMatrix(80, 2, 7);
    const labels = rowsOf(matrix).map((row) => (row[0]! + row[1]! > 0 ? 1 : 0));
    const model = mustBeFitted(fitLogistic(matrix, labels, { penalty }));
    expect(model.isConverged).toBe(true);
    expect(model.penalty).toBeGreaterThan(0);
    for (const weight of model.weights) expect(Math.abs(weight)).toBeLessThan(1e4);
    for (const [index, row] of rowsOf(matrix).entries())
      expect(predictLogistic(model, row) > 0.5).toBe(labels[index] === 1);
  });

  it("lowers the loss from start to end, whatever the labels", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 30 }),
        fc.constantFrom(0, 0.01, 5),
        (seed, held, penalty) => {
          fc.pre(held.includes(true) && held.includes(false));
          const matrix = normalMatrix(held.length, 4, seed);
          const labels = held.map(Number);
          const model = mustBeFitted(fitLogistic(matrix, labels, { penalty }));
          const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
          const flat = { ...model, weights: [0, 0, 0, 0], base: Math.log(share / (1 - share)) };
          expect(model.isConverged).toBe(true);
          expect(lossAt({ matrix, labels }, model)).toBeLessThanOrEqual(
            lossAt({ matrix, labels }, flat) + 1e-9,
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it("counts a row of weight 2 as two rows and one of weight 0 as none", () => {
    const matrix = normalMatrix(60, 2, 8);
    const labels = labelsOf(matrix, (row) => row[0]!);
    const weights = labels.map((_, index) => index % 3);
    const rows = rowsOf(matrix).map((row) => [...row]);
    const repeated = weights.flatMap((weight, index) =>
      Array.from({ length: weight }, () => index),
    );
    const weighted = mustBeFitted(fitLogistic(matrix, labels, { weights }));
    const longhand = mustBeFitted(
      fitLogistic(
        matrixOf(
          repeated.map((index) => rows[index]!),
          2,
        ),
        repeated.map((index) => labels[index]!),
      ),
    );
    expect(weighted.base).toBeCloseTo(longhand.base, 9);
    for (const column of [0, 1])
      expect(weighted.weights[column]).toBeCloseTo(longhand.weights[column]!, 9);
  });

  it("gives equal columns equal weights, a constant one 0, and bears huge scales", () => {
    const plain = normalMatrix(300, 4, 9);
    const labels = labelsOf(plain, (row) => 2 * row[0]! + row[3]!);
    const matrix = [
      (given: Matrix) => withColumn(given, 1, (row) => row[0]!),
      (given: Matrix) => withColumn(given, 2, () => 0.1),
      (given: Matrix) => withColumn(given, 3, (row) => 1.6e12 + 1e10 * row[3]!),
    ].reduce((given, change) => change(given), plain);
    const model = mustBeFitted(fitLogistic(matrix, labels));
    expect(model.weights[0]).toBeCloseTo(model.weights[1]!, 9);
    expect(model.weights[0]).toBeGreaterThan(0.5);
    expect(model.weights[2]).toBe(0);
    expect(model.weights[3]).toBeGreaterThan(0.5);
  });

  it("explains log-odds by contributions", () => {
    const matrix = normalMatrix(100, 3, 10);
    const model = mustBeFitted(
      fitLogistic(
        matrix,
        labelsOf(matrix, (row) => row[1]!),
      ),
    );
    for (const row of rowsOf(matrix)) {
      const logOdds = contributionsOf(model, row).reduce((sum, one) => sum + one, model.base);
      expect(logistic(logOdds)).toBe(predictLogistic(model, row));
    }
  });

  it("says when the rounds ran out", () => {
    const matrix = normalMatrix(100, 2, 11);
    const labels = labelsOf(matrix, (row) => 3 * row[0]!);
    const model = mustBeFitted(fitLogistic(matrix, labels, { maxRounds: 1 }));
    expect(model).toMatchObject({ rounds: 1, isConverged: false });
  });

  it("gives the same bytes again, predicts the same after JSON, and leaves its data alone", () => {
    const matrix = normalMatrix(90, 3, 12);
    const before = matrix.values.slice();
    const labels = labelsOf(matrix, (row) => row[0]!);
    const model = mustBeFitted(fitLogistic(matrix, labels));
    expect(JSON.stringify(mustBeFitted(fitLogistic(matrix, labels)))).toBe(JSON.stringify(model));
    const loaded = JSON.parse(JSON.stringify(model)) as LogisticModel;
    for (const row of rowsOf(matrix))
      expect(predictLogistic(loaded, row)).toBe(predictLogistic(model, row));
    expect(matrix.values).toEqual(before);
  });

  const two = matrixOf([[1], [2]], 1);
  it.each<[string, string, () => Fitted<unknown>]>([
    ["no rows", "EMPTY", () => fitLogistic(matrixOf([], 1), [])],
    ["a NaN", "NOT_FINITE", () => fitLogistic(matrixOf([[1], [Number.NaN]], 1), [0, 1])],
    ["a label too many", "WIDTH", () => fitLogistic(two, [0, 1, 1])],
    ["a label of 2", "LABEL", () => fitLogistic(two, [0, 2])],
    ["one class", "CONSTANT", () => fitLogistic(two, [1, 1])],
    ["no class but 0", "CONSTANT", () => fitLogistic(two, [0, 0])],
    ["a class of no weight", "CONSTANT", () => fitLogistic(two, [0, 1], { weights: [1, 0] })],
    ["a negative weight", "RANGE", () => fitLogistic(two, [0, 1], { weights: [1, -1] })],
    ["a weight too few", "WIDTH", () => fitLogistic(two, [0, 1], { weights: [1] })],
    ["a negative penalty", "RANGE", () => fitLogistic(two, [0, 1], { penalty: -1 })],
    ["huge numbers", "NOT_FINITE", () => fitLogistic(matrixOf([[-1e300], [1e300]], 1), [0, 1])],
  ])("refuses %s with %s", (_, code, fit) => {
    expect(codeOf(fit())).toBe(code);
  });
});
