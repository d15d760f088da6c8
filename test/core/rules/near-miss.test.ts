import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConditionExplanation } from "../../../src/core/explanation.ts";
import { missing } from "../../../src/core/rules/near-miss.ts";

const leaf = (fact: string, held: boolean): ConditionExplanation => ({
  kind: "comparison",
  fact,
  operator: "equal",
  expected: 1,
  actual: held ? 1 : 0,
  held,
});

const held = (kind: "all" | "any" | "not", children: readonly ConditionExplanation[]): boolean => {
  if (kind === "any") return children.some((child) => child.held);
  return children.every((child) => child.held) === (kind === "all");
};

const group = (
  kind: "all" | "any" | "not",
  ...children: readonly ConditionExplanation[]
): ConditionExplanation => ({ kind, held: held(kind, children), children });

/** Whether the condition holds once the comparisons in `flipped` come out otherwise. */
const holdsWith = (condition: ConditionExplanation, flipped: ReadonlySet<unknown>): boolean => {
  if (condition.kind === "comparison") return condition.held !== flipped.has(condition);
  const { kind, children } = condition;
  const results = children.map((child) => holdsWith(child, flipped));
  if (kind === "any") return results.some(Boolean);
  return results.every(Boolean) === (kind === "all");
};

const facts = (condition: ConditionExplanation): readonly string[] =>
  missing(condition).map(({ fact }) => fact);

describe("what kept a rule from matching", () => {
  it("is nothing where it matched", () => {
    expect(facts(group("all", leaf("a", true), leaf("b", true)))).toEqual([]);
  });

  it("is every comparison of an all that did not hold, and the cheapest branch of an any", () => {
    const both = group("all", leaf("a", false), leaf("b", false));
    expect(facts(both)).toEqual(["a", "b"]);
    expect(facts(group("any", both, leaf("c", false)))).toEqual(["c"]);
  });

  it("is what holds below a not", () => {
    expect(facts(group("not", group("all", leaf("a", true), leaf("b", true))))).toHaveLength(1);
    expect(facts(group("not", group("any", leaf("a", true), leaf("b", true))))).toEqual(["a", "b"]);
  });

  it("would make any condition hold, and no smaller set would", () => {
    const tree = fc.letrec<{ node: ConditionExplanation }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.boolean().map((value) => leaf("x", value)),
        fc
          .tuple(
            fc.constantFrom("all", "any"),
            fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
          )
          .map(([kind, children]) => group(kind, ...children)),
        tie("node").map((child) => group("not", child)),
      ),
    })).node;
    const leaves = (condition: ConditionExplanation): readonly ConditionExplanation[] =>
      condition.kind === "comparison" ? [condition] : condition.children.flatMap(leaves);
    fc.assert(
      fc.property(tree, (condition) => {
        const least = missing(condition);
        expect(holdsWith(condition, new Set(least))).toBe(true);
        const all = leaves(condition);
        fc.pre(all.length <= 8);
        const smaller = Array.from({ length: 2 ** all.length }, (_, mask) =>
          all.filter((_leaf, index) => (mask >> index) % 2 === 1),
        ).filter((chosen) => chosen.length < least.length);
        for (const chosen of smaller) expect(holdsWith(condition, new Set(chosen))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
