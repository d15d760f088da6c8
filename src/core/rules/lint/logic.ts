/**
 * What can be proven of conditions: that one never or always holds, that one follows from another, that two can hold of one signal.
 * Every "yes" but the last is a proof; a "no" only says that none was found.
 */
import { FACTS } from "../../facts.ts";
import type { Json } from "../../json.ts";
import { type Alternative, alternativesOf, type Literal } from "../alternatives.ts";
import { type Comparison, type Condition, lookupInWords } from "../condition.ts";
import {
  allows,
  type Domain,
  domainsOf,
  isEmpty,
  plainOf,
  valuesLeft,
  withinRange,
} from "./domain.ts";

const keyOf = ({ term, holds }: Literal): string => JSON.stringify([term, holds]);

/** Whether a literal can only hold of a fact that is known: null passes it by. */
const needsValue = ({ term, holds }: Literal): boolean => {
  if (term.kind !== "comparison") return false;
  const plain = plainOf(term);
  if (!holds) return plain?.comparison.operator.base === "equal" && plain.value === null;
  if (plain === undefined) return false;
  const { base } = plain.comparison.operator;
  if (base === "equal") return plain.value !== null;
  if (base === "in") return Array.isArray(plain.value) && !plain.value.includes(null);
  return true;
};

/** The kinds of signals that literals leave possible: facts of the other kind are null. */
const kindsOf = (literals: readonly Literal[]): ReadonlySet<string> => {
  const kinds = new Set(["feedback", "event"]);
  for (const literal of literals) {
    if (literal.term.kind !== "comparison") continue;
    const { fact } = literal.term.subject;
    if (!needsValue(literal)) continue;
    if (fact.startsWith("feedback.")) kinds.delete("event");
    if (fact.startsWith("event.")) kinds.delete("feedback");
  }
  return kinds;
};

/** Whether the literals surely cannot all hold of one signal. */
const isImpossible = (literals: readonly Literal[]): boolean => {
  const keys = new Set(literals.map(keyOf));
  if (literals.some(({ term, holds }) => keys.has(keyOf({ term, holds: !holds })))) return true;
  const domains = domainsOf(literals);
  for (const [words, domain] of domains) if (isEmpty(domain, FACTS.get(words))) return true;
  const kinds = kindsOf(literals);
  const kind = domains.get("signal.kind");
  return ![...kinds].some((one) => kind === undefined || allows(kind, one));
};

const possible = (condition: Condition, holds = true): readonly Alternative[] =>
  alternativesOf(condition, holds).filter((literals) => !isImpossible(literals));

export const neverHolds = (condition: Condition): boolean => possible(condition).length === 0;
export const alwaysHolds = (condition: Condition): boolean =>
  possible(condition, false).length === 0;

/** Whether every number that is left passes the bound. */
const PASSES: Readonly<Record<string, (left: Domain, value: number) => boolean>> = {
  lessThan: ({ high, highOpen }, value) => high < value || (high === value && highOpen),
  lessThanInclusive: ({ high }, value) => high <= value,
  greaterThan: ({ low, lowOpen }, value) => low > value || (low === value && lowOpen),
  greaterThanInclusive: ({ low }, value) => low >= value,
};

const passesBound = ({ subject, operator }: Comparison, domain: Domain, value: number): boolean =>
  domain.mustBeNumber &&
  PASSES[operator.base]?.(withinRange(domain, FACTS.get(subject.fact)), value) === true;

const holdsOf = (base: string, left: Json, right: Json): boolean => {
  if (base === "equal") return left === right;
  if (base === "in") return Array.isArray(right) && right.includes(left);
  if (typeof left !== "number" || typeof right !== "number") return false;
  if (base === "lessThan") return left < right;
  if (base === "lessThanInclusive") return left <= right;
  if (base === "greaterThan") return left > right;
  return base === "greaterThanInclusive" && left >= right;
};

const DECIDED: ReadonlySet<string> = new Set([
  "equal",
  "in",
  "lessThan",
  "lessThanInclusive",
  "greaterThan",
  "greaterThanInclusive",
]);

/** Whether a literal follows from others. */
const follows = (
  literal: Literal,
  from: readonly Literal[],
  keys: ReadonlySet<string>,
): boolean => {
  if (keys.has(keyOf(literal))) return true;
  const plain = plainOf(literal.term);
  if (plain === undefined || !DECIDED.has(plain.comparison.operator.base)) return false;
  const { comparison, value } = plain;
  const { base } = comparison.operator;
  const domain = domainsOf(from).get(lookupInWords(comparison.subject));
  if (domain === undefined) return false;
  const left = valuesLeft(domain);
  if (left !== null) return left.every((one) => holdsOf(base, one, value) === literal.holds);
  if (literal.holds) return typeof value === "number" && passesBound(comparison, domain, value);
  if (base === "equal") return !allows(domain, value);
  return (
    base === "in" &&
    Array.isArray(value) &&
    (value as readonly Json[]).every((item) => !allows(domain, item))
  );
};

/** Whether `then` holds wherever `given` does. */
export const implies = (given: Condition, then: Condition): boolean => {
  const targets = alternativesOf(then);
  return possible(given).every((literals) => {
    const keys = new Set(literals.map(keyOf));
    return targets.some((target) => target.every((literal) => follows(literal, literals, keys)));
  });
};

/** Whether nothing that can be told keeps both from holding of one signal. */
export const canMeet = (left: Condition, right: Condition): boolean => {
  const others = possible(right);
  return possible(left).some((one) => others.some((other) => !isImpossible([...one, ...other])));
};
