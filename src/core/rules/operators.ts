/**
 * What a condition may compare with: the ten operators and six decorators of json-rules-engine (`decorator:operator`, outermost first), and our own for texts, instants, ranges and sets.
 * Unlike there, an operator holds only for the types that it is made for: numbers are never read out of text, lists never searched as text.
 */
import { didYouMean, quote } from "../fault.ts";
import type { Facts } from "../facts.ts";
import type { Json } from "../json.ts";
import { DATE_OPERATORS } from "./date-operators.ts";
import { TEXT_OPERATORS } from "./text-operators.ts";

/** `left` is the fact, `right` the value of the condition; some look at other facts (what time it is, where the customer lives). */
export type Compare = (left: Json, right: Json, facts: Facts) => boolean;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const numeric =
  (holds: (left: number, right: number) => boolean): Compare =>
  (left, right) =>
    typeof left === "number" && typeof right === "number" && holds(left, right);

const between: Compare = (left, right) => {
  const [low, high] = isList(right) ? right : [];
  return (
    typeof left === "number" &&
    typeof low === "number" &&
    typeof high === "number" &&
    left >= low &&
    left <= high
  );
};

const sets =
  (holds: (left: readonly Json[], right: readonly Json[]) => boolean): Compare =>
  (left, right) =>
    isList(left) && isList(right) && holds(left, right);

/** The ten of json-rules-engine. */
const STANDARD = {
  equal: (left, right) => left === right,
  notEqual: (left, right) => left !== right,
  lessThan: numeric((left, right) => left < right),
  lessThanInclusive: numeric((left, right) => left <= right),
  greaterThan: numeric((left, right) => left > right),
  greaterThanInclusive: numeric((left, right) => left >= right),
  in: (left, right) => isList(right) && right.includes(left),
  notIn: (left, right) => isList(right) && !right.includes(left),
  contains: (left, right) => isList(left) && left.includes(right),
  doesNotContain: (left, right) => isList(left) && !left.includes(right),
} as const satisfies Record<string, Compare>;

const OWN = {
  between,
  containsAny: sets((left, right) => right.some((item) => left.includes(item))),
  containsAll: sets((left, right) => right.every((item) => left.includes(item))),
  containsNone: sets((left, right) => !right.some((item) => left.includes(item))),
  ...TEXT_OPERATORS,
  ...DATE_OPERATORS,
} as const satisfies Record<string, Compare>;

const COMPARES = { ...STANDARD, ...OWN } as const;

const DECORATE = {
  not: (next) => (left, right, facts) => !next(left, right, facts),
  swap: (next) => (left, right, facts) => next(right, left, facts),
  everyFact: (next) => (left, right, facts) =>
    isList(left) && left.every((item) => next(item, right, facts)),
  someFact: (next) => (left, right, facts) =>
    isList(left) && left.some((item) => next(item, right, facts)),
  everyValue: (next) => (left, right, facts) =>
    isList(right) && right.every((item) => next(left, item, facts)),
  someValue: (next) => (left, right, facts) =>
    isList(right) && right.some((item) => next(left, item, facts)),
} as const satisfies Record<string, (next: Compare) => Compare>;

export type OperatorName = keyof typeof COMPARES;
export type StandardOperatorName = keyof typeof STANDARD;
export type DecoratorName = keyof typeof DECORATE;

export const OPERATORS = Object.keys(COMPARES) as readonly OperatorName[];
/** Those that json-rules-engine has too. */
export const STANDARD_OPERATORS = Object.keys(STANDARD) as readonly StandardOperatorName[];
export const DECORATORS = Object.keys(DECORATE) as readonly DecoratorName[];

/** How many decorators may stand before one operator. */
const DECORATORS_MAX = 8;

export const OPERATOR_PATTERN = new RegExp(
  `^(?:(?:${DECORATORS.join("|")}):){0,${DECORATORS_MAX}}(?:${OPERATORS.join("|")})$`,
);

/** An operator as written, taken apart: decorators outermost first. */
export interface Operator {
  readonly written: string;
  readonly decorators: readonly DecoratorName[];
  readonly base: OperatorName;
}

/** The operator that is written so, or what is wrong with it. */
export const parseOperator = (written: string): Operator | string => {
  const names = written.split(":");
  const base = names.pop() ?? "";
  if (!Object.hasOwn(COMPARES, base))
    return `operator ${quote(base)} is not known${didYouMean(base, OPERATORS) || `; use one of ${OPERATORS.join(", ")}`}`;
  const unknown = names.find((name) => !Object.hasOwn(DECORATE, name));
  if (unknown !== undefined)
    return `decorator ${quote(unknown)} in ${quote(written)} is not known${didYouMean(unknown, DECORATORS) || `; use one of ${DECORATORS.join(", ")}`}`;
  if (names.length > DECORATORS_MAX)
    return `operator ${quote(written)} has ${names.length} decorators; use at most ${DECORATORS_MAX}`;
  return { written, decorators: names as DecoratorName[], base: base as OperatorName };
};

/** The comparison that an operator makes. */
export const compareOf = ({ decorators, base }: Operator): Compare =>
  decorators.reduceRight<Compare>((next, name) => DECORATE[name](next), COMPARES[base]);
