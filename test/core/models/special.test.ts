/** Special functions against closed forms and the identities that define them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hypergeometric, lnBeta, lnGamma } from "../../../src/core/models/special.ts";

/** Distance to the wanted number, as a share of it where it is above 1. */
const off = (found: number, wanted: number): number =>
  Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));

describe("ln Γ", () => {
  it("is the logarithm of factorials, half factorials and large ones", () => {
    let factorial = 1;
    for (let n = 1; n < 60; n += 1) {
      expect(off(lnGamma(n), Math.log(factorial))).toBeLessThan(1e-14);
      factorial *= n;
    }
    expect(off(lnGamma(0.5), Math.log(Math.PI) / 2)).toBeLessThan(1e-14);
    expect(off(lnGamma(1e-9), Math.log(1e9) - 0.577_215_664_901_532_9e-9)).toBeLessThan(1e-14);
    expect(
      off(lnGamma(1e6), 1e6 * Math.log(1e6) - 1e6 + Math.log((2 * Math.PI) / 1e6) / 2 + 1 / 12e6),
    ).toBeLessThan(1e-12);
  });

  it("keeps Legendre's duplication at every argument", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e4, noNaN: true }), (x) => {
        expect(
          off(
            lnGamma(x) + lnGamma(x + 0.5),
            (1 - 2 * x) * Math.LN2 + Math.log(Math.PI) / 2 + lnGamma(2 * x),
          ),
        ).toBeLessThan(1e-13);
      }),
    );
  });

  it("is infinite at 0 and nothing below", () => {
    expect(lnGamma(0)).toBe(Infinity);
    expect(lnGamma(-0.5)).toBeNaN();
    expect(lnGamma(Number.NaN)).toBeNaN();
  });

  it("gives the beta function", () => {
    expect(off(lnBeta(2, 3), Math.log(1 / 12))).toBeLessThan(1e-12);
    expect(off(lnBeta(0.5, 0.5), Math.log(Math.PI))).toBeLessThan(1e-12);
  });
});

describe("the hypergeometric function", () => {
  it.each<[string, readonly [number, number, number], (z: number) => number]>([
    ["−ln(1 − z) ÷ z", [1, 1, 2], (z) => -Math.log1p(-z) / z],
    ["(1 − z)^−2.5", [2.5, 3, 3], (z) => (1 - z) ** -2.5],
    ["a polynomial", [-2, 3, 4], (z) => 1 - 1.5 * z + 0.6 * z ** 2],
    ["2 ((1 − z)^−½ − 1) ÷ z", [1.5, 1, 2], (z) => (2 * ((1 - z) ** -0.5 - 1)) / z],
  ])("is %s", (_, parameters, closed) => {
    for (const z of [-50, -3, -0.9, -0.1, 0.1, 0.5, 0.9, 0.99])
      expect(off(hypergeometric(parameters, z), closed(z))).toBeLessThan(1e-11);
  });

  it("is the inverse sine at a square", () => {
    for (const x of [0.1, 0.5, 0.9, 0.99])
      expect(off(x * hypergeometric([0.5, 0.5, 1.5], x * x), Math.asin(x))).toBeLessThan(1e-12);
  });

  it("keeps Gauss's relation of neighbours", () => {
    const parameter = fc.double({ min: 0.01, max: 40, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(parameter, parameter, parameter),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        ([a, b, c], z) => {
          const left = (c - a) * hypergeometric([a - 1, b, c], z);
          const middle = (2 * a - c + (b - a) * z) * hypergeometric([a, b, c], z);
          const right = a * (z - 1) * hypergeometric([a + 1, b, c], z);
          const size = Math.abs(left) + Math.abs(middle) + Math.abs(right);
          expect(Math.abs(left + middle + right)).toBeLessThanOrEqual(1e-9 * size);
        },
      ),
    );
  });

  it("is 1 at 0 and nothing from 1 on or at a pole", () => {
    expect(hypergeometric([3, 4, 5], 0)).toBe(1);
    expect(hypergeometric([3, 4, 5], 1)).toBeNaN();
    expect(hypergeometric([1, 1, -2], 0.5)).toBeNaN();
    expect(hypergeometric([1, 1, 0], 0.5)).toBeNaN();
  });
});
