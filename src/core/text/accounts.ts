/**
 * Bank accounts in a normalised text: an IBAN by its country's length and its check digits, any other only after the words that announce one.
 * An account number without such words is an unknown number and stays.
 */
import { ibanLength, passesIban } from "./check-digits.ts";
import { holdsOne } from "./found-value.ts";
import type { Span } from "./normalise.ts";
import type { Finding } from "./numbers.ts";

const IBAN_START = /[a-z]{2}\d{2}[ -]?[a-z\d]{4}/gu;

/** `length` letters and digits from `from`, with at most one blank or hyphen between two; null if the text has no such. */
const lettersAt = (text: string, from: number, length: number): Span | null => {
  let [count, to] = [0, from];
  for (; count < length; to += 1)
    if (/[a-z\d]/u.test(text[to] ?? "")) count += 1;
    else if (!/^[ -][a-z\d]/u.test(text.slice(to, to + 2))) return null;
  return /[a-z\d]/u.test(text[to] ?? "") ? null : { from, to };
};

/** The IBAN that begins at `from`, as long as those of its country. */
const ibanAt = (text: string, from: number): Finding | null => {
  const length = /[a-z\d]/u.test(text[from - 1] ?? "") ? 0 : ibanLength(text.slice(from, from + 2));
  const span = length === 0 ? null : lettersAt(text, from, length);
  if (span === null) return null;
  const iban = text.slice(from, span.to).replace(/[ -]/gu, "");
  return passesIban(iban) ? { kind: "bank_account", ...span } : null;
};

const ANNOUNCED =
  /(?:(?<![a-z])(?:(?:bank|giro|checking|savings|current) )?(?:account|acct|a\/c)(?: ?(?:number|num|no|nr|#))?|(?<![a-z])(?:sort code|routing (?:number|no)|iban)|[账帐](?:号|户)|(?:银行|工资|储蓄|借记|信用|社保)卡号?|卡号)\.?(?: is|: ?|是|为|号)?[ :#]{0,3}(?=\d)|卡[\p{Script=Han},]{1,8}(?=62\d{2})/gu;
const ACCOUNT_DIGITS =
  /^(?:\d{2}[- ]\d{2}[- ]\d{2}(?:[, ]{1,2}\d{8})?|\d{4}(?:[ -]\d{4}){1,4}(?:[ -]\d{1,3})?|\d{6} \d{8,13}|\d{8,20})(?!\d)/u;
/** A sort code or routing number may be shorter than an account. */
const CODE_DIGITS = /^\d{6}(?!\d)|^\d{9}(?!\d)/u;

const announcedAt = (text: string, from: number, words: string): Finding | null => {
  const after = text.slice(from, from + 40);
  const digits =
    ACCOUNT_DIGITS.exec(after) ?? (/code|routing/u.test(words) ? CODE_DIGITS.exec(after) : null);
  return digits === null ? null : { kind: "bank_account", from, to: from + digits[0].length };
};

const HINTS = ["acc", "a/c", "sort code", "routing", "iban"];
const HAN_HINT = /[账帐卡]/u;

/** Bank accounts in no particular order; they may overlap cards and phones. Linear time. */
export const findAccounts = (text: string): readonly Finding[] => {
  const found: Finding[] = [];
  for (const match of text.matchAll(IBAN_START)) {
    const iban = ibanAt(text, match.index);
    if (iban !== null) found.push(iban);
  }
  if (!HAN_HINT.test(text) && !holdsOne(text, HINTS)) return found;
  for (const match of text.matchAll(ANNOUNCED)) {
    const account = announcedAt(text, match.index + match[0].length, match[0]);
    if (account !== null) found.push(account);
  }
  return found;
};
