import * as fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import { DECORATORS, OPERATORS } from "../../../src/core/rules/operators.ts";
import { openRules } from "../../../src/core/rules/open.ts";
import { rootConditionSchema, rulesJsonSchema } from "../../../src/core/rules/schema.ts";
import { faultsIn, leaf, withConditions } from "./build.ts";

const rulesAt = new URL("../../../rules/", import.meta.url);
const REGENERATE =
  "npx tsx -e 'import(\"./src/core/rules/schema.ts\").then((m) => console.log(JSON.stringify(m.rulesJsonSchema(), null, 2)))' > rules/schema.json && npx oxfmt rules/schema.json";

it("rules/schema.json is the schema of rule files", () => {
  const stored = JSON.parse(readFileSync(new URL("schema.json", rulesAt), "utf8")) as unknown;
  expect(stored, `regenerate it: ${REGENERATE}`).toEqual(
    JSON.parse(JSON.stringify(rulesJsonSchema())),
  );
});

it("every rule file of this project is sound and names the schema", () => {
  const names = readdirSync(rulesAt, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".json"),
  );
  const files = Object.fromEntries(
    names.map((name) => [`rules/${name}`, readFileSync(new URL(name, rulesAt), "utf8")]),
  );
  const opened = openRules(files);
  expect(opened.kind === "sound" ? [] : opened.faults).toEqual([]);
});

const shapes: fc.Arbitrary<Json> = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.record(
      {
        fact: fc.constantFrom("feedback.rating", "feedback.topics", "feedback.context", "nothing"),
        operator: fc.constantFrom<string>(
          ...OPERATORS,
          ...OPERATORS.map((name, index) => `${DECORATORS[index % DECORATORS.length]}:${name}`),
          "like",
        ),
        value: fc.constantFrom<Json>(
          1,
          "delivery",
          null,
          ["delivery"],
          [1],
          { fact: "feedback.rating" },
          { path: "$" },
        ),
        path: fc.constantFrom("$", "$.a", "$..a"),
        extra: fc.constant(1),
      },
      { requiredKeys: ["fact", "operator", "value"] },
    ),
    fc.array(tie("node"), { maxLength: 2 }).map((all) => ({ all })),
    fc.array(tie("node"), { maxLength: 2 }).map((any) => ({ any })),
    tie("node").map((not) => ({ not })),
    fc.constantFrom<Json>({ condition: "late" }, { condition: "gone" }, { not: [] }, {}, 3),
  ),
})).node;

it("takes no condition that the schema for editors refuses", () => {
  let sound = 0;
  fc.assert(
    fc.property(shapes, (condition) => {
      const ours = faultsIn(withConditions(condition, { late: { all: [] } }));
      if (ours.length > 0) return;
      sound += 1;
      expect(rootConditionSchema.safeParse(condition).success).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(sound).toBeGreaterThan(100);
});

describe("the schema for editors refuses what has the wrong shape", () => {
  const good = leaf("feedback.rating", "equal", 1);
  it.each<[condition: unknown]>([
    [good],
    [{ all: [], any: [good] }],
    [{ any: [] }],
    [{ not: [good] }],
    [{ all: [{ ...good, fact: "feedback.ratng" }] }],
    [{ all: [{ ...good, operator: "greatrThan" }] }],
    [{ all: [{ ...good, path: "$..a" }] }],
    [{ all: [{ ...good, params: {} }] }],
    [{ all: [{ ...good, value: {} }] }],
    [{ all: [good], name: "x" }],
    [{ condition: "a b" }],
  ])("%j", (condition) => {
    expect(rootConditionSchema.safeParse(condition).success).toBe(false);
    expect(faultsIn(withConditions(condition, { late: { all: [] } }))).not.toEqual([]);
  });
});
