/**
 * A condition as it is evaluated: read, checked, and with every named condition already in its place.
 * A named condition stands only once in memory however often it is referred to, so a walk must not assume a tree of distinct objects.
 */
import type { Facts } from "../facts.ts";
import type { Json } from "../json.ts";
import type { Operator } from "./operators.ts";
import { follow, type Step } from "./path.ts";

/** Where a value is read: a fact, or a place inside it. */
export interface Lookup {
  readonly fact: string;
  /** As written; absent where the whole fact is meant. */
  readonly path?: string;
  readonly steps: readonly Step[];
}

export type Operand =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "lookup"; readonly lookup: Lookup };

export interface Comparison {
  readonly kind: "comparison";
  readonly subject: Lookup;
  readonly operator: Operator;
  readonly operand: Operand;
}

interface Group<Child> {
  readonly kind: "all" | "any" | "not";
  /** Of the named condition that stood here. */
  readonly name?: string;
  /** Exactly one for `not`, at least one for `any`. */
  readonly children: readonly Child[];
}

export type Condition = Comparison | Group<Condition>;

/** A condition as it stands in a file: names not yet replaced by what they stand for. */
interface Reference {
  readonly kind: "reference";
  readonly name: string;
  /** Where it stands, for faults. */
  readonly place: string;
}
export type Draft = Comparison | Reference | Group<Draft>;

/** The value of a lookup; null where the fact or the property is missing. */
export const read = (facts: Facts, lookup: Lookup): Json => {
  const { fact, steps } = lookup;
  const value = Object.hasOwn(facts, fact) ? (facts[fact] ?? null) : null;
  return steps.length === 0 ? value : follow(value, steps);
};

/** `customer.custom at $.tier`: a lookup as it is named in faults and explanations. */
export const lookupInWords = ({ fact, path }: Pick<Lookup, "fact" | "path">): string =>
  path === undefined || path === "" || path === "$"
    ? fact
    : `${fact} at ${path.startsWith("$") ? path : `$${path}`}`;
