/**
 * json-rules-engine itself, as a second opinion on what a rule means. The only door to that package.
 * Every question gets an engine of its own (a shared one loses rules when runs overlap) and our path resolver (the package's own runs code that stands in a path).
 */
import { Engine, type RuleProperties, type TopLevelCondition } from "json-rules-engine";
import type { Facts } from "../core/facts.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { compareOf, OPERATORS, STANDARD_OPERATORS } from "../core/rules/operators.ts";
import { follow, stepsOf } from "../core/rules/path.ts";

interface OracleRule {
  readonly name: string;
  readonly priority: number;
  readonly conditions: JsonObject;
}

export interface OracleQuestion {
  readonly rules: readonly OracleRule[];
  /** Conditions that the rules may refer to; they must not refer to themselves (the package would recurse for ever). */
  readonly named: Readonly<Record<string, JsonObject>>;
  readonly facts: Facts;
}

/** Names of the rules that matched in the order of the package, or why it refused the whole run. */
export type OracleAnswer =
  | { readonly kind: "ran"; readonly matched: readonly string[] }
  | { readonly kind: "refused"; readonly sentence: string };

const freeze = (value: Json): Json => {
  if (value !== null && typeof value === "object") {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
};

/** The package changes conditions that it is given, so it gets its own. */
const ownConditions = (conditions: JsonObject): TopLevelCondition =>
  structuredClone(conditions) as unknown as TopLevelCondition;

const engineFor = ({ rules, named, facts }: OracleQuestion): Engine => {
  const engine = new Engine([], {
    allowUndefinedFacts: false,
    pathResolver: (value, path) => follow(value as Json, stepsOf(path)),
  });
  for (const [name, conditions] of Object.entries(named))
    engine.setCondition(name, ownConditions(conditions));
  // The package knows ten operators; ours are lent to it, so that it can say what it makes of the rest.
  for (const name of OPERATORS.filter(
    (one) => !(STANDARD_OPERATORS as readonly string[]).includes(one),
  )) {
    const compare = compareOf({ written: name, decorators: [], base: name });
    engine.addOperator(name, (left: unknown, right: unknown) =>
      compare(left as Json, right as Json, facts),
    );
  }
  for (const { name, priority, conditions } of rules) {
    const rule: RuleProperties = {
      name,
      priority,
      conditions: ownConditions(conditions),
      event: { type: "reply" },
    };
    engine.addRule(rule);
  }
  return engine;
};

/** What json-rules-engine makes of the rules. */
export const askOracle = async (question: OracleQuestion): Promise<OracleAnswer> => {
  try {
    const facts = freeze(structuredClone(question.facts)) as Record<string, unknown>;
    const { results } = await engineFor(question).run(facts);
    return { kind: "ran", matched: results.map(({ name }) => name) };
  } catch (thrown) {
    return { kind: "refused", sentence: thrown instanceof Error ? thrown.message : String(thrown) };
  }
};
