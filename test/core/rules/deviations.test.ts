/** Both columns of the table of deviations, each row against the package itself. */
import { Engine } from "json-rules-engine";
import { expect, it } from "vitest";
import type { Facts } from "../../../src/core/facts.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { type DeviationId, DEVIATIONS } from "../../../src/core/rules/deviations.ts";
import { evaluateRules } from "../../../src/core/rules/evaluate.ts";
import { askOracle, type OracleAnswer } from "../../../src/work/oracle.ts";
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

type Named = Readonly<Record<string, JsonObject>>;

const theirs = (conditions: JsonObject, facts: Facts, named: Named = {}): Promise<OracleAnswer> =>
  askOracle({ rules: [{ name: "r", priority: 1, conditions }], named, facts });

const ours = (conditions: JsonObject, facts: Facts, named: Named = {}): boolean =>
  evaluateRules(opened(withConditions(conditions, named), "any"), facts).matches.length === 1;

const refusedAtLoad = (conditions: JsonObject, about: string, named: Named = {}): void => {
  expect(faultsIn(withConditions(conditions, named))).toEqual([expect.stringContaining(about)]);
};

const only = (fact: string, operator: string, value: Json): JsonObject => ({
  all: [leaf(fact, operator, value)],
});
const onlyAt = (path: string, operator: string, value: Json): JsonObject => ({
  all: [{ ...leaf("customer.custom", operator, value), path }],
});

/** The package as it comes, with its own path resolver; for paths that run nothing. */
const asItComes = async (conditions: JsonObject, facts: Facts): Promise<number> => {
  const engine = new Engine([
    { conditions: structuredClone(conditions) as never, event: { type: "reply" } },
  ]);
  return (await engine.run({ ...facts })).results.length;
};

const MATCHED: OracleAnswer = { kind: "ran", matched: ["r"] };
const UNMATCHED: OracleAnswer = { kind: "ran", matched: [] };
const refused = (sentence: string) => ({
  kind: "refused",
  sentence: expect.stringContaining(sentence) as unknown,
});

const PROOFS: Readonly<Record<DeviationId, () => Promise<void>>> = {
  "all-and-any": async () => {
    const both = {
      any: [leaf("feedback.rating", "equal", 1)],
      all: [leaf("feedback.rating", "equal", 2)],
    };
    expect(await theirs(both, { "feedback.rating": 1 })).toEqual(MATCHED);
    refusedAtLoad(both, '"all" and "any" stand in one condition');
  },
  "empty-any": async () => {
    expect(await theirs({ any: [] }, {})).toEqual(MATCHED);
    refusedAtLoad({ any: [] }, '"any" of nothing never holds');
  },
  "in-text": async () => {
    expect(await theirs(only("event.type", "in", "delivery"), { "event.type": "live" })).toEqual(
      MATCHED,
    );
    refusedAtLoad(
      only("event.type", "in", "delivery"),
      'value "delivery" is text; write the value as a list',
    );
    const reference = only("a", "in", { fact: "b" });
    expect(await theirs(reference, { a: "live", b: "delivery" })).toEqual(MATCHED);
    expect(ours(reference, { a: "live", b: "delivery" })).toBe(false);
    expect(ours(only("a", "notIn", { fact: "b" }), { a: "x", b: "delivery" })).toBe(false);
  },
  "not-a-list": async () => {
    for (const operator of ["in", "notIn", "someValue:equal", "everyValue:equal"])
      for (const b of [null, 3, true]) {
        expect(await theirs(only("a", operator, { fact: "b" }), { a: 3, b })).toEqual(refused(" "));
        expect(ours(only("a", operator, { fact: "b" }), { a: 3, b })).toBe(false);
      }
  },
  "numbers-in-text": async () => {
    for (const [a, operator, value] of [
      ["-1", "lessThan", 0],
      [[5], "greaterThan", 3],
      ["4", "greaterThanInclusive", 4],
      ["4", "lessThanInclusive", 4],
    ] as const) {
      expect(await theirs(only("a", operator, value), { a })).toEqual(MATCHED);
      expect(ours(only("a", operator, value), { a })).toBe(false);
    }
    refusedAtLoad(only("event.type", "lessThan", 0), "it compares numbers, but event.type is text");
  },
  "number-against-null": async () => {
    for (const b of [null, "3"]) {
      expect(await theirs(only("a", "greaterThan", { fact: "b" }), { a: 5, b })).toEqual(MATCHED);
      expect(ours(only("a", "greaterThan", { fact: "b" }), { a: 5, b })).toBe(false);
    }
  },
  "equal-lists": async () => {
    expect(
      await theirs(only("feedback.topics", "equal", ["praise"]), { "feedback.topics": ["praise"] }),
    ).toEqual(UNMATCHED);
    expect(
      await theirs(only("feedback.topics", "notEqual", ["praise"]), {
        "feedback.topics": ["praise"],
      }),
    ).toEqual(MATCHED);
    refusedAtLoad(only("feedback.topics", "equal", ["praise"]), "no two of them are equal");
    refusedAtLoad(only("event.type", "in", [["a"]]), "no two of them are equal");
    refusedAtLoad(onlyAt("$.a", "contains", ["a"]), "no two of them are equal");
    refusedAtLoad(onlyAt("$.a", "equal", { a: 1 }), "no two objects are equal");
  },
  "types-and-sets": async () => {
    expect(await theirs(only("feedback.rating", "equal", "3"), { "feedback.rating": 3 })).toEqual(
      UNMATCHED,
    );
    refusedAtLoad(only("feedback.rating", "equal", "3"), "compare values of one type");
    refusedAtLoad(only("feedback.topic", "equal", "delivry"), 'did you mean "delivery"?');
  },
  "undefined-fact": async () => {
    expect(await theirs(only("weather", "equal", 1), {})).toEqual(
      refused("Undefined fact: weather"),
    );
    refusedAtLoad(only("weather", "equal", 1), 'fact "weather" is not known');
    expect(ours(only("feedback.rating", "equal", null), {})).toBe(true);
  },
  "unknown-operator": async () => {
    for (const operator of ["equals", "no:equal"]) {
      expect(await theirs(only("feedback.rating", operator, 1), { "feedback.rating": 1 })).toEqual(
        refused(`Unknown operator: ${operator}`),
      );
      refusedAtLoad(only("feedback.rating", operator, 1), "did you mean");
    }
  },
  "unknown-condition": async () => {
    expect(await theirs({ condition: "late" }, {})).toEqual(refused("No condition late exists"));
    refusedAtLoad({ condition: "late" }, 'condition "late" is not known');
  },
  "condition-ring": async () => {
    const ring: Named = { a: { all: [{ condition: "b" }] }, b: { not: { condition: "a" } } };
    expect(await theirs({ condition: "a" }, {}, ring)).toEqual(
      refused("Maximum call stack size exceeded"),
    );
    refusedAtLoad({ condition: "a" }, "conditions refer to each other", ring);
  },
  "deep-conditions": async () => {
    const inner = leaf("feedback.rating", "equal", 1);
    expect(await theirs(nested(100, inner), { "feedback.rating": 1 })).toEqual(MATCHED);
    expect(await theirs(nested(10_000, inner), { "feedback.rating": 1 })).toEqual(
      refused("Maximum call stack size exceeded"),
    );
    expect(faultsIn(withConditions(nested(65, inner)))).toEqual([
      expect.stringContaining("nested deeper than 64 levels"),
    ]);
    expect(faultsIn(withConditions({ all: Array.from({ length: 2_000 }, () => inner) }))).toEqual([
      expect.stringContaining("more than 2000 conditions"),
    ]);
  },
  "single-fault": async () => {
    const rules = [
      { name: "good", priority: 1, conditions: { all: [] } },
      { name: "bad", priority: 1, conditions: only("a", "in", { fact: "b" }) },
    ];
    expect(await askOracle({ rules, named: {}, facts: { a: 1, b: null } })).toEqual(refused(" "));
    const broken: Facts = Object.defineProperty({}, "a", {
      get: () => {
        throw new Error("cannot be read");
      },
    });
    const files = filesOf(fileOf(rules.map(({ name, conditions }) => ruleOf(name, conditions))));
    const { matches, faults } = evaluateRules(opened(files, "any"), broken);
    expect(matches.map(({ rule }) => rule)).toEqual(["test/good"]);
    expect(faults).toEqual([{ rule: "test/bad", code: "rule_fault", detail: "cannot be read" }]);
  },
  "firing-order": async () => {
    const slow: JsonObject = { all: [{ any: [{ all: [] }, { all: [] }] }, { all: [] }] };
    const rules = [
      { name: "slow", priority: 1, conditions: slow },
      { name: "quick", priority: 1, conditions: { all: [] } },
    ];
    expect(await askOracle({ rules, named: {}, facts: {} })).toEqual({
      kind: "ran",
      matched: ["quick", "slow"],
    });
    const files = filesOf(fileOf(rules.map(({ name, conditions }) => ruleOf(name, conditions))));
    expect(evaluateRules(opened(files), {}).matches.map(({ rule }) => rule)).toEqual([
      "test/slow",
      "test/quick",
    ]);
  },
  "path-into-scalar": async () => {
    const conditions: JsonObject = {
      all: [{ ...leaf("event.type", "equal", "order.completed"), path: "$.a" }],
    };
    const facts = { "event.type": "order.completed" };
    expect(await theirs(conditions, facts)).toEqual(MATCHED);
    refusedAtLoad(conditions, "only objects and lists have places inside");
    expect(ours(conditions, facts)).toBe(false);
  },
  "missing-property": async () => {
    const facts = { "customer.custom": { tier: "gold" } };
    expect(await asItComes(onlyAt("$.colour", "equal", null), facts)).toBe(0);
    expect(ours(onlyAt("$.colour", "equal", null), facts)).toBe(true);
  },
  "path-language": async () => {
    const facts = {
      "customer.custom": {
        orders: [
          { id: 1, open: true },
          { id: 2, open: false },
        ],
      },
    };
    for (const path of ["$..id", "$.orders[*].id", "$.orders[?(@.id > 0)].id"]) {
      expect(await asItComes(onlyAt(path, "contains", 2), facts)).toBe(1);
      refusedAtLoad(onlyAt(path, "contains", 2), "is not a path");
    }
    refusedAtLoad(onlyAt("$.constructor", "equal", 2), "is not allowed");
  },
  "condition-keys": async () => {
    for (const more of [{ params: {} }, { priority: 3 }, { name: "x" }, { wehn: "now" }]) {
      const conditions = {
        all: [{ ...leaf("feedback.rating", "equal", 1), ...more }],
      } as JsonObject;
      expect(await theirs(conditions, { "feedback.rating": 1 })).toEqual(MATCHED);
      refusedAtLoad(conditions, Object.keys(more)[0]!);
    }
  },
  "rule-priority": async () => {
    for (const priority of ["10", 2.5]) {
      const rules = [
        { name: "first", priority: 1, conditions: { all: [] } },
        { name: "r", priority: priority as number, conditions: { all: [] } },
      ];
      expect(await askOracle({ rules, named: {}, facts: {} })).toEqual({
        kind: "ran",
        matched: ["r", "first"],
      });
      const file = fileOf([ruleOf("r", { all: [] }, { priority })]);
      expect(faultsIn(filesOf(file))).toEqual([expect.stringContaining("is not a priority")]);
    }
  },
};

it.each(DEVIATIONS)("$written: json-rules-engine $theirs; attune: $ours", async ({ id }) => {
  await PROOFS[id]();
  expect.hasAssertions();
});
