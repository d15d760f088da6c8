/** The same rules for other engines: json-rules-engine takes them as they are, GoRules' decision table has key columns and one for the rest. */
import { Engine } from "json-rules-engine";
import { ZenEngine } from "@gorules/zen-engine";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { MadeRule } from "./made-rules.ts";

/** Names of the rules that match, in any order. */
export type Matcher = (facts: JsonObject) => Promise<readonly string[]>;

export const jsonRulesEngine = (rules: readonly MadeRule[]): Matcher => {
  const engine = new Engine([], {
    allowUndefinedFacts: true,
    pathResolver: (value: unknown, path: string) =>
      (value as Readonly<Record<string, unknown>>)[path.slice(2)],
  });
  for (const { name, priority, conditions } of rules)
    engine.addRule({
      name,
      priority,
      conditions: conditions as never,
      event: { type: name },
    });
  return async (facts) => (await engine.run(facts)).events.map(({ type }) => type);
};

type Leaf = {
  readonly fact: string;
  readonly operator: string;
  readonly value: Json;
  readonly path?: string;
};

const SIGNS: Readonly<Record<string, string>> = {
  equal: "==",
  lessThan: "<",
  lessThanInclusive: "<=",
  greaterThan: ">",
  greaterThanInclusive: ">=",
};

const written = ({ fact, operator, value, path = "$" }: Leaf): string => {
  const place = `${fact}${path.slice(1)}`;
  if (operator === "in") return `${place} in ${JSON.stringify(value)}`;
  if (operator === "contains") return `${JSON.stringify(value)} in ${place}`;
  return `${place} ${SIGNS[operator] ?? operator} ${JSON.stringify(value)}`;
};

const expression = (condition: JsonObject): string => {
  const { all, any, not } = condition as {
    readonly all?: readonly JsonObject[];
    readonly any?: readonly JsonObject[];
    readonly not?: JsonObject;
  };
  if (all !== undefined) return `(${all.map(expression).join(" and ")})`;
  if (any !== undefined) return `(${any.map(expression).join(" or ")})`;
  if (not !== undefined) return `not ${expression(not)}`;
  return written(condition as unknown as Leaf);
};

const KEYS = ["topic", "intent", "segment"] as const;

const rowOf = ({ name, conditions }: MadeRule) => {
  const parts = (conditions as { readonly all: readonly JsonObject[] }).all;
  const keyed = KEYS.map((key) =>
    parts.find(({ fact, operator }) => fact === key && operator === "equal"),
  );
  const rest = parts.filter((part) => !keyed.includes(part));
  return {
    _id: name,
    ...Object.fromEntries(
      KEYS.map((key, at) => [
        key,
        keyed[at] === undefined ? "" : JSON.stringify(keyed[at]["value"]),
      ]),
    ),
    rest: rest.map(expression).join(" and "),
    rule: JSON.stringify(name),
  };
};

export const zenTable = (rules: readonly MadeRule[]): Matcher => {
  const content = {
    nodes: [
      { id: "in", name: "in", type: "inputNode", position: { x: 0, y: 0 } },
      {
        id: "table",
        name: "table",
        type: "decisionTableNode",
        position: { x: 0, y: 0 },
        content: {
          hitPolicy: "collect",
          inputs: [
            ...KEYS.map((key) => ({ id: key, name: key, field: key })),
            { id: "rest", name: "rest" },
          ],
          outputs: [{ id: "rule", name: "rule", field: "rule" }],
          rules: rules.map(rowOf),
        },
      },
      { id: "out", name: "out", type: "outputNode", position: { x: 0, y: 0 } },
    ],
    edges: [
      { id: "a", type: "edge", sourceId: "in", targetId: "table" },
      { id: "b", type: "edge", sourceId: "table", targetId: "out" },
    ],
  };
  const decision = new ZenEngine().createDecision(content);
  return async (facts) => {
    const answer: { readonly result: readonly { readonly rule: string }[] } =
      await decision.evaluate(facts);
    return answer.result.map(({ rule }) => rule);
  };
};
