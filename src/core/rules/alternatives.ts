/**
 * A condition as alternatives (disjunctive normal form): it holds exactly where all literals of one alternative do.
 * Nested choices multiply, so what would give more than 64 alternatives stays one literal that is tested as a whole.
 */
import type { Comparison, Condition } from "./condition.ts";
import type { Operator } from "./operators.ts";

/** Something that must come out so: a comparison, or a condition too wide to take apart. */
export interface Literal {
  readonly term: Comparison | Condition;
  readonly holds: boolean;
}

/** Literals that must all come out as they say; an empty one always holds. */
export type Alternative = readonly Literal[];

const ALTERNATIVES_MAX = 64;

const isListed = ({ operand }: Comparison): boolean =>
  operand.kind === "literal" && Array.isArray(operand.value);

const renamed = (comparison: Comparison, operator: Operator): Comparison => ({
  ...comparison,
  operator,
});

/** The same comparison without a denial that can be told by `holds`. Each step is exact for every fact, null and lists included. */
const positive = (comparison: Comparison, holds: boolean): Literal => {
  const { operator } = comparison;
  const [first, ...others] = operator.decorators;
  if (first === "not") {
    const written = operator.written.slice("not:".length);
    return positive(renamed(comparison, { ...operator, written, decorators: others }), !holds);
  }
  const plain = first === undefined;
  if (plain && operator.base === "notEqual")
    return {
      term: renamed(comparison, { written: "equal", decorators: [], base: "equal" }),
      holds: !holds,
    };
  if (plain && operator.base === "notIn" && isListed(comparison))
    return {
      term: renamed(comparison, { written: "in", decorators: [], base: "in" }),
      holds: !holds,
    };
  return { term: comparison, holds };
};

const whole = (condition: Condition, holds: boolean): readonly Alternative[] => [
  [{ term: condition, holds }],
];

/** Every choice of one alternative from each part; parts that would make too many stay whole. */
const product = (
  parts: readonly { readonly condition: Condition; readonly found: readonly Alternative[] }[],
  holds: boolean,
): readonly Alternative[] => {
  let all: readonly Alternative[] = [[]];
  for (const { condition, found } of parts.toSorted(
    (left, right) => left.found.length - right.found.length,
  )) {
    const next = all.length * found.length > ALTERNATIVES_MAX ? whole(condition, holds) : found;
    all = all.flatMap((left) => next.map((right) => [...left, ...right]));
  }
  return all;
};

/** The alternatives of a condition, or of its denial where `holds` is false. Never holding gives none. */
export const alternativesOf = (condition: Condition, holds = true): readonly Alternative[] => {
  if (condition.kind === "comparison") return [[positive(condition, holds)]];
  const inner = condition.kind === "not" ? !holds : holds;
  const parts = condition.children.map((child) => ({
    condition: child,
    found: alternativesOf(child, inner),
  }));
  if ((condition.kind === "any") !== inner) return product(parts, inner);
  const found = parts.flatMap((part) => part.found);
  return found.length > ALTERNATIVES_MAX ? whole(condition, holds) : found;
};
