/** The index must find exactly the rules whose conditions hold; the closures of compile.ts are the meaning of a condition. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../../src/core/facts.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { alternativesOf } from "../../../src/core/rules/alternatives.ts";
import { evaluateRules } from "../../../src/core/rules/evaluate.ts";
import { DECORATORS, OPERATORS } from "../../../src/core/rules/operators.ts";
import { indexRules } from "../../../src/core/rules/rule-index.ts";
import type { Rules } from "../../../src/core/rules/rules.ts";
import { openRules } from "../../../src/core/rules/open.ts";
import { fileOf, filesOf, leaf, opened, ruleOf } from "./build.ts";

const rulesWith = (conditions: readonly Json[], named: JsonObject = {}): Rules =>
  opened(
    filesOf(
      fileOf(
        conditions.map((one, at) => ruleOf(`r${at}`, one, { priority: 1 + (at % 3) })),
        { conditions: named },
      ),
    ),
    "any",
  );

const oneByOne = ({ firing }: Rules, facts: Facts): readonly number[] =>
  firing.flatMap(({ matches }, place) => (matches(facts) ? [place] : []));

/** Random conditions may be refused at load (a number looked for in a text); those are left out. */
const soundOnes = (all: readonly Json[], names: JsonObject): Rules =>
  rulesWith(
    all.filter((one) => {
      const files = filesOf(fileOf([ruleOf("r", one)], { conditions: names }));
      return openRules(files, { facts: "any" }).kind === "sound";
    }),
    names,
  );

const scalars: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(0, 1, 2, -1, 0.5),
  fc.constantFrom("a", "b", "退款", ""),
  fc.boolean(),
  fc.constant(null),
);
const lists = fc.array(scalars, { maxLength: 3 });
const values = fc.oneof(scalars, lists);
const NAMES = ["one", "two", "three", "list"] as const;

const facts: fc.Arbitrary<Facts> = fc.record({
  one: fc.oneof(values, fc.record({ at: values })),
  two: values,
  three: values,
  list: lists,
});

const lookups = fc.record(
  { fact: fc.constantFrom(...NAMES), path: fc.constantFrom("$.at", "$[0]", "$") },
  { requiredKeys: ["fact"] },
);

const operators = fc
  .tuple(fc.array(fc.constantFrom(...DECORATORS), { maxLength: 2 }), fc.constantFrom(...OPERATORS))
  .map(([decorators, base]) => [...decorators, base].join(":"));

/** Half of the comparisons are those that the index files by, so that its tree grows deep. */
const comparisons: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .tuple(lookups, operators, fc.oneof(values, lookups))
    .map(([lookup, operator, value]) => ({ ...lookup, operator, value })),
  fc
    .tuple(
      fc.constantFrom(...NAMES),
      fc.constantFrom("equal", "contains", "greaterThan", "lessThanInclusive"),
      scalars,
    )
    .map(([fact, operator, value]) => leaf(fact, operator, value)),
  fc.tuple(fc.constantFrom(...NAMES), lists).map(([fact, list]) => leaf(fact, "in", list)),
);

const conditions = fc.letrec<{ node: JsonObject; group: JsonObject }>((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, comparisons, tie("group"), fc.constant({ condition: "named" })),
  group: fc.oneof(
    fc.array(tie("node"), { maxLength: 4 }).map((all) => ({ all })),
    fc.array(tie("node"), { minLength: 1, maxLength: 4 }).map((any) => ({ any })),
    tie("node").map((not) => ({ not })),
  ),
}));

const group = conditions.group.map((one) => one as Json);
const named = fc
  .array(comparisons, { minLength: 1, maxLength: 2 })
  .map((any) => ({ named: { any } }));

const pair = (at: number): Json => ({
  any: [leaf("one", "equal", at), leaf("two", "equal", at)],
});

describe("the index of rules", () => {
  it("finds what asking each rule finds, for any conditions and facts", () => {
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 1, maxLength: 20 }),
        named,
        fc.array(facts, { minLength: 1, maxLength: 4 }),
        (all, names, records) => {
          fc.pre(
            openRules(filesOf(fileOf([ruleOf("r", { all: [] })], { conditions: names })), {
              facts: "any",
            }).kind === "sound",
          );
          const sound = soundOnes([...all, { all: [] }], names);
          const index = indexRules(sound.firing);
          for (const record of records)
            expect(index.matching(record)).toEqual(oneByOne(sound, record));
        },
      ),
      { numRuns: 600 },
    );
  });

  it("searches among many bounds, those that the number equals included", () => {
    const bounds = Array.from({ length: 40 }, (_, at) => at / 4);
    const rules = rulesWith(
      bounds.flatMap((bound) =>
        ["lessThan", "lessThanInclusive", "greaterThan", "greaterThanInclusive"].map(
          (operator) => ({ all: [leaf("one", operator, bound)] }),
        ),
      ),
    );
    const index = indexRules(rules.firing);
    for (const one of [...bounds, -1, 99, 2.6, null, "3", [3]])
      expect([one, index.matching({ one })]).toEqual([one, oneByOne(rules, { one })]);
  });

  it("keeps conditions whole that would stand for too many alternatives", () => {
    const wide = { all: Array.from({ length: 12 }, (_, at) => pair(at)) };
    const rules = rulesWith([wide, { not: wide }, { any: [wide, leaf("three", "equal", 1)] }]);
    const [rule] = rules.inOrder;
    if (rule === undefined) throw new Error("no rule");
    expect(alternativesOf(rule.condition).length).toBeLessThanOrEqual(64);
    for (const record of [{ one: 1, two: 2, three: 1 }, { one: 0, two: 0 }, {}])
      expect(indexRules(rules.firing).matching(record)).toEqual(oneByOne(rules, record));
  });

  it("files a rule under every value of its lists, up to a size", () => {
    const long = Array.from({ length: 30 }, (_, at) => at);
    const rules = rulesWith([
      { all: [leaf("one", "in", [1, 2, 2]), leaf("two", "in", ["a", "b"])] },
      { all: [leaf("one", "in", long), leaf("two", "in", ["a", "a"])] },
      { all: [leaf("one", "in", [])] },
      { all: [leaf("one", "equal", 1), leaf("one", "equal", 2)] },
      { all: [leaf("one", "equal", 1), { not: { all: [leaf("one", "equal", 1)] } }] },
      { all: [] },
    ]);
    const index = indexRules(rules.firing);
    for (const record of [{ one: 1, two: "a" }, { one: 2, two: "b" }, { one: 29, two: "a" }, {}])
      expect([record, index.matching(record)]).toEqual([record, oneByOne(rules, record)]);
  });

  it("knows nothing of the run before", () => {
    const rules = rulesWith([{ all: [leaf("one", "equal", 1), leaf("two", "greaterThan", 3)] }]);
    const index = indexRules(rules.firing);
    expect(index.matching({ one: 1, two: 4 })).toEqual([0]);
    expect(index.matching({ one: 1, two: 3 })).toEqual([]);
    expect(index.matching({ one: 1, two: 4 })).toEqual([0]);
  });
});

describe("facts that cannot be read", () => {
  it("are the fault of the rules that read them, and of no other", () => {
    const rules = rulesWith([
      { all: [leaf("one", "equal", 1)] },
      { all: [leaf("two", "equal", 1)] },
      { any: [leaf("one", "equal", 1), leaf("two", "equal", 1)] },
      { all: [leaf("one", "equal", 2)] },
    ]);
    const record = {
      one: 1,
      get two(): Json {
        throw new TypeError("cannot be read");
      },
    };
    expect(() => indexRules(rules.firing).matching(record)).toThrow("cannot be read");
    const { matches, faults } = evaluateRules(rules, record);
    expect(matches.map(({ rule }) => rule).toSorted()).toEqual(["test/r0", "test/r2"]);
    expect(faults).toEqual([{ rule: "test/r1", code: "rule_fault", detail: "cannot be read" }]);
  });
});
