/** Gamma-gamma: densities that must add up to 1, customers made by the model, and amounts on which it would run away. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  expectedAmount,
  fitGammaGamma,
  gammaGammaLogLikelihood,
  type GammaGammaModel,
  type GammaGammaParameters,
  meanAmountOfAll,
  type Spending,
  type Spendings,
} from "../../../src/core/models/gamma-gamma.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { gammaFrom } from "./made-histories.ts";
import { codeOf, mustBeFitted } from "./made-matrix.ts";

/** As printed in the note. */
const PUBLISHED: GammaGammaParameters = { p: 6.25, q: 3.74, gamma: 15.44 };

const columnsOf = (spendings: readonly Spending[]): Spendings => ({
  purchases: spendings.map(({ purchases }) => purchases),
  meanAmount: spendings.map(({ meanAmount }) => meanAmount),
});

const spendingsOf = (
  count: number,
  seed: number,
  { p, q, gamma }: GammaGammaParameters,
): Spending[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const purchases = 1 + Math.floor(6 * random());
    const rate = gammaFrom(random, q) / gamma;
    return { purchases, meanAmount: gammaFrom(random, p * purchases) / (rate * purchases) };
  });
};

/** Integral over amounts from 0 on, by steps that grow with the amount. */
const overAmounts = (of: (amount: number) => number): number => {
  let sum = 0;
  for (let lnAmount = -12; lnAmount <= 16; lnAmount += 1 / 128)
    sum += (of(Math.exp(lnAmount)) * Math.exp(lnAmount)) / 128;
  return sum;
};

const densityOf = (purchases: number) => (meanAmount: number) =>
  Math.exp(gammaGammaLogLikelihood(PUBLISHED, { purchases, meanAmount }));

describe("the density of a mean amount", () => {
  it.each([1, 2, 10, 100])("adds up to 1 and has the mean of all customers, over %s", (count) => {
    const density = densityOf(count);
    expect(overAmounts(density)).toBeCloseTo(1, 6);
    expect(overAmounts((amount) => amount * density(amount))).toBeCloseTo(
      meanAmountOfAll(PUBLISHED),
      3,
    );
  });
});

describe("the amount that is expected", () => {
  it("is that of all customers for one who bought nothing", () => {
    expect(expectedAmount(PUBLISHED, { purchases: 0, meanAmount: 0 })).toBeCloseTo(35.22, 2);
  });

  it("lies between the customer's own mean and that of all, nearer to the own with every purchase", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        (purchases, meanAmount) => {
          const all = meanAmountOfAll(PUBLISHED);
          const found = expectedAmount(PUBLISHED, { purchases, meanAmount });
          const more = expectedAmount(PUBLISHED, { purchases: purchases + 1, meanAmount });
          const slack = 1e-9 * (all + meanAmount);
          expect(found).toBeGreaterThanOrEqual(Math.min(all, meanAmount) - slack);
          expect(found).toBeLessThanOrEqual(Math.max(all, meanAmount) + slack);
          expect(Math.abs(more - meanAmount)).toBeLessThanOrEqual(
            Math.abs(found - meanAmount) + slack,
          );
        },
      ),
    );
  });

  it.each([
    [{ purchases: -1, meanAmount: 1 }],
    [{ purchases: 1.5, meanAmount: 1 }],
    [{ purchases: 1, meanAmount: 0 }],
    [{ purchases: 1, meanAmount: Infinity }],
    [{ purchases: 1, meanAmount: Number.NaN }],
  ])("throws for %j", (spending) => {
    expect(() => expectedAmount(PUBLISHED, spending)).toThrow(RangeError);
  });
});

describe("fitting gamma-gamma", () => {
  const truth = { p: 4, q: 3.5, gamma: 20 };
  const spendings = spendingsOf(4000, 2, truth);
  const model = mustBeFitted(fitGammaGamma(columnsOf(spendings)));
  const totalAt = (parameters: GammaGammaParameters): number =>
    spendings.reduce((sum, one) => sum + gammaGammaLogLikelihood(parameters, one), 0);

  it("finds the parameters that made the customers", () => {
    for (const name of ["p", "q", "gamma"] as const)
      expect(Math.abs(model[name] / truth[name] - 1)).toBeLessThan(0.25);
    expect(meanAmountOfAll(model) / meanAmountOfAll(truth)).toBeCloseTo(1, 1);
    expect(model).toMatchObject({ customers: 4000, isBounded: false, isConverged: true });
    expect(model.logLikelihood).toBeGreaterThan(totalAt(truth));
  });

  it("stands where the numeric gradient of the likelihood is 0", () => {
    for (const name of ["p", "q", "gamma"] as const) {
      const at = (factor: number): number => totalAt({ ...model, [name]: model[name] * factor });
      expect(Math.abs((at(1.001) - at(1 / 1.001)) / 0.002)).toBeLessThan(0.05);
    }
  });

  it("does not care about order or currency, and counts weights", () => {
    const few = spendings.slice(0, 300);
    const euros = mustBeFitted(fitGammaGamma(columnsOf(few)));
    expect(JSON.stringify(mustBeFitted(fitGammaGamma(columnsOf(few.toReversed()))))).toBe(
      JSON.stringify(euros),
    );
    const yen = mustBeFitted(
      fitGammaGamma(columnsOf(few.map((one) => ({ ...one, meanAmount: 163 * one.meanAmount })))),
    );
    expect(meanAmountOfAll(yen) / 163 / meanAmountOfAll(euros)).toBeCloseTo(1, 3);
    const twice = mustBeFitted(fitGammaGamma({ ...columnsOf(few), weight: few.map(() => 2) }));
    expect(twice.customers).toBe(600);
    expect(twice.p / euros.p).toBeCloseTo(1, 3);
    const half = mustBeFitted(
      fitGammaGamma({ ...columnsOf(few), weight: few.map((_, at) => (at < 150 ? 1 : 0)) }),
    );
    expect(JSON.stringify(half)).toBe(
      JSON.stringify(mustBeFitted(fitGammaGamma(columnsOf(few.slice(0, 150))))),
    );
  });

  it.each<[string, (at: number, chance: number) => number]>([
    ["customers hardly differ", (_, chance) => 20 + 1e-3 * chance],
    ["one spends more than all others together", (at, chance) => (at === 0 ? 1e9 : 1 + chance)],
    ["amounts have no mean", (_, chance) => (1 - chance) ** -3],
  ])("does not run away and says that it was held where %s", (_, amountOf) => {
    const random = randomFrom(4);
    const odd = Array.from({ length: 200 }, (_none, at) => ({
      purchases: 1 + (at % 4),
      meanAmount: amountOf(at, random()),
    }));
    const held = mustBeFitted(fitGammaGamma(columnsOf(odd)));
    expect(held.isBounded).toBe(true);
    expect(held.q).toBeGreaterThan(1);
    for (const one of odd) expect(expectedAmount(held, one)).toBeGreaterThan(0);
  });

  it("predicts the same after JSON and leaves its data alone", () => {
    const given = columnsOf(spendings.slice(0, 100));
    const before = JSON.stringify(given);
    const found = mustBeFitted(fitGammaGamma(given));
    expect(JSON.stringify(given)).toBe(before);
    const loaded = JSON.parse(JSON.stringify(found)) as GammaGammaModel;
    for (const one of spendings.slice(0, 100))
      expect(expectedAmount(loaded, one)).toBe(expectedAmount(found, one));
  });

  const good = columnsOf(spendings.slice(0, 12));
  it.each<[string, string, Spendings]>([
    ["no customers", "EMPTY", { purchases: [], meanAmount: [] }],
    ["nine customers", "TOO_FEW", columnsOf(spendings.slice(0, 9))],
    ["equal amounts", "CONSTANT", { ...good, meanAmount: Array.from({ length: 12 }, () => 5) }],
    ["a short column", "WIDTH", { ...good, meanAmount: [5] }],
    ["a NaN", "NOT_FINITE", { ...good, meanAmount: Array.from({ length: 12 }, () => Number.NaN) }],
    ["no purchase", "RANGE", { ...good, purchases: Array.from({ length: 12 }, () => 0) }],
    ["half a purchase", "RANGE", { ...good, purchases: Array.from({ length: 12 }, () => 1.5) }],
    ["an amount of 0", "RANGE", { ...good, meanAmount: Array.from({ length: 12 }, () => 0) }],
    ["a negative weight", "RANGE", { ...good, weight: Array.from({ length: 12 }, () => -1) }],
  ])("refuses %s with %s", (_, code, given) => {
    expect(codeOf(fitGammaGamma(given))).toBe(code);
  });
});
