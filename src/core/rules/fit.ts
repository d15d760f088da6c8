/**
 * Whether an operator fits the fact and the value that it compares: types and closed sets of values, told from the catalogue at load.
 * A side of a comparison may be one of several things (`everyValue` takes a list apart), so both sides are lists of possibilities.
 */
import { didYouMean, quote } from "../fault.ts";
import type { FactDefinition, FactType } from "../facts.ts";
import type { Json } from "../json.ts";
import type { Comparison, Lookup, Operand } from "./condition.ts";
import { lookupInWords } from "./condition.ts";
import { instantFault } from "./date-operators.ts";
import { parseHours } from "./hours.ts";
import type { OperatorName } from "./operators.ts";
import { patternFault } from "./text-operators.ts";

/** The facts that rules may read; "any" for rules over facts that nobody has described. */
export type Catalogue = ReadonlyMap<string, FactDefinition> | "any";

interface Possibility {
  /** `unknown`: only a run can tell. */
  readonly type: FactType | "null" | "unknown";
  /** How a fault names it. */
  readonly words: string;
  /** What it is exactly, when it stands in the file. */
  readonly literal?: Json;
  /** Every text that it (or, for a list, an item of it) can be. */
  readonly closed?: readonly string[];
}
type Side = readonly Possibility[];

const TYPE_WORDS: Readonly<Record<Possibility["type"], string>> = {
  text: "text",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  object: "an object",
  null: "null",
  unknown: "anything",
};

/** The type of a value, as the catalogue names types. */
const typeOf = (value: Json): FactType | "null" => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  return typeof value as "number" | "boolean" | "object";
};

const ofLiteral = (literal: Json): Possibility => ({
  type: typeOf(literal),
  words: `value ${quote(literal)}`,
  literal,
});

const ofLookup = (lookup: Lookup, catalogue: Catalogue): Possibility => {
  const words = lookupInWords(lookup);
  const definition = catalogue === "any" ? undefined : catalogue.get(lookup.fact);
  if (definition === undefined || lookup.steps.length > 0) return { type: "unknown", words };
  const { type, values } = definition;
  return values === undefined ? { type, words } : { type, words, closed: values };
};

const ofOperand = (operand: Operand, catalogue: Catalogue): Possibility =>
  operand.kind === "literal" ? ofLiteral(operand.value) : ofLookup(operand.lookup, catalogue);

const describe = ({ type, words }: Possibility): string =>
  type === "unknown" ? words : `${words} is ${TYPE_WORDS[type]}`;

/** The items of a list, or what is wrong with taking it apart. */
const itemsOf = (side: Side, decorator: string): Side | string => {
  const wrong = side.find(({ type }) => type !== "list" && type !== "unknown");
  if (wrong !== undefined)
    return `"${decorator}" takes a list apart, but ${describe(wrong)}; give a list or remove "${decorator}:"`;
  return side.flatMap(({ type, words, literal, closed }): Side => {
    if (Array.isArray(literal)) return (literal as readonly Json[]).map(ofLiteral);
    const item = {
      type: closed === undefined ? "unknown" : "text",
      words: `an item of ${words}`,
    } as const;
    return [type === "list" && closed !== undefined ? { ...item, closed } : item];
  });
};

const scalar = ({ type }: Possibility): boolean => type !== "list" && type !== "object";

const outsideSet = (set: Possibility, value: Possibility): string | undefined => {
  if (set.closed === undefined || typeof value.literal !== "string") return undefined;
  if (set.closed.includes(value.literal)) return undefined;
  const guess = didYouMean(value.literal, set.closed);
  return `value ${quote(value.literal)} is not among the values of ${set.words}${guess || `; use one of ${set.closed.join(", ")}`}`;
};

/** What is wrong with asking whether two scalars are the same. */
const sameness = (left: Possibility, right: Possibility): string | undefined => {
  if ([left.type, right.type].some((type) => type === "null" || type === "unknown"))
    return undefined;
  if (left.type !== right.type)
    return `${describe(right)}, but ${describe(left)}; compare values of one type`;
  return outsideSet(left, right) ?? outsideSet(right, left);
};

const equality = (left: Possibility, right: Possibility): string | undefined => {
  if (left.type === "null" || right.type === "null") return undefined;
  const wrong = [left, right].find((side) => !scalar(side));
  return wrong === undefined
    ? sameness(left, right)
    : `${describe(wrong)}, and no two of them are equal; compare items with in, contains, someFact or everyFact, or give a path`;
};

const magnitude = (left: Possibility, right: Possibility): string | undefined => {
  const wrong = [left, right].find(({ type }) => type !== "number" && type !== "unknown");
  return wrong === undefined
    ? undefined
    : `it compares numbers, but ${describe(wrong)}; use equal, notEqual, in or notIn, or give a number`;
};

/** What is wrong with looking for `item` in `list`. */
const membership = (list: Possibility, item: Possibility, listSide: string): string | undefined => {
  if (list.type !== "list" && list.type !== "unknown")
    return `it looks into a list, but ${describe(list)}; ${listSide}`;
  if (!scalar(item))
    return `${describe(item)}, and no two of them are equal; look for text, a number, true or false`;
  if (!Array.isArray(list.literal))
    return (
      outsideSet(list, item) ??
      (list.closed === undefined
        ? undefined
        : sameness({ ...list, type: "text", words: `an item of ${list.words}` }, item))
    );
  for (const member of (list.literal as readonly Json[]).map(ofLiteral)) {
    const wrong = equality(item, member);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};

const inside = (left: Possibility, right: Possibility): string | undefined =>
  membership(right, left, 'write the value as a list, such as ["a", "b"]');
const around = (left: Possibility, right: Possibility): string | undefined =>
  membership(
    left,
    right,
    "use containsText or containsWord for text, equal or in for a single value",
  );

const typed = (side: Possibility, type: FactType, advice: string): string | undefined =>
  side.type === type || side.type === "unknown" ? undefined : `${describe(side)}; ${advice}`;

const textual = (left: Possibility, right: Possibility): string | undefined =>
  typed(left, "text", "it looks into text: use contains for a list, equal for others") ??
  typed(right, "text", "give the text that is looked for") ??
  (right.literal === "" ? `${right.words} is in every text; give a text` : undefined);

const pattern = (left: Possibility, right: Possibility): string | undefined => {
  const wrong = textual(left, right);
  if (wrong !== undefined) return wrong;
  if (typeof right.literal !== "string")
    return `the pattern is ${right.words}; write it as text, so that it can be checked`;
  const fault = patternFault(right.literal);
  return fault === undefined ? undefined : `${right.words} ${fault}`;
};

const range = (left: Possibility, right: Possibility): string | undefined => {
  const wrong = typed(left, "number", "it compares numbers");
  if (wrong !== undefined || (right.literal === undefined && right.type === "unknown"))
    return wrong;
  const { literal } = right;
  const [low, high, ...more] = Array.isArray(literal) ? (literal as readonly Json[]) : [];
  if (typeof low !== "number" || typeof high !== "number" || more.length > 0)
    return `${right.words} is not two numbers; write [lowest, highest], both included`;
  return low > high ? `${right.words} holds no number; write the lower one first` : undefined;
};

const listed = (left: Possibility, right: Possibility): string | undefined => {
  const wrong =
    typed(left, "list", "it looks into a list: use in for a single value") ??
    typed(right, "list", 'write a list, such as ["a", "b"]');
  if (wrong !== undefined || !Array.isArray(right.literal)) return wrong;
  for (const item of (right.literal as readonly Json[]).map(ofLiteral)) {
    const misfit = membership(left, item, "");
    if (misfit !== undefined) return misfit;
  }
  return right.literal.length === 0
    ? `${right.words} is empty; write what is looked for`
    : undefined;
};

const isKnownText = ({ type, literal }: Possibility): boolean =>
  type === "text" && literal !== undefined;

const instants = (left: Possibility, right: Possibility): string | undefined =>
  typed(left, "text", "instants are text, such as 2026-03-01T09:00:00Z") ??
  typed(right, "text", "instants are text, such as 2026-03-01T09:00:00Z") ??
  [left, right]
    .filter(isKnownText)
    .map(({ literal }) => instantFault(literal ?? null))
    .find((fault) => fault !== undefined);

const duration = (left: Possibility, right: Possibility): string | undefined =>
  typed(left, "text", "instants are text, such as 2026-03-01T09:00:00Z") ??
  typed(right, "number", "say how many, as a number") ??
  (typeof right.literal === "number" && right.literal < 0
    ? `${right.words} is below 0; give a length of time`
    : undefined);

const hours = (left: Possibility, right: Possibility): string | undefined => {
  const wrong = typed(left, "text", "instants are text: use signal.now");
  if (wrong !== undefined) return wrong;
  const { literal } = right;
  const written = Array.isArray(literal) ? (literal as readonly Json[]) : [literal];
  for (const one of written) {
    const parsed =
      typeof one === "string" ? parseHours(one) : `${right.words} is not hours of the week`;
    if (typeof parsed === "string") return parsed;
  }
  return written.length === 0 ? `${right.words} is empty; write hours` : undefined;
};

const FITS: Readonly<
  Record<OperatorName, (left: Possibility, right: Possibility) => string | undefined>
> = {
  equal: equality,
  notEqual: equality,
  lessThan: magnitude,
  lessThanInclusive: magnitude,
  greaterThan: magnitude,
  greaterThanInclusive: magnitude,
  in: inside,
  notIn: inside,
  contains: around,
  doesNotContain: around,
  between: range,
  containsAny: listed,
  containsAll: listed,
  containsNone: listed,
  startsWith: textual,
  endsWith: textual,
  containsText: textual,
  containsWord: textual,
  matches: pattern,
  before: instants,
  after: instants,
  withinDays: duration,
  withinHours: duration,
  withinNextDays: duration,
  duringHours: hours,
};

/** Both sides as the base operator meets them, or what is wrong with a decorator. */
const undecorated = (
  comparison: Comparison,
  catalogue: Catalogue,
): readonly [Side, Side] | string => {
  let left: Side = [ofLookup(comparison.subject, catalogue)];
  let right: Side = [ofOperand(comparison.operand, catalogue)];
  for (const decorator of comparison.operator.decorators) {
    if (decorator === "swap") [left, right] = [right, left];
    else if (decorator !== "not") {
      const items = itemsOf(decorator.endsWith("Fact") ? left : right, decorator);
      if (typeof items === "string") return items;
      if (decorator.endsWith("Fact")) left = items;
      else right = items;
    }
  }
  return [left, right];
};

/** What is wrong with a comparison by the catalogue, or nothing. */
export const fitFault = (comparison: Comparison, catalogue: Catalogue): string | undefined => {
  const sides = undecorated(comparison, catalogue);
  const prefix = `operator ${quote(comparison.operator.written)} does not fit: `;
  if (typeof sides === "string") return prefix + sides;
  for (const left of sides[0])
    for (const right of sides[1]) {
      const wrong = FITS[comparison.operator.base](left, right);
      if (wrong !== undefined) return prefix + wrong;
    }
  return undefined;
};

/** What is wrong with `value` as an example of a fact, or nothing; null fits every fact. */
export const typeFault = (fact: string, value: Json, catalogue: Catalogue): string | undefined => {
  const definition = catalogue === "any" ? undefined : catalogue.get(fact);
  const type = typeOf(value);
  if (definition === undefined || type === "null") return undefined;
  if (type !== definition.type)
    return `value ${quote(value)} is ${TYPE_WORDS[type]}, but ${fact} is ${TYPE_WORDS[definition.type]}`;
  const set: Possibility = { type, words: fact, closed: definition.values ?? [] };
  if (set.closed?.length === 0) return undefined;
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return items.map((item) => outsideSet(set, ofLiteral(item))).find((wrong) => wrong !== undefined);
};
