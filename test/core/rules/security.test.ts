/** Nothing that stands in a rule file runs, reaches a prototype, or takes the process down. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/core/limits.ts";
import { evaluateRules } from "../../../src/core/rules/evaluate.ts";
import { explainRules } from "../../../src/core/rules/explain.ts";
import { openRules } from "../../../src/core/rules/open.ts";
import {
  faultsIn,
  fileOf,
  filesOf,
  leaf,
  nested,
  opened,
  ruleOf,
  withConditions,
} from "./build.ts";

const prototypeNow = () => Reflect.ownKeys(Object.prototype).map(String).toSorted();
const marked = globalThis as { attuneRan?: boolean };
const before = prototypeNow();

describe("a path that would run code elsewhere is refused", () => {
  it.each([
    "$[?(globalThis.attuneRan = true)]",
    "$..[?(@.constructor.constructor('globalThis.attuneRan = true')())]",
    "$[(globalThis.attuneRan = true)]",
    "$..[?(p = ({}).constructor.getPrototypeOf({}))]",
    "$[?(var a=({}).__proto__; a.polluted = 1)]",
    "$.constructor.constructor",
    "$.__proto__.polluted",
    "$['__proto__']",
    "$`parent`",
    "$^",
    "$~",
    "$..*",
    "`$.id",
  ])("%j", (path) => {
    const subject = { ...leaf("customer.custom", "equal", 1), path };
    const value = leaf("feedback.rating", "equal", { fact: "customer.custom", path });
    const printed = { a: { fact: "customer.custom", path } };
    const event = {
      type: "reply",
      params: { template: "t", slot: "s", category: "service", values: printed },
    };
    for (const rule of [
      ruleOf("r", { all: [subject] }),
      ruleOf("r", { all: [value] }),
      { ...ruleOf("r", { all: [] }), event },
    ])
      expect(faultsIn(filesOf(fileOf([rule])), "any")).toHaveLength(1);
  });
});

describe("names of prototypes are refused wherever a name stands", () => {
  const rule = ruleOf("r", { all: [] });
  it.each(["__proto__", "constructor", "prototype"])("%s", (name) => {
    const withName = (text: string) => text.replaceAll("NAME", name);
    const texts = [
      fileOf([ruleOf("NAME", { all: [] })]),
      fileOf([rule], { NAME: 1 }),
      fileOf([rule], { conditions: { NAME: { all: [] } } }),
      fileOf([ruleOf("r", { condition: "NAME" })]),
      fileOf([ruleOf("r", { all: [leaf("NAME", "equal", 1)] })]),
      fileOf([ruleOf("r", { all: [leaf("x", "equal", { fact: "NAME" })] })]),
      fileOf([ruleOf("r", { all: [leaf("x", "NAME", 1)] })]),
      fileOf([
        { ...rule, examples: [{ name: "e", given: { facts: { NAME: 1 } }, expect: "matched" }] },
      ]),
      fileOf([
        {
          ...rule,
          event: { type: "reply", params: { ...rule.event.params, values: { NAME: 1 } } },
        },
      ]),
    ].map((file) => withName(JSON.stringify(file)));
    const sound = texts.filter(
      (text) => openRules({ "rules/test.json": text }, { facts: "any" }).kind === "sound",
    );
    expect(sound).toEqual([]);
  });
});

it("finds only own properties of facts and of what is in them", () => {
  const names = ["toString", "valueOf", "hasOwnProperty"];
  for (const name of names) {
    const conditions = {
      all: [leaf(name, "equal", null), { ...leaf("o", "equal", null), path: `$.${name}` }],
    };
    expect(
      evaluateRules(opened(withConditions(conditions), "any"), { o: {} }).matches,
    ).toHaveLength(1);
  }
});

describe("nesting", () => {
  const inner = leaf("feedback.rating", "equal", 1);
  it("is sound up to the limit and refused one level deeper", () => {
    const rules = opened(withConditions(nested(LIMITS.depth, inner)));
    expect(evaluateRules(rules, { "feedback.rating": 1 }).matches).toHaveLength(1);
    expect(explainRules(rules, { "feedback.rating": 1 })[0]?.matched).toBe(true);
    expect(faultsIn(withConditions(nested(LIMITS.depth + 1, inner)))).toEqual([
      expect.stringContaining("conditions are nested deeper than 64 levels; flatten them"),
    ]);
  });

  it.each(["all", "any", "not"])(
    "of 10,000 levels of %s is refused without overflowing the stack",
    (kind) => {
      const [open, close] = kind === "not" ? [`{"not":`, "}"] : [`{"${kind}":[`, "]}"];
      const deep = open.repeat(10_000) + JSON.stringify(inner) + close.repeat(10_000);
      const text = JSON.stringify(fileOf([ruleOf("r", "HERE")])).replace('"HERE"', deep);
      expect(faultsIn({ "rules/test.json": text })).toEqual([
        expect.stringMatching(/line 1, column \d+: nested deeper than \d+ levels; flatten it/),
      ]);
    },
  );

  it("through named conditions counts where they are used", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        `c${index}`,
        { all: [index === 0 ? inner : { condition: `c${index - 1}` }] },
      ]),
    );
    expect(faultsIn(withConditions({ all: [{ condition: "c5" }] }, chain))).toEqual([
      "rules/test.json › conditions.c64: conditions are nested deeper than 64 levels, named ones counted where they are used; flatten them",
    ]);
  });
});

it("refuses a few names that stand for more conditions than memory holds", () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => {
      const smaller =
        index === 0 ? leaf("feedback.rating", "equal", 1) : { condition: `c${index - 1}` };
      return [`c${index}`, { any: [smaller, smaller] }];
    }),
  );
  expect(faultsIn(withConditions({ all: [{ condition: "c3" }] }, doubling))).toEqual([
    "rules/test.json › conditions.c9: stands for more than 2000 conditions, named ones counted where they are used; split it",
  ]);
});

it("refuses named conditions that refer to themselves instead of following them for ever", () => {
  const ring = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [
      `c${index}`,
      { all: [{ condition: `c${(index + 1) % 5_000}` }] },
    ]),
  );
  const [fault] = faultsIn(withConditions({ condition: "c0" }, ring));
  expect(fault).toMatch(
    /^rules\/test\.json › conditions\.c0: conditions refer to each other: "c0" → "c1" → "c2" → "c3" → … → "c0"; break the ring$/,
  );
});

it("after all of that no code ran and Object.prototype is what it was", () => {
  expect(prototypeNow()).toEqual(before);
  expect(marked.attuneRan).toBeUndefined();
});
