/**
 * Phone numbers, card numbers and resident ids among the digits of a normalised text.
 * What a number is depends on its shape (lengths of its groups), its check digit and the words right before it: an order number stays.
 */
import type { PersonalDataKind } from "../analysis.ts";
import { isResidentId, passesLuhn } from "./check-digits.ts";
import type { Span } from "./normalise.ts";
import { type Before, beforeOf, NOTHING, type NumberWords, precedes } from "./number-context.ts";
import { type Digits, extensionEnd, isPhone } from "./phones.ts";

export type { NumberWords } from "./number-context.ts";

/** A datum in the normalised text. */
export interface Finding extends Span {
  readonly kind: PersonalDataKind;
}

type Candidate = Digits & Span;

const CARD_SHAPE = /^(?:\d{2}|4-4-4-[1-7]|4-4-4-4-3|4-6-[45]|6-(?:7|8|9|10|11|12|13))$/u;
/** Issuers' first digits by length (ISO/IEC 7812-1): Visa 16, 19 (13 digits are article numbers today); Amex 15; Diners 14; Mastercard 16; UnionPay, Maestro, Discover 16–19. */
const CARD_START =
  /^(?:4(?:\d{15}|\d{18})|3[47]\d{13}|3[0689]\d{12}|3[0-9]\d{14}|5[1-5]\d{14}|2[2-7]\d{14}|(?:5[0678]\d|6\d{2})\d{13,16})$/u;

/** Region and century of birth of a resident id whose check digit or day is wrong: that is no card. */
const MISTYPED_ID = /^[1-6]\d{5}(?:19|20)\d{10}$/u;

const isCard = ({ digits, shape, plus }: Candidate): boolean =>
  !plus &&
  digits.length >= 13 &&
  digits.length <= 19 &&
  CARD_START.test(digits) &&
  CARD_SHAPE.test(shape) &&
  !MISTYPED_ID.test(digits) &&
  !/^(\d)\1+$/u.test(digits) &&
  passesLuhn(digits);

interface Group extends Span {
  readonly digits: string;
  readonly plus: boolean;
  readonly separator: string;
}

/** Runs of digit groups: at most three separators between groups. */
const RUN = /\(?\+?\(?\d+(?:[ \-.()\u2010-\u2015]{1,3}\d+)*/gu;
const GROUPS_MAX = 7;
const DIGITS_MIN = 7;
const DIGITS_MAX = 19;

const groupsOf = (run: RegExpExecArray): readonly Group[] => {
  const groups: Group[] = [];
  let before = 0;
  for (const match of run[0].matchAll(/\d+/gu)) {
    const separator = run[0].slice(before, match.index);
    before = match.index + match[0].length;
    const first = groups.length === 0;
    groups.push({
      from: run.index + (first ? 0 : match.index),
      to: run.index + before,
      digits: match[0],
      plus: separator.includes("+"),
      separator: first ? "" : separator,
    });
  }
  return groups;
};

/** The first `used` groups from `at`, read as one number. */
const candidateOf = (groups: readonly Group[], at: number, used: number): Candidate | null => {
  const first = groups[at];
  if (first === undefined) return null;
  let [digits, shape, separators, to] = ["", "", "", first.to];
  for (const group of groups.slice(at, at + used)) {
    digits += group.digits;
    shape += `${shape === "" ? "" : "-"}${group.digits.length}`;
    if (group !== first) separators += `${group.separator}|`;
    to = group.to;
  }
  return { from: first.from, to, digits, shape, plus: first.plus, separators };
};

/** How a candidate is read. */
interface Context {
  readonly text: string;
  readonly before: Before;
  readonly words: NumberWords;
  /** Groups that the number may have. */
  readonly atMost: number;
  /** Whether the groups around leave room for a number that is one of several. */
  readonly isWhole: (used: number) => boolean;
}

const isRuledOut = (candidate: Candidate, { text, before }: Context): boolean =>
  before.amount ||
  before.attached ||
  (!before.called && /[a-wyz0-9_]|x(?! ?\d)/u.test(text[candidate.to] ?? ""));

const openKind = (
  candidate: Candidate,
  context: Context,
  used: number,
): PersonalDataKind | null => {
  const { before } = context;
  const isOpen = !before.ordered;
  if ((isOpen || candidate.shape.startsWith("4-4-4-4")) && isCard(candidate)) return "card";
  const whole = candidate.plus || candidate.shape === "11" || context.isWhole(used);
  return isOpen && whole && isPhone(candidate, before.called) ? "phone" : null;
};

/** Null for order numbers, amounts, dates and all the rest. */
const kindOf = (candidate: Candidate, context: Context, used: number): PersonalDataKind | null => {
  if (candidate.digits.length === 18 && isResidentId(candidate.digits)) return "cn_resident_id";
  if (isRuledOut(candidate, context)) return null;
  const kind = openKind(candidate, context, used);
  return kind !== null && precedes(context.text, candidate.to, context.words.amountsAfter)
    ? null
    : kind;
};

const residentIdWithX = (text: string, { digits, from, to }: Candidate): Finding | null =>
  digits.length === 17 &&
  text[to] === "x" &&
  !/[a-z0-9]/u.test(text[to + 1] ?? "") &&
  isResidentId(`${digits}x`)
    ? { kind: "cn_resident_id", from, to: to + 1 }
    : null;

const numberOf = (candidate: Candidate | null, context: Context, used: number): Finding | null => {
  if (candidate === null) return null;
  const withX = residentIdWithX(context.text, candidate);
  if (withX !== null) return withX;
  const kind = kindOf(candidate, context, used);
  if (kind === null) return null;
  const { from, to, digits } = candidate;
  return { kind, from, to: kind === "phone" ? extensionEnd(context.text, to, digits) : to };
};

interface Hit {
  readonly finding: Finding;
  readonly used: number;
}

/** The longest datum that begins with the group at `at`. */
const numberAt = (groups: readonly Group[], at: number, context: Context): Hit | null => {
  let [used, length] = [0, 0];
  while (used < context.atMost && at + used < groups.length && length <= DIGITS_MAX) {
    length += groups[at + used]?.digits.length ?? 0;
    used += 1;
  }
  for (; used > 0; used -= 1) {
    if (length < DIGITS_MIN) return null;
    const finding =
      length > DIGITS_MAX ? null : numberOf(candidateOf(groups, at, used), context, used);
    if (finding !== null) return { finding, used };
    length -= groups[at + used - 1]?.digits.length ?? 0;
  }
  return null;
};

/** A number of several groups is no piece of a longer one: "4111 020 7946 0018 1112" holds no phone. */
const wholeness =
  (groups: readonly Group[], at: number, free: boolean) =>
  (used: number): boolean => {
    const next = groups[at + used];
    const ends =
      next === undefined ||
      next.plus ||
      next.separator.length > 1 ||
      next.digits.length < 3 ||
      /^(?:0|1[3-9])/u.test(next.digits);
    return free && ends;
  };

/** A number right after a phone: "or", "和", a comma between. */
const JOINED = /^[\s,、;/&]*(?:or|and|和|或者?|及|以及|跟|换成)?[\s,、;/&]*$/u;

const followsPhone = (text: string, last: Finding | undefined, from: number): boolean =>
  last?.kind === "phone" && from - last.to < 12 && JOINED.test(text.slice(last.to, from));

/** Whether a number that no words announce may begin with this group: "12 12 12" holds none. */
const mayBegin = (group: Group | undefined, next: Group | undefined): boolean => {
  if (group === undefined) return false;
  const { digits, plus } = group;
  if (digits.length >= 3 || plus) return true;
  return /^0[1-9]?$|^86$/u.test(digits) || (digits === "1" && next?.digits.length === 3);
};

/** Inside a longer run only cards and resident ids have several groups, the first of four or six digits. */
const groupsAtMost = (group: Group | undefined, free: boolean): number => {
  const length = group?.digits.length ?? 0;
  return free || length === 4 || length === 6 ? GROUPS_MAX : 1;
};

const numbersOf = (text: string, groups: readonly Group[], first: Context): readonly Finding[] => {
  const found: Finding[] = [];
  let free = true;
  for (let at = 0; at < groups.length;) {
    const before = at === 0 ? first.before : NOTHING;
    const hit: Hit | null =
      before.called || mayBegin(groups[at], groups[at + 1])
        ? numberAt(groups, at, {
            ...first,
            before,
            atMost: groupsAtMost(groups[at], free),
            isWhole: wholeness(groups, at, free),
          })
        : null;
    if (hit !== null) found.push(hit.finding);
    free = hit !== null || (groups[at]?.digits.length ?? 0) < 3;
    at += hit?.used ?? 1;
  }
  return found;
};

/** Numbers that are personal data, in the order of the normalised text. Linear time: a run is read in windows of a few groups. */
export const findNumbers = (text: string, words: NumberWords): readonly Finding[] => {
  const found: Finding[] = [];
  for (const run of text.matchAll(RUN)) {
    if (run[0].length < DIGITS_MIN) continue;
    const from = run.index;
    const follows = followsPhone(text, found.at(-1), from);
    const before = beforeOf({ text, from, follows }, words);
    const context = { text, before, words, atMost: GROUPS_MAX, isWhole: () => true };
    found.push(...numbersOf(text, groupsOf(run), context));
  }
  return found;
};
