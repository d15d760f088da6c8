/**
 * `attune rules evaluate`: rules on records of facts, one JSON object a line, one answer a line in the same order. Opens no store.
 * A bad line gives a line with `error` in its place; the others are answered, and the exit status says that there was one.
 */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Checked } from "../core/fault.ts";
import { FACTS, type Facts } from "../core/facts.ts";
import type { JsonObject } from "../core/json.ts";
import { factFault } from "../core/rules/draft.ts";
import { evaluateRules } from "../core/rules/evaluate.ts";
import { typeFault } from "../core/rules/fit.ts";
import { openRules } from "../core/rules/open.ts";
import { evaluateUntyped, openUntyped } from "../core/rules/untyped.ts";
import { AttuneError } from "../errors.ts";
import { readWhole } from "./files.ts";
import { type Line, linesOf } from "./lines.ts";
import type { Call, Exit } from "./terminal.ts";

export interface EvaluateOptions {
  /** A folder of rule files, or one file. */
  readonly rules: string;
  /** JSON lines; "-" is standard input. */
  readonly facts: string;
  /** Rules of json-rules-engine over any facts. */
  readonly untyped: boolean;
}

interface Answer {
  readonly matched: readonly string[];
  readonly events: readonly unknown[];
}

type Evaluate = (facts: Facts) => Answer;

const NOT_RULES: ReadonlySet<string> = new Set(["schema.json", "contact-policy.json"]);

/** Texts of the rule files by a path as a playbook names it. */
const ruleTexts = (given: string): Readonly<Record<string, string>> => {
  const about = statSync(given, { throwIfNoEntry: false });
  if (about?.isFile() === true)
    return { [`rules/${given.replace(/^.*\//u, "")}`]: readWhole(given) };
  if (about?.isDirectory() !== true)
    throw new AttuneError(
      "FILE_UNREADABLE",
      `${given} is neither a folder nor a file; name the folder of the rule files with --rules.`,
    );
  const names = readdirSync(given)
    .filter((name) => /\.(?:json|ya?ml)$/u.test(name) && !NOT_RULES.has(name))
    .toSorted();
  if (names.length === 0)
    throw new AttuneError("FILE_UNREADABLE", `${given} holds no rule file (*.json, *.yaml).`);
  return Object.fromEntries(names.map((name) => [`rules/${name}`, readWhole(join(given, name))]));
};

const mustBeSound = <T>(checked: Checked<T>): T => {
  if (checked.kind === "sound") return checked.value;
  throw new AttuneError("PLAYBOOK_INVALID", "The rules cannot be evaluated:", {
    faults: checked.faults,
  });
};

const untyped = (files: Readonly<Record<string, string>>): Evaluate => {
  const rules = mustBeSound(openUntyped(files));
  return (facts) => evaluateUntyped(rules, facts);
};

/** Every fact of the catalogue, null: a line need not name those that do not apply. */
const NO_FACTS: Facts = Object.fromEntries([...FACTS.keys()].map((name) => [name, null]));

const typed = (files: Readonly<Record<string, string>>): Evaluate => {
  const rules = mustBeSound(openRules(files));
  return (facts) => {
    const wrong = Object.entries(facts).flatMap(
      ([fact, value]) => factFault(fact, FACTS) ?? typeFault(fact, value, FACTS) ?? [],
    );
    if (wrong.length > 0) throw new Error(wrong.join("; "));
    const { matches } = evaluateRules(rules, { ...NO_FACTS, ...facts });
    return { matched: matches.map(({ rule }) => rule), events: matches.map(({ event }) => event) };
  };
};

const factsOf = (line: Line): Facts => {
  if (line.kind === "fault") throw new Error(line.sentence);
  const value: unknown = JSON.parse(line.text);
  if (value !== null && typeof value === "object" && !Array.isArray(value))
    return value as JsonObject;
  throw new Error("is not an object of facts; write one JSON object a line");
};

const answerOf = (line: Line, evaluate: Evaluate): Answer | { readonly error: string } => {
  try {
    return evaluate(factsOf(line));
  } catch (error) {
    return {
      error: `line ${line.number}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
};

const asText = (number: number, answer: ReturnType<typeof answerOf>): string =>
  "error" in answer ? answer.error : `${number}: ${answer.matched.join(", ") || "no rule matched"}`;

const sourceOf = (path: string, input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
  if (path === "-") return input;
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new AttuneError(
      "FILE_UNREADABLE",
      `${path} is no file; name a file of JSON lines with --facts, or "-" for standard input.`,
    );
  return createReadStream(path);
};

export const rulesEvaluate = async (call: Call, options: EvaluateOptions): Promise<Exit> => {
  const { context, terminal } = call;
  const files = ruleTexts(options.rules);
  const evaluate = options.untyped ? untyped(files) : typed(files);
  let exit: Exit = 0;
  for await (const line of linesOf(sourceOf(options.facts, terminal.input))) {
    if (terminal.stop.aborted) throw new AttuneError("INTERRUPTED", "The evaluation was stopped.");
    const answer = answerOf(line, evaluate);
    if ("error" in answer) exit = 1;
    terminal.out(context.json ? JSON.stringify(answer) : asText(line.number, answer));
  }
  return exit;
};
