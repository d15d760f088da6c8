/**
 * Finds e-mail addresses, phone numbers, card numbers, Chinese resident ids, bank accounts and postal addresses, and masks them.
 * Works on normalised text, so that full-width digits count; the spans it gives are of the original. What stays unmasked leaves the house, so doubtful phones are masked, but a number that its writer calls an order number is not.
 */
import type { PersonalDatum } from "../analysis.ts";
import { findAccounts } from "./accounts.ts";
import { findChineseAddresses } from "./chinese-addresses.ts";
import { findEmails } from "./emails.ts";
import { findEnglishAddresses } from "./english-addresses.ts";
import { type NormalText, originalSpan, type Span } from "./normalise.ts";
import { type Finding, findNumbers, type NumberWords } from "./numbers.ts";

/** A datum, and where it stands in the normalised text. */
export interface PersonalFinding extends Span {
  readonly datum: PersonalDatum;
}

/** The normalised text with the capitals of the original: same offsets. */
const capitals = (original: string, { text, starts }: NormalText): string => {
  if (starts === null) return original;
  let cased = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = original[starts[at] ?? 0] ?? "";
    const unit = text[at] ?? "";
    cased += char.toLowerCase() === unit ? char : unit;
  }
  return cased;
};

const addresses = (original: string, normal: NormalText): readonly Finding[] => {
  const { text } = normal;
  const found: Finding[] = [];
  if (/\d[a-z]?,? {1,2}[a-z\d\u00c0-\u024f]|(?:zip|code|box)/u.test(text)) {
    let cased: string | null = null;
    found.push(
      ...findEnglishAddresses({ text, cased: () => (cased ??= capitals(original, normal)) }),
    );
  }
  if (/[号弄栋幢座编]|\d-\d/u.test(text)) found.push(...findChineseAddresses(text));
  return found;
};

const numbered = (original: string, normal: NormalText, words: NumberWords): readonly Finding[] => [
  ...(/\d{3}|\d[\d -]{6}/u.test(normal.text) ? findNumbers(normal.text, words) : []),
  ...(/\d{4}|\d\d[- ]\d\d/u.test(normal.text) ? findAccounts(normal.text) : []),
  ...addresses(original, normal),
];

/** Of two readings of the same digits the stricter counts: check digits before announced accounts before shapes. */
const RANK: Readonly<Record<PersonalDatum["kind"], number>> = {
  email: 0,
  cn_resident_id: 1,
  card: 2,
  bank_account: 3,
  phone: 4,
  address: 5,
};

const NONE: readonly PersonalFinding[] = [];

/** Without a digit there are only addresses in Chinese numerals and spelled-out e-mail addresses. */
const findings = (original: string, normal: NormalText, words: NumberWords): readonly Finding[] => {
  const mails = findEmails(normal.text);
  const more = /\d/u.test(normal.text)
    ? numbered(original, normal, words)
    : normal.text.includes("号")
      ? findChineseAddresses(normal.text)
      : [];
  return more.length === 0 ? mails : [...mails, ...more];
};

/** Personal data in the order of the text, without overlaps, with offsets into the original; `normal` is the original normalised. Linear time. */
export const findPersonalData = (
  original: string,
  normal: NormalText,
  words: NumberWords,
): readonly PersonalFinding[] => {
  const found = findings(original, normal, words);
  if (found.length === 0) return NONE;
  // A number inside an address or an announced account is part of it; of two that begin together the longer wins.
  const ordered = found.toSorted(
    (left, right) =>
      left.from - right.from || right.to - left.to || RANK[left.kind] - RANK[right.kind],
  );
  const data: PersonalFinding[] = [];
  let free = 0;
  for (const { kind, from, to } of ordered) {
    const span = originalSpan(normal, { from, to });
    const last = data.at(-1);
    if (last === undefined || span.from >= free) data.push({ datum: { kind, ...span }, from, to });
    // What reaches out of the datum before it is hidden with it.
    else if (span.to > free)
      data[data.length - 1] = { ...last, to, datum: { ...last.datum, to: span.to } };
    free = Math.max(free, span.to);
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
