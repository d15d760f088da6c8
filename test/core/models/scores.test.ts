import { describe, expect, it } from "vitest";
import {
  auc,
  brier,
  inertia,
  logLoss,
  mae,
  rmse,
  silhouette,
} from "../../../src/core/models/scores.ts";

const judged = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([probability, happened]) => ({ probability, happened }));

describe("figures of a probability", () => {
  it.each([
    ["perfect order", judged([0.1, 0], [0.2, 0], [0.8, 1]), 1],
    ["the wrong way round", judged([0.9, 0], [0.1, 1]), 0],
    ["all alike", judged([0.5, 0], [0.5, 1], [0.5, 1]), 0.5],
    ["one pair of four wrong", judged([0.1, 0], [0.6, 0], [0.4, 1], [0.9, 1]), 0.75],
    ["a tie counts half", judged([0.1, 0], [0.4, 0], [0.4, 1]), 0.75],
  ])("AUC: %s", (_name, rows, expected) => {
    expect(auc(rows)).toBeCloseTo(expected, 12);
  });

  it("log loss and Brier score are those of the textbook, and certainty that errs is not infinite", () => {
    expect(logLoss(judged([0.5, 1], [0.25, 0]))).toBeCloseTo(
      (Math.log(2) - Math.log(0.75)) / 2,
      12,
    );
    expect(brier(judged([0.5, 1], [0.25, 0]))).toBeCloseTo((0.25 + 0.0625) / 2, 12);
    expect(logLoss(judged([1, 0]))).toBeCloseTo(-Math.log(1e-6), 4);
  });
});

describe("figures of an amount", () => {
  it("are root mean square and mean absolute error", () => {
    expect(
      rmse([
        [1, 4],
        [0, 4],
      ]),
    ).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(
      mae([
        [1, 4],
        [0, 4],
      ]),
    ).toBe(3.5);
  });
});

describe("figures of clusters", () => {
  it("inertia is the mean squared distance to the own centre", () => {
    expect(inertia([[0], [2], [10]], [0, 0, 1], [[1], [10]])).toBeCloseTo(2 / 3, 12);
  });

  it("silhouette compares the own cluster with the nearest other one", () => {
    expect(silhouette([[0], [1], [10]], [0, 0, 1])).toBeCloseTo((0.9 + 8 / 9) / 3, 12);
    expect(silhouette([[0], [1]], [0, 0])).toBe(0);
    expect(silhouette([[1], [1], [1], [1]], [0, 0, 1, 1])).toBe(0);
  });
});
