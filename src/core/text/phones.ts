/**
 * Which groups of digits are a phone number: with a country code, by the shape of a country's own numbers, or because the words before say so.
 * Doubtful numbers in the shape of a phone count as phones; a date does not.
 */

/** Digits with the separators between their groups: "138 0013 8000" is 3-4-4. */
export interface Digits {
  readonly digits: string;
  readonly shape: string;
  /** Whether a "+" stands before. */
  readonly plus: boolean;
  /** Each with a "|" behind it. */
  readonly separators: string;
}

/** Number and shape of phones without a country code: mainland mobile, landline with area code, North America, United Kingdom, Taiwan, France, Australia. */
const NATIONAL: readonly { readonly digits: RegExp; readonly shape: RegExp }[] = [
  { digits: /^1[3-9]\d{9}$/u, shape: /^(?:11|3-4-4|4-4-3|4-3-4|3-3-5|3-8|5-6)$/u },
  { digits: /^(?:0086|86)0?1[3-9]\d{9}$/u, shape: /^(?:1[35]|[24]-(?:1-)?(?:11|3-4-4))$/u },
  { digits: /^0[1-9]\d{8,10}$/u, shape: /^[34]-(?:7|8|3-4|4-4|4-3)$/u },
  { digits: /^1?[2-9]\d{2}[2-9]\d{6}$/u, shape: /^(?:1-)?3-3-4$/u },
  {
    digits: /^0[1-9]\d{8,9}$/u,
    shape: /^(?:5-6|5-5|5-3-3|3-4-4|4-3-4|4-3-3|4-7|4-4-3|2-2-2-2-2|4-6|2-4-4)$/u,
  },
  { digits: /^(?:07\d{9}|09\d{8}|0[12]\d{9})$/u, shape: /^1[01]$/u },
  { digits: /^0[1-9]\d{8,15}$/u, shape: /^[34]-[78]-[1-5]$/u },
  { digits: /^1?[2-9]\d{2}555\d{4}$/u, shape: /^1[01]$/u },
];

/** Two blocks of four with a blank: years and ranges begin with 1 or 2. */
const HONG_KONG = /^[35689]\d{7}$/u;

const DATE = /^(?:(?:19|20)\d{6}|\d{1,4}(?:19|20)\d{2})$/u;
const DATE_SHAPE = /^(?:4-[12]-[12]|[12]-[12]-4)$/u;

/** Country codes by ITU-T E.164. */
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?:2[1-689]|3[578]|42|5[09]|6[7-9]|8[0578]|9[679])\d)[0-9]/u;

/** A bracket that opens after the area code is not the number's: "+91 99999 87986 (16:00)". */
const REOPENED = /\|.*\(/u;

const isInternational = ({ digits, plus, shape, separators }: Digits): boolean => {
  if (REOPENED.test(separators)) return false;
  if (plus) return digits.length >= 8 && digits.length <= 15 && digits[0] !== "0";
  const number = digits.slice(2);
  const length = number.length >= 10 && number.length <= 14;
  return digits.startsWith("00") && length && shape.includes("-") && COUNTRY.test(number);
};

/** Whether these digits are a phone number; `called` if the words before announce one. */
export const isPhone = (candidate: Digits, called: boolean): boolean => {
  const { digits, shape, separators } = candidate;
  if (candidate.plus || isInternational(candidate)) return isInternational(candidate);
  if (DATE_SHAPE.test(shape) && DATE.test(digits)) return false;
  if (NATIONAL.some((form) => form.digits.test(digits) && form.shape.test(shape))) return true;
  if (HONG_KONG.test(digits) && shape === "4-4" && separators === " |") return true;
  return called && digits.length >= 7 && digits.length <= 15 && !/\.\.|\|.*\(/u.test(separators);
};

const EXTENSION = /[ ,]{0,2}(?:转(?:分机)? ?|分机 ?|ext(?:ension)?\.? ?|x ?)\d{1,5}(?!\d)/uy;
const LANDLINE = /^0\d{9,11}$/u;
const INTERNAL = /-\d{1,5}(?![\d-])/uy;

/** Where a phone with its extension ends: 转 204, ext 204, 010-55550834-204. */
export const extensionEnd = (text: string, to: number, digits: string): number => {
  for (const pattern of LANDLINE.test(digits) ? [EXTENSION, INTERNAL] : [EXTENSION]) {
    pattern.lastIndex = to;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return to;
};
