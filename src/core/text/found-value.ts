/**
 * A named value in a normalised text, as its finder gives it (the span is of the normalised text), and how finders walk a text.
 * Most values begin with digits: a sticky pattern tried at each run of digits is many times faster than one that searches.
 */
import type { ValueKind } from "../analysis.ts";
import type { Span } from "./normalise.ts";

export interface FoundValue extends Span {
  readonly kind: ValueKind;
  readonly value: string;
}

type Read<T> = (match: RegExpExecArray) => T | null;

/** What `read` makes of every match of a global pattern; null for a match that only looks like a value. */
export const readAll = <T>(text: string, pattern: RegExp, read: Read<T>): readonly T[] => {
  const found: T[] = [];
  for (const match of text.matchAll(pattern)) {
    const value = read(match);
    if (value !== null) found.push(value);
  }
  return found;
};

/** Where each run of digits begins. */
export const digitRuns = (text: string): readonly number[] => {
  const starts: number[] = [];
  let inRun = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (isDigit && !inRun) starts.push(at);
    inRun = isDigit;
  }
  return starts;
};

/** What `read` makes of a sticky pattern at each of these places. */
export const readAt = <T>(
  { text, starts }: { readonly text: string; readonly starts: readonly number[] },
  pattern: RegExp,
  read: Read<T>,
): readonly T[] => {
  const found: T[] = [];
  let free = 0;
  for (const start of starts) {
    if (start < free) continue;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null) continue;
    const value = read(match);
    if (value === null) continue;
    free = start + match[0].length;
    found.push(value);
  }
  return found;
};

/** Whether one of `hints` stands in the text. */
export const holdsOne = (text: string, hints: readonly string[]): boolean => {
  for (const hint of hints) if (text.includes(hint)) return true;
  return false;
};
