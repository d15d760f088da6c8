/**
 * What a condition may compare with: the ten operators and six decorators of json-rules-engine (`decorator:operator`, outermost first).
 * Unlike there, an operator holds only for the types that it is made for: numbers are never read out of text, lists never searched as text.
 */
import { didYouMean, quote } from "../fault.ts";
import type { Json } from "../json.ts";

/** `left` is the fact, `right` the value of the condition. */
export type Compare = (left: Json, right: Json) => boolean;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const numeric =
  (holds: (left: number, right: number) => boolean): Compare =>
  (left, right) =>
    typeof left === "number" && typeof right === "number" && holds(left, right);

const COMPARES = {
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

const DECORATE = {
  not: (next) => (left, right) => !next(left, right),
  swap: (next) => (left, right) => next(right, left),
  everyFact: (next) => (left, right) => isList(left) && left.every((item) => next(item, right)),
  someFact: (next) => (left, right) => isList(left) && left.some((item) => next(item, right)),
  everyValue: (next) => (left, right) => isList(right) && right.every((item) => next(left, item)),
  someValue: (next) => (left, right) => isList(right) && right.some((item) => next(left, item)),
} as const satisfies Record<string, (next: Compare) => Compare>;

export type OperatorName = keyof typeof COMPARES;
export type DecoratorName = keyof typeof DECORATE;

export const OPERATORS = Object.keys(COMPARES) as readonly OperatorName[];
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
