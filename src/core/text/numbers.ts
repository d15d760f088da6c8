/**
 * Phone numbers, card numbers and resident ids among the digits of a normalised text.
 * What a number is depends on its shape (lengths of its groups), its check digit and the words right before it: an order number stays.
 */
import type { PersonalDataKind } from "../analysis.ts";
import { isResidentId, passesLuhn } from "./check-digits.ts";
import type { Span } from "./normalise.ts";
import type { ReadingSettings } from "./settings.ts";

export type NumberWords = ReadingSettings["personalData"];

/** A datum in the normalised text. */
export interface Finding extends Span {
  readonly kind: PersonalDataKind;
}

/** Digits with the separators between their groups: "138 0013 8000" is 3-4-4. */
interface Candidate extends Span {
  readonly digits: string;
  readonly shape: string;
  readonly plus: boolean;
  readonly separators: string;
}

const CARD_SHAPE = /^(?:\d{2}|4-4-4-[1-7]|4-4-4-4-3|4-6-[45]|6-(?:7|8|9|10|11|12|13))$/u;
const CARD_START = /^(?:4|5[0-8]|2[2-7]|3[04-9]|6)/u;

const isCard = ({ digits, shape, plus }: Candidate): boolean =>
  !plus &&
  digits.length >= 13 &&
  digits.length <= 19 &&
  CARD_START.test(digits) &&
  CARD_SHAPE.test(shape) &&
  !/^(\d)\1+$/u.test(digits) &&
  passesLuhn(digits);

/** Number and shape of phones that are recognised without a country code: mainland mobile, landline with area code, North America, United Kingdom, Taiwan, France. */
const NATIONAL: readonly { readonly digits: RegExp; readonly shape: RegExp }[] = [
  { digits: /^1[3-9]\d{9}$/u, shape: /^(?:11|3-4-4|4-4-3|3-3-5|3-8|5-6)$/u },
  { digits: /^(?:0086|86)1[3-9]\d{9}$/u, shape: /^(?:1[35]|[24]-11|[24]-3-4-4)$/u },
  { digits: /^0[1-9]\d{8,10}$/u, shape: /^[34]-(?:7|8|3-4|4-4|4-3)$/u },
  { digits: /^1?[2-9]\d{2}[2-9]\d{6}$/u, shape: /^(?:1-)?3-3-4$/u },
  {
    digits: /^0[1-9]\d{8,9}$/u,
    shape: /^(?:5-6|5-5|5-3-3|3-4-4|4-3-4|4-3-3|2-2-2-2-2|4-6|2-4-4)$/u,
  },
  { digits: /^(?:07\d{9}|09\d{8})$/u, shape: /^1[01]$/u },
];

const DATE = /^(?:(?:19|20)\d{6}|\d{1,4}(?:19|20)\d{2})$/u;
const DATE_SHAPE = /^(?:4-[12]-[12]|[12]-[12]-4)$/u;

const isPhone = (candidate: Candidate, called: boolean): boolean => {
  const { digits, shape, plus, separators } = candidate;
  if (plus) return digits.length >= 8 && digits.length <= 15 && digits[0] !== "0";
  if (DATE_SHAPE.test(shape) && DATE.test(digits)) return false;
  if (NATIONAL.some((form) => form.digits.test(digits) && form.shape.test(shape))) return true;
  return called && digits.length >= 7 && digits.length <= 15 && !separators.includes("..");
};

interface Group extends Span {
  readonly plus: boolean;
  readonly separator: string;
}

/** Runs of digit groups: at most two separators between groups. */
const RUN = /\+?\(?\d+(?:[ \-.()\u2010-\u2015]{1,2}\d+)*/gu;
const GROUPS_MAX = 6;
const DIGITS_MIN = 7;
const DIGITS_MAX = 19;

const groupsOf = (run: RegExpExecArray): readonly Group[] => {
  const groups: Group[] = [];
  let before = 0;
  for (const match of run[0].matchAll(/\d+/gu)) {
    const separator = run[0].slice(before, match.index);
    before = match.index + match[0].length;
    const open = separator.length > 0 && groups.length === 0 ? separator.length : 0;
    const from = run.index + match.index - open;
    groups.push({
      from,
      to: run.index + before,
      plus: separator.includes("+"),
      separator: groups.length === 0 ? "" : separator,
    });
  }
  return groups;
};

const candidateOf = (text: string, groups: readonly Group[]): Candidate => {
  const digits = groups.map(({ from, to }) => text.slice(from, to).replace(/\D/gu, ""));
  const [first] = groups;
  return {
    from: first?.from ?? 0,
    to: groups.at(-1)?.to ?? 0,
    digits: digits.join(""),
    shape: digits.map((group) => group.length).join("-"),
    plus: first?.plus ?? false,
    separators: groups
      .slice(1)
      .map(({ separator }) => separator)
      .join(""),
  };
};

/** Whether one of `words` stands right before `from`, with nothing but marks and blanks between. */
const follows = (text: string, from: number, words: readonly string[]): boolean => {
  const before = text.slice(Math.max(0, from - 32), from).replace(/[\s:#.,"'()是为]+$/u, "");
  return words.some((word) => {
    if (!before.endsWith(word)) return false;
    const edge = before[before.length - word.length - 1] ?? " ";
    return !/[a-z]/u.test(word[0] ?? "") || !/[a-z0-9]/u.test(edge);
  });
};

const precedes = (text: string, to: number, words: readonly string[]): boolean => {
  const after = text.slice(to, to + 12).trimStart();
  return words.some((word) => after.startsWith(word));
};

/** What stands before a number: the same for every reading that begins there. */
interface Before {
  readonly called: boolean;
  readonly ordered: boolean;
  readonly amount: boolean;
  readonly attached: boolean;
}

/** Before a later group of a run stands only another group. */
const NOTHING: Before = { called: false, ordered: false, amount: false, attached: false };

const beforeOf = (text: string, from: number, words: NumberWords): Before => {
  const called = follows(text, from, words.phoneWords);
  return {
    called,
    ordered: !called && follows(text, from, words.orderWords),
    amount: follows(text, from, words.amountsBefore),
    attached: !called && /[a-z0-9_]/u.test(text[from - 1] ?? ""),
  };
};

/** How a candidate is read; null for order numbers, amounts, dates and all the rest. */
interface Context {
  readonly before: Before;
  readonly words: NumberWords;
}

const isRuledOut = (text: string, candidate: Candidate, before: Before): boolean =>
  before.amount ||
  before.attached ||
  (!before.called && /[a-z0-9_]/u.test(text[candidate.to] ?? ""));

const kindOf = (text: string, candidate: Candidate, context: Context): PersonalDataKind | null => {
  const { before, words } = context;
  if (isResidentId(candidate.digits)) return "cn_resident_id";
  if (isRuledOut(text, candidate, before)) return null;
  const grouped = candidate.shape.startsWith("4-4-4-4");
  const isOpen = !before.ordered;
  const kind =
    (isOpen || grouped) && isCard(candidate)
      ? "card"
      : isOpen && isPhone(candidate, before.called)
        ? "phone"
        : null;
  return kind !== null && precedes(text, candidate.to, words.amountsAfter) ? null : kind;
};

const residentIdWithX = (text: string, group: Group): Finding | null => {
  const id = text.slice(group.from, group.to + 1);
  const ends = !/[a-z0-9]/u.test(text[group.to + 1] ?? "");
  return ends && id.endsWith("x") && isResidentId(id)
    ? { kind: "cn_resident_id", from: group.from, to: group.to + 1 }
    : null;
};

interface Hit {
  readonly finding: Finding;
  readonly used: number;
}

/** The datum that exactly these groups spell. */
const numberOf = (text: string, groups: readonly Group[], context: Context): Finding | null => {
  const candidate = candidateOf(text, groups);
  const { from, to, digits } = candidate;
  if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX) return null;
  const [only] = groups;
  const withX = only !== undefined && groups.length === 1 ? residentIdWithX(text, only) : null;
  if (withX !== null) return withX;
  const kind = kindOf(text, candidate, context);
  return kind === null ? null : { kind, from, to };
};

/** The longest datum that begins with the first group. */
const numberAt = (text: string, groups: readonly Group[], context: Context): Hit | null => {
  for (let used = groups.length; used > 0; used -= 1) {
    const finding = numberOf(text, groups.slice(0, used), context);
    if (finding !== null) return { finding, used };
  }
  return null;
};

/** Numbers that are personal data, in the order of the normalised text. Linear time: a run is read in windows of a few groups. */
export const findNumbers = (text: string, words: NumberWords): readonly Finding[] => {
  const found: Finding[] = [];
  for (const run of text.matchAll(RUN)) {
    if (run[0].length < DIGITS_MIN) continue;
    const groups = groupsOf(run);
    for (let at = 0; at < groups.length;) {
      const before = at === 0 ? beforeOf(text, groups[0]?.from ?? 0, words) : NOTHING;
      const hit = numberAt(text, groups.slice(at, at + GROUPS_MAX), { before, words });
      if (hit !== null) found.push(hit.finding);
      at += hit?.used ?? 1;
    }
  }
  return found;
};
