/** How far a rule was from matching: the least number of comparisons that would have had to come out otherwise. */
import type { ComparisonExplanation, ConditionExplanation } from "../explanation.ts";

const least = (lists: readonly (readonly ComparisonExplanation[])[]) =>
  lists.toSorted((left, right) => left.length - right.length)[0] ?? [];

/** The comparisons that keep a condition from being `wanted`; the fewest that would do, empty where it is so already. */
export const missing = (
  condition: ConditionExplanation,
  wanted = true,
): readonly ComparisonExplanation[] => {
  if (condition.kind === "comparison") return condition.held === wanted ? [] : [condition];
  const { kind, children } = condition;
  const childWanted = kind === "not" ? !wanted : wanted;
  const parts = children.map((child) => missing(child, childWanted));
  // An "any" must hold in one child and fail in all of them; an "all" (and a "not" of its one child) the other way round.
  return (kind === "any") === wanted && kind !== "not" ? least(parts) : parts.flat();
};
