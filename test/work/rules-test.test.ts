import { describe, expect, it } from "vitest";
import { FACTS, type Facts } from "../../src/core/facts.ts";
import type { RuleExample } from "../../src/core/rules/schema.ts";
import { exampleFacts, testRules } from "../../src/work/rules-test.ts";
import { fileOf, filesOf, leaf, opened, ruleOf } from "../core/rules/build.ts";

const example = (
  name: string,
  given: RuleExample["given"],
  wanted: RuleExample["expect"],
): RuleExample => ({ name, given, expect: wanted });

/** A reader that knows one word. */
const readFacts = ({ given }: RuleExample): Facts => ({
  "feedback.topic": given.feedback?.includes("late") === true ? "delivery" : "other",
  "feedback.rating": 1,
});

const late = {
  all: [leaf("signal.kind", "equal", "feedback"), leaf("feedback.topic", "equal", "delivery")],
};
const testOf = (rules: readonly unknown[], more = {}) =>
  testRules({ rules: opened(filesOf(fileOf(rules, more))), readFacts });

describe("an example is judged on", () => {
  it("every fact of the catalogue, null where nothing is given", () => {
    const facts = exampleFacts(
      example("e", { facts: { "event.type": "app.opened" } }, "matched"),
      readFacts,
    );
    expect(Object.keys(facts)).toEqual([...FACTS.keys()]);
    expect(Object.entries(facts).filter(([, value]) => value !== null)).toEqual([
      ["event.type", "app.opened"],
    ]);
  });

  it("what its text says, with the given facts laid over it", () => {
    const facts = exampleFacts(
      example("e", { feedback: "so late", facts: { "feedback.rating": 4 } }, "matched"),
      readFacts,
    );
    expect(facts).toMatchObject({
      "signal.kind": "feedback",
      "feedback.topic": "delivery",
      "feedback.rating": 4,
      "event.type": null,
    });
  });
});

it("is silent when every example does what it says and both evaluators agree", async () => {
  const examples = [
    example("late", { feedback: "it is late" }, "matched"),
    example("early", { feedback: "it is early" }, "not_matched"),
    example(
      "said so",
      { facts: { "signal.kind": "feedback", "feedback.topic": "delivery" } },
      "matched",
    ),
    example("nothing", {}, "not_matched"),
  ];
  const named = { conditions: { late } };
  expect(
    await testOf(
      [ruleOf("r", { condition: "late" }, { examples }), ruleOf("s", { all: [] })],
      named,
    ),
  ).toEqual({
    rules: 2,
    examples: 4,
    failures: [],
    differences: [],
    withoutExamples: ["test/s"],
  });
});

it("tells examples that expect something else, and why", async () => {
  const examples = [
    example("early", { feedback: "it is early" }, "matched"),
    example("late", { feedback: "it is late" }, "not_matched"),
  ];
  const { failures, differences } = await testOf([ruleOf("r", late, { examples })]);
  expect(failures).toEqual([
    {
      place: 'rules/test.json › r › example "early"',
      expected: "matched",
      actual: "not_matched",
      detail: 'feedback.topic equal "delivery" (found "other")',
    },
    {
      place: 'rules/test.json › r › example "late"',
      expected: "not_matched",
      actual: "matched",
      detail: "",
    },
  ]);
  expect(differences).toEqual([]);
});

it("tells where json-rules-engine would conclude otherwise, or refuse the run", async () => {
  const recent = {
    all: [leaf("customer.recencyDays", "greaterThan", { fact: "customer.meanGapDays" })],
  };
  const listed = {
    all: [{ ...leaf("event.type", "in", { fact: "customer.custom", path: "$.types" }) }],
  };
  const rules = [
    ruleOf("recent", recent, {
      examples: [example("no gap yet", { facts: { "customer.recencyDays": 3 } }, "not_matched")],
    }),
    ruleOf("listed", listed, {
      examples: [example("no list", { facts: { "event.type": "a" } }, "not_matched")],
    }),
  ];
  const { failures, differences } = await testOf(rules);
  expect(failures).toEqual([]);
  expect(differences).toEqual([
    {
      place: 'rules/test.json › recent › example "no gap yet"',
      ours: "not_matched",
      theirs: "matched",
    },
    {
      place: 'rules/test.json › listed › example "no list"',
      ours: "not_matched",
      theirs: expect.stringMatching(/^refused: .*indexOf/) as string,
    },
  ]);
});

it("tells a rule that cannot be evaluated", async () => {
  const rules = opened(
    filesOf(
      fileOf([ruleOf("r", late, { examples: [example("e", { feedback: "x" }, "matched")] })]),
    ),
  );
  const broken = {
    inOrder: rules.inOrder.map((rule) => ({
      ...rule,
      matches: () => {
        throw new Error("broken test");
      },
    })),
    firing: [],
    resting: [],
  };
  const { failures, differences } = await testRules({ rules: broken, readFacts });
  expect(failures).toMatchObject([
    { expected: "matched", actual: "rule_fault", detail: "broken test" },
  ]);
  expect(differences).toMatchObject([{ ours: "rule_fault", theirs: "not_matched" }]);
});
