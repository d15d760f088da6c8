/**
 * Why each rule matched or did not: every condition with the value that was found, also those that evaluation had no need to look at.
 * Slower than evaluation by far; it is asked for on demand, never on the way of a signal.
 */
import type {
  ComparisonExplanation,
  ConditionExplanation,
  GroupExplanation,
} from "../explanation.ts";
import type { Facts } from "../facts.ts";
import { quote } from "../fault.ts";
import type { Json } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import { type Comparison, type Condition, type Lookup, lookupInWords, read } from "./condition.ts";
import { ruleFault } from "./evaluate.ts";
import { compareOf } from "./operators.ts";
import type { OpenRule, Rules } from "./rules.ts";
import { outcomeAside } from "./standing.ts";

/** What the facts make of one rule. */
export interface RuleVerdict {
  /** `ruleSet/ruleName`. */
  readonly rule: string;
  readonly description: string;
  readonly priority: number;
  readonly matched: boolean;
  /** Why the rule proposed nothing (`not_matched`, `audience`, `schedule` or `rule_fault`); null for a rule that matched, whose outcome the settlement tells. */
  readonly outcome: Outcome | null;
  readonly conditions: ConditionExplanation;
}

/** As `read`, but null for a fact that cannot be read: the fault is told by the rule's outcome. */
const readOrNull = (facts: Facts, lookup: Lookup): Json => {
  try {
    return read(facts, lookup);
  } catch {
    return null;
  }
};

const explainComparison = (comparison: Comparison, facts: Facts): ComparisonExplanation => {
  const { subject, operand, operator } = comparison;
  const actual = readOrNull(facts, subject);
  const expected = operand.kind === "literal" ? operand.value : readOrNull(facts, operand.lookup);
  const held = compareOf(operator)(actual, expected, facts);
  const told = { operator: operator.written, expected, actual, held };
  return subject.path === undefined
    ? { kind: "comparison", fact: subject.fact, ...told }
    : { kind: "comparison", fact: subject.fact, path: subject.path, ...told };
};

const heldTogether = (
  kind: GroupExplanation["kind"],
  children: readonly ConditionExplanation[],
): boolean => {
  if (kind === "any") return children.some(({ held }) => held);
  return children.every(({ held }) => held) === (kind === "all");
};

/** Every condition with what was found. */
const explainCondition = (condition: Condition, facts: Facts): ConditionExplanation => {
  if (condition.kind === "comparison") return explainComparison(condition, facts);
  const { kind, name } = condition;
  const children = condition.children.map((child) => explainCondition(child, facts));
  const held = heldTogether(kind, children);
  return name === undefined ? { kind, held, children } : { kind, name, held, children };
};

const comparisonInWords = (comparison: ComparisonExplanation): string =>
  `${lookupInWords(comparison)} ${comparison.operator} ${quote(comparison.expected)} (found ${quote(comparison.actual)})`;

/** What keeps a condition that did not hold from holding, in words. */
const failureInWords = (condition: ConditionExplanation): string => {
  if (condition.kind === "comparison") return comparisonInWords(condition);
  const { kind, name, children } = condition;
  const prefix = name === undefined ? "" : `${name}: `;
  if (kind === "not") return `${prefix}not ${children.map(successInWords).join("")}`;
  const failed = children.filter(({ held }) => !held);
  const [first] = failed;
  if (first === undefined) return `${prefix}nothing held`;
  const more = kind === "any" && failed.length > 1 ? `, nor any of ${failed.length - 1} more` : "";
  return `${prefix}${failureInWords(first)}${more}`;
};

/** What made a condition hold that should not have, in words. */
const successInWords = (condition: ConditionExplanation): string => {
  if (condition.kind === "comparison") return comparisonInWords(condition);
  const { kind, name, children } = condition;
  const prefix = name === undefined ? "" : `${name}: `;
  if (kind === "not") return `${prefix}not ${children.map(failureInWords).join("")}`;
  const held = children.filter((child) => child.held);
  const shown = kind === "any" ? held.slice(0, 1) : held;
  return `${prefix}(${shown.map(successInWords).join(" and ") || "always"})`;
};

const explainRule = (rule: OpenRule, facts: Facts): RuleVerdict => {
  const conditions = explainCondition(rule.condition, facts);
  const told = { rule: rule.rule, description: rule.description, priority: rule.priority };
  try {
    if (rule.matches(facts)) {
      const outcome = outcomeAside(rule, facts, (condition) =>
        failureInWords(explainCondition(condition, facts)),
      );
      return { ...told, matched: outcome === undefined, outcome: outcome ?? null, conditions };
    }
  } catch (thrown) {
    return { ...told, matched: false, outcome: ruleFault(rule, thrown), conditions };
  }
  const outcome: Outcome = {
    rule: rule.rule,
    code: "not_matched",
    detail: failureInWords(conditions),
  };
  return { ...told, matched: false, outcome, conditions };
};

/** What the facts make of every rule, in order of file and definition. */
export const explainRules = (rules: Rules, facts: Facts): readonly RuleVerdict[] =>
  rules.inOrder.map((rule) => explainRule(rule, facts));
