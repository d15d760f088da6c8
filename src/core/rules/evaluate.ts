/**
 * Which rules match the facts of one signal. Synchronous and pure: of a run nothing is kept but its number.
 * A rule that cannot be evaluated is a fault of its own and touches no other.
 */
import type { Facts } from "../facts.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import { type Operand, read } from "./condition.ts";
import { indexRules, type RuleIndex } from "./rule-index.ts";
import { standsAside } from "./standing.ts";
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

const matchOf = ({ rule, priority, action }: OpenRule, facts: Facts): RuleMatch => ({
  rule,
  priority,
  event: eventOf(action, facts),
});

interface Found {
  readonly matches: RuleMatch[];
  readonly faults: Outcome[];
}

/** What comes of a rule, once it is asked whether its conditions hold. */
const judge = (rule: OpenRule, facts: Facts, { matches, faults }: Found): void => {
  try {
    if (standsAside(rule, facts) === undefined) matches.push(matchOf(rule, facts));
  } catch (thrown) {
    faults.push(ruleFault(rule, thrown));
  }
};

/** Rule by rule: the meaning of an evaluation, and the way where a fact cannot be read, which must stay the fault of those that read it. */
const evaluateEach = (firing: Rules["firing"], facts: Facts): Evaluation => {
  const found: Found = { matches: [], faults: [] };
  for (const rule of firing) {
    try {
      if (!rule.matches(facts)) continue;
    } catch (thrown) {
      found.faults.push(ruleFault(rule, thrown));
      continue;
    }
    judge(rule, facts, found);
  }
  return found;
};

const indexes = new WeakMap<Rules["firing"], RuleIndex>();

/** Made at the first evaluation: who only checks rules does not wait for it. */
const indexOf = (firing: Rules["firing"]): RuleIndex => {
  const known = indexes.get(firing);
  if (known !== undefined) return known;
  const index = indexRules(firing);
  indexes.set(firing, index);
  return index;
};

/** Fewer rules are asked sooner than an index of them is made. */
const INDEX_MIN = 4;

/** Evaluates every rule on the facts of one signal. */
export const evaluateRules = ({ firing }: Rules, facts: Facts): Evaluation => {
  if (firing.length < INDEX_MIN) return evaluateEach(firing, facts);
  try {
    const found: Found = { matches: [], faults: [] };
    for (const place of indexOf(firing).matching(facts)) {
      const rule = firing[place];
      if (rule !== undefined) judge(rule, facts, found);
    }
    return found;
  } catch {
    return evaluateEach(firing, facts);
  }
};
