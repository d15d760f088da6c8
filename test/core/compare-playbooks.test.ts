import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePlaybooks, type PlaybookDifference } from "../../src/core/compare-playbooks.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { diffLines } from "../../src/core/line-diff.ts";
import type { PlaybookFiles } from "../../src/core/playbook.ts";

interface Made {
  readonly name?: string;
  readonly conditions: JsonObject;
  readonly named?: JsonObject;
  readonly more?: JsonObject;
  readonly params?: JsonObject;
}

const ask = (fact: string, operator: string, value: unknown): JsonObject =>
  ({ fact, operator, value }) as JsonObject;
const LATE = ask("feedback.topic", "equal", "delivery");
const RATING = ask("feedback.rating", "lessThan", 2);
const HAPPY = ask("feedback.sentiment", "greaterThan", 0.5);

const fileOf = (...rules: readonly Made[]): PlaybookFiles => ({
  "rules/shop.json": JSON.stringify({
    id: "shop",
    description: "A shop.",
    owner: "Care",
    ...(rules[0]?.named === undefined ? {} : { conditions: rules[0].named }),
    rules: rules.map(({ name = "one", conditions, more = {}, params = {} }) => ({
      name,
      description: `What ${name === "two" ? "one" : name} is for.`,
      conditions,
      event: {
        type: "reply",
        params: { template: "sorry", slot: "inbox", category: "service", ...params },
      },
      ...more,
    })),
  }),
});

const compare = (before: PlaybookFiles, after: PlaybookFiles): PlaybookDifference => {
  const compared = comparePlaybooks({ before, after, idOf: (_path, text) => `${text.length}` });
  if (compared.kind === "faulty") throw new Error(JSON.stringify(compared.faults));
  return compared.value;
};

const sentences = (before: Made, after: Made): readonly string[] =>
  compare(fileOf(before), fileOf(after)).rules.flatMap((rule) => rule.sentences);

type Change = readonly [
  name: string,
  before: JsonObject,
  after: JsonObject,
  expected: readonly string[],
];

describe("a rule that changed", () => {
  it.each([
    [
      "asks more and less",
      { all: [LATE, HAPPY] },
      { all: [LATE, RATING] },
      [
        "no longer asks feedback.sentiment greaterThan 0.5",
        "now also needs feedback.rating lessThan 2",
      ],
    ],
    [
      "another threshold",
      { all: [LATE, RATING] },
      { all: [ask("feedback.rating", "lessThan", 3), LATE] },
      ["feedback.rating lessThan 2 → 3"],
    ],
    [
      "another operator",
      { all: [RATING] },
      { all: [ask("feedback.rating", "equal", 1)] },
      ["asks feedback.rating equal 1 in place of feedback.rating lessThan 2"],
    ],
    [
      "a choice more and less",
      { all: [{ any: [LATE, HAPPY] }] },
      { all: [{ any: [LATE, RATING] }] },
      [
        "no longer accepts feedback.sentiment greaterThan 0.5",
        "now also accepts feedback.rating lessThan 2",
      ],
    ],
    [
      "under not",
      { all: [{ not: { all: [LATE, RATING] } }] },
      { all: [{ not: { all: [LATE, HAPPY] } }] },
      [
        "what must not hold: no longer asks feedback.rating lessThan 2",
        "what must not hold: now also needs feedback.sentiment greaterThan 0.5",
      ],
    ],
    [
      "another kind of group",
      { all: [LATE, RATING] },
      { any: [LATE, RATING] },
      [
        'asks (feedback.topic equal "delivery" or feedback.rating lessThan 2) in place of (feedback.topic equal "delivery" and feedback.rating lessThan 2)',
      ],
    ],
    [
      "a whole group more",
      { all: [LATE] },
      { all: [LATE, { not: { any: [RATING, HAPPY] } }] },
      ["now also needs not (feedback.rating lessThan 2 or feedback.sentiment greaterThan 0.5)"],
    ],
    ["only another order", { all: [LATE, RATING, HAPPY] }, { all: [HAPPY, LATE, RATING] }, []],
    [
      "the same twice",
      { all: [LATE, LATE] },
      { all: [LATE] },
      ['no longer asks feedback.topic equal "delivery"'],
    ],
    [
      "a reference to another fact",
      { all: [ask("feedback.rating", "lessThan", { fact: "customer.frequency" })] },
      { all: [ask("feedback.rating", "lessThan", { fact: "customer.monetary" })] },
      ["feedback.rating lessThan customer.frequency → customer.monetary"],
    ],
    [
      "everything asked for",
      { all: [] },
      { all: [{ all: [] }, LATE] },
      ["now also needs always", 'now also needs feedback.topic equal "delivery"'],
    ],
  ] as const satisfies readonly Change[])("%s", (...change) => {
    const [, before, after, expected] = change;
    expect(sentences({ conditions: before }, { conditions: after })).toEqual(expected);
  });

  it("names the condition that changed", () => {
    const named = (value: number): Made => ({
      conditions: { all: [LATE, { condition: "unhappy" }] },
      named: { unhappy: { any: [ask("feedback.sentiment", "lessThan", value), RATING] } },
    });
    expect(sentences(named(-0.1), named(-0.5))).toEqual([
      'in "unhappy": feedback.sentiment lessThan -0.1 → -0.5',
    ]);
    expect(sentences(named(-0.1), { conditions: { all: [LATE] } })).toEqual([
      'no longer asks "unhappy" (feedback.sentiment lessThan -0.1 or feedback.rating lessThan 2)',
    ]);
  });

  it("says what it would send otherwise, and how soon", () => {
    const before: Made = {
      conditions: { all: [LATE] },
      params: { values: { orders: { fact: "customer.frequency" }, days: 2 } },
    };
    const after: Made = {
      ...before,
      more: { priority: 5, examples: [{ name: "x", given: {}, expect: "not_matched" }] },
      params: {
        slot: "banner",
        handover: "care",
        values: { orders: { fact: "customer.monetary" }, days: 3 },
      },
    };
    expect(sentences(before, after)).toEqual([
      "priority 1 → 5",
      'slot "inbox" → "banner"',
      'handover none → "care"',
      'value orders {"fact":"customer.frequency"} → {"fact":"customer.monetary"}',
      "value days 2 → 3",
      "examples 0 → 1",
    ]);
  });

  it("is told from one that is new, gone, or called otherwise", () => {
    const one: Made = { conditions: { all: [LATE] } };
    const two: Made = { ...one, name: "two" };
    const three: Made = { name: "three", conditions: { all: [RATING] } };
    const four: Made = { name: "four", conditions: { all: [HAPPY] } };
    expect(compare(fileOf(one, three), fileOf(two, four)).rules).toEqual([
      { kind: "renamed", rule: "shop/two", was: "shop/one", sentences: [] },
      { kind: "removed", rule: "shop/three", sentences: ["What three is for."] },
      { kind: "added", rule: "shop/four", sentences: ["What four is for."] },
    ]);
  });
});

const RULES = fileOf({ conditions: { all: [LATE] } });
const path = (name: string): string => `rules/templates/${name}.en.liquid`;
const policy = (value: object): PlaybookFiles => ({
  ...RULES,
  "rules/contact-policy.json": JSON.stringify(value),
});

describe("what else changed", () => {
  it("caps and settings of the contact policy", () => {
    const service = { category: "service", windowHours: 24 };
    const before = policy({
      defaultLocale: "en",
      caps: [
        { ...service, replies: 3 },
        { category: "marketing", windowHours: 168, replies: 1 },
      ],
      quiet: { from: "21:00", to: "08:00" },
    });
    const after = policy({
      defaultLocale: "zh-Hans",
      caps: [
        { ...service, replies: 2 },
        { ...service, windowHours: 48, replies: 4 },
      ],
      quiet: { from: "22:00", to: "08:00" },
    });
    expect(compare(before, after).policy).toEqual([
      "at most 3 → 2 service replies in 24 hours",
      "no longer at most 1 marketing replies in 168 hours",
      "now at most 4 service replies in 48 hours",
      'defaultLocale "en" → "zh-Hans"',
      'quiet.from "21:00" → "22:00"',
    ]);
    expect(compare(before, RULES).policy[0]).toContain("policy");
  });

  it("templates, line by line", () => {
    const before = { ...RULES, [path("a")]: "Hi\n\nOne\nTwo", [path("gone")]: "x" };
    const after = { ...RULES, [path("a")]: "Hi\n\nOne\n2\nThree", [path("new")]: "y" };
    const { templates } = compare(before, after);
    expect(templates.map(({ kind, path: one }) => [kind, one])).toEqual([
      ["changed", path("a")],
      ["removed", path("gone")],
      ["added", path("new")],
    ]);
    expect(templates[0]?.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "same Hi",
      "same ",
      "same One",
      "removed Two",
      "added 2",
      "added Three",
    ]);
  });

  it("models by name and id, what is written by hand by its entries", () => {
    const long = Array.from({ length: 100 }, (_, index) => `word${index}`);
    const before = {
      ...RULES,
      "models/churn.json": '{"task":"churn","kind":"logistic"}',
      "models/spend.json": '{"task":"spend","kind":"ridge"}',
      "models/lexicon.en.json": JSON.stringify({ a: ["x", "y"], words: long.join(" ") }),
      "models/lexicon.zh.json": '{"a": 1}',
      "articles/a.md": "a",
    };
    const after = {
      ...RULES,
      "models/churn.json": '{"task":"churn","kind":"tree"}',
      "models/offers.json": "not json",
      "models/lexicon.en.json": JSON.stringify({
        a: ["w", "x", "y", "z"],
        words: long.slice(1).join(" "),
      }),
      "models/lexicon.zh.json": '{"a":1}',
      "models/lexicon.emoji.json": "{}",
      "articles/a.md": "b",
    };
    expect(compare(before, after).files).toEqual([
      { kind: "changed", path: "articles/a.md", sentences: [] },
      {
        kind: "changed",
        path: "models/churn.json",
        sentences: ["churn logistic 34 → churn tree 30"],
      },
      { kind: "added", path: "models/lexicon.emoji.json", sentences: [] },
      {
        kind: "changed",
        path: "models/lexicon.en.json",
        sentences: ["2 entries added, 1 removed"],
      },
      {
        kind: "changed",
        path: "models/lexicon.zh.json",
        sentences: ["the same entries, written otherwise"],
      },
      { kind: "added", path: "models/offers.json", sentences: ["model 8"] },
      { kind: "removed", path: "models/spend.json", sentences: ["spend ridge 31"] },
    ]);
  });

  it("nothing, where only the writing did", () => {
    const written = Object.fromEntries(
      Object.entries(RULES).map(([file, text]) => [
        file,
        JSON.stringify(JSON.parse(text), null, 2),
      ]),
    );
    expect(compare(RULES, written)).toEqual({
      same: true,
      rules: [],
      templates: [],
      policy: [],
      files: [],
    });
  });

  it("is not said of rules that cannot be read", () => {
    const two = { before: RULES, after: { "rules/shop.json": "{" }, idOf: () => "" };
    expect(comparePlaybooks(two).kind).toBe("faulty");
  });
});

describe("lines", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });
  it("give both texts back, and as few changes as there can be", () => {
    fc.assert(
      fc.property(lines, lines, (left, right) => {
        const found = diffLines(left.join("\n"), right.join("\n"));
        const side = (kind: string): string =>
          found
            .filter((line) => line.kind === "same" || line.kind === kind)
            .map(({ text }) => text)
            .join("\n");
        expect(side("removed")).toBe(left.join("\n"));
        expect(side("added")).toBe(right.join("\n"));
        const isSame = found.every(({ kind }) => kind === "same");
        expect(isSame).toBe(left.join("\n") === right.join("\n"));
      }),
      { numRuns: 500 },
    );
  });
});

const audience = (value: number) => ({ all: [ask("customer.orders30", "greaterThan", value)] });
const standing = (more: object): Made => ({
  conditions: { all: [LATE] },
  more: more as JsonObject,
});

describe("when and for whom a rule stands", () => {
  it("is told in words, also of a rule that is no longer live", () => {
    expect(
      sentences(
        standing({}),
        standing({
          status: "draft",
          holdout: 10,
          schedule: { from: "2026-12-01", hours: "mon-fri 09:00-18:00" },
          audience: audience(2),
        }),
      ),
    ).toEqual([
      'status "live" → "draft"',
      "in force always → from 2026-12-01T00:00Z, mon-fri 09:00-18:00 (the customer's clock)",
      "now only for some customers: it has an audience",
      "hold-out in percent 0 → 10",
    ]);
    expect(
      sentences(standing({ audience: audience(2) }), standing({ audience: audience(3) })),
    ).toEqual(["audience: customer.orders30 greaterThan 2 → 3"]);
    expect(
      sentences(
        standing({ audience: audience(2), schedule: { to: "2027-01-01" } }),
        standing({
          schedule: { to: "2027-02-01", hours: "sat 10:00-14:00", timeZone: "Asia/Shanghai" },
        }),
      ),
    ).toEqual([
      "in force until 2027-01-01T00:00Z → until 2027-02-01T00:00Z, sat 10:00-14:00 (Asia/Shanghai)",
      "now for all customers: it has no audience",
    ]);
  });
});
