/** Ridge regression: what least squares must give, and the data on which a solver by singular values is silently wrong. */
import { MultivariateLinearRegression } from "ml-regression";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { type Matrix, matrixOf } from "../../../src/core/models/matrix.ts";
import {
  contributionsOf,
  fitRidge,
  predictRidge,
  type RidgeModel,
} from "../../../src/core/models/ridge.ts";
import { codeOf, mustBeFitted, normalMatrix, rowAt, rowsOf, withColumn } from "./made-matrix.ts";

const slopes = ({ weights, deviations }: RidgeModel): number[] =>
  weights.map((weight, column) => weight / deviations[column]!);

const interceptOf = (model: RidgeModel): number =>
  predictRidge(
    model,
    model.means.map(() => 0),
  );

const targetsOf = (matrix: Matrix, of: (row: Float64Array) => number): number[] =>
  rowsOf(matrix).map(of);

const lossAt = (data: { matrix: Matrix; targets: readonly number[] }, model: RidgeModel): number =>
  rowsOf(data.matrix).reduce(
    (sum, row, index) => sum + (predictRidge(model, row) - data.targets[index]!) ** 2,
    model.penalty * model.weights.reduce((sum, weight) => sum + weight ** 2, 0),
  );

describe("ridge regression", () => {
  it("finds the line through points that lie on one", () => {
    const matrix = matrixOf([[0], [1], [2], [3], [4]], 1);
    const model = mustBeFitted(fitRidge(matrix, [5, 7, 9, 11, 13], { penalty: 0 }));
    expect(slopes(model)[0]).toBeCloseTo(2, 12);
    expect(interceptOf(model)).toBeCloseTo(5, 12);
    expect(model.base).toBe(9);
  });

  it("gives the small solution that can be found by hand: Σxy ÷ (Σx² + λ) in standard deviations", () => {
    const model = mustBeFitted(fitRidge(matrixOf([[-1], [1]], 1), [-3, 3], { penalty: 2 }));
    expect(model).toMatchObject({ base: 0, means: [0], deviations: [1], weights: [6 / 4] });
  });

  it("agrees with ml-regression on columns of one scale", () => {
    const matrix = normalMatrix(403, 4, 7);
    const noise = normalMatrix(403, 1, 8).values;
    const targets = rowsOf(matrix).map(
      (row, index) => 3 + row[0]! - 2 * row[1]! + 0.5 * row[3]! + noise[index]!,
    );
    const peer = new MultivariateLinearRegression(
      rowsOf(matrix).map((row) => [...row]),
      targets.map((target) => [target]),
      { intercept: true, statistics: false },
    );
    const model = mustBeFitted(fitRidge(matrix, targets, { penalty: 0 }));
    for (const [column, slope] of slopes(model).entries())
      expect(slope).toBeCloseTo(peer.weights[column]![0]!, 9);
    expect(interceptOf(model)).toBeCloseTo(peer.weights[4]![0]!, 9);
  });

  it.each([
    ["milliseconds since 1970", 1e10, 1.6e12],
    ["0 to 100 million", 1e8, 5e7],
    ["millionths", 1e-6, 0],
  ])("keeps the slope of a small column beside one of %s", (_, scale, shift) => {
    const small = normalMatrix(500, 2, 3);
    const matrix = withColumn(small, 1, (row) => shift + scale * row[1]!);
    const targets = targetsOf(small, (row) => 4 * row[0]! + row[1]!);
    const model = mustBeFitted(fitRidge(matrix, targets, { penalty: 0 }));
    expect(slopes(model)[0]).toBeCloseTo(4, 6);
    expect(slopes(model)[1]! * scale).toBeCloseTo(1, 6);
  });

  it("gives the weight 0 to a column that never varies, whatever its value", () => {
    const matrix = withColumn(normalMatrix(50, 3, 4), 1, () => 1e9 + 0.1);
    const targets = targetsOf(matrix, (row) => row[0]! + 2 * row[2]!);
    const model = mustBeFitted(fitRidge(matrix, targets));
    expect(model.weights[1]).toBe(0);
    expect(model.deviations[1]).toBe(1);
    expect(contributionsOf(model, [0, -5, 0])[1]).toBe(0);
  });

  it("shares a weight between equal columns, and without a penalty leaves the later one out", () => {
    const matrix = withColumn(normalMatrix(200, 3, 5), 2, (row) => 2 * row[0]! - row[1]!);
    const targets = targetsOf(matrix, (row) => row[0]! + row[1]! + row[2]!);
    const free = mustBeFitted(fitRidge(matrix, targets, { penalty: 0 }));
    expect(free.weights[2]).toBe(0);
    for (const [index, row] of rowsOf(matrix).entries())
      expect(predictRidge(free, row)).toBeCloseTo(targets[index]!, 9);
    const twins = withColumn(matrix, 2, (row) => row[0]!);
    const { weights } = mustBeFitted(fitRidge(twins, targets));
    expect(weights[0]).toBeCloseTo(weights[2]!, 9);
  });

  it("shrinks weights with the penalty and never the base", () => {
    const matrix = normalMatrix(30, 2, 6);
    const targets = targetsOf(matrix, (row) => 100 + 5 * row[0]!);
    const sizes = [0, 10, 1000, 1e9].map((penalty) => {
      const model = mustBeFitted(fitRidge(matrix, targets, { penalty }));
      expect(model.base).toBeCloseTo(targets.reduce((sum, target) => sum + target, 0) / 30, 9);
      return Math.hypot(...model.weights);
    });
    expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
    expect(sizes[3]).toBeLessThan(1e-5);
  });

  it("stands at a point where the numeric gradient of its loss is 0", () => {
    const matrix = normalMatrix(41, 3, 9);
    const targets = targetsOf(matrix, (row) => Math.exp(row[0]!) - row[1]! * row[2]!);
    const model = mustBeFitted(fitRidge(matrix, targets, { penalty: 3 }));
    const moved = (column: number, by: number): RidgeModel => ({
      ...model,
      weights: model.weights.map((weight, at) => (at === column ? weight + by : weight)),
    });
    for (const column of [0, 1, 2]) {
      const [up, down] = [1e-4, -1e-4].map((by) => lossAt({ matrix, targets }, moved(column, by)));
      expect((up! - down!) / 2e-4).toBeCloseTo(0, 5);
    }
    const [up, down] = [1e-4, -1e-4].map((by) =>
      lossAt({ matrix, targets }, { ...model, base: model.base + by }),
    );
    expect((up! - down!) / 2e-4).toBeCloseTo(0, 5);
  });

  it("explains a prediction by contributions that sum to it less the base", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (width, seed) => {
        const matrix = normalMatrix(20, width, seed);
        const targets = targetsOf(matrix, (row) => row[0]! * 1000 + seed);
        const model = mustBeFitted(fitRidge(matrix, targets));
        const row = rowAt(matrix, 3);
        const sum = contributionsOf(model, row).reduce((total, one) => total + one, model.base);
        expect(sum).toBe(predictRidge(model, row));
      }),
      { numRuns: 50 },
    );
  });

  it("gives the same bytes again, predicts the same after JSON, and leaves its data alone", () => {
    const matrix = normalMatrix(33, 3, 2);
    const before = matrix.values.slice();
    const targets = targetsOf(matrix, (row) => row[0]! - row[2]!);
    const model = mustBeFitted(fitRidge(matrix, targets));
    expect(JSON.stringify(mustBeFitted(fitRidge(matrix, targets)))).toBe(JSON.stringify(model));
    const loaded = JSON.parse(JSON.stringify(model)) as RidgeModel;
    for (const row of rowsOf(matrix))
      expect(predictRidge(loaded, row)).toBe(predictRidge(model, row));
    expect(matrix.values).toEqual(before);
  });

  it("does not weigh a row more for its place in a block", () => {
    for (const rows of [2, 3, 4, 5, 6, 7, 8, 9]) {
      const matrix = normalMatrix(rows, 1, rows);
      const targets = targetsOf(matrix, (row) => 2 * row[0]! + 1);
      expect(slopes(mustBeFitted(fitRidge(matrix, targets, { penalty: 0 })))[0]).toBeCloseTo(2, 9);
    }
  });

  it.each<[string, string, () => Fitted<unknown>]>([
    ["no rows", "EMPTY", () => fitRidge(matrixOf([], 2), [])],
    ["no width", "WIDTH", () => fitRidge({ values: new Float64Array(2), width: 0 }, [1])],
    ["a broken row", "WIDTH", () => fitRidge({ values: new Float64Array(5), width: 2 }, [1, 2])],
    ["one row", "TOO_FEW", () => fitRidge(matrixOf([[1]], 1), [1])],
    ["a NaN", "NOT_FINITE", () => fitRidge(matrixOf([[1], [Number.NaN]], 1), [1, 2])],
    ["an infinite target", "NOT_FINITE", () => fitRidge(matrixOf([[1], [2]], 1), [1, Infinity])],
    ["a target too few", "WIDTH", () => fitRidge(matrixOf([[1], [2]], 1), [1])],
    ["squares too large", "NOT_FINITE", () => fitRidge(matrixOf([[-1e200], [1e200]], 1), [1, 2])],
    [
      "products too large",
      "NOT_FINITE",
      () => fitRidge(matrixOf([[-1e9], [1e9]], 1), [-1e300, 1e300]),
    ],
    [
      "a negative penalty",
      "RANGE",
      () => fitRidge(matrixOf([[1], [2]], 1), [1, 2], { penalty: -1 }),
    ],
    [
      "a NaN penalty",
      "RANGE",
      () => fitRidge(matrixOf([[1], [2]], 1), [1, 2], { penalty: Number.NaN }),
    ],
  ])("refuses %s with %s", (_, code, fit) => {
    expect(codeOf(fit())).toBe(code);
  });

  it("throws when it is asked with a row that it was not made for", () => {
    const model = mustBeFitted(
      fitRidge(
        matrixOf(
          [
            [1, 2],
            [2, 5],
          ],
          2,
        ),
        [1, 2],
      ),
    );
    expect(() => predictRidge(model, [1])).toThrow("a row of 1 numbers for a model of 2 columns");
    expect(() => contributionsOf(model, [1, Number.NaN])).toThrow("column 1: NaN");
  });
});
