/**
 * Where attune reads json-rules-engine's JSON otherwise than json-rules-engine 7.3 does, and on purpose.
 * The only list of its kind: the documentation quotes it, and a test proves both columns of every row against the package.
 */

export interface Deviation {
  readonly id: string;
  /** What is written. */
  readonly written: string;
  /** What json-rules-engine does. */
  readonly theirs: string;
  /** What attune does. */
  readonly ours: string;
}

export const DEVIATIONS = [
  {
    id: "all-and-any",
    written: '"all" and "any" in one condition',
    theirs: 'reads "any" and ignores "all" without a word',
    ours: "refused at load",
  },
  {
    id: "empty-any",
    written: '"any": []',
    theirs: "matches",
    ours: "refused at load",
  },
  {
    id: "in-text",
    written: '"in" or "notIn" with a text as value',
    theirs: 'searches the text: "live" is in "delivery"',
    ours: "refused at load; does not hold when a fact reference turns out to be text",
  },
  {
    id: "not-a-list",
    written: '"in", "notIn", "someValue" or "everyValue" with a fact reference that is no list',
    theirs: "throws and rejects the whole run",
    ours: "does not hold",
  },
  {
    id: "numbers-in-text",
    written: "lessThan, greaterThan and their inclusive forms on text or on a list of one number",
    theirs: 'reads a number out of it: "-1" is less than 0, [5] is greater than 3',
    ours: "refused at load where the catalogue tells the type; else does not hold",
  },
  {
    id: "number-against-null",
    written: "a number compared with a fact reference that is null or text",
    theirs: 'takes null for 0 and reads numbers out of text: 5 is greater than null, and than "3"',
    ours: "does not hold",
  },
  {
    id: "equal-lists",
    written:
      '"equal", "notEqual", "in" or "contains" looking for a list or an object that stands in the file',
    theirs: "compares identities: never equal, always not equal",
    ours: "refused at load",
  },
  {
    id: "types-and-sets",
    written: "a value of another type than the fact, or none of the values that the fact can have",
    theirs: "never equal",
    ours: "refused at load",
  },
  {
    id: "undefined-fact",
    written: "a fact that nobody knows",
    theirs: "rejects the whole run",
    ours: "refused at load; a known fact that a record lacks is null",
  },
  {
    id: "unknown-operator",
    written: "an operator or decorator that nobody knows",
    theirs: "rejects the whole run",
    ours: "refused at load",
  },
  {
    id: "unknown-condition",
    written: "a reference to a named condition that is not there",
    theirs: "rejects the whole run",
    ours: "refused at load",
  },
  {
    id: "condition-ring",
    written: "named conditions that refer to themselves or to each other",
    theirs: "overflows the stack and rejects the whole run",
    ours: "refused at load",
  },
  {
    id: "deep-conditions",
    written: "conditions nested deeper than 64 levels, or more than 2,000 in one rule",
    theirs: "works until the stack overflows",
    ours: "refused at load",
  },
  {
    id: "single-fault",
    written: "one rule that cannot be evaluated",
    theirs: "rejects the whole run: the other rules are lost",
    ours: "is a rule_fault of that rule alone",
  },
  {
    id: "firing-order",
    written: "several rules of one priority",
    theirs: "fire in the order in which their conditions happen to be settled",
    ours: "fire in the order of definition",
  },
  {
    id: "path-into-scalar",
    written: "a path into a fact that is text, a number, true or false",
    theirs: "ignores the path and compares the whole fact",
    ours: "refused at load where the catalogue tells the type; else null",
  },
  {
    id: "missing-property",
    written: "a path that leads nowhere",
    theirs: "undefined, which is not equal to null (with the package's own path resolver)",
    ours: "null",
  },
  {
    id: "path-language",
    written: "a path with wildcards, filters, scripts or the name of a prototype",
    theirs: "walks or runs it (with the package's own path resolver)",
    ours: "refused at load: only names and places in lists, at most 16 steps",
  },
  {
    id: "condition-keys",
    written: '"params", "priority", "name" or an unknown name in a condition',
    theirs: "takes them, and says nothing of what it does not know",
    ours: "refused at load",
  },
  {
    id: "rule-priority",
    written: 'a rule\'s priority as text or with a fraction, such as "10" or 2.5',
    theirs: "reads an integer out of it",
    ours: "refused at load",
  },
] as const satisfies readonly Deviation[];

export type DeviationId = (typeof DEVIATIONS)[number]["id"];
