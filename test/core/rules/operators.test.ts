import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import { compareOf, OPERATOR_PATTERN, parseOperator } from "../../../src/core/rules/operators.ts";

const holds = (operator: string, left: Json, right: Json): boolean => {
  const parsed = parseOperator(operator);
  if (typeof parsed === "string") throw new Error(parsed);
  return compareOf(parsed)(left, right, {});
};

describe("each operator holds for what it is made for and nothing else", () => {
  it.each<[operator: string, left: Json, right: Json, held: boolean]>([
    ["equal", "a", "a", true],
    ["equal", "1", 1, false],
    ["equal", null, null, true],
    ["notEqual", "a", "b", true],
    ["notEqual", null, "b", true],
    ["notEqual", 1, 1, false],
    ["lessThan", 1, 2, true],
    ["lessThan", 2, 2, false],
    ["lessThan", null, 2, false],
    ["lessThanInclusive", 2, 2, true],
    ["lessThanInclusive", 3, 2, false],
    ["greaterThan", 3, 2, true],
    ["greaterThan", 2, 2, false],
    ["greaterThan", 5, null, false],
    ["greaterThanInclusive", 2, 2, true],
    ["greaterThanInclusive", 1, 2, false],
    ["in", "a", ["a", "b"], true],
    ["in", "c", ["a", "b"], false],
    ["in", null, [null], true],
    ["notIn", "c", ["a", "b"], true],
    ["notIn", "a", ["a", "b"], false],
    ["contains", ["a"], "a", true],
    ["contains", ["a"], "b", false],
    ["contains", "abc", "b", false],
    ["doesNotContain", ["a"], "b", true],
    ["doesNotContain", ["a"], "a", false],
    ["doesNotContain", null, "a", false],
    ["not:equal", 1, 1, false],
    ["not:contains", null, "a", true],
    ["not:lessThan", null, 2, true],
    ["swap:in", ["a"], "a", true],
    ["swap:greaterThan", 1, 2, true],
    ["everyFact:greaterThan", [1, 2], 0, true],
    ["everyFact:greaterThan", [1, 0], 0, false],
    ["everyFact:greaterThan", [], 0, true],
    ["everyFact:greaterThan", 3, 0, false],
    ["someFact:in", ["a", "z"], ["z"], true],
    ["someFact:in", ["a"], ["z"], false],
    ["someFact:in", [], ["z"], false],
    ["someFact:equal", null, null, false],
    ["everyValue:contains", ["a", "b"], ["a", "b"], true],
    ["everyValue:contains", ["a"], ["a", "b"], false],
    ["someValue:contains", ["a"], ["a", "b"], true],
    ["someValue:contains", ["a"], ["b"], false],
    ["not:someFact:not:equal", ["a", "a"], "a", true],
    ["someFact:swap:contains", ["a"], ["a"], true],
    ["everyFact:someValue:equal", ["a", "b"], ["b", "a"], true],
  ])("%s(%j, %j) is %j", (...[operator, left, right, held]) => {
    expect(holds(operator, left, right)).toBe(held);
  });
});

describe("a mistyped operator is refused with a guess", () => {
  it.each([
    ["greatrThan", 'operator "greatrThan" is not known; did you mean "greaterThan"?'],
    ["Equal", 'operator "Equal" is not known; did you mean "equal"?'],
    ["toString", /^operator "toString" is not known; use one of equal, notEqual, /],
    ["__proto__", /^operator "__proto__" is not known; use one of /],
    ["", /^operator "" is not known/],
    ["nott:equal", 'decorator "nott" in "nott:equal" is not known; did you mean "not"?'],
    ["constructor:equal", /^decorator "constructor" in .* is not known; use one of not, swap, /],
    [":equal", /^decorator "" in ":equal" is not known/],
    [`${"not:".repeat(9)}equal`, /has 9 decorators; use at most 8$/],
  ])("%j", (operator, sentence) => {
    expect(parseOperator(operator)).toEqual(expect.stringMatching(sentence));
    expect(OPERATOR_PATTERN.test(operator)).toBe(false);
  });
});

it("the pattern for editors takes what is taken here", () => {
  expect(OPERATOR_PATTERN.test(`${"not:".repeat(8)}equal`)).toBe(true);
  expect(holds(`${"not:".repeat(8)}equal`, 1, 1)).toBe(true);
});
