/** What changed between two sets of rules: added, removed, renamed where everything but the name is equal, or changed, each in sentences. */
import { sameJson } from "../same-json.ts";
import { lookupInWords, type Operand } from "./condition.ts";
import { diffConditions, diffValues } from "./diff-conditions.ts";
import type { OpenRule, Rules } from "./rules.ts";
import { scheduleInWords } from "./standing.ts";

export interface RuleDifference {
  readonly kind: "added" | "removed" | "renamed" | "changed";
  /** `ruleSet/ruleName`; of a renamed rule the new one. */
  readonly rule: string;
  /** What a renamed rule was called. */
  readonly was?: string;
  /** What changed; of an added or removed rule what it is for. */
  readonly sentences: readonly string[];
}

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

const audienceSentences = (left: OpenRule, right: OpenRule): readonly string[] => {
  if (left.audience === undefined && right.audience === undefined) return [];
  if (left.audience === undefined) return ["now only for some customers: it has an audience"];
  if (right.audience === undefined) return ["now for all customers: it has no audience"];
  return diffConditions(left.audience.condition, right.audience.condition).map(
    (sentence) => `audience: ${sentence}`,
  );
};

const scheduleSentences = (left: string, right: string): readonly string[] =>
  left === right ? [] : [`in force ${left} → ${right}`];

const standingSentences = (left: OpenRule, right: OpenRule): readonly string[] => [
  ...diffValues("status", left.status, right.status),
  ...scheduleSentences(scheduleInWords(left.schedule), scheduleInWords(right.schedule)),
  ...audienceSentences(left, right),
  ...diffValues("hold-out in percent", left.holdout, right.holdout),
];

const sentencesOf = (left: OpenRule, right: OpenRule): readonly string[] => [
  ...diffValues("priority", left.priority, right.priority),
  ...standingSentences(left, right),
  ...diffValues("description", left.description, right.description),
  ...diffConditions(left.condition, right.condition),
  ...diffRecords("", { ...left.action.params }, { ...right.action.params }),
  ...diffRecords("value ", valuesOf(left), valuesOf(right)),
  ...(sameJson(left.examples, right.examples)
    ? []
    : [`examples ${left.examples.length} → ${right.examples.length}`]),
];

/** Also those that decide nothing. */
const allOf = ({ inOrder, resting }: Rules): ReadonlyMap<string, OpenRule> =>
  new Map([...inOrder, ...resting].map((rule) => [rule.rule, rule]));

/** Rules by name, live ones first, in order of definition on the left and then on the right. */
export const diffRules = (left: Rules, right: Rules): readonly RuleDifference[] => {
  const before = allOf(left);
  const after = allOf(right);
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
