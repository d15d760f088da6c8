/** BG/NBD: published parameters as input, invented customers, and integrals that its formulas must agree with. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bgNbdLogLikelihood,
  type BgNbdModel,
  type BgNbdParameters,
  expectedNextPurchases,
  expectedPurchases,
  fitBgNbd,
  probabilityAlive,
  type PurchaseHistories,
  type PurchaseHistory,
} from "../../../src/core/models/bg-nbd.ts";
import { type Life, livesOf, mixedHabits } from "./made-histories.ts";
import { codeOf, mustBeFitted } from "./made-matrix.ts";

/** As printed in the paper for its 2,357 customers, time in weeks. */
const PUBLISHED: BgNbdParameters = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

const columnsOf = (lives: readonly PurchaseHistory[]): PurchaseHistories => ({
  frequency: lives.map(({ frequency }) => frequency),
  recency: lives.map(({ recency }) => recency),
  age: lives.map(({ age }) => age),
});

/** Integral over 0..1 by the tanh-sinh rule, which bears a density that is infinite at an end. */
const integral = (of: (x: number, rest: number) => number): number => {
  let sum = 0;
  for (let t = -4.5; t <= 4.5; t += 1 / 32) {
    const tail = Math.exp(-Math.PI * Math.sinh(Math.abs(t)));
    const [near, far] = [tail / (1 + tail), 1 / (1 + tail)];
    const weight = (Math.PI * Math.cosh(t) * near * far) / 32;
    if (weight > 0) sum += weight * (t < 0 ? of(near, far) : of(far, near));
  }
  return sum;
};

/** Expected purchases by integrating (1 − (alpha ÷ (alpha + p t))^r) ÷ p over the chances p of leaving. */
const byIntegral = ({ r, alpha, a, b }: BgNbdParameters, time: number): number => {
  const density = (p: number, q: number): number => p ** (a - 1) * q ** (b - 1);
  const mean = (p: number): number => -Math.expm1(-r * Math.log1p((p * time) / alpha)) / p;
  return integral((p, q) => density(p, q) * mean(p)) / integral(density);
};

const HISTORIES: readonly PurchaseHistory[] = [
  { frequency: 0, recency: 0, age: 30 },
  { frequency: 1, recency: 5, age: 38 },
  { frequency: 3, recency: 36, age: 38 },
  { frequency: 12, recency: 20, age: 38 },
  { frequency: 60, recency: 37.5, age: 38 },
];

describe("the likelihood of a history", () => {
  it("adds up to 1 over everything that may happen", () => {
    const parameters = { r: 1.2, alpha: 6, a: 0.9, b: 1.7 };
    const age = 4;
    let total = Math.exp(bgNbdLogLikelihood(parameters, { frequency: 0, recency: 0, age }));
    let lnFactorial = 0;
    for (let frequency = 1; frequency < 60; frequency += 1) {
      if (frequency > 1) lnFactorial += Math.log(frequency - 1);
      total += integral((share) => {
        const recency = share * age;
        const orders = (frequency - 1) * Math.log(recency) - lnFactorial;
        const history = { frequency, recency, age };
        return age * Math.exp(orders + bgNbdLogLikelihood(parameters, history));
      });
    }
    expect(total).toBeCloseTo(1, 9);
  });

  it("is (alpha ÷ (alpha + T))^r of one who never came back", () => {
    const { r, alpha } = PUBLISHED;
    expect(bgNbdLogLikelihood(PUBLISHED, { frequency: 0, recency: 0, age: 39 })).toBeCloseTo(
      r * Math.log(alpha / (alpha + 39)),
      13,
    );
  });
});

describe("what is expected of customers", () => {
  it("agrees with the integral over all customers, near and at a = 1 and a + b = 1 too", () => {
    const sets = [
      PUBLISHED,
      { ...PUBLISHED, a: 1 },
      { ...PUBLISHED, a: 1 + 1e-9 },
      { ...PUBLISHED, a: 0.25, b: 0.75 },
      { r: 0.5, alpha: 10, a: 0.2, b: 0.3 },
      { r: 3, alpha: 2, a: 1.5, b: 4 },
      { r: 0.3, alpha: 5, a: 7, b: 80 },
    ];
    for (const parameters of sets)
      for (const time of [0.1, 4, 39, 500]) {
        const wanted = byIntegral(parameters, time);
        expect(Math.abs(expectedPurchases(parameters, time) / wanted - 1)).toBeLessThan(1e-7);
      }
  });

  it("agrees, given a history, with the integral over customers who are alive and have it", () => {
    for (const history of HISTORIES)
      for (const time of [1, 39]) {
        const { r, alpha, a, b } = PUBLISHED;
        const posterior = {
          r: r + history.frequency,
          alpha: alpha + history.age,
          a,
          b: b + history.frequency,
        };
        const wanted = probabilityAlive(PUBLISHED, history) * byIntegral(posterior, time);
        const found = expectedNextPurchases(PUBLISHED, history, time);
        expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-7);
      }
  });

  it("is nothing in no time and rises with time", () => {
    for (const history of HISTORIES) {
      const rise = [0, 1, 10, 100].map((time) => expectedNextPurchases(PUBLISHED, history, time));
      expect(rise[0]).toBeCloseTo(0, 12);
      expect(rise).toEqual(rise.toSorted((left, right) => left - right));
    }
    expect(expectedPurchases(PUBLISHED, 0)).toBeCloseTo(0, 12);
  });

  it("holds one who bought often and then fell silent for gone", () => {
    const often = probabilityAlive(PUBLISHED, { frequency: 12, recency: 12, age: 38 });
    const seldom = probabilityAlive(PUBLISHED, { frequency: 1, recency: 12, age: 38 });
    expect(often).toBeLessThan(0.01);
    expect(seldom).toBeGreaterThan(0.4);
    expect(probabilityAlive(PUBLISHED, { frequency: 0, recency: 0, age: 38 })).toBe(1);
    const lost = { frequency: 5000, recency: 1, age: 400 };
    expect(probabilityAlive(PUBLISHED, lost)).toBe(0);
    expect(expectedNextPurchases(PUBLISHED, lost, 39)).toBe(0);
  });

  it("is a probability and a number of 0 or more whatever the history", () => {
    const parameter = fc.double({ min: 0.01, max: 50, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ r: parameter, alpha: parameter, a: parameter, b: parameter }),
        fc.record({
          frequency: fc.nat(80),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          age: fc.double({ min: 0.1, max: 500, noNaN: true }),
        }),
        (parameters, { frequency, share, age }) => {
          const history = { frequency, recency: frequency === 0 ? 0 : share * age, age };
          const alive = probabilityAlive(parameters, history);
          expect(alive >= 0 && alive <= 1).toBe(true);
          const next = expectedNextPurchases(parameters, history, 20);
          const most = (20 * (parameters.r + frequency)) / (parameters.alpha + age);
          expect(next >= 0 && next <= most * (1 + 1e-6)).toBe(true);
        },
      ),
    );
  });

  it.each<[string, PurchaseHistory, number]>([
    ["a history with half a purchase", { frequency: 0.5, recency: 1, age: 2 }, 1],
    ["a purchase after the end", { frequency: 1, recency: 3, age: 2 }, 1],
    ["no age", { frequency: 0, recency: 0, age: 0 }, 1],
    ["a recency without a purchase", { frequency: 0, recency: 1, age: 2 }, 1],
    ["a time before now", { frequency: 0, recency: 0, age: 2 }, -1],
    ["no end of time", { frequency: 0, recency: 0, age: 2 }, Infinity],
  ])("throws for %s", (_, history, time) => {
    expect(() => expectedNextPurchases(PUBLISHED, history, time)).toThrow(RangeError);
  });
});

const sumOver = (lives: readonly Life[], of: (life: Life) => number): number =>
  lives.reduce((total, life) => total + of(life), 0);

describe("fitting BG/NBD", () => {
  const truth = { r: 0.6, alpha: 6, a: 0.8, b: 2.5 };
  const lives = livesOf(4000, 3, mixedHabits(truth));
  const model = mustBeFitted(fitBgNbd(columnsOf(lives)));
  const totalAt = (parameters: BgNbdParameters): number =>
    lives.reduce((sum, life) => sum + bgNbdLogLikelihood(parameters, life), 0);

  it("finds the parameters that made the customers", () => {
    expect(model.r / truth.r).toBeCloseTo(1, 0);
    expect(model.alpha / truth.alpha).toBeCloseTo(1, 0);
    expect(model.a / (model.a + model.b)).toBeCloseTo(0.8 / 3.3, 1);
    expect(model).toMatchObject({ customers: 4000, isBounded: false, isConverged: true });
    expect(model.logLikelihood).toBeCloseTo(totalAt(model), 6);
    expect(model.logLikelihood).toBeGreaterThan(totalAt(truth));
  });

  it("stands where the numeric gradient of the likelihood is 0", () => {
    for (const name of ["r", "alpha", "a", "b"] as const) {
      const at = (factor: number): number => totalAt({ ...model, [name]: model[name] * factor });
      expect(Math.abs((at(1.001) - at(1 / 1.001)) / 0.002)).toBeLessThan(0.05);
    }
  });

  it("expects in the time after as many purchases as there then were", () => {
    const later = sumOver(lives, (life) => life.later);
    const expected = sumOver(lives, (life) => expectedNextPurchases(model, life, life.age));
    expect(expected / later).toBeGreaterThan(0.93);
    expect(expected / later).toBeLessThan(1.07);
  });

  it("does not care about the order of customers, nor about the unit of time", () => {
    const few = lives.slice(0, 500);
    const weeks = mustBeFitted(fitBgNbd(columnsOf(few)));
    expect(JSON.stringify(mustBeFitted(fitBgNbd(columnsOf(few.toReversed()))))).toBe(
      JSON.stringify(weeks),
    );
    const inDays = few.map((life) => ({ ...life, recency: 7 * life.recency, age: 7 * life.age }));
    const days = mustBeFitted(fitBgNbd(columnsOf(inDays)));
    expect(days.alpha / 7 / weeks.alpha).toBeCloseTo(1, 3);
    expect(days.b / weeks.b).toBeCloseTo(1, 3);
  });

  it("counts a customer of weight 3 as three and one of weight 0 as none", () => {
    const few = columnsOf(lives.slice(0, 300));
    const weight = few.frequency;
    const weights = Array.from(weight, (_, at) => [3, 0, 1][at % 3]!);
    const longhand = lives
      .slice(0, 300)
      .flatMap((life, at) => Array.from({ length: weights[at]! }, () => life));
    const weighted = mustBeFitted(fitBgNbd({ ...few, weight: weights }));
    expect(JSON.stringify(weighted)).toBe(
      JSON.stringify(mustBeFitted(fitBgNbd(columnsOf(longhand)))),
    );
  });

  it.each([
    ["nobody leaves", () => ({ rate: 0.2, leaving: 0 })],
    ["all leave with the same chance", () => ({ rate: 0.3, leaving: 0.3 })],
    ["all leave at once", () => ({ rate: 1, leaving: 1 })],
  ])("does not run away and says that it was held where %s", (_, habit) => {
    const alike = livesOf(400, 5, habit);
    const held = mustBeFitted(fitBgNbd(columnsOf(alike)));
    expect(held.isBounded).toBe(true);
    for (const name of ["r", "a", "b"] as const) {
      expect(held[name]).toBeGreaterThanOrEqual(1e-4);
      expect(held[name]).toBeLessThanOrEqual(1e4);
    }
    for (const life of alike.slice(0, 40))
      expect(expectedNextPurchases(held, life, 20)).toBeGreaterThanOrEqual(0);
  });

  it("predicts the same after JSON and leaves its data alone", () => {
    const given = columnsOf(lives.slice(0, 100));
    const before = JSON.stringify(given);
    const found = mustBeFitted(fitBgNbd(given));
    const loaded = JSON.parse(JSON.stringify(found)) as BgNbdModel;
    expect(JSON.stringify(given)).toBe(before);
    for (const life of lives.slice(0, 100))
      expect(expectedNextPurchases(loaded, life, 9)).toBe(expectedNextPurchases(found, life, 9));
  });

  const twelve = { frequency: 1, recency: 2, age: 3 };
  const good = columnsOf(Array.from({ length: 12 }, () => twelve));
  const first = (column: keyof PurchaseHistories, value: number): PurchaseHistories => ({
    ...good,
    [column]: [value, ...Array.from({ length: 11 }, (_, at) => good[column]?.[at + 1] ?? 1)],
  });
  it.each<[string, string, PurchaseHistories]>([
    ["no customers", "EMPTY", { frequency: [], recency: [], age: [] }],
    ["nine customers", "TOO_FEW", columnsOf(Array.from({ length: 9 }, () => twelve))],
    [
      "nobody who came back",
      "CONSTANT",
      columnsOf(Array.from({ length: 12 }, () => HISTORIES[0]!)),
    ],
    ["a column that is short", "WIDTH", { ...good, age: [3] }],
    ["a NaN", "NOT_FINITE", first("age", Number.NaN)],
    ["half a purchase", "RANGE", first("frequency", 1.5)],
    ["less than no purchase", "RANGE", first("frequency", -1)],
    ["a purchase after the end", "RANGE", first("recency", 4)],
    ["a purchase before the start", "RANGE", first("recency", -1)],
    ["no age", "RANGE", first("age", 0)],
    ["a recency without a purchase", "RANGE", first("frequency", 0)],
    ["a negative weight", "RANGE", first("weight", -1)],
  ])("refuses %s with %s", (_, code, histories) => {
    expect(codeOf(fitBgNbd(histories))).toBe(code);
  });
});
