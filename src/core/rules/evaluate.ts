/**
 * Which rules match the facts of one signal. Synchronous, pure, and without state between runs.
 * A rule that cannot be evaluated is a fault of its own and touches no other.
 */
import type { Facts } from "../facts.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import { type Operand, read } from "./condition.ts";
import type { OpenRule, ReplyParams, RuleAction, Rules } from "./rules.ts";

/** A rule that matched, with the reply that it wants. */
export interface RuleMatch {
  /** `ruleSet/ruleName`. */
  readonly rule: string;
  readonly priority: number;
  readonly event: {
    readonly type: "reply";
    /** `values`: what the template may print, fact references resolved. */
    readonly params: ReplyParams & { readonly values: JsonObject };
  };
}

export interface Evaluation {
  /** In firing order: priority descending, equal ones in order of file and definition. */
  readonly matches: readonly RuleMatch[];
  /** Rules that could not be evaluated (code `rule_fault`), in the same order. */
  readonly faults: readonly Outcome[];
}

const valueOf = (operand: Operand, facts: Facts): Json =>
  operand.kind === "literal" ? operand.value : read(facts, operand.lookup);

const eventOf = ({ type, params, values }: RuleAction, facts: Facts): RuleMatch["event"] => ({
  type,
  params: {
    ...params,
    values: Object.fromEntries(values.map(([name, operand]) => [name, valueOf(operand, facts)])),
  },
});

/** The outcome of a rule whose evaluation threw. */
export const ruleFault = (rule: OpenRule, thrown: unknown): Outcome => ({
  rule: rule.rule,
  code: "rule_fault",
  detail: thrown instanceof Error ? thrown.message : String(thrown),
});

/** Evaluates every rule on the facts of one signal. */
export const evaluateRules = (rules: Rules, facts: Facts): Evaluation => {
  const matches: RuleMatch[] = [];
  const faults: Outcome[] = [];
  for (const rule of rules.firing) {
    try {
      if (rule.matches(facts))
        matches.push({
          rule: rule.rule,
          priority: rule.priority,
          event: eventOf(rule.action, facts),
        });
    } catch (thrown) {
      faults.push(ruleFault(rule, thrown));
    }
  }
  return { matches, faults };
};
