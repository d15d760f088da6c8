/**
 * What changed in a condition, in words that the author of a rule reads. Named conditions stand in their place, so a change of one shows in every rule that uses it.
 * Says what is asked otherwise; the order of conditions means nothing and is not compared.
 */
import { quote } from "../fault.ts";
import { sameJson } from "../same-json.ts";
import { type Comparison, type Condition, lookupInWords } from "./condition.ts";

type Group = Exclude<Condition, Comparison>;

const operandInWords = ({ operand }: Comparison): string =>
  operand.kind === "literal" ? quote(operand.value) : lookupInWords(operand.lookup);

const groupInWords = ({ kind, children }: Group): string => {
  const told = children.map(inWords);
  const [only = "always"] = told;
  if (kind === "not") return only.startsWith("(") ? `not ${only}` : `not (${only})`;
  return told.length < 2 ? only : `(${told.join(kind === "all" ? " and " : " or ")})`;
};

const inWords = (condition: Condition): string => {
  if (condition.kind === "comparison")
    return `${lookupInWords(condition.subject)} ${condition.operator.written} ${operandInWords(condition)}`;
  const { name } = condition;
  return name === undefined ? groupInWords(condition) : `"${name}" ${groupInWords(condition)}`;
};

/** Written the same is the same, whatever the order. */
const keyOf = (condition: Condition): string => {
  if (condition.kind === "comparison") return inWords(condition);
  return `${condition.kind}(${condition.children.map(keyOf).toSorted().join(";")})`;
};

const subjectOf = ({ subject }: Comparison): string => lookupInWords(subject);

/** What it means that a condition stands in a group, or no longer does. */
const VERBS = {
  all: { more: "now also needs", less: "no longer asks" },
  any: { more: "now also accepts", less: "no longer accepts" },
  not: { more: "now must not find", less: "may find again" },
} as const;

const isComparison = (condition: Condition): condition is Comparison =>
  condition.kind === "comparison";

/** Pairs of what asks the same fact, or is the same kind of group, and what is left on each side. */
const paired = (left: readonly Condition[], right: readonly Condition[]) => {
  const pairs: (readonly [Condition, Condition])[] = [];
  const rest = [...right];
  const lonely = left.filter((old) => {
    const likes: readonly ((young: Condition) => boolean)[] = isComparison(old)
      ? [
          (young) =>
            isComparison(young) &&
            subjectOf(old) === subjectOf(young) &&
            old.operator.written === young.operator.written,
          (young) => isComparison(young) && subjectOf(old) === subjectOf(young),
        ]
      : [
          (young) => !isComparison(young) && old.name !== undefined && old.name === young.name,
          (young) => !isComparison(young) && old.kind === young.kind,
        ];
    const place = likes.map((like) => rest.findIndex(like)).find((found) => found !== -1);
    const young = place === undefined ? undefined : rest[place];
    if (place === undefined || young === undefined) return true;
    rest.splice(place, 1);
    pairs.push([old, young]);
    return false;
  });
  return { pairs, lonely, rest };
};

const without = (
  conditions: readonly Condition[],
  others: readonly Condition[],
): readonly Condition[] => {
  const known = new Map<string, number>();
  for (const other of others) known.set(keyOf(other), (known.get(keyOf(other)) ?? 0) + 1);
  return conditions.filter((condition) => {
    const key = keyOf(condition);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
};

const diffComparison = (left: Comparison, right: Comparison): readonly string[] =>
  left.operator.written === right.operator.written
    ? [
        `${subjectOf(left)} ${left.operator.written} ${operandInWords(left)} → ${operandInWords(right)}`,
      ]
    : [`asks ${inWords(right)} in place of ${inWords(left)}`];

const diffGroups = (left: Group, right: Group): readonly string[] => {
  const { pairs, lonely, rest } = paired(
    without(left.children, right.children),
    without(right.children, left.children),
  );
  const { more, less } = VERBS[left.kind];
  const name = left.name ?? right.name;
  const sentences = [
    ...pairs.flatMap(([old, young]) => diffConditions(old, young)),
    ...lonely.map((condition) => `${less} ${inWords(condition)}`),
    ...rest.map((condition) => `${more} ${inWords(condition)}`),
  ];
  const where = [
    ...(name === undefined ? [] : [`in "${name}": `]),
    ...(left.kind === "not" ? ["what must not hold: "] : []),
  ].join("");
  return sentences.map((sentence) => `${where}${sentence}`);
};

/** Sentences about what is asked otherwise; none where both ask the same. */
export const diffConditions = (left: Condition, right: Condition): readonly string[] => {
  if (keyOf(left) === keyOf(right)) return [];
  if (isComparison(left) && isComparison(right)) return diffComparison(left, right);
  if (!isComparison(left) && !isComparison(right) && left.kind === right.kind)
    return diffGroups(left, right);
  return [`asks ${inWords(right)} in place of ${inWords(left)}`];
};

/** Whether a value is a condition as rules hold it, or anything else. */
const isCondition = (value: unknown): value is Condition =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  (value.kind === "comparison" || ("children" in value && Array.isArray(value.children)));

/** Any two values of a rule file: conditions in words, the rest as it is written. */
export const diffValues = (name: string, left: unknown, right: unknown): readonly string[] => {
  if (sameJson(left, right)) return [];
  if (isCondition(left) && isCondition(right))
    return diffConditions(left, right).map((sentence) => `${name}: ${sentence}`);
  const told = (value: unknown): string => {
    if (value === undefined || value === null) return "none";
    return isCondition(value) ? inWords(value) : quote(value);
  };
  return [`${name} ${told(left)} → ${told(right)}`];
};
