/**
 * Finds e-mail addresses, phone numbers, card numbers and Chinese resident ids, and masks them.
 * Works on normalised text, so that full-width digits count; the spans it gives are of the original. What stays unmasked leaves the house, so doubtful phones are masked, but a number that its writer calls an order number is not.
 */
import type { PersonalDatum } from "../analysis.ts";
import { type NormalText, originalSpan } from "./normalise.ts";
import { type Finding, findNumbers, type NumberWords } from "./numbers.ts";

const LOCAL = /[a-z0-9._%+\-\u00c0-\u024f]/u;
const DOMAIN = /[a-z0-9.\-\u00c0-\u024f]/u;

const emailAt = (text: string, at: number): Finding | null => {
  let from = at;
  while (from > 0 && at - from < 64 && LOCAL.test(text[from - 1] ?? "")) from -= 1;
  let to = at + 1;
  while (to < text.length && to - at < 255 && DOMAIN.test(text[to] ?? "")) to += 1;
  const domain = text.slice(at + 1, to);
  const host = /^[^.-][^.]*(?:\.[^.]+)*\.\p{L}{2,}/u.exec(domain);
  if (from === at || host === null) return null;
  return { kind: "email", from, to: at + 1 + host[0].length };
};

const emails = (text: string): readonly Finding[] => {
  const found: Finding[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const email = emailAt(text, at);
    if (email !== null) found.push(email);
  }
  return found;
};

/** Personal data in the order of the text, without overlaps (e-mail addresses win), with offsets into the original. Linear time. */
export const findPersonalData = (
  normal: NormalText,
  words: NumberWords,
): readonly PersonalDatum[] => {
  const { text } = normal;
  const mails = text.includes("@") ? emails(text) : [];
  const findings =
    /\d{3}/u.test(text) || /\d[\d -]{6}/u.test(text)
      ? [...mails, ...findNumbers(text, words)]
      : mails;
  const ordered = [...findings].toSorted(
    (left, right) => left.from - right.from || right.to - left.to,
  );
  const data: PersonalDatum[] = [];
  let free = 0;
  for (const { kind, from, to } of ordered) {
    const span = originalSpan(normal, { from, to });
    if (span.from < free) continue;
    data.push({ kind, ...span });
    free = span.to;
  }
  return data;
};

/** The original with every datum replaced by `[kind]`. */
export const mask = (original: string, data: readonly PersonalDatum[]): string => {
  let masked = "";
  let at = 0;
  for (const { kind, from, to } of data) {
    masked += `${original.slice(at, from)}[${kind}]`;
    at = to;
  }
  return masked + original.slice(at);
};
