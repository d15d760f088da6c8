/**
 * `attune rules test`: every example of every rule, judged by our evaluator and by json-rules-engine, and which conditions the examples have shown.
 * A failure says that a rule does not do what its author expects; a difference says that the two evaluators do not agree, which is our fault or a documented deviation.
 */
import type { Facts } from "../core/facts.ts";
import { quote } from "../core/fault.ts";
import type { PreparedPlaybook } from "../core/prepare.ts";
import {
  type CoveredCondition,
  coverageOf,
  coveredPercent,
  type Shown,
} from "../core/rules/coverage.ts";
import type { OpenRule } from "../core/rules/rules.ts";
import type { RuleExample } from "../core/rules/schema.ts";
import { type ExampleRun, factsOfExample, runExample } from "./example-run.ts";
import { askOracle } from "./oracle.ts";

export type TestedPlaybook = Pick<
  PreparedPlaybook,
  "hash" | "rules" | "replies" | "models" | "text"
>;

interface ExampleFailure {
  /** Where the example stands: `rules/delivery.json › late-parcel › example "a week late"`. */
  readonly place: string;
  /** An outcome, or what the reply should have said. */
  readonly expected: string;
  readonly actual: string;
  /** What kept the rule from it, in words; may be empty. */
  readonly detail: string;
}

interface EngineDifference {
  readonly place: string;
  readonly ours: ExampleRun["conditions"]["code"];
  /** `refused: …` with the package's own words when it threw. */
  readonly theirs: string;
}

/** An example and how it went. */
export interface TestedExample {
  readonly place: string;
  readonly failures: readonly ExampleFailure[];
  readonly differences: readonly EngineDifference[];
}

export interface RulesTestReport {
  /** Live ones and drafts. */
  readonly rules: number;
  readonly examples: number;
  readonly failures: readonly ExampleFailure[];
  readonly differences: readonly EngineDifference[];
  /** Rules that no example shows, by name. */
  readonly withoutExamples: readonly string[];
  /** Every comparison, with what examples have seen of it. */
  readonly conditions: readonly CoveredCondition[];
  /** 0..100. */
  readonly coverage: number;
  readonly tested: readonly TestedExample[];
}

const theirs = async (rule: OpenRule, facts: Facts): Promise<string> => {
  const { conditions, named } = rule.source;
  const rules = [{ name: rule.rule, priority: rule.priority, conditions }];
  const answer = await askOracle({ rules, named, facts });
  if (answer.kind === "refused") return `refused: ${answer.sentence}`;
  return answer.matched.length > 0 ? "matched" : "not_matched";
};

type Expected = Exclude<RuleExample["expect"], string>;
type Words = NonNullable<NonNullable<Expected["reply"]>["body"]>;
type Mismatch = Omit<ExampleFailure, "place">;

const says = (words: Words, actual: string): boolean =>
  typeof words === "string" ? actual === words : actual.includes(words.contains);

const inWords = (words: Words): string =>
  typeof words === "string" ? quote(words) : `something with ${quote(words.contains)}`;

/** What of a reply is compared as a whole. */
const MARKS = ["template", "locale", "handover"] as const;

const replyMismatches = (
  expected: NonNullable<Expected["reply"]>,
  reply: ExampleRun["reply"],
): readonly Mismatch[] => {
  if (reply === undefined) return [{ expected: "a reply", actual: "none", detail: "" }];
  const marks = MARKS.flatMap((mark): readonly Mismatch[] => {
    const wanted = expected[mark];
    const actual = reply[mark] ?? null;
    return wanted === undefined || wanted === actual
      ? []
      : [{ expected: `${mark} ${quote(wanted)}`, actual: quote(actual), detail: "" }];
  });
  const words = (["title", "body"] as const).flatMap((part): readonly Mismatch[] => {
    const wanted = expected[part];
    return wanted === undefined || says(wanted, reply[part])
      ? []
      : [{ expected: `${part} ${inWords(wanted)}`, actual: quote(reply[part]), detail: "" }];
  });
  return [...marks, ...words];
};

const mismatches = (expected: RuleExample["expect"], run: ExampleRun): readonly Mismatch[] => {
  const { outcome, reply } = typeof expected === "string" ? { outcome: expected } : expected;
  const aboutConditions = outcome === "matched" || outcome === "not_matched";
  const { code: actual, detail = "" } = aboutConditions ? run.conditions : run.outcome;
  if (actual !== outcome) return [{ expected: outcome, actual, detail }];
  return reply === undefined ? [] : replyMismatches(reply, run.reply);
};

const judge = async (
  { rule, facts }: Shown,
  example: RuleExample,
  playbook: TestedPlaybook,
): Promise<TestedExample> => {
  const place = `${rule.place} › example "${example.name}"`;
  const run = runExample(rule, { example, facts, playbook });
  const other = await theirs(rule, facts);
  const ours = run.conditions.code;
  return {
    place,
    failures: mismatches(example.expect, run).map((one) => ({ place, ...one })),
    differences: ours === other ? [] : [{ place, ours, theirs: other }],
  };
};

/** Judges every example of rules that are not retired, one after another, in order of file and definition. */
export const testRules = async (playbook: TestedPlaybook): Promise<RulesTestReport> => {
  const { inOrder, resting } = playbook.rules;
  const rules = [...inOrder, ...resting.filter(({ status }) => status === "draft")];
  const tested: TestedExample[] = [];
  const shown: Shown[] = [];
  for (const rule of rules)
    for (const example of rule.examples) {
      const one = { rule, facts: factsOfExample(example, playbook) };
      shown.push(one);
      tested.push(await judge(one, example, playbook));
    }
  const conditions = coverageOf(rules, shown);
  return {
    rules: rules.length,
    examples: tested.length,
    failures: tested.flatMap(({ failures }) => failures),
    differences: tested.flatMap(({ differences }) => differences),
    withoutExamples: rules.filter(({ examples }) => examples.length === 0).map(({ rule }) => rule),
    conditions,
    coverage: coveredPercent(conditions),
    tested,
  };
};
