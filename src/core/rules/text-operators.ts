/**
 * Comparing texts. Case, width and compatibility forms make no difference (NFKC, lower case), so that a rule finds what a person would.
 * Patterns are RE2's, whose time grows with the text alone: no pattern can stop a worker.
 */
import { RE2JS } from "re2js";
import type { Json } from "../json.ts";

const plain = (text: string): string => text.normalize("NFKC").toLowerCase();

const textual =
  (holds: (left: string, right: string) => boolean) =>
  (left: Json, right: Json): boolean =>
    typeof left === "string" && typeof right === "string" && holds(plain(left), plain(right));

const WORD = /[\p{L}\p{N}\p{M}_]/u;
const HAN = /\p{Script=Han}/u;

const before = (text: string, at: number): string => {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? text.slice(at - 2, at) : text.slice(at - 1, at);
};

/** Whether a word may end between two characters. Chinese has no spaces: beside a Chinese character every place is one. */
const isBorder = (left: string, right: string): boolean =>
  !WORD.test(left) || !WORD.test(right) || HAN.test(left) || HAN.test(right);

const hasWord = (text: string, word: string): boolean => {
  if (word === "") return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
    const next = end < text.length ? String.fromCodePoint(text.codePointAt(end) ?? 0) : "";
    const starts = at === 0 || isBorder(before(text, at), first);
    if (starts && (next === "" || isBorder(before(text, end), next))) return true;
  }
  return false;
};

/** Patterns of the rules in force; begun anew when a hundred playbooks have come and gone. */
const PATTERNS_KEPT = 10_000;
const patterns = new Map<string, RE2JS>();

const patternOf = (written: string): RE2JS => {
  const known = patterns.get(written);
  if (known !== undefined) return known;
  if (patterns.size >= PATTERNS_KEPT) patterns.clear();
  const pattern = RE2JS.compile(written);
  patterns.set(written, pattern);
  return pattern;
};

const PATTERN_CHARS = 500;

/** What is wrong with a pattern, or nothing. */
export const patternFault = (written: string): string | undefined => {
  if (written.length > PATTERN_CHARS)
    return `has ${written.length} characters, more than ${PATTERN_CHARS}; shorten it`;
  try {
    patternOf(written);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `is no pattern that can be used (${reason}); look-around and back references are not to be had`;
  }
};

export const TEXT_OPERATORS = {
  startsWith: textual((left, right) => left.startsWith(right)),
  endsWith: textual((left, right) => left.endsWith(right)),
  containsText: textual((left, right) => left.includes(right)),
  containsWord: textual(hasWord),
  matches: (left: Json, right: Json): boolean =>
    typeof left === "string" &&
    typeof right === "string" &&
    patternFault(right) === undefined &&
    patternOf(right).matcher(left).find(),
} as const;
