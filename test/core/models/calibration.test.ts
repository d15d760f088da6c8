/** Calibration: small solutions found by hand, order that must stay, and scores that say too much. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calibrated,
  calibrationBins,
  type CalibrationModel,
  expectedCalibrationError,
  fitIsotonic,
  fitPlatt,
  type Outcomes,
} from "../../../src/core/models/calibration.ts";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { logistic } from "../../../src/core/models/logistic.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { codeOf, mustBeFitted, normalFrom } from "./made-matrix.ts";

/** Scores that are log-odds made `boast` times too large. */
const boasted = (count: number, boast: number, seed = 1): Outcomes => {
  const random = randomFrom(seed);
  const logOdds = Array.from({ length: count }, () => 1.2 * normalFrom(random) - 0.5);
  return {
    scores: logOdds.map((one) => boast * one),
    labels: logOdds.map((one) => (random() < logistic(one) ? 1 : 0)),
  };
};

const outcomes: fc.Arbitrary<Outcomes> = fc
  .array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.boolean()), { minLength: 2, maxLength: 60 })
  .filter((rows) => new Set(rows.map(([, label]) => label)).size === 2)
  .map((rows) => ({
    scores: rows.map(([score]) => score / 4),
    labels: rows.map(([, label]) => Number(label)),
  }));

describe("isotonic regression", () => {
  it("pools what falls, as found by hand", () => {
    const model = mustBeFitted(
      fitIsotonic({ scores: [5, 1, 3, 2, 4, 6], labels: [0, 0, 0, 1, 1, 1] }),
    );
    expect(model).toEqual({
      kind: "isotonic",
      scores: [1, 2, 5, 6],
      probabilities: [0, 0.5, 0.5, 1],
    });
    const at = [0, 1, 1.5, 3, 5.5, 6, 9, -Infinity, Infinity];
    expect(at.map((score) => calibrated(model, score))).toEqual([
      0, 0, 0.25, 0.5, 0.75, 1, 1, 0, 1,
    ]);
  });

  it("gives rows of one score their share, by weight", () => {
    const weighted = { scores: [2, 2, 2], labels: [1, 0, 1], weights: [1, 3, 0] };
    const model = mustBeFitted(fitIsotonic(weighted));
    expect(model).toEqual({ kind: "isotonic", scores: [2], probabilities: [0.25] });
    for (const score of [1, 2, 3]) expect(calibrated(model, score)).toBe(0.25);
  });

  it("is nearer to what happened than any other rising steps on the same scores", () => {
    fc.assert(
      fc.property(outcomes, fc.integer(), (given, seed) => {
        const model = mustBeFitted(fitIsotonic(given));
        const random = randomFrom(seed);
        const steps = new Map<number, number>();
        let height = 0;
        for (const score of [...new Set(Array.from(given.scores))].toSorted((a, b) => a - b)) {
          if (random() < 0.4) height += (1 - height) * random();
          steps.set(score, height);
        }
        let [own, other] = [0, 0];
        for (const [row, score] of Array.from(given.scores).entries()) {
          own += (calibrated(model, score) - given.labels[row]!) ** 2;
          other += (steps.get(score)! - given.labels[row]!) ** 2;
        }
        expect(own).toBeLessThanOrEqual(other + 1e-9);
      }),
    );
  });

  it("gives the same for rows in any order", () => {
    const given = boasted(500, 2);
    const reversed = {
      scores: Array.from(given.scores).toReversed(),
      labels: Array.from(given.labels).toReversed(),
    };
    expect(fitIsotonic(reversed)).toEqual(fitIsotonic(given));
  });
});

describe("Platt's curve", () => {
  it("undoes what scores boast", () => {
    const model = mustBeFitted(fitPlatt(boasted(20_000, 4)));
    expect(model.slope).toBeCloseTo(0.25, 1);
    expect(Math.abs(model.offset)).toBeLessThan(0.06);
  });

  it("does not become certain of separated classes", () => {
    const model = mustBeFitted(fitPlatt({ scores: [-2, -1, 1, 2], labels: [0, 0, 1, 1] }));
    expect(calibrated(model, -2)).toBeGreaterThan(0.1);
    expect(calibrated(model, 2)).toBeLessThan(0.9);
    expect(calibrated(model, 2)).toBeGreaterThan(0.7);
  });

  it.each([
    ["fall where more happens", [3, 2, 1, 0]],
    ["are all the same", [5, 5, 5, 5]],
  ])("says the share of all rows where scores %s", (_, scores) => {
    const model = mustBeFitted(fitPlatt({ scores, labels: [0, 0, 1, 1] }));
    expect(model.slope).toBe(0);
    for (const score of [-9, 2, Infinity]) expect(calibrated(model, score)).toBeCloseTo(0.5, 12);
  });

  it("counts a row of weight 2 as two rows", () => {
    const given = boasted(200, 2);
    const weights = Array.from(given.scores, (_, at) => at % 3);
    const places = weights.flatMap((weight, at) => Array.from({ length: weight }, () => at));
    const longhand = mustBeFitted(
      fitPlatt({
        scores: places.map((at) => given.scores[at]!),
        labels: places.map((at) => given.labels[at]!),
      }),
    );
    const weighted = mustBeFitted(fitPlatt({ ...given, weights }));
    expect(weighted.slope).toBeCloseTo(longhand.slope, 9);
    expect(weighted.offset).toBeCloseTo(longhand.offset, 9);
  });
});

const METHODS: readonly { name: string; fit: (given: Outcomes) => Fitted<CalibrationModel> }[] = [
  { name: "isotonic", fit: fitIsotonic },
  { name: "platt", fit: fitPlatt },
];

describe.each(METHODS)("calibration by the method $name", ({ fit }) => {
  it("gives probabilities that never fall as scores rise", () => {
    fc.assert(
      fc.property(outcomes, (given) => {
        const model = mustBeFitted(fit(given));
        let before = 0;
        for (let score = -6; score <= 6; score += 0.1) {
          const probability = calibrated(model, score);
          expect(probability).toBeGreaterThanOrEqual(before - 1e-12);
          expect(probability).toBeLessThanOrEqual(1);
          before = probability;
        }
      }),
    );
  });

  it("takes the error of rows that it has not seen from a fifth to a few hundredths", () => {
    const errorOf = (probabilityOf: (score: number) => number): number => {
      const held = boasted(6000, 6, 2);
      return expectedCalibrationError(
        Array.from(held.scores, (score, row) => ({
          probability: probabilityOf(score),
          happened: held.labels[row]!,
        })),
      );
    };
    const model = mustBeFitted(fit(boasted(6000, 6)));
    expect(errorOf(logistic)).toBeGreaterThan(0.15);
    expect(errorOf((score) => calibrated(model, score))).toBeLessThan(0.03);
  });

  it("gives the same after JSON and leaves its data alone", () => {
    const given = boasted(300, 2);
    const before = JSON.stringify(given);
    const model = mustBeFitted(fit(given));
    expect(JSON.stringify(given)).toBe(before);
    const loaded = JSON.parse(JSON.stringify(model)) as CalibrationModel;
    for (const score of Array.from(given.scores))
      expect(calibrated(loaded, score)).toBe(calibrated(model, score));
  });

  it.each<[string, string, Outcomes]>([
    ["no scores", "EMPTY", { scores: [], labels: [] }],
    ["a label too few", "WIDTH", { scores: [1, 2], labels: [1] }],
    ["a NaN", "NOT_FINITE", { scores: [1, Number.NaN], labels: [1, 0] }],
    ["a label of 2", "LABEL", { scores: [1, 2], labels: [1, 2] }],
    ["one class", "CONSTANT", { scores: [1, 2], labels: [1, 1] }],
    ["a negative weight", "RANGE", { scores: [1, 2], labels: [1, 0], weights: [1, -1] }],
  ])("refuses %s with %s", (_, code, given) => {
    expect(codeOf(fit(given))).toBe(code);
  });

  it("throws for a score of NaN", () => {
    const model = mustBeFitted(fit({ scores: [1, 2], labels: [0, 1] }));
    expect(() => calibrated(model, Number.NaN)).toThrow(RangeError);
  });
});

it("refuses scores too large for Platt's curve", () => {
  expect(codeOf(fitPlatt({ scores: [-1e300, 1e300], labels: [0, 1] }))).toBe("NOT_FINITE");
});

describe("calibration charts", () => {
  it("fill bins of equal counts in ascending order", () => {
    const judged = Array.from({ length: 10 }, (_, at) => ({
      probability: at / 10,
      happened: at < 7 ? 0 : 1,
    }));
    expect(calibrationBins(judged.toReversed(), 3)).toMatchObject([
      { count: 3, happened: 0 },
      { count: 3, happened: 0 },
      { count: 4, happened: 0.75 },
    ]);
    expect(calibrationBins(judged, 3)[0]?.said).toBeCloseTo(0.1, 12);
  });

  it("keep equal probabilities together, and leave bins out for it", () => {
    const judged = Array.from({ length: 12 }, (_, at) => ({
      probability: at < 8 ? 0.2 : 0.9,
      happened: at % 2,
    }));
    expect(calibrationBins(judged, 4).map(({ count, happened }) => [count, happened])).toEqual([
      [8, 0.5],
      [4, 0.5],
    ]);
    expect(calibrationBins([], 4)).toEqual([]);
  });
});

describe("the expected calibration error", () => {
  it("is the mean gap over bins, whatever is in between", () => {
    const judged = [
      { probability: 0.95, happened: 1 },
      { probability: 0.95, happened: 0 },
      { probability: 1, happened: 1 },
      { probability: 0.05, happened: 0 },
    ];
    expect(expectedCalibrationError(judged)).toBeCloseTo((0.9 + 0.05) / 4, 12);
    expect(expectedCalibrationError(judged, 1)).toBeCloseTo(0.95 / 4, 12);
  });

  it("is 0 of what came true and nothing of nothing", () => {
    expect(expectedCalibrationError([{ probability: 1, happened: 1 }])).toBe(0);
    expect(expectedCalibrationError([])).toBeNaN();
  });
});
