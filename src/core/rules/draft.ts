/**
 * Reads one condition from JSON and names everything that is wrong with it, each fault with its place.
 * References to named conditions stay references here; link.ts puts the conditions in their place.
 */
import { didYouMean, type Fault, quote } from "../fault.ts";
import type { Json, JsonObject } from "../json.ts";
import { LIMITS } from "../limits.ts";
import type { Comparison, Draft, Lookup, Operand } from "./condition.ts";
import { type Catalogue, fitFault } from "./fit.ts";
import { type Operator, parseOperator } from "./operators.ts";
import { PROTOTYPE_NAMES, pathFault, stepsOf } from "./path.ts";

/** What a condition is read against, and where its faults go. */
export interface Reading {
  readonly catalogue: Catalogue;
  /** Conditions that may be referred to. */
  readonly named: readonly string[];
  readonly faults: Fault[];
}

/** Where a condition stands: `rules/delivery.json › late-parcel › conditions.all[1]`; `depth` counts the groups around it. */
interface Spot {
  readonly place: string;
  readonly depth: number;
}

const GROUPS = ["all", "any", "not"] as const;
const HEADS = [...GROUPS, "condition"] as const;
const LEAF_NAMES = ["fact", "operator", "value", "path"] as const;

const REFUSED: Readonly<Record<string, string>> = {
  params: '"params" is for computed facts, which attune has not; remove it',
  priority: '"priority" of a condition decides nothing here, every condition is cheap; remove it',
  name: '"name" has no meaning inside a condition; use a named condition',
};

const unknownNames = (given: JsonObject, known: readonly string[]): readonly string[] =>
  Object.keys(given)
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        (Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined) ??
        `${quote(name)} is not known here${didYouMean(name, known) || `; use ${known.join(", ")}`}`,
    );

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** What is wrong with the name of a fact, or nothing. */
export const factFault = (fact: Json | undefined, catalogue: Catalogue): string | undefined => {
  if (typeof fact !== "string" || fact === "")
    return `fact ${quote(fact)} is not a name; name a fact`;
  if (PROTOTYPE_NAMES.has(fact)) return `fact ${quote(fact)} is not allowed; choose another name`;
  if (catalogue === "any" || catalogue.has(fact)) return undefined;
  return `fact ${quote(fact)} is not known${didYouMean(fact, catalogue.keys()) || "; see the catalogue of facts"}`;
};

const PLACED: ReadonlySet<string> = new Set(["object", "list"]);

/** What is wrong with looking at a place inside a fact, name and path being sound by themselves; or nothing. */
export const placeFault = (given: JsonObject, catalogue: Catalogue): string | undefined => {
  const { fact, path } = given;
  if (catalogue === "any" || typeof fact !== "string" || typeof path !== "string") return undefined;
  const type = catalogue.get(fact)?.type;
  return type === undefined || PLACED.has(type) || stepsOf(path).length === 0
    ? undefined
    : `path ${quote(path)} leads into ${quote(fact)}, which is ${type}; only objects and lists have places inside`;
};

const lookupFaults = (given: JsonObject, catalogue: Catalogue): readonly string[] => {
  const { fact, path } = given;
  const wrongFact = factFault(fact, catalogue);
  if (path === undefined) return wrongFact === undefined ? [] : [wrongFact];
  const wrongPath =
    typeof path === "string"
      ? pathFault(path)
      : `path ${quote(path)} is not text; write it like "$.order.id"`;
  if (wrongFact !== undefined || wrongPath !== undefined)
    return [wrongFact, wrongPath].filter((wrong) => wrong !== undefined);
  const misplaced = placeFault(given, catalogue);
  return misplaced === undefined ? [] : [misplaced];
};

const lookupOf = (given: JsonObject): Lookup => {
  const { fact, path } = given as { readonly fact: string; readonly path?: string };
  return path === undefined ? { fact, steps: [] } : { fact, path, steps: stepsOf(path) };
};

const operandFaults = (value: Json | undefined, catalogue: Catalogue): readonly string[] => {
  if (value === undefined) return ["value is missing; write what the fact is compared with"];
  if (!isObject(value)) return [];
  if (!Object.hasOwn(value, "fact"))
    return [
      `value ${quote(value)} is an object, and no two objects are equal; write a value, a list or {"fact": "…"}`,
    ];
  return [...lookupFaults(value, catalogue), ...unknownNames(value, ["fact", "path"])].map(
    (wrong) => `in value: ${wrong}`,
  );
};

const operandOf = (value: Json): Operand =>
  isObject(value) ? { kind: "lookup", lookup: lookupOf(value) } : { kind: "literal", value };

const operatorOf = (written: Json | undefined): Operator | string => {
  if (written === undefined) return 'operator is missing; write one such as "equal"';
  return typeof written === "string"
    ? parseOperator(written)
    : `operator ${quote(written)} is not text; write one such as "equal"`;
};

const readComparison = (
  given: JsonObject,
  { place }: Spot,
  { catalogue, faults }: Reading,
): Comparison | null => {
  const { operator: written, value } = given;
  const operator = operatorOf(written);
  const wrong = [
    ...unknownNames(given, LEAF_NAMES),
    ...lookupFaults(given, catalogue),
    ...(typeof operator === "string" ? [operator] : []),
    ...operandFaults(value, catalogue),
  ];
  faults.push(...wrong.map((sentence) => ({ place, sentence })));
  if (wrong.length > 0 || typeof operator === "string" || value === undefined) return null;
  const subject = lookupOf(given);
  const comparison: Comparison = {
    kind: "comparison",
    subject,
    operator,
    operand: operandOf(value),
  };
  const misfit = fitFault(comparison, catalogue);
  if (misfit !== undefined) faults.push({ place, sentence: misfit });
  return comparison;
};

const readReference = (name: Json | undefined, { place }: Spot, reading: Reading): Draft | null => {
  if (typeof name === "string" && reading.named.includes(name))
    return { kind: "reference", name, place };
  const known = typeof name === "string" ? didYouMean(name, reading.named) : "";
  const remedy = known || '; name one that stands in "conditions" of this file';
  reading.faults.push({ place, sentence: `condition ${quote(name)} is not known${remedy}` });
  return null;
};

const childrenOf = (
  kind: "all" | "any" | "not",
  value: Json | undefined,
): readonly Json[] | string => {
  if (kind === "not")
    return Array.isArray(value)
      ? '"not" takes one condition, not a list; wrap the list into {"all": […]}'
      : [value ?? null];
  if (!Array.isArray(value)) return `"${kind}" takes a list of conditions, not ${quote(value)}`;
  if (kind === "any" && value.length === 0)
    return '"any" of nothing never holds; add a condition, or use "all": [] for always';
  return value as readonly Json[];
};

const readGroup = (
  kind: "all" | "any" | "not",
  given: JsonObject,
  { spot: { place, depth }, reading }: { readonly spot: Spot; readonly reading: Reading },
): Draft | null => {
  const children = childrenOf(kind, given[kind]);
  if (typeof children === "string" || depth >= LIMITS.depth) {
    const sentence =
      typeof children === "string"
        ? children
        : `conditions are nested deeper than ${LIMITS.depth} levels; flatten them`;
    reading.faults.push({ place, sentence });
    return null;
  }
  const read = children.map((child, index) =>
    readDraft(
      child,
      { place: kind === "not" ? `${place}.not` : `${place}.${kind}[${index}]`, depth: depth + 1 },
      reading,
    ),
  );
  return { kind, children: read.filter((child) => child !== null) };
};

/** The condition that stands at `spot`, or null with its faults added to `reading.faults`. */
const readDraft = (given: Json | undefined, spot: Spot, reading: Reading): Draft | null => {
  const { place } = spot;
  const complain = (sentence: string): void => void reading.faults.push({ place, sentence });
  if (!isObject(given)) {
    complain(
      `${quote(given)} is not a condition; write {"fact": …, "operator": …, "value": …} or {"all": […]}`,
    );
    return null;
  }
  const heads = HEADS.filter((head) => Object.hasOwn(given, head));
  const [head] = heads;
  if (head === undefined) return readComparison(given, spot, reading);
  if (heads.length > 1)
    complain(`"${heads.join('" and "')}" stand in one condition; nest one inside the other`);
  for (const wrong of unknownNames(given, HEADS)) complain(wrong);
  const groups = GROUPS.filter((kind) => Object.hasOwn(given, kind));
  const read = groups.map((kind) => readGroup(kind, given, { spot, reading }));
  return head === "condition"
    ? readReference(given["condition"], spot, reading)
    : (read[0] ?? null);
};

/** As `readDraft`, for the condition of a rule or a named condition: json-rules-engine wants a group there. */
export const readRootDraft = (
  given: Json | undefined,
  place: string,
  reading: Reading,
): Draft | null => {
  if (isObject(given) && !HEADS.some((head) => Object.hasOwn(given, head))) {
    reading.faults.push({
      place,
      sentence: 'a single comparison cannot stand alone; write {"all": [ … ]} around it',
    });
  }
  return readDraft(given, { place, depth: 0 }, reading);
};
