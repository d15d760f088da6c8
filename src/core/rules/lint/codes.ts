/** What the linter can say: code → how bad it is, what it means and what to do. The documentation's table is held to this one. */

export type Severity = "error" | "warning" | "note";

export interface CodeMeaning {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
}

export const LINT_CODES = {
  syntax: {
    severity: "error",
    meaning: "the file cannot be read as JSON, YAML or Liquid",
    remedy: "mend it at the line and column named",
  },
  "unknown-fact": {
    severity: "error",
    meaning: "a fact that the catalogue does not have",
    remedy: "take the one that was meant",
  },
  "unknown-operator": {
    severity: "error",
    meaning: "an operator or decorator that nobody knows",
    remedy: "take the one that was meant",
  },
  "unknown-condition": {
    severity: "error",
    meaning: "a reference to a named condition that is not there",
    remedy: "define it under conditions, or correct the name",
  },
  "condition-ring": {
    severity: "error",
    meaning: "named conditions that refer to each other in a ring",
    remedy: "break the ring",
  },
  "unknown-name": {
    severity: "error",
    meaning: "a field that rule files do not have",
    remedy: "correct the name or remove it",
  },
  "wrong-value": {
    severity: "error",
    meaning:
      "a value of a type or set that the fact cannot have, or an operator that does not fit it",
    remedy: "compare values of one type, from the set of the fact",
  },
  "wrong-path": {
    severity: "error",
    meaning: "a path that leads nowhere or is no path",
    remedy: "write steps like $.order.items[0].name",
  },
  "duplicate-name": {
    severity: "error",
    meaning: "two rules, or two names in a file, are called the same",
    remedy: "rename one",
  },
  "missing-template": {
    severity: "error",
    meaning: "a rule names a template that is not there",
    remedy: "write the template or correct the name",
  },
  "missing-locale": {
    severity: "error",
    meaning: "a template lacks the default locale",
    remedy: "write the file named",
  },
  "missing-value": {
    severity: "error",
    meaning: "a template prints a value that its rule does not give",
    remedy: "add it to values",
  },
  "dead-template": {
    severity: "error",
    meaning: "no rule names the template",
    remedy: "name it in a rule or remove it",
  },
  invalid: {
    severity: "error",
    meaning: "anything else that keeps the file from being read",
    remedy: "do what the sentence says",
  },
  "never-true": {
    severity: "error",
    meaning: "conditions that contradict each other: the rule can never match",
    remedy: "remove one of them, or write any instead of all",
  },
  "always-true": {
    severity: "warning",
    meaning: "conditions that hold for every signal",
    remedy: "say for whom the rule is",
  },
  "never-true-part": {
    severity: "warning",
    meaning: "a choice of an any that can never hold",
    remedy: "correct or remove it",
  },
  redundant: {
    severity: "warning",
    meaning: "a condition that follows from those beside it",
    remedy: "remove it",
  },
  "duplicate-rule": {
    severity: "warning",
    meaning: "two rules with the same conditions want the same slot",
    remedy: "remove one, or tell them apart",
  },
  shadowed: {
    severity: "warning",
    meaning:
      "whenever the rule matches, another one that matches too goes first and takes the slot",
    remedy: "give the narrower rule the higher priority",
  },
  tie: {
    severity: "note",
    meaning: "two rules that can match one signal want one slot at one priority; the name decides",
    remedy: "give them different priorities",
  },
  "unused-condition": {
    severity: "warning",
    meaning: "a named condition that nothing refers to",
    remedy: "use it or remove it",
  },
  "missing-translation": {
    severity: "warning",
    meaning: "a template lacks a language that others have",
    remedy: "write the file named",
  },
  "no-examples": {
    severity: "note",
    meaning: "a rule has no example that matches, or none that does not",
    remedy: "add one, so that a change that breaks the rule is noticed",
  },
} as const satisfies Record<string, CodeMeaning>;

export type LintCode = keyof typeof LINT_CODES;

/** One thing that was found. `place` is as in faults: file › rule › field. */
export interface Diagnostic {
  readonly code: LintCode;
  readonly severity: Severity;
  readonly place: string;
  readonly sentence: string;
  readonly remedy: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}
