/**
 * What the words and marks around a number say of it: an order number, a phone, an amount, a piece of a code or of a web address.
 * Of an order's and a phone's words right before a number the longer phrase counts.
 */
import type { ReadingSettings } from "./settings.ts";

export type NumberWords = ReadingSettings["personalData"];

/** What stands before a number: the same for every reading that begins there. */
export interface Before {
  readonly called: boolean;
  readonly ordered: boolean;
  readonly amount: boolean;
  readonly attached: boolean;
}

/** Before a later group of a run stands only another group. */
export const NOTHING: Before = { called: false, ordered: false, amount: false, attached: false };

const REACH = 32;
const MARKS = /(?:[\s:#.,"'()=/是为-]| is)+$/u;
const NUMBER_WORD = /(?:numbers?|nos?|nr|id|code|ref|号码?|编号)$/u;

/** Words by their last unit: a memo per list, it changes how fast an answer comes, never which. */
const byLastUnit = new WeakMap<readonly string[], ReadonlyMap<number, readonly string[]>>();

const endings = (words: readonly string[]): ReadonlyMap<number, readonly string[]> => {
  const known = byLastUnit.get(words);
  if (known !== undefined) return known;
  const made = new Map<number, string[]>();
  for (const word of words) {
    const last = word.charCodeAt(word.length - 1);
    made.set(last, [...(made.get(last) ?? []), word]);
  }
  byLastUnit.set(words, made);
  return made;
};

/** Length of the longest of `words` that ends `before`; 0 if none does. English words are whole words. */
const longestEnd = (before: string, words: readonly string[]): number => {
  let longest = 0;
  for (const word of endings(words).get(before.charCodeAt(before.length - 1)) ?? []) {
    if (word.length <= longest || !before.endsWith(word)) continue;
    const edge = before[before.length - word.length - 1] ?? " ";
    if (!/[a-z]/u.test(word[0] ?? "") || !/[a-z0-9]/u.test(edge)) longest = word.length;
  }
  return longest;
};

/** `order`, `order number`, `order no. is`. */
const orderEnd = (before: string, words: readonly string[]): number => {
  const bare = before.replace(NUMBER_WORD, "").trimEnd();
  const extra = before.length - bare.length;
  const noun = extra > 0 ? longestEnd(bare, words) : 0;
  return Math.max(longestEnd(before, words), noun > 0 ? noun + extra : 0);
};

const URL_BEFORE = /(?:https?:|www\.|\.[a-z]{2,6}\/)[^\s\p{Script=Han}]{0,60}$/u;

/** Digits that continue a code, a name or a web address. */
const isAttached = (text: string, from: number): boolean => {
  const edge = text[from - 1] ?? " ";
  if (/[a-z0-9_]/u.test(edge)) return true;
  if (!/[/=.?&-]/u.test(edge)) return false;
  const before = text.slice(Math.max(0, from - 72), from);
  return /[a-z0-9][-_/]$/u.test(before) || URL_BEFORE.test(before);
};

/** `follows` is true right after another phone: "call 07700 900123 or 2125550142". */
export const beforeOf = (
  place: { readonly text: string; readonly from: number; readonly follows: boolean },
  words: NumberWords,
): Before => {
  const { text, from } = place;
  const near = text.slice(Math.max(0, from - REACH), from);
  const before = near.replace(MARKS, "");
  const order = orderEnd(before, words.orderWords);
  const phone = longestEnd(before, words.phoneWords);
  const called = phone > order || (order === 0 && place.follows);
  return {
    called,
    ordered: order > 0 && !called,
    amount: longestEnd(near.trimEnd(), words.amountsBefore) > 0,
    attached: !called && isAttached(text, from),
  };
};

/** Whether one of `words` stands right after `to`. */
export const precedes = (text: string, to: number, words: readonly string[]): boolean => {
  const after = text.slice(to, to + 12).trimStart();
  return words.some((word) => after.startsWith(word));
};
