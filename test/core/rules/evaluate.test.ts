import { describe, expect, it } from "vitest";
import type { Facts } from "../../../src/core/facts.ts";
import { evaluateRules } from "../../../src/core/rules/evaluate.ts";
import { fileOf, filesOf, leaf, opened, ruleOf, withConditions } from "./build.ts";

const always = { all: [] };
const matched = (rules: ReturnType<typeof opened>, facts: Facts) =>
  evaluateRules(rules, facts).matches.map(({ rule }) => rule);

it("fires by priority and then by file and definition, whatever order the files come in", () => {
  const first = fileOf(
    [ruleOf("low", always), ruleOf("high", always, { priority: 9 }), ruleOf("low-too", always)],
    { id: "a" },
  );
  const second = fileOf([ruleOf("high", always, { priority: 9 }), ruleOf("low", always)], {
    id: "b",
  });
  const files = { "rules/b.json": JSON.stringify(second), "rules/a.json": JSON.stringify(first) };
  const expected = ["a/high", "b/high", "a/low", "a/low-too", "b/low"];
  expect(matched(opened(files), {})).toEqual(expected);
  const other = Object.fromEntries(Object.entries(files).toReversed());
  expect(matched(opened(other), {})).toEqual(expected);
});

it("gives the event with its values read from the facts", () => {
  const params = {
    template: "late-delivery",
    slot: "inbox",
    category: "marketing",
    handover: "logistics",
    values: {
      days: 3,
      tags: ["a", null],
      order: { fact: "feedback.context", path: "$.order.id" },
      missing: { fact: "feedback.context", path: "$.order.nothing" },
      topic: { fact: "feedback.topic" },
    },
  };
  const rules = opened(
    filesOf(fileOf([ruleOf("r", always, { priority: 4, event: { type: "reply", params } })])),
  );
  const facts = { "feedback.context": { order: { id: "A-1" } } };
  expect(evaluateRules(rules, facts)).toEqual({
    matches: [
      {
        rule: "test/r",
        priority: 4,
        event: {
          type: "reply",
          params: {
            ...params,
            values: { days: 3, tags: ["a", null], order: "A-1", missing: null, topic: null },
          },
        },
      },
    ],
    faults: [],
  });
});

it("leaves handover out where the rule names no team", () => {
  const [match] = evaluateRules(opened(withConditions(always)), {}).matches;
  expect(Object.keys(match!.event.params)).toEqual(["template", "slot", "category", "values"]);
});

describe("groups", () => {
  const yes = leaf("n", "equal", 1);
  const no = leaf("n", "equal", 2);
  it.each([
    [{ all: [] }, true],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ not: no }, true],
    [{ not: yes }, false],
    [{ not: { all: [yes, { any: [no, { not: no }] }] } }, false],
    [{ condition: "some" }, true],
    [{ all: [{ condition: "some" }, { not: { condition: "none" } }] }, true],
    [{ not: { condition: "some" } }, false],
  ])("%j is %j", (conditions, held) => {
    const named = { some: { any: [no, yes] }, none: { not: { condition: "some" } } };
    expect(matched(opened(withConditions(conditions, named), "any"), { n: 1 })).toHaveLength(
      held ? 1 : 0,
    );
  });
});

it("takes a known fact that the record lacks for null", () => {
  const rules = opened(withConditions({ all: [leaf("feedback.rating", "equal", null)] }));
  expect(matched(rules, {})).toEqual(["test/r"]);
});

it("compares two facts", () => {
  const rules = opened(
    withConditions({
      all: [leaf("customer.recencyDays", "greaterThan", { fact: "customer.meanGapDays" })],
    }),
  );
  expect(matched(rules, { "customer.recencyDays": 9, "customer.meanGapDays": 7 })).toHaveLength(1);
  expect(matched(rules, { "customer.recencyDays": 5, "customer.meanGapDays": 7 })).toHaveLength(0);
});

const isOne = (fact: string) => ({ all: [leaf(fact, "equal", 1)] });

it("keeps one rule's fault from every other rule", () => {
  const rules = opened(
    filesOf(
      fileOf([
        ruleOf("before", isOne("good")),
        ruleOf("broken", isOne("bad")),
        ruleOf("after", isOne("good")),
      ]),
    ),
    "any",
  );
  const facts: Facts = Object.defineProperty({ good: 1, bad: 0 }, "bad", {
    get: () => {
      throw new Error("cannot be read");
    },
  });
  const { matches, faults } = evaluateRules(rules, facts);
  expect(matches.map(({ rule }) => rule)).toEqual(["test/before", "test/after"]);
  expect(faults).toEqual([{ rule: "test/broken", code: "rule_fault", detail: "cannot be read" }]);
});

it("keeps nothing between runs and changes no facts", () => {
  const rules = opened(
    withConditions({ any: [leaf("n", "everyFact:greaterThan", 1), leaf("n", "contains", 0)] }),
    "any",
  );
  const high = Object.freeze({ n: Object.freeze([2, 3]) });
  const low = Object.freeze({ n: Object.freeze([1]) });
  const run = () => [high, low, high].map((facts) => matched(rules, facts).length);
  expect(run()).toEqual([1, 0, 1]);
  expect(run()).toEqual([1, 0, 1]);
});

it("has no rules where there are no rule files", () => {
  const rules = opened({
    "rules/contact-policy.json": "{",
    "rules/schema.json": "{",
    "rules/templates/a.liquid": "x",
    "models/churn.json": "{",
  });
  expect(evaluateRules(rules, {})).toEqual({ matches: [], faults: [] });
});
