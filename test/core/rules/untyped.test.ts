/** The public behaviour of json-rules-engine, asked of both: success and failure, priorities, names, operators, decorators, paths, references. */
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { evaluateUntyped, openUntyped } from "../../../src/core/rules/untyped.ts";
import { askOracle } from "../../../src/work/oracle.ts";

interface Given {
  readonly rules: readonly JsonObject[];
  readonly named?: Readonly<Record<string, JsonObject>>;
}

const filesOf = ({ rules, named = {} }: Given) => ({
  "rules/r.json": JSON.stringify({ rules, conditions: named }),
});

const open = (given: Given) => {
  const opened = openUntyped(filesOf(given));
  if (opened.kind === "faulty") throw new Error(JSON.stringify(opened.faults));
  return opened.value;
};

const faultsIn = (text: string): readonly string[] => {
  const opened = openUntyped({ "rules/r.json": text });
  return opened.kind === "sound"
    ? []
    : opened.faults.map(({ place, sentence }) => `${place}: ${sentence}`);
};

const rule = (name: string, conditions: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  conditions,
  event: { type: name },
  ...more,
});

const leaf = (...[fact, operator, value, path]: [string, string, Json, string?]): JsonObject =>
  path === undefined ? { fact, operator, value } : { fact, operator, value, path };

/** What we find, after making sure that the package finds the same. */
const bothFind = async (given: Given, facts: JsonObject): Promise<readonly string[]> => {
  const { matched } = evaluateUntyped(open(given), facts);
  const theirs = await askOracle({
    rules: given.rules.map(({ name, priority = 1, conditions }) => ({
      name: typeof name === "string" ? name : "",
      priority: Number(priority),
      conditions: conditions as JsonObject,
    })),
    named: given.named ?? {},
    facts,
  });
  expect({ kind: "ran", matched: [...matched].toSorted() }).toEqual(
    theirs.kind === "ran" ? { ...theirs, matched: [...theirs.matched].toSorted() } : theirs,
  );
  return matched;
};

describe("rules of json-rules-engine", () => {
  it("succeed when their conditions hold, and fail when they do not", async () => {
    const given = { rules: [rule("adult", { all: [leaf("age", "greaterThanInclusive", 18)] })] };
    expect(await bothFind(given, { age: 18 })).toEqual(["adult"]);
    expect(await bothFind(given, { age: 17 })).toEqual([]);
  });

  it("nest all, any and not", async () => {
    const conditions = {
      any: [
        { all: [leaf("age", "lessThan", 10), { not: { any: [leaf("tired", "equal", true)] } }] },
        { not: leaf("height", "lessThan", 2) },
      ],
    };
    const given = { rules: [rule("r", conditions)] };
    expect(await bothFind(given, { age: 5, tired: false, height: 1 })).toEqual(["r"]);
    expect(await bothFind(given, { age: 5, tired: true, height: 1 })).toEqual([]);
    expect(await bothFind(given, { age: 50, tired: true, height: 3 })).toEqual(["r"]);
  });

  it("refer to named conditions", async () => {
    const given = {
      rules: [rule("r", { all: [{ condition: "vip" }, leaf("open", "equal", true)] })],
      named: { vip: { any: [leaf("tier", "in", ["gold", "plus"])] } },
    };
    expect(await bothFind(given, { tier: "gold", open: true })).toEqual(["r"]);
    expect(await bothFind(given, { tier: "basic", open: true })).toEqual([]);
  });

  it("fire by priority, equal ones in order of definition", () => {
    const always = { all: [leaf("a", "equal", 1)] };
    const rules = [
      rule("low", always),
      rule("high", always, { priority: 10 }),
      rule("middle", always, { priority: 5 }),
      rule("low too", always),
      rule("never", { all: [leaf("a", "equal", 2)] }, { priority: 99 }),
    ];
    expect(evaluateUntyped(open({ rules }), { a: 1 }).matched).toEqual([
      "high",
      "middle",
      "low",
      "low too",
    ]);
  });

  it.each<[operator: string, value: Json, holding: Json, failing: Json]>([
    ["equal", "a", "a", "b"],
    ["notEqual", "a", "b", "a"],
    ["in", [1, 2], 2, 3],
    ["notIn", [1, 2], 3, 2],
    ["contains", "x", ["x", "y"], ["y"]],
    ["doesNotContain", "x", ["y"], ["x"]],
    ["lessThan", 3, 2, 3],
    ["lessThanInclusive", 3, 3, 4],
    ["greaterThan", 3, 4, 3],
    ["greaterThanInclusive", 3, 3, 2],
    ["not:equal", "a", "b", "a"],
    ["swap:contains", ["x", "y"], "x", "z"],
    ["everyFact:greaterThan", 1, [2, 3], [1, 2]],
    ["someFact:equal", 1, [0, 1], [0, 2]],
    ["someFact:in", [1, 2], [2, 9], [8, 9]],
    ["everyValue:contains", ["a", "b"], ["a", "b", "c"], ["a"]],
    ["someValue:contains", ["a", "b"], ["b"], ["c"]],
    ["not:someFact:equal", 1, [0, 2], [1]],
    ["everyFact:not:lessThan", 2, [2, 3], [1, 2]],
  ])("know %s", async (...[operator, value, holding, failing]) => {
    const given = { rules: [rule("r", { all: [leaf("x", operator, value)] })] };
    expect(await bothFind(given, { x: holding })).toEqual(["r"]);
    expect(await bothFind(given, { x: failing })).toEqual([]);
  });

  it("look at places inside facts", async () => {
    const given = {
      rules: [
        rule("r", {
          all: [
            leaf("order", "greaterThan", 100, "$.total"),
            leaf("order", "equal", "tea", "$.items[1].sku"),
          ],
        }),
      ],
    };
    const items = [{ sku: "mug" }, { sku: "tea" }];
    expect(await bothFind(given, { order: { total: 101, items } })).toEqual(["r"]);
    expect(await bothFind(given, { order: { total: 99, items } })).toEqual([]);
    expect(await bothFind(given, { order: { total: 101, items: [] } })).toEqual([]);
  });

  it("compare a fact with another fact, and with a place in it", async () => {
    const given = {
      rules: [
        rule("over", { all: [leaf("spent", "greaterThan", { fact: "limit" })] }),
        rule("same", { all: [leaf("spent", "equal", { fact: "account", path: "$.balance" })] }),
      ],
    };
    const facts = { spent: 5, limit: 3, account: { balance: 5 } };
    expect(await bothFind(given, facts)).toEqual(["over", "same"]);
    expect(await bothFind(given, { ...facts, limit: 9, account: {} })).toEqual([]);
  });

  it("take a fact that is not there for null, where the package rejects the run", () => {
    const rules = [
      rule("null", { all: [leaf("nowhere", "equal", null)] }),
      rule("other", { all: [leaf("a", "equal", 1)] }),
    ];
    expect(evaluateUntyped(open({ rules }), { a: 1 }).matched).toEqual(["null", "other"]);
  });

  it("give their events back, with references to facts in params replaced", () => {
    const event = {
      type: "hello",
      params: {
        who: { fact: "person", path: "$.name" },
        all: [{ fact: "n" }, "text"],
        deep: { keep: true, none: { fact: "nowhere" } },
        odd: { fact: "n", path: "$..x" },
      },
    };
    const rules = [rule("r", { all: [] }, { event }), rule("bare", { all: [] })];
    const { events } = evaluateUntyped(open({ rules }), { person: { name: "Ann" }, n: 3 });
    expect(events).toEqual([
      {
        type: "hello",
        params: {
          who: "Ann",
          all: [3, "text"],
          deep: { keep: true, none: null },
          odd: { fact: "n", path: "$..x" },
        },
      },
      { type: "bare" },
    ]);
  });
});

describe("files of such rules", () => {
  const one = rule("r", { all: [leaf("a", "equal", 1, "$")] });

  it("are a list, one rule, or an object with rules; hints of order in conditions are passed over", () => {
    const hinted = { all: [{ ...leaf("a", "equal", 1), priority: 5, name: "first" }] };
    const { name: _name, ...nameless } = rule("x", hinted);
    expect(faultsIn(JSON.stringify([one, nameless]))).toEqual([]);
    expect(faultsIn(JSON.stringify(one))).toEqual([]);
    const opened = openUntyped({ "rules/r.json": JSON.stringify([nameless]) });
    expect(opened).toMatchObject({ kind: "sound", value: { firing: [{ name: "rules[0]" }] } });
  });

  it.each<[text: string, words: string]>([
    ["{", "rules/r.json › line 1, column 2"],
    ["5", "rules/r.json: holds no rules"],
    ["[5]", "rules/r.json › rules[0]: 5 is not a rule"],
    [JSON.stringify([{ ...one, priority: 0 }]), "r › priority: 0 is not a priority"],
    [JSON.stringify([{ ...one, event: "x" }]), 'r › event: "x" is not an event'],
    [JSON.stringify([{ name: "r", event: { type: "x" } }]), "r › conditions: null is not"],
    [
      JSON.stringify([rule("r", { all: [leaf("a", "equl", 1)] })]),
      'r › conditions.all[0]: operator "equl" is not known; did you mean "equal"?',
    ],
    [
      JSON.stringify({ rules: [one], conditions: { n: { any: [] } } }),
      'conditions.n: "any" of nothing never holds',
    ],
    [
      JSON.stringify({ rules: [one], conditions: { n: { condition: "n" } } }),
      'condition "n" refers to itself',
    ],
  ])("that say %s are refused with the place", (text, words) => {
    expect(faultsIn(text).join("\n")).toContain(words);
  });
});
