import { describe, expect, it } from "vitest";
import { openRules } from "../../../src/core/rules/open.ts";
import { faultsIn, fileOf, filesOf, leaf, opened, ruleOf, withConditions } from "./build.ts";

const inRule = (place: string, sentence: string) => `rules/test.json › r › ${place}: ${sentence}`;

describe("the rest of a file is refused with its place and what to do", () => {
  const r = ruleOf("r", { all: [] });
  const event = (params: object) => ({
    ...r,
    event: { type: "reply", params: { ...r.event.params, ...params } },
  });
  const example = (given: unknown, more: object = {}) => ({
    ...r,
    examples: [{ name: "e", given, expect: "matched", ...more }],
  });
  it.each<[file: unknown, fault: string]>([
    [[], "rules/test.json: [] is not a rule file; write an object"],
    [
      { ...fileOf([r]), id: "tset" },
      'rules/test.json › id: "tset" is not the name of the file; write "test" or rename the file',
    ],
    [{ ...fileOf([r]), id: 3 }, "rules/test.json › id: 3 is not text"],
    [{ ...fileOf([r]), owner: "" }, "rules/test.json › owner: is empty; give a name"],
    [
      { ...fileOf([r]), onwer: "x" },
      'rules/test.json: "onwer" is not known here; did you mean "owner"?',
    ],
    [
      { ...fileOf([r]), zzzzzzzzzzzz: 1 },
      'rules/test.json: "zzzzzzzzzzzz" is not known here; use $schema, id, description, owner, status, schedule, audience, holdout, conditions, rules',
    ],
    [
      { id: "test", owner: "x", rules: [r] },
      "rules/test.json › description: is missing; give text",
    ],
    [fileOf([]), "rules/test.json › rules: has no rules; add one, or delete the file"],
    [{ ...fileOf([r]), rules: {} }, "rules/test.json › rules: {} is not a list"],
    [fileOf([3]), "rules/test.json › rules[0]: 3 is not an object"],
    [fileOf([r, r]), 'rules/test.json › r: two rules are named "r"; rename one'],
    [
      fileOf([{ ...r, name: "a/b" }]),
      'rules/test.json › a/b › name: "a/b" is not a name; use letters, digits, "-" and "_", at most 64, and begin with a letter or digit',
    ],
    [
      fileOf([{ ...r, name: undefined }]),
      "rules/test.json › rules[0] › name: is missing; give text",
    ],
    [
      fileOf([{ ...r, name: "prototype" }]),
      'rules/test.json › prototype › name: the name "prototype" is not allowed; choose another',
    ],
    [
      fileOf([{ ...r, priority: 0 }]),
      inRule("priority", "0 is not a priority; write an integer of at least 1"),
    ],
    [
      fileOf([{ ...r, priority: 1.5 }]),
      inRule("priority", "1.5 is not a priority; write an integer of at least 1"),
    ],
    [
      fileOf([{ ...r, priority: "10" }]),
      inRule("priority", '"10" is not a priority; write an integer of at least 1'),
    ],
    [
      fileOf([{ ...r, conditions: undefined }]),
      inRule("conditions", 'is missing; write {"all": [ … ]}'),
    ],
    [
      fileOf([{ ...r, conditions: 3 }]),
      inRule(
        "conditions",
        '3 is not a condition; write {"fact": …, "operator": …, "value": …} or {"all": […]}',
      ),
    ],
    [
      fileOf([{ ...r, conditions: leaf("feedback.rating", "equal", 1) }]),
      inRule(
        "conditions",
        'a single comparison cannot stand alone; write {"all": [ … ]} around it',
      ),
    ],
    [
      fileOf([r], { conditions: { "a b": { all: [] } } }),
      'rules/test.json › conditions.a b: "a b" is not a name; use letters, digits, "-" and "_", at most 64, and begin with a letter or digit',
    ],
    [
      fileOf([r], { conditions: { late: { any: [] } } }),
      'rules/test.json › conditions.late: "any" of nothing never holds; add a condition, or use "all": [] for always',
    ],
    [fileOf([r], { conditions: [] }), "rules/test.json › conditions: [] is not an object"],
    [
      fileOf([{ ...r, event: { ...r.event, type: "replay" } }]),
      inRule("event.type", '"replay" is not an event; write "reply"'),
    ],
    [
      fileOf([event({ category: "servce" })]),
      inRule(
        "event.params.category",
        '"servce" is not a category; write "service" (an answer), "marketing" (an offer, needs consent) or "transactional" (what must be said)',
      ),
    ],
    [
      fileOf([event({ tempalte: "x" })]),
      inRule("event.params", '"tempalte" is not known here; did you mean "template"?'),
    ],
    [
      fileOf([event({ values: { a: {} } })]),
      inRule(
        "event.params.values.a",
        '{} is not a value; write text, a number, true, false, a list of them, or {"fact": "…", "path": "$.…"}',
      ),
    ],
    [
      fileOf([event({ values: { a: { fact: "event.tpye" } } })]),
      inRule("event.params.values.a", 'fact "event.tpye" is not known; did you mean "event.type"?'),
    ],
    [
      fileOf([event({ values: { a: { fact: "event.properties", path: "$..a" } } })]),
      inRule(
        "event.params.values.a.path",
        'path "$..a" is not a path; write steps like "$.order.items[0].name", at most 16',
      ),
    ],
    [
      fileOf([event({ values: { a: { fact: "event.type", path: "$.a" } } })]),
      inRule(
        "event.params.values.a",
        'path "$.a" leads into "event.type", which is text; only objects and lists have places inside',
      ),
    ],
    [
      fileOf([event({ values: { "a-b": 1 } })]),
      inRule(
        "event.params.values.a-b",
        '"a-b" is not a name that a template can print; use letters, digits and "_", at most 64',
      ),
    ],
    [
      fileOf([example({ facts: { "feedback.ratng": 1 } })]),
      inRule(
        "examples[0].given.facts",
        'fact "feedback.ratng" is not known; did you mean "feedback.rating"?',
      ),
    ],
    [
      fileOf([example({ facts: { "feedback.rating": "1" } })]),
      inRule("examples[0].given.facts", 'value "1" is text, but feedback.rating is a number'),
    ],
    [
      fileOf([example({ facts: { "feedback.topics": ["delivry"] } })]),
      inRule(
        "examples[0].given.facts",
        'value "delivry" is not among the values of feedback.topics; did you mean "delivery"?',
      ),
    ],
    [
      fileOf([example({ facts: { "feedback.topic": "delivry" } })]),
      inRule(
        "examples[0].given.facts",
        'value "delivry" is not among the values of feedback.topic; did you mean "delivery"?',
      ),
    ],
    [
      fileOf([example({}, { expect: "match" })]),
      inRule(
        "examples[0].expect",
        '"match" is not an expectation; write "matched", "not_matched" or {"outcome": "replied", "reply": {…}}',
      ),
    ],
    [fileOf([example(undefined)]), inRule("examples[0].given", "is missing; give an object")],
  ])("%j", (file, fault) => {
    expect(faultsIn(filesOf(file))).toEqual([fault]);
  });
});

it("names all faults of all files at once, also conditions and facts of a rule whose shape is wrong", () => {
  const broken = {
    ...ruleOf(
      "r",
      { all: [leaf("feedback.urgency", "greatrThan", 1), { condition: "gone" }] },
      { priority: 0 },
    ),
    event: {
      type: "reply",
      params: {
        template: "t",
        slot: "inbox",
        category: "x",
        values: { a: { fact: "event.type", path: "$.a" } },
      },
    },
    examples: [{ name: "", given: { facts: { weather: 1 } }, expect: "matched" }],
  };
  const files = {
    "rules/a.json": "{",
    "rules/test.json": JSON.stringify(fileOf([broken, ruleOf("s", { any: [] })], { id: "other" })),
    "rules/z.json": JSON.stringify(fileOf([ruleOf("t", { all: [] })], { id: "y" })),
  };
  expect(faultsIn(files).map((line) => line.split(": ")[0])).toEqual([
    "rules/a.json › line 1, column 2",
    "rules/test.json › r › priority",
    "rules/test.json › r › event.params.category",
    "rules/test.json › r › examples[0].name",
    "rules/test.json › id",
    "rules/test.json › r › conditions.all[0]",
    "rules/test.json › r › conditions.all[1]",
    "rules/test.json › r › event.params.values.a",
    "rules/test.json › r › examples[0].given.facts",
    "rules/test.json › s › conditions",
    "rules/z.json › id",
  ]);
});

it("takes every .json under rules/ but the schema and the contact policy", () => {
  const files = {
    "rules/test.json": JSON.stringify(fileOf([ruleOf("r", { all: [] })])),
    "rules/shop/gifts.json": JSON.stringify(fileOf([ruleOf("r", { all: [] })], { id: "gifts" })),
    "rules/schema.json": "not read",
    "rules/contact-policy.json": "not read",
    "rules/templates/a.en.liquid": "not read",
    "rules/README.md": "not read",
    "models/churn.json": "not read",
  };
  expect(opened(files).inOrder.map(({ rule }) => rule)).toEqual(["gifts/r", "test/r"]);
});

it("refuses two files of the same name that have a rule of the same name", () => {
  const file = JSON.stringify(fileOf([ruleOf("r", { all: [] })]));
  expect(faultsIn({ "rules/a/test.json": file, "rules/b/test.json": file })).toEqual([
    'rules/b/test.json › r: the rule "test/r" stands in rules/a/test.json › r too; give one of the files another id',
  ]);
});

it("opens rules as the file says them", () => {
  const examples = [
    {
      name: "e",
      given: { feedback: "late", facts: { "feedback.rating": 1, "feedback.topic": null } },
      expect: "matched" as const,
    },
  ];
  const named = { late: { all: [] } };
  const rules = opened(
    filesOf({
      $schema: "./schema.json",
      ...fileOf(
        [
          ruleOf("迟到", { condition: "late" }, { priority: 7, examples }),
          ruleOf("s", { all: [] }),
        ],
        { conditions: named },
      ),
    }),
  );
  expect(rules.inOrder).toMatchObject([
    {
      rule: "test/迟到",
      place: "rules/test.json › 迟到",
      priority: 7,
      examples,
      source: { conditions: { condition: "late" }, named },
    },
    { rule: "test/s", priority: 1, examples: [] },
  ]);
});

it("reads facts that nobody has described when asked to", () => {
  const files = withConditions({
    all: [leaf("weather", "equal", "rain"), { ...leaf("wind", "greaterThan", 3), path: "$.speed" }],
  });
  expect(openRules(files, { facts: "any" }).kind).toBe("sound");
  expect(faultsIn(files)).toHaveLength(2);
});
