/**
 * `attune rules test`: every example of every rule, judged by our evaluator and by json-rules-engine.
 * A failure says that a rule does not do what its author expects; a difference says that the two evaluators do not agree, which is our fault or a documented deviation.
 */
import { FACTS, type Facts } from "../core/facts.ts";
import { evaluateRules } from "../core/rules/evaluate.ts";
import { explainRules } from "../core/rules/explain.ts";
import type { OpenRule, Rules } from "../core/rules/rules.ts";
import type { RuleExample } from "../core/rules/schema.ts";
import { askOracle } from "./oracle.ts";

export interface RulesTest {
  readonly rules: Rules;
  /** The facts that an example's `given.feedback` leads to; called only for examples that have one. */
  readonly readFacts: (example: RuleExample) => Facts;
}

/** Where an example stands: `rules/delivery.json › late-parcel › example "a week late"`. */
interface ExampleFailure {
  readonly place: string;
  readonly expected: RuleExample["expect"];
  readonly actual: RuleExample["expect"] | "rule_fault";
  /** What kept the rule from matching, in words; empty when it matched. */
  readonly detail: string;
}

interface EngineDifference {
  readonly place: string;
  readonly ours: RuleExample["expect"] | "rule_fault";
  /** `refused: …` with the package's own words when it threw. */
  readonly theirs: string;
}

export interface RulesTestReport {
  readonly rules: number;
  readonly examples: number;
  readonly failures: readonly ExampleFailure[];
  readonly differences: readonly EngineDifference[];
  /** Rules that no example shows, by name. */
  readonly withoutExamples: readonly string[];
}

const NOTHING: Facts = Object.fromEntries([...FACTS.keys()].map((name) => [name, null]));

/** The facts that an example is judged on: what is given over what its text says, over nulls. */
export const exampleFacts = (example: RuleExample, readFacts: RulesTest["readFacts"]): Facts => {
  const { feedback, facts = {} } = example.given;
  return feedback === undefined
    ? { ...NOTHING, ...facts }
    : { ...NOTHING, ...readFacts(example), "signal.kind": "feedback", ...facts };
};

interface Judged {
  readonly failures: readonly ExampleFailure[];
  readonly differences: readonly EngineDifference[];
}

const ours = (
  rule: OpenRule,
  facts: Facts,
): { readonly actual: EngineDifference["ours"]; readonly detail: string } => {
  const alone: Rules = { inOrder: [rule], firing: [rule], resting: [] };
  const { matches, faults } = evaluateRules(alone, facts);
  if (matches.length > 0) return { actual: "matched", detail: "" };
  const detail = explainRules(alone, facts)[0]?.outcome?.detail ?? "";
  return { actual: faults.length > 0 ? "rule_fault" : "not_matched", detail };
};

const theirs = async (rule: OpenRule, facts: Facts): Promise<string> => {
  const { conditions, named } = rule.source;
  const rules = [{ name: rule.rule, priority: rule.priority, conditions }];
  const answer = await askOracle({ rules, named, facts });
  if (answer.kind === "refused") return `refused: ${answer.sentence}`;
  return answer.matched.length > 0 ? "matched" : "not_matched";
};

const judge = async (
  rule: OpenRule,
  example: RuleExample,
  readFacts: RulesTest["readFacts"],
): Promise<Judged> => {
  const place = `${rule.place} › example "${example.name}"`;
  const facts = exampleFacts(example, readFacts);
  const { actual, detail } = ours(rule, facts);
  const other = await theirs(rule, facts);
  const expected = example.expect;
  return {
    failures: actual === expected ? [] : [{ place, expected, actual, detail }],
    differences: actual === other ? [] : [{ place, ours: actual, theirs: other }],
  };
};

/** Judges every example, one after another, in order of file and definition. */
export const testRules = async ({ rules, readFacts }: RulesTest): Promise<RulesTestReport> => {
  const judged: Judged[] = [];
  for (const rule of rules.inOrder)
    for (const example of rule.examples) judged.push(await judge(rule, example, readFacts));
  return {
    rules: rules.inOrder.length,
    examples: judged.length,
    failures: judged.flatMap(({ failures }) => failures),
    differences: judged.flatMap(({ differences }) => differences),
    withoutExamples: rules.inOrder
      .filter(({ examples }) => examples.length === 0)
      .map(({ rule }) => rule),
  };
};
