import { describe, expect, it } from "vitest";
import { faultsIn, leaf, withConditions } from "./build.ts";

const at = (place: string, sentence: string) =>
  `rules/test.json › r › conditions.all[0]${place}: ${sentence}`;

const refer = (...names: readonly string[]) => ({
  all: names.map((condition) => ({ condition })),
});

describe("a faulty condition is refused with its place and what to do", () => {
  const textual = { ...leaf("feedback.text", "equal", "x"), path: "$.a" };
  it.each<[condition: unknown, fault: string]>([
    [
      leaf("feedback.urgency", "greatrThan", 1),
      at("", 'operator "greatrThan" is not known; did you mean "greaterThan"?'),
    ],
    [
      leaf("feedback.urgency", "nt:equal", 1),
      at("", 'decorator "nt" in "nt:equal" is not known; did you mean "not"?'),
    ],
    [
      { fact: "feedback.rating", value: 1 },
      at("", 'operator is missing; write one such as "equal"'),
    ],
    [
      leaf("feedback.rating", 3 as unknown as string, 1),
      at("", 'operator 3 is not text; write one such as "equal"'),
    ],
    [
      leaf("feedback.urgncy", "equal", 1),
      at("", 'fact "feedback.urgncy" is not known; did you mean "feedback.urgency"?'),
    ],
    [
      leaf("weather", "equal", 1),
      at("", 'fact "weather" is not known; see the catalogue of facts'),
    ],
    [
      leaf("constructor", "equal", 1),
      at("", 'fact "constructor" is not allowed; choose another name'),
    ],
    [leaf("", "equal", 1), at("", 'fact "" is not a name; name a fact')],
    [{ operator: "equal", value: 1 }, at("", "fact undefined is not a name; name a fact")],
    [
      { fact: "feedback.rating", operator: "equal" },
      at("", "value is missing; write what the fact is compared with"),
    ],
    [
      leaf("feedback.rating", "equal", {}),
      at(
        "",
        'value {} is an object, and no two objects are equal; write a value, a list or {"fact": "…"}',
      ),
    ],
    [
      leaf("feedback.rating", "equal", { fact: "customer.recncyDays" }),
      at(
        "",
        'in value: fact "customer.recncyDays" is not known; did you mean "customer.recencyDays"?',
      ),
    ],
    [
      leaf("feedback.rating", "equal", { fact: "customer.custom", path: "a" }),
      at(
        "",
        'in value: path "a" is not a path; write steps like "$.order.items[0].name", at most 16',
      ),
    ],
    [
      leaf("feedback.rating", "equal", { fact: "customer.recencyDays", pth: "$" }),
      at("", 'in value: "pth" is not known here; did you mean "path"?'),
    ],
    [
      textual,
      at(
        "",
        'path "$.a" leads into "feedback.text", which is text; only objects and lists have places inside',
      ),
    ],
    [{ ...textual, path: 3 }, at("", 'path 3 is not text; write it like "$.order.id"')],
    [
      { ...leaf("feedback.rating", "equal", 1), params: {} },
      at("", '"params" is for computed facts, which attune has not; remove it'),
    ],
    [
      { ...leaf("feedback.rating", "equal", 1), priority: 3 },
      at("", '"priority" of a condition decides nothing here, every condition is cheap; remove it'),
    ],
    [
      { all: [], name: "x" },
      at("", '"name" has no meaning inside a condition; use a named condition'),
    ],
    [
      { ...leaf("feedback.rating", "equal", 1), vlaue: 3 },
      at("", '"vlaue" is not known here; did you mean "value"?'),
    ],
    [
      { ...leaf("feedback.rating", "equal", 1), toString: 3 },
      at("", '"toString" is not known here; use fact, operator, value, path'),
    ],
    [
      { all: [], any: [leaf("feedback.rating", "equal", 1)] },
      at("", '"all" and "any" stand in one condition; nest one inside the other'),
    ],
    [
      { any: [] },
      at("", '"any" of nothing never holds; add a condition, or use "all": [] for always'),
    ],
    [{ all: {} }, at("", '"all" takes a list of conditions, not {}')],
    [{ not: [] }, at("", '"not" takes one condition, not a list; wrap the list into {"all": […]}')],
    [
      { not: 7 },
      at(
        ".not",
        '7 is not a condition; write {"fact": …, "operator": …, "value": …} or {"all": […]}',
      ),
    ],
    [
      { any: [{ not: { all: ["x"] } }] },
      at(
        ".any[0].not.all[0]",
        '"x" is not a condition; write {"fact": …, "operator": …, "value": …} or {"all": […]}',
      ),
    ],
    [{ condition: "lat" }, at("", 'condition "lat" is not known; did you mean "late"?')],
    [
      { condition: "storm" },
      at("", 'condition "storm" is not known; name one that stands in "conditions" of this file'),
    ],
    [
      { condition: 3 },
      at("", 'condition 3 is not known; name one that stands in "conditions" of this file'),
    ],
  ])("%j", (condition, fault) => {
    const named = { late: { all: [] } };
    expect(faultsIn(withConditions({ all: [condition] }, named))).toEqual([fault]);
  });
});

describe("named conditions", () => {
  it.each<[named: Record<string, unknown>, faults: readonly string[]]>([
    [
      { a: refer("a"), b: refer() },
      ['rules/test.json › conditions.a: condition "a" refers to itself; remove the reference'],
    ],
    [
      { a: { not: { condition: "b" } }, b: refer("c"), c: refer("d", "a"), d: refer() },
      [
        'rules/test.json › conditions.a: conditions refer to each other: "a" → "b" → "c" → "a"; break the ring',
      ],
    ],
    [
      { a: refer("a"), b: refer("c"), c: refer("b"), d: refer("b") },
      [
        'rules/test.json › conditions.a: condition "a" refers to itself; remove the reference',
        'rules/test.json › conditions.b: conditions refer to each other: "b" → "c" → "b"; break the ring',
      ],
    ],
    [
      { user: refer("b"), b: refer("c"), c: refer("b") },
      [
        'rules/test.json › conditions.b: conditions refer to each other: "b" → "c" → "b"; break the ring',
      ],
    ],
    [
      { a: refer("b"), b: { any: [] } },
      [
        'rules/test.json › conditions.b: "any" of nothing never holds; add a condition, or use "all": [] for always',
      ],
    ],
    [
      { a: refer("b", "a"), b: { any: [] } },
      [
        'rules/test.json › conditions.b: "any" of nothing never holds; add a condition, or use "all": [] for always',
        'rules/test.json › conditions.a: condition "a" refers to itself; remove the reference',
      ],
    ],
    [
      { x: { any: [] }, u: refer("x"), a: refer("u", "b"), b: refer("a") },
      [
        'rules/test.json › conditions.x: "any" of nothing never holds; add a condition, or use "all": [] for always',
        'rules/test.json › conditions.a: conditions refer to each other: "a" → "b" → "a"; break the ring',
      ],
    ],
  ])("%j", (named, faults) => {
    expect(faultsIn(withConditions(refer("b"), named))).toEqual(faults);
  });

  it("may be used before they are defined, many times, and by each other", () => {
    const named = {
      c: refer("b", "a"),
      b: refer("a", "a"),
      a: { all: [leaf("feedback.rating", "equal", 5)] },
    };
    expect(faultsIn(withConditions(refer("c", "b", "a"), named))).toEqual([]);
  });
});
