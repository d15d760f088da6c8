/**
 * Rules "who buys A also buys b" from frequent item sets (Agrawal, Srikant 1994), each with how sure it is and how far from chance.
 * A high confidence alone says little where b is in many baskets anyway: read the lift.
 */
import { type Fitted, fitted, refused } from "./fitted.ts";
import type { FrequentSet } from "./fp-growth.ts";
import { lnGamma } from "./special.ts";

export interface AssociationRule {
  /** Ascending. */
  readonly from: readonly number[];
  readonly to: number;
  /** Baskets that hold all of A and b. */
  readonly count: number;
  /** count ÷ baskets, P(A, b). */
  readonly support: number;
  /** P(b | A). */
  readonly confidence: number;
  /** P(b | A) ÷ P(b): 1 is chance. */
  readonly lift: number;
  /** P(A, b) − P(A) · P(b). */
  readonly leverage: number;
  /** (1 − P(b)) ÷ (1 − P(b | A)); null where every basket with A has b. */
  readonly conviction: number | null;
  /** Fisher's exact test, one-sided: how often chance alone gives so many baskets or more. */
  readonly pValue: number;
}

export interface AssociationOptions {
  readonly minConfidence?: number;
  readonly minLift?: number;
  readonly minCount?: number;
  /** Share of the rules that may be chance's (Benjamini, Hochberg 1995); 1 keeps all. */
  readonly maxFalseShare?: number;
}

const DEFAULTS = { minConfidence: 0.05, minLift: 1.1, minCount: 5, maxFalseShare: 0.05 } as const;

const lnChoose = (n: number, k: number): number =>
  lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);

/** Of `total` baskets `left` hold A and `right` hold b: probability of at least `both` with A and b, by the hypergeometric distribution. */
export const fisherAtLeast = ({
  both,
  left,
  right,
  total,
}: Readonly<Record<"both" | "left" | "right" | "total", number>>): number => {
  const most = Math.min(left, right);
  const first = Math.max(both, left + right - total, 0);
  if (first > most) return 0;
  let term = Math.exp(
    lnChoose(left, first) + lnChoose(total - left, right - first) - lnChoose(total, right),
  );
  let sum = 0;
  for (let k = first; k <= most; k += 1) {
    sum += term;
    const next = term * (((left - k) * (right - k)) / ((k + 1) * (total - left - right + k + 1)));
    // Past the mode terms only fall: what is left cannot be seen.
    if (next < term && next < 1e-16 * sum) break;
    term = next;
  }
  return Math.min(1, sum);
};

const keyOf = (items: readonly number[]): string => items.join(" ");

const ruleOf = (
  set: FrequentSet,
  to: number,
  { counts, total }: Counted,
): AssociationRule | undefined => {
  const from = set.items.filter((item) => item !== to);
  const [left, right] = [counts.get(keyOf(from)), counts.get(String(to))];
  if (left === undefined || right === undefined) return undefined;
  const confidence = set.count / left;
  return {
    from,
    to,
    count: set.count,
    support: set.count / total,
    confidence,
    lift: (set.count * total) / (left * right),
    leverage: set.count / total - (left / total) * (right / total),
    conviction: set.count === left ? null : (1 - right / total) / (1 - confidence),
    pValue: fisherAtLeast({ both: set.count, left, right, total }),
  };
};

interface Counted {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

/** The rules that Benjamini and Hochberg keep: all up to the last whose p is at most its rank's part of the share. */
const withFewFalse = (
  rules: readonly AssociationRule[],
  share: number,
): readonly AssociationRule[] => {
  if (share >= 1) return rules;
  const values = Float64Array.from(rules, ({ pValue }) => pValue).toSorted();
  let limit = -1;
  for (const [index, value] of values.entries())
    if (value <= (share * (index + 1)) / values.length) limit = value;
  return rules.filter(({ pValue }) => pValue <= limit);
};

const compareItems = (left: readonly number[], right: readonly number[]): number => {
  const place = left.findIndex((item, index) => item !== right[index]);
  return left.length - right.length || (left[place] ?? 0) - (right[place] ?? 0);
};

/** Most confident first, to by count, length, items: one order for equal data. */
const inOrder = (left: AssociationRule, right: AssociationRule): number =>
  right.confidence - left.confidence ||
  right.count - left.count ||
  compareItems(left.from, right.from) ||
  left.to - right.to;

/**
 * Rules of `sets` (as `frequentSets` gives them: with all their subsets) over `total` baskets; one product on the right side.
 * Refuses EMPTY for no baskets, and RANGE for a total below the count of a set and for options out of their range.
 */
export const associationRules = (
  sets: readonly FrequentSet[],
  total: number,
  options: AssociationOptions = {},
): Fitted<readonly AssociationRule[]> => {
  const full = { ...DEFAULTS, ...options };
  const bad = Object.entries(full).find(([, value]) => !(value >= 0));
  if (bad !== undefined)
    return refused("RANGE", `${bad[0]} ${String(bad[1])} is not a number from 0; give one`);
  if (total === 0) return refused("EMPTY", "there are no baskets; give orders that name products");
  const highest = sets.reduce((most, { count }) => Math.max(most, count), 0);
  if (!(total >= highest))
    return refused(
      "RANGE",
      `${String(total)} baskets in all, but a set is in ${highest}; give the number of all baskets`,
    );
  const counted: Counted = {
    counts: new Map(sets.map(({ items, count }) => [keyOf(items), count])),
    total,
  };
  const rules = sets
    .filter(({ items, count }) => items.length > 1 && count >= full.minCount)
    .flatMap((set) => set.items.flatMap((to) => ruleOf(set, to, counted) ?? []));
  const kept = withFewFalse(rules, full.maxFalseShare).filter(
    ({ confidence, lift }) => confidence >= full.minConfidence && lift >= full.minLift,
  );
  return fitted(kept.toSorted(inOrder));
};
