/**
 * All rules of a playbook at once: a run costs about what the rules that come into question cost, not what all of them do.
 * It gives exactly what asking each rule would; `compile.ts` stays the meaning of a condition, and tests hold this to it.
 */
import type { Facts } from "../facts.ts";
import type { Json } from "../json.ts";
import { type Alternative, alternativesOf, type Literal } from "./alternatives.ts";
import { type Comparison, lookupInWords } from "./condition.ts";
import { type Bound, insert, type Key, openNode, placeOf, walk } from "./index-node.ts";
import { type Code, openPredicates } from "./predicates.ts";
import type { OpenRule } from "./rules.ts";

export interface RuleIndex {
  /** Places of the rules that match, ascending. Throws where a fact cannot be read. */
  matching(facts: Facts): readonly number[];
}

/** Combinations of values under which one alternative may stand. */
const COPIES_MAX = 16;

const isScalar = (value: Json): boolean => value === null || typeof value !== "object";

const asComparison = ({ term, holds }: Literal): Comparison | undefined =>
  holds && term.kind === "comparison" && term.operator.decorators.length === 0 ? term : undefined;

/** The key that a literal is, or nothing. */
const keyOf = (literal: Literal): Key | undefined => {
  const comparison = asComparison(literal);
  if (comparison === undefined || comparison.operand.kind !== "literal") return undefined;
  const { subject, operator, operand } = comparison;
  const { base } = operator;
  const { value } = operand;
  const has = base === "contains";
  const name = `${has ? "has" : "is"} ${lookupInWords(subject)}`;
  if (base === "in" && Array.isArray(value) && (value as readonly Json[]).every(isScalar))
    return { name, lookup: subject, has, values: value as readonly Json[] };
  if ((base !== "equal" && !has) || !isScalar(value)) return undefined;
  return { name, lookup: subject, has, values: [value] };
};

const LOWER: ReadonlySet<string> = new Set(["greaterThan", "greaterThanInclusive"]);
const UPPER: ReadonlySet<string> = new Set(["lessThan", "lessThanInclusive"]);

/** The bound that a literal is, or nothing. */
const boundOf = (literal: Literal): Bound | undefined => {
  const comparison = asComparison(literal);
  if (comparison === undefined || comparison.operand.kind !== "literal") return undefined;
  const { subject, operator, operand } = comparison;
  const isLower = LOWER.has(operator.base);
  if ((!isLower && !UPPER.has(operator.base)) || typeof operand.value !== "number")
    return undefined;
  const name = `${isLower ? "above" : "below"} ${lookupInWords(subject)}`;
  return { name, lookup: subject, isLower, value: operand.value };
};

/** A literal with the key that it is, if it is one. */
interface Asked {
  readonly literal: Literal;
  readonly key: Key | undefined;
}

/** Key names by how many alternatives have them: what most ask is asked first. */
const ranksOf = (alternatives: readonly (readonly Asked[])[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const alternative of alternatives)
    for (const { key } of alternative)
      if (key !== undefined) counts.set(key.name, (counts.get(key.name) ?? 0) + 1);
  return new Map(
    [...counts]
      .toSorted(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))
      .map(([name], rank) => [name, rank]),
  );
};

interface Split {
  readonly keys: readonly Key[];
  readonly others: readonly Literal[];
}

/** The keys by which an alternative is filed, one for each question, and the literals that are left. */
const splitOf = (alternative: readonly Asked[], ranks: ReadonlyMap<string, number>): Split => {
  const keys: Key[] = [];
  const others: Literal[] = [];
  let copies = 1;
  const rankOf = ({ key }: Asked): number =>
    key === undefined ? ranks.size : (ranks.get(key.name) ?? ranks.size);
  for (const { literal, key } of alternative.toSorted(
    (left, right) => rankOf(left) - rankOf(right),
  )) {
    const fits =
      key !== undefined &&
      key.values.length * copies <= COPIES_MAX &&
      keys.every(({ name }) => name !== key.name);
    if (!fits) {
      others.push(literal);
      continue;
    }
    copies *= Math.max(1, key.values.length);
    keys.push(key);
  }
  return { keys, others };
};

interface Filed {
  readonly rule: number;
  readonly codes: readonly Code[];
}

const askedOf = (alternative: Alternative): readonly Asked[] =>
  alternative.map((literal) => ({ literal, key: keyOf(literal) }));

/** Makes the index of rules in firing order. */
export const indexRules = (rules: readonly Pick<OpenRule, "condition">[]): RuleIndex => {
  const alternatives = rules.map(({ condition }) => alternativesOf(condition).map(askedOf));
  const ranks = ranksOf(alternatives.flat());
  const predicates = openPredicates();
  const root = openNode();
  const filed: Filed[] = [];
  for (const [rule, found] of alternatives.entries())
    for (const alternative of found) {
      const { keys, others } = splitOf(alternative, ranks);
      const codes = [...new Set(others.map((literal) => predicates.codeOf(literal)))];
      // A predicate and its denial: never.
      if (codes.some((code) => codes.includes(code ^ 1))) continue;
      const bound = others.map(boundOf).find((one) => one !== undefined);
      insert(root, keys, { alternative: filed.push({ rule, codes }) - 1, bound });
    }
  const ordered: Filed[] = [];
  const place = placeOf(root, (alternative) => {
    const one = filed[alternative];
    return one === undefined ? 0 : ordered.push(one) - 1;
  });
  return matcherOf({ filed: ordered, rules: rules.length, place, ask: predicates.close() });
};

interface Parts {
  readonly filed: readonly Filed[];
  readonly rules: number;
  readonly place: ReturnType<typeof placeOf>;
  readonly ask: ReturnType<ReturnType<typeof openPredicates>["close"]>;
}

const matcherOf = ({ filed, rules, place, ask }: Parts): RuleIndex => {
  const ruleOf = Int32Array.from(filed, ({ rule }) => rule);
  const starts = new Int32Array(filed.length + 1);
  for (const [at, { codes }] of filed.entries()) starts[at + 1] = (starts[at] ?? 0) + codes.length;
  const codes = Int32Array.from(filed.flatMap((one) => one.codes));
  /** The run in which a rule matched last. */
  const matchedIn = new Float64Array(rules);
  let run = 0;
  return {
    matching: (facts) => {
      run += 1;
      const current = run;
      const matched: number[] = [];
      walk(place, facts, (alternative) => {
        const to = starts[alternative + 1] ?? 0;
        for (let at = starts[alternative] ?? 0; at < to; at += 1)
          if (!ask(current, codes[at] ?? 0, facts)) return;
        const rule = ruleOf[alternative] ?? 0;
        if (matchedIn[rule] === current) return;
        matchedIn[rule] = current;
        matched.push(rule);
      });
      return matched.toSorted((left, right) => left - right);
    },
  };
};
