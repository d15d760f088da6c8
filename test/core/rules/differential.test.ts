/** Our evaluator against json-rules-engine on random rules and facts, everywhere outside the documented deviations. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { ComparisonExplanation, ConditionExplanation } from "../../../src/core/explanation.ts";
import type { Facts } from "../../../src/core/facts.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { evaluateRules } from "../../../src/core/rules/evaluate.ts";
import { explainRules } from "../../../src/core/rules/explain.ts";
import {
  DECORATORS,
  type DecoratorName,
  STANDARD_OPERATORS as OPERATORS,
  type StandardOperatorName as OperatorName,
} from "../../../src/core/rules/operators.ts";
import { askOracle } from "../../../src/work/oracle.ts";
import { opened, withConditions } from "./build.ts";

/**
 * What a side of a comparison may be without touching a deviation: `number` surely one, `plain` never text with digits and never a list,
 * `any` whatever, a list of something for sure, or (`perhaps`) either such a list or no list at all.
 */
interface SimpleNeed {
  readonly kind: "number" | "plain" | "any";
}
interface ListNeed {
  readonly kind: "list" | "perhaps";
  readonly of: Need;
}
type Need = SimpleNeed | ListNeed;

const isList = (need: Need): need is ListNeed => need.kind === "list" || need.kind === "perhaps";

const NUMBER: Need = { kind: "number" };
const PLAIN: Need = { kind: "plain" };
const ANY: Need = { kind: "any" };
const listOf = (of: Need): Need => ({ kind: "list", of });

type Sides = readonly [left: Need, right: Need];

const NEEDS: Readonly<Record<OperatorName, Sides>> = {
  equal: [ANY, ANY],
  notEqual: [ANY, ANY],
  lessThan: [PLAIN, NUMBER],
  lessThanInclusive: [PLAIN, NUMBER],
  greaterThan: [PLAIN, NUMBER],
  greaterThanInclusive: [PLAIN, NUMBER],
  in: [ANY, listOf(ANY)],
  notIn: [ANY, listOf(ANY)],
  contains: [ANY, ANY],
  doesNotContain: [ANY, ANY],
};

const decorated = (decorator: DecoratorName, [left, right]: Sides): Sides => {
  if (decorator === "not") return [left, right];
  if (decorator === "swap") return [right, left];
  return decorator.endsWith("Fact")
    ? [{ kind: "perhaps", of: left }, right]
    : [left, listOf(right)];
};

const words = fc.constantFrom("", "late", "lost", "refund", "退款", "toString");
const numbers = fc.oneof(
  fc.constantFrom(-1, 0, 0.5, 1, 2),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const scalars: fc.Arbitrary<Json> = fc.oneof(words, numbers, fc.boolean(), fc.constant(null));

const factsArb: fc.Arbitrary<Facts> = fc.record({
  sure: numbers,
  perhaps: fc.option(numbers, { nil: null }),
  word: fc.option(words, { nil: null }),
  flag: fc.option(fc.boolean(), { nil: null }),
  numbers: fc.array(numbers, { maxLength: 3 }),
  words: fc.array(words, { maxLength: 3 }),
  mixed: fc.array(scalars, { maxLength: 4 }),
  lists: fc.array(fc.array(numbers, { maxLength: 2 }), { maxLength: 2 }),
  maybeNumbers: fc.option(fc.array(numbers, { maxLength: 3 }), { nil: null }),
  order: fc.record(
    {
      id: fc.option(words, { nil: null }),
      total: numbers,
      "items-sent": fc.array(fc.record({ sku: words, qty: numbers }), { maxLength: 2 }),
      marks: fc.array(scalars, { maxLength: 2 }),
    },
    { requiredKeys: ["total"] },
  ),
  maybeOrder: fc.option(fc.record({ total: scalars }, { requiredKeys: [] }), { nil: null }),
});

interface Place {
  readonly fact: string;
  readonly path?: string;
}

const at = (fact: string, path?: string): Place => (path === undefined ? { fact } : { fact, path });

const SURE = [at("sure"), at("order", "$.total"), at("order", ".total")];
const PLAINS = [
  at("perhaps"),
  at("word"),
  at("flag"),
  at("order", "$.id"),
  at("maybeOrder", "$.total"),
  at("mixed", "$[1]"),
  at("order", "$.items-sent[0].qty"),
  at("order", "$.nowhere[3].at"),
  at("order", "$.toString"),
  at("mixed", "$.length"),
  at("words", "$[999999]"),
];
const LISTS = [at("numbers"), at("words"), at("mixed"), at("lists"), at("numbers", "$")];

const simplePlaces = {
  number: SURE,
  plain: [...SURE, ...PLAINS],
  any: [
    ...SURE,
    ...PLAINS,
    ...LISTS,
    at("order"),
    at("maybeNumbers"),
    at("order", "$.marks"),
    at("maybeOrder"),
  ],
} as const;

const listPlaces = {
  number: [at("numbers")],
  plain: [at("numbers"), at("words"), at("mixed")],
  any: LISTS,
} as const;

const listsOfLists = ({ kind, of }: ListNeed): readonly Place[] => {
  if (isList(of)) return [];
  return kind === "list" ? [at("lists")] : [at("lists"), at("numbers"), at("words"), at("mixed")];
};

/** The facts that satisfy a need whatever their values are. */
const placesFor = (need: Need): readonly Place[] => {
  if (!isList(need)) return simplePlaces[need.kind];
  const { kind, of } = need;
  const lists = isList(of) ? listsOfLists(of) : listPlaces[of.kind];
  if (kind === "list") return lists;
  return [...lists, ...(isList(of) ? [] : [at("maybeNumbers")]), ...SURE, ...PLAINS];
};

/** Values in the file that satisfy a need; what load refuses (lists to be equal with, text for a number) is left out. */
const literalsFor = (need: Need): fc.Arbitrary<Json> => {
  if (isList(need)) return fc.array(literalsFor(need.of), { maxLength: 3 });
  return need.kind === "any" ? scalars : numbers;
};

/** `contains` asks for a list in the file when swapped: anything else is refused at load. */
const literalNeed = (need: Need, base: OperatorName, swapped: boolean): Need =>
  swapped && need.kind === "any" && base.toLowerCase().includes("contain") ? listOf(ANY) : need;

interface Written {
  readonly operator: string;
  readonly sides: Sides;
  readonly base: OperatorName;
  readonly swapped: boolean;
}

const written: readonly Written[] = OPERATORS.flatMap((base) => {
  const plain: Written = { operator: base, sides: NEEDS[base], base, swapped: false };
  const wrap = (inner: Written): readonly Written[] =>
    DECORATORS.map((decorator) => ({
      operator: `${decorator}:${inner.operator}`,
      sides: decorated(decorator, inner.sides),
      base,
      swapped: decorator === "swap" ? !inner.swapped : inner.swapped,
    }));
  const once = wrap(plain);
  const twice = once.flatMap(wrap);
  return [plain, ...once, ...twice, ...twice.flatMap(wrap)];
}).filter(({ sides }) => placesFor(sides[0]).length > 0 && placesFor(sides[1]).length > 0);

/** Half of the time undecorated: those stand in most rules. */
const operators = fc.oneof(
  fc.constantFrom(...written.filter(({ operator }) => !operator.includes(":"))),
  fc.constantFrom(...written),
);

const innermost = (need: Need): Need => (isList(need) ? innermost(need.of) : need);

/** The value must not be nested otherwise than the innermost operator wants it: `swap:contains` takes its list from the file. */
const valueFor = ({ sides: [, right], base, swapped }: Written): fc.Arbitrary<unknown> => {
  const reference = fc.constantFrom(...placesFor(right));
  const core = literalNeed(innermost(right), base, swapped);
  const rebuilt = (need: Need): Need => (isList(need) ? listOf(rebuilt(need.of)) : core);
  const literal = literalsFor(rebuilt(right));
  return fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: reference });
};

const leaves: fc.Arbitrary<JsonObject> = operators.chain((form) =>
  fc
    .record({ place: fc.constantFrom(...placesFor(form.sides[0])), value: valueFor(form) })
    .map(({ place, value }) => ({ ...place, operator: form.operator, value }) as JsonObject),
);

const treesOver = (names: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc.letrec<{ tree: JsonObject; group: JsonObject }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaves,
      ...(names.length > 0 ? [fc.constantFrom(...names).map((condition) => ({ condition }))] : []),
      tie("group"),
    ),
    group: fc.oneof(
      fc.array(tie("tree"), { maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie("tree").map((not) => ({ not })),
      ...(names.length > 0 ? [fc.constantFrom(...names).map((condition) => ({ condition }))] : []),
    ),
  })).group;

const rulesArb = fc.record({
  named: fc.record({
    first: treesOver([]),
    second: treesOver(["first"]),
    third: treesOver(["first", "second"]),
  }),
  conditions: treesOver(["first", "second", "third"]),
});

const leavesOf = (node: ConditionExplanation): readonly ComparisonExplanation[] =>
  node.kind === "comparison" ? [node] : node.children.flatMap(leavesOf);

it("agrees with json-rules-engine on random rules and facts, and explains what it concluded", async () => {
  const runs = Number(process.env["ATTUNE_DIFFERENTIAL_RUNS"] ?? 20_000);
  const outcomes = { matched: 0, not: 0 };
  await fc.assert(
    fc.asyncProperty(rulesArb, factsArb, async ({ conditions, named }, facts) => {
      const rules = opened(withConditions(conditions, named), "any");
      const matched = evaluateRules(rules, facts).matches.length === 1;
      const answer = await askOracle({
        rules: [{ name: "r", priority: 1, conditions }],
        named,
        facts,
      });
      outcomes[matched ? "matched" : "not"] += 1;
      expect(answer).toEqual({ kind: "ran", matched: matched ? ["r"] : [] });
      const [verdict] = explainRules(rules, facts);
      expect(verdict?.matched).toBe(matched);
      expect(verdict?.conditions.held).toBe(matched);
      for (const told of leavesOf(verdict!.conditions))
        expect(told.actual === undefined || told.expected === undefined).toBe(false);
    }),
    { numRuns: runs },
  );
  expect(Math.min(outcomes.matched, outcomes.not)).toBeGreaterThan(runs / 10);
}, 600_000);

it("reaches every operator and every decorator", () => {
  const reached = new Set(written.flatMap(({ operator }) => operator.split(":")));
  expect([...reached].toSorted()).toEqual([...OPERATORS, ...DECORATORS].toSorted());
});
