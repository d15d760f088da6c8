import { describe, expect, it } from "vitest";
import { FACTS, type Facts } from "../../src/core/facts.ts";
import { preparePlaybook } from "../../src/core/prepare.ts";
import type { Rules } from "../../src/core/rules/rules.ts";
import type { RuleExample } from "../../src/core/rules/schema.ts";
import { factsOfExample } from "../../src/work/example-run.ts";
import { type TestedPlaybook, testRules } from "../../src/work/rules-test.ts";
import { valueOf } from "../core/replies/samples.ts";
import { fileOf, filesOf, leaf, opened, ruleOf } from "../core/rules/build.ts";
import { SHIPPED } from "./room.ts";

const shipped = valueOf(preparePlaybook(SHIPPED));
/** The shipped texts, models and templates with other rules. */
const playbookWith = (rules: Rules): TestedPlaybook => ({ ...shipped, rules });

const example = (
  name: string,
  given: RuleExample["given"],
  wanted: RuleExample["expect"],
): RuleExample => ({ name, given, expect: wanted });

const LATE = "My parcel is late again, terrible delivery!";
const EARLY = "Great quality, the fabric is soft, I love it.";

const late = {
  all: [leaf("signal.kind", "equal", "feedback"), leaf("feedback.topic", "equal", "delivery")],
};
const testOf = (rules: readonly unknown[], more = {}) =>
  testRules(playbookWith(opened(filesOf(fileOf(rules, more)))));

const known = (facts: Facts) => Object.entries(facts).filter(([, value]) => value !== null);

describe("an example is judged on", () => {
  it("every fact of the catalogue, null where nothing is given or follows", () => {
    const facts = factsOfExample(
      example("e", { facts: { "event.type": "app.opened" } }, "matched"),
      shipped,
    );
    expect(Object.keys(facts)).toEqual([...FACTS.keys()]);
    expect(known(facts).map(([name]) => name)).toEqual([
      "signal.now",
      "event.type",
      "customer.products",
    ]);
  });

  it("what its text says, what is known of its customer, and the given facts laid over both", () => {
    const facts = factsOfExample(
      example(
        "e",
        {
          feedback: LATE,
          customer: { locale: "en-GB", timeZone: "Europe/London" },
          facts: { "feedback.rating": 4 },
        },
        "matched",
      ),
      shipped,
    );
    expect(facts).toMatchObject({
      "signal.kind": "feedback",
      "feedback.topic": "delivery",
      "feedback.rating": 4,
      "customer.locale": "en-GB",
      "customer.timeZone": "Europe/London",
      "event.type": null,
    });
  });
});

it("is silent when every example does what it says and both evaluators agree", async () => {
  const examples = [
    example("late", { feedback: LATE }, "matched"),
    example("early", { feedback: EARLY }, "not_matched"),
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
  ).toMatchObject({
    rules: 2,
    examples: 4,
    failures: [],
    differences: [],
    withoutExamples: ["test/s"],
  });
});

it("tells examples that expect something else, and why", async () => {
  const examples = [
    example("early", { feedback: EARLY }, "matched"),
    example("late", { feedback: LATE }, "not_matched"),
  ];
  const { failures, differences } = await testOf([ruleOf("r", late, { examples })]);
  expect(failures).toEqual([
    {
      place: 'rules/test.json › r › example "early"',
      expected: "matched",
      actual: "not_matched",
      detail: 'feedback.topic equal "delivery" (found "product_quality")',
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
  const { failures, differences } = await testRules(playbookWith(broken));
  expect(failures).toMatchObject([
    { expected: "matched", actual: "rule_fault", detail: "broken test" },
  ]);
  expect(differences).toMatchObject([{ ours: "rule_fault", theirs: "not_matched" }]);
});

const reply = (change: object = {}) => ({
  event: {
    type: "reply",
    params: {
      template: "late-delivery",
      slot: "inbox",
      category: "service",
      values: { orderId: "o-1" },
      ...change,
    },
  },
});

const replied = (name: string, expected: object): RuleExample =>
  example(name, { feedback: LATE }, { outcome: "replied", reply: expected });

describe("an example that expects an outcome", () => {
  const always = { all: [] };
  const failuresOf = async (rule: object, ...examples: readonly RuleExample[]) =>
    (await testOf([ruleOf("r", always, { ...rule, examples })])).failures.map(
      ({ expected, actual }) => `${expected} / ${actual}`,
    );

  it("is content with that outcome, and with words of the reply in the customer's language", async () => {
    const failures = await failuresOf(
      reply(),
      example("replied", { feedback: LATE }, { outcome: "replied" }),
      example("matched", { feedback: LATE }, { outcome: "matched" }),
      example(
        "in Chinese",
        { feedback: LATE, customer: { locale: "zh-CN", name: "王芳" } },
        { outcome: "replied", reply: { locale: "zh-Hans", body: { contains: "王芳" } } },
      ),
      example(
        "refused",
        { feedback: LATE, customer: { consent: { service: false } } },
        { outcome: "no_consent" },
      ),
    );
    expect(failures).toEqual([]);
  });

  it("says what came instead", async () => {
    const failures = await failuresOf(
      reply({ category: "marketing" }),
      example("no consent", { feedback: LATE }, { outcome: "replied" }),
    );
    expect(failures).toEqual(["replied / no_consent"]);
    const words = await failuresOf(
      reply(),
      example(
        "words",
        { feedback: LATE },
        { outcome: "replied", reply: { locale: "de", title: "Hello", body: { contains: "42" } } },
      ),
      example("silence", { facts: {} }, { outcome: "no_consent", reply: {} }),
    );
    expect(words[0]).toBe('locale "de" / "en"');
    expect(words[1]).toMatch(/^title "Hello" \/ "/u);
    expect(words[2]).toMatch(/^body something with "42" \/ "/u);
    expect(words[3]).toBe("no_consent / replied");
    const none = await failuresOf(
      reply({ category: "marketing" }),
      example("no reply", { feedback: LATE }, { outcome: "no_consent", reply: { title: "x" } }),
    );
    expect(none).toEqual(["a reply / none"]);
  });

  it("compares template and team", async () => {
    expect(
      await failuresOf(
        reply({ handover: "care" }),
        replied("right", { template: "late-delivery", handover: "care" }),
        replied("wrong", { template: "thanks", handover: "sales" }),
      ),
    ).toEqual(['template "thanks" / "late-delivery"', 'handover "sales" / "care"']);
    expect(await failuresOf(reply(), replied("nobody", { handover: "care" }))).toEqual([
      'handover "care" / null',
    ]);
  });

  it("may be of schedule and audience, which a plain match does not ask for", async () => {
    const audience = { all: [leaf("customer.orders30", "greaterThan", 2)] };
    const failures = await failuresOf(
      { ...reply(), audience, schedule: { to: "2026-02-01" } },
      example("the conditions hold", { feedback: LATE }, "matched"),
      example("others", { feedback: LATE }, { outcome: "audience" }),
      example(
        "too late",
        {
          feedback: LATE,
          facts: { "customer.orders30": 3, "signal.now": "2026-03-01T00:00:00Z" },
        },
        { outcome: "schedule" },
      ),
      example(
        "in time",
        { feedback: LATE, facts: { "customer.orders30": 3 } },
        { outcome: "replied" },
      ),
    );
    expect(failures).toEqual([]);
  });
});

describe("drafts and retired rules", () => {
  it("are tested while they are drafts, and no more when they are retired", async () => {
    const examples = [example("e", { feedback: EARLY }, "matched")];
    const report = await testOf([
      ruleOf("a", late, { status: "draft", examples }),
      ruleOf("b", late, { status: "retired", examples }),
    ]);
    expect(report).toMatchObject({ rules: 1, examples: 1 });
    expect(report.failures).toHaveLength(1);
  });
});

describe("coverage", () => {
  it("is of every comparison, a named one where it stands, and says what examples have not shown", async () => {
    const unhappy = {
      any: [
        leaf("feedback.rating", "lessThan", 3),
        { not: leaf("feedback.topic", "equal", "praise") },
      ],
    };
    const conditions = {
      all: [leaf("signal.kind", "equal", "feedback"), { condition: "unhappy" }],
    };
    const report = await testOf(
      [
        ruleOf("r", conditions, {
          examples: [
            example("one", { feedback: LATE, facts: { "feedback.rating": 1 } }, "matched"),
            example("two", { feedback: LATE, facts: { "feedback.rating": 5 } }, "matched"),
          ],
        }),
        ruleOf("s", { all: [{ condition: "unhappy" }, leaf("event.type", "equal", "a")] }),
      ],
      { conditions: { unhappy } },
    );
    expect(
      report.conditions.map(({ place, wasTrue, wasFalse }) => [place, wasTrue, wasFalse]),
    ).toEqual([
      ["rules/test.json › r › conditions.all[0]", true, false],
      ["rules/test.json › conditions.unhappy.any[0]", true, true],
      ["rules/test.json › conditions.unhappy.any[1].not", false, true],
      ["rules/test.json › s › conditions.all[1]", false, false],
    ]);
    expect(report.coverage).toBe(50);
  });

  it("of rules without conditions is whole", async () => {
    expect((await testOf([ruleOf("r", { all: [] })])).coverage).toBe(100);
  });

  it("of the shipped rules is whole, and each of their examples is as expected", async () => {
    const report = await testRules(shipped);
    expect(report.conditions.filter(({ wasTrue, wasFalse }) => !wasTrue || !wasFalse)).toEqual([]);
    expect(report).toMatchObject({
      failures: [],
      differences: [],
      withoutExamples: [],
      coverage: 100,
    });
  });
});
