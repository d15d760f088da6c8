/** What changed between two sets of rules: added, removed, renamed where everything but the name is equal, or changed, each in sentences. */
import { sameJson } from "../same-json.ts";
import { lookupInWords, type Operand } from "./condition.ts";
import { diffConditions, diffValues } from "./diff-conditions.ts";
import type { OpenRule, Rules } from "./rules.ts";

export interface RuleDifference {
  readonly kind: "added" | "removed" | "renamed" | "changed";
  /** `ruleSet/ruleName`; of a renamed rule the new one. */
  readonly rule: string;
  /** What a renamed rule was called. */
  readonly was?: string;
  /** What changed; of an added or removed rule what it is for. */
  readonly sentences: readonly string[];
}

/** Of a rule and its file; looked at where they are there. */
const MORE = ["status", "schedule", "audience", "holdout", "description"] as const;

const operandAsValue = (operand: Operand): unknown =>
  operand.kind === "literal" ? operand.value : { fact: lookupInWords(operand.lookup) };

const valuesOf = ({ action }: OpenRule): Readonly<Record<string, unknown>> =>
  Object.fromEntries(action.values.map(([name, operand]) => [name, operandAsValue(operand)]));

const diffRecords = (
  name: string,
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): readonly string[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    diffValues(`${name}${key}`, left[key], right[key]),
  );

const fieldOf = (rule: OpenRule, name: string): unknown =>
  (rule as unknown as Readonly<Record<string, unknown>>)[name];

const sentencesOf = (left: OpenRule, right: OpenRule): readonly string[] => [
  ...diffValues("priority", left.priority, right.priority),
  ...MORE.flatMap((name) => diffValues(name, fieldOf(left, name), fieldOf(right, name))),
  ...diffConditions(left.condition, right.condition),
  ...diffRecords("", { ...left.action.params }, { ...right.action.params }),
  ...diffRecords("value ", valuesOf(left), valuesOf(right)),
  ...(sameJson(left.examples, right.examples)
    ? []
    : [`examples ${left.examples.length} → ${right.examples.length}`]),
];

/** Rules by name, in order of definition on the left and then on the right. */
export const diffRules = (left: Rules, right: Rules): readonly RuleDifference[] => {
  const before = new Map(left.inOrder.map((rule) => [rule.rule, rule]));
  const after = new Map(right.inOrder.map((rule) => [rule.rule, rule]));
  const fresh = new Map([...after].filter(([name]) => !before.has(name)));
  const found: RuleDifference[] = [];
  for (const [name, old] of before) {
    const young = after.get(name);
    if (young !== undefined) {
      const sentences = sentencesOf(old, young);
      if (sentences.length > 0) found.push({ kind: "changed", rule: name, sentences });
      continue;
    }
    const twin = [...fresh.values()].find((other) => sentencesOf(old, other).length === 0);
    if (twin === undefined) {
      found.push({ kind: "removed", rule: name, sentences: [old.description] });
      continue;
    }
    fresh.delete(twin.rule);
    found.push({ kind: "renamed", rule: twin.rule, was: name, sentences: [] });
  }
  for (const [name, young] of fresh)
    found.push({ kind: "added", rule: name, sentences: [young.description] });
  return found;
};
