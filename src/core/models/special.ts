/** Special functions that purchase models and significance tests need. Accurate to about 13 digits; arguments outside the stated ranges give NaN. */

/** ln √(2π). */
const HALF_LN_TAU = 0.918_938_533_204_672_8;

/** Stirling's series is used from here on; smaller arguments are raised by Γ(x + 1) = x Γ(x). */
const STIRLING_FROM = 10;

/** The sum over Bernoulli numbers in ln Γ (Abramowitz and Stegun, 6.1.41), for 1 ÷ x and its square. */
const stirlingTail = (inverse: number, square: number): number =>
  inverse *
  (1 / 12 -
    square *
      (1 / 360 -
        square *
          (1 / 1260 -
            square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360_360 - square / 156))))));

/** ln Γ(x) for x > 0; Infinity at 0, NaN below. */
export const lnGamma = (x: number): number => {
  if (x === 0) return Infinity;
  if (!(x > 0)) return Number.NaN;
  let raised = x;
  let product = 1;
  for (; raised < STIRLING_FROM; raised += 1) product *= raised;
  const inverse = 1 / raised;
  return (
    (raised - 0.5) * Math.log(raised) -
    raised +
    HALF_LN_TAU +
    stirlingTail(inverse, inverse * inverse) -
    Math.log(product)
  );
};

/** ln B(a, b) for a, b > 0. */
export const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b);

const TERMS_MAX = 200_000;

/** Gauss's series at 0 ≤ z < 1, ended when all that can follow is below the last digit of the sum. */
const gaussSeries = ([a, b, c]: readonly [number, number, number], z: number): number => {
  let [sum, term] = [1, 1];
  for (let n = 0; n < TERMS_MAX; n += 1) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    if (term === 0) return sum;
    const isFalling = Math.abs(ratio) < 1 && n > Math.abs(a) + Math.abs(b) + Math.abs(c);
    if (isFalling && Math.abs(term) < 1e-16 * Math.abs(sum) * (1 - z)) return sum;
  }
  return sum;
};

/**
 * Gauss's hypergeometric function ₂F₁(a, b; c; z) for z < 1 and a c that is neither 0 nor a negative whole number.
 * Negative z goes to 0..1 by Pfaff's transformation and c < a + b to a series that falls faster by Euler's (Abramowitz and Stegun, 15.3.3–4),
 * but only where its terms have one sign too: terms that cancel cost digits.
 * Slow within 1e-4 of z = 1.
 */
export const hypergeometric = (
  parameters: readonly [a: number, b: number, c: number],
  z: number,
): number => {
  const [a, b, c] = parameters;
  if (!(z < 1) || (c <= 0 && Number.isInteger(c))) return Number.NaN;
  if (z < 0) return (1 - z) ** -a * hypergeometric([a, c - b, c], z / (z - 1));
  return c < a + b && c >= a && c >= b
    ? (1 - z) ** (c - a - b) * gaussSeries([c - a, c - b, c], z)
    : gaussSeries([a, b, c], z);
};

const GAMMA_TERMS_MAX = 10_000;

/** e⁻ˣ xᵃ ÷ Γ(a). */
const gammaFactor = (a: number, x: number): number => Math.exp(a * Math.log(x) - x - lnGamma(a));

/** The lower share by its series (Abramowitz and Stegun, 6.5.29); falls fast for x < a + 1. */
const lowerSeries = (a: number, x: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < GAMMA_TERMS_MAX && term > 1e-17 * sum; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * gammaFactor(a, x);
};

/** The upper share by its continued fraction (Abramowitz and Stegun, 6.5.31; evaluated as Lentz does); settles fast for x ≥ a + 1. */
const upperFraction = (a: number, x: number): number => {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let product = d;
  for (let n = 1; n < GAMMA_TERMS_MAX; n += 1) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    product *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return product * gammaFactor(a, x);
};

/** Upper incomplete gamma function as a share of the whole, Γ(a, x) ÷ Γ(a), 0..1, for a > 0 and x ≥ 0; NaN elsewhere. */
export const gammaTail = (a: number, x: number): number => {
  if (!(a > 0) || !(x >= 0)) return Number.NaN;
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
};

/** Probability of a χ² of so many degrees of freedom or more; 1 with no degree of freedom. */
export const chiSquareTail = (degrees: number, statistic: number): number =>
  degrees === 0 ? 1 : gammaTail(degrees / 2, statistic / 2);

/** Probability that a standard normal number is at least this far from 0, on either side. */
export const normalTails = (z: number): number => gammaTail(0.5, (z * z) / 2);
