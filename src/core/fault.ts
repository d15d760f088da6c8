/**
 * What is wrong with something that came through a door, said so that its author can mend it.
 * Readers report every fault at once: a `Checked` value is either usable as a whole or refused as a whole.
 */
import type { ZodError } from "zod";

/** One thing that is wrong: where (`file › rule › path`), what was found, and what to do. */
export interface Fault {
  readonly place: string;
  readonly sentence: string;
}

/** A value that was checked at a door: sound, or refused with all of its faults. */
export type Checked<T> =
  | { readonly kind: "sound"; readonly value: T }
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] };

export const sound = <T>(value: T): Checked<T> => ({ kind: "sound", value });
export const faulty = (faults: readonly Fault[]): Checked<never> => ({ kind: "faulty", faults });

/** Every fault on a line of its own, as a person reads it. */
export const faultsAsText = (faults: readonly Fault[]): string =>
  faults.map((fault) => `${fault.place}: ${fault.sentence}`).join("\n");

/** zod's path as people write it: `conditions.all[1].operator`. */
export const pathAsText = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");

/** A value quoted in an error: JSON, cut at 60 characters. */
export const quote = (value: unknown): string => {
  const text = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57).toWellFormed()}...` : text;
};

const distance = (left: string, right: string): number => {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, leftChar] of left.split("").entries()) {
    const current = [row + 1];
    for (const [column, rightChar] of right.split("").entries()) {
      const change = (previous[column] ?? 0) + (leftChar === rightChar ? 0 : 1);
      current.push(Math.min(change, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
};

/** `; did you mean "x"?` for the known word nearest to a mistyped one (Levenshtein), or nothing. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const short = word.slice(0, 64);
  const [best] = [...known]
    .map((candidate) => ({
      candidate,
      edits: distance(short.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, Math.floor(candidate.length / 3)))
    .toSorted((left, right) => left.edits - right.edits);
  return best === undefined ? "" : `; did you mean "${best.candidate}"?`;
};

type Issue = ZodError["issues"][number];

const RECEIVED = /received (\w+)$/u;

/** What zod calls a type, with its article. */
const typeInWords = (type: string): string => {
  if (type === "array") return "a list";
  if (type === "nonoptional") return "a value";
  return `${/^[aeio]/u.test(type) ? "an" : "a"} ${type}`;
};

const typeSentence = (issue: Issue & { readonly code: "invalid_type" }): string => {
  // A message of the schema's own says more than the type.
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  const received = RECEIVED.exec(issue.message)?.[1] ?? "something else";
  const expected = typeInWords(issue.expected);
  return received === "undefined"
    ? `is missing; give ${expected}`
    : `is ${typeInWords(received)}; give ${expected}`;
};

/** One zod issue may name several unknown fields; each is a fault of its own. */
const sentencesOf = (issue: Issue, known: readonly string[]): readonly string[] => {
  if (issue.code === "invalid_type") return [typeSentence(issue)];
  if (issue.code !== "unrecognized_keys") return [issue.message];
  return issue.keys.map(
    (key) => `the field ${quote(key)} is not known${didYouMean(key, known) || "; remove it"}`,
  );
};

/** What zod found, as faults at `place`. `known`: names of the fields that the value may have, for "did you mean". */
export const faultsOf = (
  error: ZodError,
  place: string,
  known: readonly string[] = [],
): readonly Fault[] =>
  error.issues.flatMap((issue) =>
    sentencesOf(issue, known).map((sentence) => ({
      place: issue.path.length > 0 ? `${place} › ${pathAsText(issue.path)}` : place,
      sentence,
    })),
  );
