/**
 * What a set of literals leaves possible of each fact, told from what stands in the file and in the catalogue. Whatever cannot be told is
 * taken as possible, so that what is called impossible surely is.
 */
import type { FactDefinition } from "../../facts.ts";
import type { Json } from "../../json.ts";
import type { Literal } from "../alternatives.ts";
import { type Comparison, lookupInWords } from "../condition.ts";

/** What one fact, or a place in it, may still be. */
export interface Domain {
  /** The only values left; null while any value is. */
  only: ReadonlySet<Json> | null;
  readonly not: Set<Json>;
  /** A number between these, if it must be one. */
  mustBeNumber: boolean;
  low: number;
  lowOpen: boolean;
  high: number;
  highOpen: boolean;
}

const openDomain = (): Domain => ({
  only: null,
  not: new Set(),
  mustBeNumber: false,
  low: -Infinity,
  lowOpen: false,
  high: Infinity,
  highOpen: false,
});

const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/u;

/** The lowest and highest value of a fact whose unit says so, such as `0..1`. */
const rangeOf = (definition: FactDefinition | undefined): readonly [number, number] | undefined => {
  const [, low, high] = RANGE.exec(definition?.unit ?? "") ?? [];
  return low === undefined || high === undefined ? undefined : [Number(low), Number(high)];
};

/** A comparison without decorators with a value that stands in the file. */
export const plainOf = (
  term: Literal["term"],
): { readonly comparison: Comparison; readonly value: Json } | undefined =>
  term.kind === "comparison" &&
  term.operator.decorators.length === 0 &&
  term.operand.kind === "literal"
    ? { comparison: term, value: term.operand.value }
    : undefined;

const keepOnly = (domain: Domain, values: readonly Json[]): void => {
  const { only } = domain;
  domain.only = new Set(only === null ? values : values.filter((value) => only.has(value)));
};

const raiseLow = (domain: Domain, value: number, isOpen: boolean): void => {
  domain.mustBeNumber = true;
  if (value < domain.low || (value === domain.low && !isOpen)) return;
  domain.low = value;
  domain.lowOpen = isOpen;
};

const lowerHigh = (domain: Domain, value: number, isOpen: boolean): void => {
  domain.mustBeNumber = true;
  if (value > domain.high || (value === domain.high && !isOpen)) return;
  domain.high = value;
  domain.highOpen = isOpen;
};

const BOUNDS: Readonly<Record<string, (domain: Domain, value: number) => void>> = {
  lessThan: (domain, value) => lowerHigh(domain, value, true),
  lessThanInclusive: (domain, value) => lowerHigh(domain, value, false),
  greaterThan: (domain, value) => raiseLow(domain, value, true),
  greaterThanInclusive: (domain, value) => raiseLow(domain, value, false),
};

const narrow = (domain: Domain, base: string, value: Json): void => {
  const bound = BOUNDS[base];
  if (bound !== undefined && typeof value === "number") bound(domain, value);
  if (base === "equal") keepOnly(domain, [value]);
  if (base === "in" && Array.isArray(value)) keepOnly(domain, value as readonly Json[]);
  if (base === "between" && Array.isArray(value)) {
    const [low, high] = value as readonly number[];
    raiseLow(domain, low ?? -Infinity, false);
    lowerHigh(domain, high ?? Infinity, false);
  }
};

/** What each lookup of the literals may still be, by the words of the lookup. */
export const domainsOf = (literals: readonly Literal[]): ReadonlyMap<string, Domain> => {
  const domains = new Map<string, Domain>();
  for (const { term, holds } of literals) {
    const plain = plainOf(term);
    if (plain === undefined) continue;
    const { comparison, value } = plain;
    const words = lookupInWords(comparison.subject);
    const domain = domains.get(words) ?? openDomain();
    domains.set(words, domain);
    const { base } = comparison.operator;
    if (holds) narrow(domain, base, value);
    else if (base === "equal") domain.not.add(value);
    else if (base === "in" && Array.isArray(value))
      for (const item of value as readonly Json[]) domain.not.add(item);
  }
  return domains;
};

/** Whether a value is left in the domain. */
export const allows = (domain: Domain, value: Json): boolean => {
  const { only, not, mustBeNumber, low, lowOpen, high, highOpen } = domain;
  if ((only !== null && !only.has(value)) || not.has(value)) return false;
  if (!mustBeNumber) return true;
  if (typeof value !== "number") return false;
  return (lowOpen ? value > low : value >= low) && (highOpen ? value < high : value <= high);
};

/** The values that are left, where they can be counted; null while they cannot. */
export const valuesLeft = (domain: Domain): readonly Json[] | null =>
  domain.only === null ? null : [...domain.only].filter((value) => allows(domain, value));

/** A domain of numbers, no wider than the range of the fact. */
export const withinRange = (domain: Domain, definition: FactDefinition | undefined): Domain => {
  const [least, most] = rangeOf(definition) ?? [-Infinity, Infinity];
  const within: Domain = { ...domain };
  if (least > within.low) Object.assign(within, { low: least, lowOpen: false });
  if (most < within.high) Object.assign(within, { high: most, highOpen: false });
  return within;
};

/** Whether surely nothing is left. */
export const isEmpty = (domain: Domain, definition: FactDefinition | undefined): boolean => {
  if (domain.only !== null) return valuesLeft(domain)?.length === 0;
  if (!domain.mustBeNumber) return false;
  const { low, high, lowOpen, highOpen, not } = withinRange(domain, definition);
  if (low > high || (low === high && (lowOpen || highOpen))) return true;
  return low === high && not.has(low);
};
