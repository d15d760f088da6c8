/**
 * Which conditions examples have shown to hold and to fail: one that was never true, or never false, could say anything without an example noticing.
 * A named condition is counted once, where it stands, whichever rules use it.
 */
import type { ComparisonExplanation, ConditionExplanation } from "../explanation.ts";
import type { Facts } from "../facts.ts";
import { explainRules } from "./explain.ts";
import type { OpenRule } from "./rules.ts";

/** A comparison, and what examples have seen of it. */
export interface CoveredCondition {
  /** `rules/delivery.json › late-parcel › conditions.all[0]`. */
  readonly place: string;
  readonly comparison: Pick<ComparisonExplanation, "fact" | "path" | "operator" | "expected">;
  readonly wasTrue: boolean;
  readonly wasFalse: boolean;
}

interface Leaf {
  readonly place: string;
  readonly explanation: ComparisonExplanation;
}

const leavesOf = (
  explanation: ConditionExplanation,
  place: string,
  file: string,
): readonly Leaf[] => {
  if (explanation.kind === "comparison") return [{ place, explanation }];
  const { kind, name, children } = explanation;
  const here = name === undefined ? place : `${file} › conditions.${name}`;
  return children.flatMap((child, index) =>
    leavesOf(child, kind === "not" ? `${here}.not` : `${here}.${kind}[${index}]`, file),
  );
};

/** A rule with the facts of one of its examples. */
export interface Shown {
  readonly rule: OpenRule;
  readonly facts: Facts;
}

const merged = (
  before: CoveredCondition | undefined,
  { place, explanation }: Leaf,
): CoveredCondition => {
  const { fact, path, operator, expected, held } = explanation;
  return {
    place,
    comparison:
      path === undefined ? { fact, operator, expected } : { fact, path, operator, expected },
    wasTrue: held || before?.wasTrue === true,
    wasFalse: !held || before?.wasFalse === true,
  };
};

/** Every comparison of the rules, in the order in which they are first met; `shown` are all examples of all rules. */
export const coverageOf = (
  rules: readonly OpenRule[],
  shown: readonly Shown[],
): readonly CoveredCondition[] => {
  const covered = new Map<string, CoveredCondition>();
  const look = ({ rule, facts }: Shown, note: (leaf: Leaf) => void): void => {
    const [verdict] = explainRules({ inOrder: [rule], firing: [], resting: [] }, facts);
    const file = rule.place.split(" › ")[0] ?? rule.place;
    if (verdict !== undefined)
      for (const leaf of leavesOf(verdict.conditions, `${rule.place} › conditions`, file))
        note(leaf);
  };
  // Rules without an example have conditions too, of which nothing was seen.
  for (const rule of rules)
    look({ rule, facts: {} }, ({ place, explanation }) => {
      const nothing = {
        ...merged(undefined, { place, explanation }),
        wasTrue: false,
        wasFalse: false,
      };
      if (!covered.has(place)) covered.set(place, nothing);
    });
  for (const one of shown)
    look(one, (leaf) => void covered.set(leaf.place, merged(covered.get(leaf.place), leaf)));
  return [...covered.values()];
};

/** Percent of what could be seen (each condition true, and false) that was seen; 100 where there is nothing to see. */
export const coveredPercent = (conditions: readonly CoveredCondition[]): number => {
  const seen = conditions.reduce(
    (sum, { wasTrue, wasFalse }) => sum + Number(wasTrue) + Number(wasFalse),
    0,
  );
  return conditions.length === 0 ? 100 : (100 * seen) / (2 * conditions.length);
};
