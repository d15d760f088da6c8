import { describe, expect, it } from "vitest";
import type { Facts } from "../../../src/core/facts.ts";
import { explainRules } from "../../../src/core/rules/explain.ts";
import { fileOf, filesOf, leaf, opened, ruleOf, withConditions } from "./build.ts";

const urgent = leaf("feedback.urgency", "greaterThan", 0.7);
const delivery = leaf("feedback.topic", "equal", "delivery");
const facts: Facts = {
  "feedback.urgency": 0.31,
  "feedback.topic": "stock",
  "feedback.topics": ["stock"],
};

const verdictOn = (conditions: unknown, named?: Readonly<Record<string, unknown>>) =>
  explainRules(opened(withConditions(conditions, named)), facts)[0]!;

it("shows every condition with its value, also those that evaluation had no need to look at", () => {
  const verdict = verdictOn(
    {
      all: [
        urgent,
        { any: [delivery, { condition: "stocked" }] },
        { not: { ...leaf("feedback.context", "equal", "x"), path: "$.a" } },
      ],
    },
    {
      stocked: {
        all: [
          leaf("feedback.topics", "contains", "stock"),
          leaf("customer.recencyDays", "greaterThan", { fact: "customer.meanGapDays" }),
        ],
      },
    },
  );
  expect(verdict).toEqual({
    rule: "test/r",
    description: "a rule of a test",
    priority: 1,
    matched: false,
    outcome: {
      rule: "test/r",
      code: "not_matched",
      detail: "feedback.urgency greaterThan 0.7 (found 0.31)",
    },
    conditions: {
      kind: "all",
      held: false,
      children: [
        {
          kind: "comparison",
          fact: "feedback.urgency",
          operator: "greaterThan",
          expected: 0.7,
          actual: 0.31,
          held: false,
        },
        {
          kind: "any",
          held: false,
          children: [
            {
              kind: "comparison",
              fact: "feedback.topic",
              operator: "equal",
              expected: "delivery",
              actual: "stock",
              held: false,
            },
            {
              kind: "all",
              name: "stocked",
              held: false,
              children: [
                {
                  kind: "comparison",
                  fact: "feedback.topics",
                  operator: "contains",
                  expected: "stock",
                  actual: ["stock"],
                  held: true,
                },
                {
                  kind: "comparison",
                  fact: "customer.recencyDays",
                  operator: "greaterThan",
                  expected: null,
                  actual: null,
                  held: false,
                },
              ],
            },
          ],
        },
        {
          kind: "not",
          held: true,
          children: [
            {
              kind: "comparison",
              fact: "feedback.context",
              path: "$.a",
              operator: "equal",
              expected: "x",
              actual: null,
              held: false,
            },
          ],
        },
      ],
    },
  });
});

describe("what kept a rule from matching is said in words", () => {
  const held = leaf("feedback.topic", "equal", "stock");
  it.each([
    [{ all: [held, urgent] }, "feedback.urgency greaterThan 0.7 (found 0.31)"],
    [{ any: [urgent] }, "feedback.urgency greaterThan 0.7 (found 0.31)"],
    [
      { any: [urgent, delivery, urgent] },
      "feedback.urgency greaterThan 0.7 (found 0.31), nor any of 2 more",
    ],
    [{ not: held }, 'not feedback.topic equal "stock" (found "stock")'],
    [{ not: { all: [] } }, "not (always)"],
    [{ not: { any: [urgent, held, held] } }, 'not (feedback.topic equal "stock" (found "stock"))'],
    [{ not: { not: { all: [urgent] } } }, "not not feedback.urgency greaterThan 0.7 (found 0.31)"],
    [{ not: { not: { not: held } } }, 'not not not feedback.topic equal "stock" (found "stock")'],
    [{ all: [{ condition: "hot" }] }, "hot: feedback.urgency greaterThan 0.7 (found 0.31)"],
    [{ not: { condition: "calm" } }, "not calm: not feedback.urgency greaterThan 0.7 (found 0.31)"],
    [
      { not: { condition: "quiet" } },
      'not quiet: (feedback.topic equal "stock" (found "stock") and feedback.topic equal "stock" (found "stock"))',
    ],
    [
      { all: [{ ...leaf("feedback.context", "equal", 1), path: ".a" }] },
      "feedback.context at $.a equal 1 (found null)",
    ],
    [
      { all: [{ ...leaf("feedback.context", "notEqual", null), path: "$" }] },
      "feedback.context notEqual null (found null)",
    ],
  ])("%j", (conditions, detail) => {
    const named = { hot: { all: [urgent] }, calm: { not: urgent }, quiet: { all: [held, held] } };
    expect(verdictOn(conditions, named).outcome).toEqual({
      rule: "test/r",
      code: "not_matched",
      detail,
    });
  });
});

it("tells rules in order of definition, and no outcome of those that matched", () => {
  const rules = opened(
    filesOf(
      fileOf([ruleOf("first", { all: [urgent] }), ruleOf("second", { all: [] }, { priority: 5 })]),
    ),
  );
  const verdicts = explainRules(rules, facts);
  expect(verdicts.map(({ rule, matched }) => [rule, matched])).toEqual([
    ["test/first", false],
    ["test/second", true],
  ]);
  expect(verdicts[1]).toMatchObject({
    outcome: null,
    priority: 5,
    conditions: { kind: "all", held: true, children: [] },
  });
});

it("gives a rule that cannot be evaluated its reason and its conditions", () => {
  const broken: Facts = Object.defineProperty({}, "feedback.urgency", {
    get: () => {
      throw new Error("cannot be read");
    },
  });
  const [verdict] = explainRules(opened(withConditions({ all: [urgent] })), broken);
  expect(verdict).toMatchObject({
    matched: false,
    outcome: { rule: "test/r", code: "rule_fault", detail: "cannot be read" },
    conditions: { children: [{ actual: null, held: false }] },
  });
});
