/**
 * Rules as json-rules-engine takes them, over facts that nobody has described: a list of rules, one rule, or an object with `rules` and
 * named `conditions`. Any event goes; its params may refer to facts. Conditions mean what they mean in rule files.
 */
import { type Checked, type Fault, faulty, quote, sound } from "../fault.ts";
import type { Facts } from "../facts.ts";
import type { Json, JsonObject } from "../json.ts";
import { LIMITS } from "../limits.ts";
import type { Condition } from "./condition.ts";
import { read } from "./condition.ts";
import { type Reading, readRootDraft } from "./draft.ts";
import { linkNamed, linkWithin, type NamedDrafts } from "./link.ts";
import { pathFault, stepsOf } from "./path.ts";
import { indexRules, type RuleIndex } from "./rule-index.ts";
import { readSource } from "./source.ts";
import { readYaml } from "./yaml.ts";

/** A rule without a catalogue; its event is given back as written, references to facts in params replaced. */
interface UntypedRule {
  readonly name: string;
  readonly priority: number;
  readonly condition: Condition;
  readonly event: JsonObject;
}

export interface UntypedRules {
  /** Priority descending, equal ones in order of file and definition. */
  readonly firing: readonly UntypedRule[];
  readonly index: RuleIndex;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Hints to the package's own order of work, which decide nothing. */
const HINTS: ReadonlySet<string> = new Set(["priority", "name"]);

const withoutHints = (given: Json): Json => {
  if (Array.isArray(given)) return (given as readonly Json[]).map(withoutHints);
  if (!isObject(given)) return given;
  const isLeaf = Object.hasOwn(given, "fact");
  return Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => !HINTS.has(name) || given["operator"] === undefined)
      .map(([name, part]) => [name, isLeaf ? part : withoutHints(part)]),
  );
};

interface Found {
  readonly rules: readonly Json[];
  readonly named: JsonObject;
}

const foundIn = (value: Json, place: string, faults: Fault[]): Found => {
  if (Array.isArray(value)) return { rules: value as readonly Json[], named: {} };
  if (isObject(value) && Array.isArray(value["rules"])) {
    const named = value["conditions"];
    return { rules: value["rules"] as readonly Json[], named: isObject(named) ? named : {} };
  }
  if (isObject(value) && isObject(value["event"])) return { rules: [value], named: {} };
  faults.push({
    place,
    sentence: 'holds no rules; write a list of rules, one rule, or {"rules": [ … ]}',
  });
  return { rules: [], named: {} };
};

const priorityOf = (given: Json | undefined, place: string, faults: Fault[]): number => {
  if (given === undefined) return 1;
  if (typeof given === "number" && Number.isInteger(given) && given >= 1) return given;
  const sentence = `${quote(given)} is not a priority; write an integer of at least 1`;
  faults.push({ place: `${place} › priority`, sentence });
  return 1;
};

const eventOf = (given: Json | undefined, place: string, faults: Fault[]): JsonObject => {
  if (isObject(given) && typeof given["type"] === "string") return given;
  faults.push({
    place: `${place} › event`,
    sentence: `${quote(given)} is not an event; write {"type": "…"}`,
  });
  return { type: "" };
};

const linkedNames = (named: JsonObject, path: string, reading: Reading) => {
  const drafts = Object.entries(named).flatMap(([name, given]) => {
    const place = `${path} › conditions.${name}`;
    const draft = readRootDraft(withoutHints(given), place, reading);
    return draft === null ? [] : [[name, { draft, place }] as const];
  });
  return linkNamed(new Map(drafts) satisfies NamedDrafts, reading.faults);
};

const readFile = (path: string, text: string, faults: Fault[]): readonly UntypedRule[] => {
  const source = (/\.ya?ml$/u.test(path) ? readYaml : readSource)(
    text,
    path,
    2 * LIMITS.depth + 12,
  );
  if (source.kind === "faulty") {
    faults.push(source.fault);
    return [];
  }
  const { rules, named } = foundIn(source.value, path, faults);
  const reading: Reading = { catalogue: "any", named: Object.keys(named), faults };
  const names = linkedNames(named, path, reading);
  return rules.flatMap((given, at) => {
    const called = isObject(given) ? given["name"] : undefined;
    const name = typeof called === "string" && called !== "" ? called : `rules[${at}]`;
    const place = `${path} › ${name.slice(0, 64)}`;
    if (!isObject(given)) {
      faults.push({ place, sentence: `${quote(given)} is not a rule; write an object` });
      return [];
    }
    const spot = `${place} › conditions`;
    const draft = readRootDraft(withoutHints(given["conditions"] ?? null), spot, reading);
    const measured = draft === null ? null : linkWithin(draft, names, { place: spot, faults });
    const priority = priorityOf(given["priority"], place, faults);
    const event = eventOf(given["event"], place, faults);
    return measured === null ? [] : [{ name, priority, condition: measured.condition, event }];
  });
};

/** The rules of files by path, or every fault with its place. */
export const openUntyped = (files: Readonly<Record<string, string>>): Checked<UntypedRules> => {
  const faults: Fault[] = [];
  const rules = Object.entries(files)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([path, text]) => readFile(path, text, faults));
  if (faults.length > 0) return faulty(faults);
  const firing = rules.toSorted((left, right) => right.priority - left.priority);
  return sound({ firing, index: indexRules(firing) });
};

/** A value of params: a reference to a fact is replaced by what the fact says, anything else stays. */
const resolved = (value: Json, facts: Facts): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => resolved(item, facts));
  if (!isObject(value)) return value;
  const { fact, path = "$" } = value;
  if (typeof fact === "string" && typeof path === "string" && pathFault(path) === undefined)
    return read(facts, { fact, steps: stepsOf(path) });
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, resolved(part, facts)]),
  );
};

/** What matches the facts, in firing order. Throws where a fact cannot be read. */
export const evaluateUntyped = (
  { firing, index }: UntypedRules,
  facts: Facts,
): { readonly matched: readonly string[]; readonly events: readonly JsonObject[] } => {
  const rules = index.matching(facts).flatMap((place) => firing[place] ?? []);
  return {
    matched: rules.map(({ name }) => name),
    events: rules.map(({ event }) => {
      const { params } = event;
      return params === undefined ? event : { ...event, params: resolved(params, facts) };
    }),
  };
};
