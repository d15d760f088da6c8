/**
 * One rule file: JSON text → rules, or every fault of the file.
 * Names, conditions and examples are looked at also where the rest of the file is wrong, so that its author mends all at once.
 */
import type { z } from "zod";
import { type Checked, type Fault, faulty, pathAsText, quote, sound } from "../fault.ts";
import type { Json, JsonObject } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { compileLater } from "./compile.ts";
import { readAudience } from "./audience.ts";
import type { Operand } from "./condition.ts";
import { factFault, placeFault, type Reading, readRootDraft } from "./draft.ts";
import { type Catalogue, typeFault } from "./fit.ts";
import {
  linkNamed,
  linkWithin,
  type Measured,
  type NamedConditions,
  type NamedDrafts,
} from "./link.ts";
import { stepsOf } from "./path.ts";
import type { OpenRule, ReplyParams, RuleAction } from "./rules.ts";
import { anyFactsFileSchema, type RuleFile, ruleFileSchema, type RuleSource } from "./schema.ts";
import { readSource } from "./source.ts";
import { type RuleAudience, scheduleOf } from "./standing.ts";
import { readYaml } from "./yaml.ts";

const YAML_FILE = /\.ya?ml$/u;

/** Two JSON levels for each level of conditions, and those of the file around them. */
const SOURCE_DEPTH = 2 * LIMITS.depth + 12;

const KIND_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "an integer",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What zod would say in its own words, in ours. */
const sentenceOf: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  if (issue.code !== "invalid_type") return undefined;
  const wanted = KIND_WORDS[issue.expected] ?? issue.expected;
  return issue.input === undefined
    ? `is missing; give ${wanted}`
    : `${quote(issue.input)} is not ${wanted}`;
};

const isObject = (value: unknown): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Names (of a list: places) and values; nothing for what is neither list nor object. */
const entriesOf = (value: Json | undefined): readonly (readonly [string, Json])[] =>
  value !== null && typeof value === "object" ? Object.entries(value) : [];

const within = (value: Json, ...names: readonly string[]): Json | undefined => {
  let current: Json | undefined = value;
  for (const name of names) current = isObject(current) ? current[name] : undefined;
  return current;
};

/** A rule as it stands in the file, with the place that its faults name. */
interface RawRule {
  readonly given: JsonObject;
  readonly place: string;
}

const rawRules = (file: JsonObject, path: string): readonly (RawRule | null)[] => {
  const { rules } = file;
  const list = Array.isArray(rules) ? (rules as readonly Json[]) : [];
  return list.map((given, index) => {
    if (!isObject(given)) return null;
    const { name } = given;
    return {
      given,
      place: `${path} › ${typeof name === "string" && name !== "" ? name.slice(0, 64) : `rules[${index}]`}`,
    };
  });
};

const shapeFaults = (
  error: z.ZodError,
  path: string,
  raw: readonly (RawRule | null)[],
): readonly Fault[] =>
  error.issues.map(({ path: steps, message }) => {
    const [head, index, ...rest] = steps;
    const rule = head === "rules" && typeof index === "number" ? raw[index] : undefined;
    const inside = pathAsText(rule ? rest : steps);
    const place = rule?.place ?? path;
    return { place: inside === "" ? place : `${place} › ${inside}`, sentence: message };
  });

const idFaults = (file: JsonObject, path: string): readonly Fault[] => {
  const { id } = file;
  const expected = path.replace(/^.*\//, "").replace(/\.(?:json|ya?ml)$/, "");
  if (typeof id !== "string" || id === expected) return [];
  const sentence = `${quote(id)} is not the name of the file; write ${quote(expected)} or rename the file`;
  return [{ place: `${path} › id`, sentence }];
};

const twiceFaults = (raw: readonly (RawRule | null)[], path: string): readonly Fault[] => {
  const names = raw.map((rule) => rule?.given["name"]).filter((name) => typeof name === "string");
  const seen = new Set<string>();
  const twice = new Set(names.filter((name) => seen.size === seen.add(name).size));
  return [...twice].map((name) => ({
    place: `${path} › ${name}`,
    sentence: `two rules are named ${quote(name)}; rename one`,
  }));
};

const readNamed = (file: JsonObject, path: string, reading: Reading): NamedConditions => {
  const drafts = new Map<
    string,
    { readonly draft: NonNullable<ReturnType<typeof readRootDraft>>; readonly place: string }
  >();
  for (const [name, given] of entriesOf(file["conditions"])) {
    const place = `${path} › conditions.${name}`;
    const draft = readRootDraft(given, place, reading);
    if (draft !== null) drafts.set(name, { draft, place });
  }
  return linkNamed(drafts satisfies NamedDrafts, reading.faults);
};

const readCondition = (
  { given, place }: RawRule,
  named: NamedConditions,
  reading: Reading,
): Measured | null => {
  if (!Object.hasOwn(given, "conditions")) return complain(reading, `${place} › conditions`);
  const draft = readRootDraft(given["conditions"], `${place} › conditions`, reading);
  return draft === null
    ? null
    : linkWithin(draft, named, { place: `${place} › conditions`, faults: reading.faults });
};

const complain = ({ faults }: Reading, place: string): null => {
  faults.push({ place, sentence: 'is missing; write {"all": [ … ]}' });
  return null;
};

const exampleFaults = ({ given, place }: RawRule, catalogue: Catalogue): readonly Fault[] =>
  entriesOf(given["examples"]).flatMap(([index, example]) =>
    entriesOf(within(example, "given", "facts")).flatMap(([fact, value]) => {
      const sentence = factFault(fact, catalogue) ?? typeFault(fact, value, catalogue);
      return sentence === undefined
        ? []
        : [{ place: `${place} › examples[${index}].given.facts`, sentence }];
    }),
  );

const valueFaults = ({ given, place }: RawRule, catalogue: Catalogue): readonly Fault[] =>
  entriesOf(within(given, "event", "params", "values")).flatMap(([name, value]) => {
    const sentence = isObject(value) ? placeFault(value, catalogue) : undefined;
    return sentence === undefined
      ? []
      : [{ place: `${place} › event.params.values.${name}`, sentence }];
  });

const operandOf = (
  value: NonNullable<RuleSource["event"]["params"]["values"]>[string],
): Operand => {
  if (!isObject(value)) return { kind: "literal", value: value as Json };
  const { fact, path } = value as { readonly fact: string; readonly path?: string };
  return {
    kind: "lookup",
    lookup: path === undefined ? { fact, steps: [] } : { fact, path, steps: stepsOf(path) },
  };
};

const actionOf = ({ event }: RuleSource): RuleAction => {
  const { template, slot, category, handover, values = {} } = event.params;
  const params: ReplyParams = { template, slot, category };
  return {
    type: event.type,
    params: handover === undefined ? params : { ...params, handover },
    values: Object.entries(values).map(([name, value]) => [name, operandOf(value)] as const),
  };
};

const sourceOfAudience = (
  file: RuleFile,
  rule: RuleSource,
): Pick<OpenRule["source"], "audience"> => {
  const audience = rule.audience ?? file.audience;
  return audience === undefined ? {} : { audience: audience as JsonObject };
};

interface Parts {
  readonly measured: Measured;
  readonly audience: RuleAudience | null;
  readonly place: string;
}

/** What a rule says itself goes before what its file says for all. */
const standingOf = (
  file: RuleFile,
  rule: RuleSource,
  audience: RuleAudience | null,
): Pick<OpenRule, "status" | "schedule" | "audience" | "holdout"> => {
  const schedule = rule.schedule ?? file.schedule;
  return {
    status: rule.status ?? file.status ?? "live",
    ...(schedule === undefined ? {} : { schedule: scheduleOf(schedule) }),
    ...(audience === null ? {} : { audience }),
    holdout: rule.holdout ?? file.holdout ?? 0,
  };
};

const openRule = (
  file: RuleFile,
  rule: RuleSource,
  { measured, audience, place }: Parts,
): OpenRule => ({
  rule: `${file.id}/${rule.name}`,
  place,
  description: rule.description,
  priority: rule.priority,
  ...standingOf(file, rule, audience),
  condition: measured.condition,
  matches: compileLater(measured.condition),
  action: actionOf(rule),
  examples: rule.examples,
  source: {
    conditions: rule.conditions as JsonObject,
    named: (file.conditions ?? {}) as Readonly<Record<string, JsonObject>>,
    ...sourceOfAudience(file, rule),
  },
});

const readObject = (
  path: string,
  file: JsonObject,
  catalogue: Catalogue,
): Checked<readonly OpenRule[]> => {
  const raw = rawRules(file, path);
  const schema = catalogue === "any" ? anyFactsFileSchema : ruleFileSchema;
  const shape = schema.safeParse(file, { error: sentenceOf });
  const faults: Fault[] = [
    ...(shape.success ? [] : shapeFaults(shape.error, path, raw)),
    ...idFaults(file, path),
    ...twiceFaults(raw, path),
  ];
  const named = entriesOf(file["conditions"]).map(([name]) => name);
  const reading: Reading = { catalogue, named, faults };
  const linked = readNamed(file, path, reading);
  const common = readAudience(file, path, { named: linked, reading });
  const audiences = raw.map((rule) =>
    rule === null ? null : readAudience(rule.given, rule.place, { named: linked, reading }),
  );
  const conditions = raw.map((rule) => {
    if (rule === null) return null;
    const condition = readCondition(rule, linked, reading);
    faults.push(...valueFaults(rule, catalogue), ...exampleFaults(rule, catalogue));
    return condition;
  });
  if (!shape.success || faults.length > 0) return faulty(faults);
  return sound(
    shape.data.rules.flatMap((rule, index) => {
      const measured = conditions[index];
      const place = `${path} › ${rule.name}`;
      const audience = audiences[index] ?? common;
      return measured ? [openRule(shape.data, rule, { measured, audience, place })] : [];
    }),
  );
};

/** The rules of the file at `path`, in order of definition, or everything that is wrong with it. */
export const readRuleFile = (
  path: string,
  text: string,
  catalogue: Catalogue,
): Checked<readonly OpenRule[]> => {
  const source = (YAML_FILE.test(path) ? readYaml : readSource)(text, path, SOURCE_DEPTH);
  if (source.kind === "faulty") return faulty([source.fault]);
  if (isObject(source.value)) return readObject(path, source.value, catalogue);
  const sentence = `${quote(source.value)} is not a rule file; write an object`;
  return faulty([{ place: path, sentence }]);
};
