/**
 * Dates in a normalised text: calendar days in ISO form, all others in their own words.
 * Nothing here knows what day it is, and `3/11/2026` may be March or November: such dates stay as they were written.
 */
import { digitRuns, type FoundValue, readAll, readAt } from "./found-value.ts";
import { CHINESE_DATE, DIGIT, ENGLISH_DATE } from "./hints.ts";
import { chineseNumber } from "./number-words.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
const YEAR = String.raw`(?:19|20)\d{2}`;
/** "march 3 miles", "may 2 of you": no day of a month. */
const NO_COUNT =
  "(?! (?:times?|miles?|km|hours?|minutes?|mins?|days?|weeks?|months?|years?|people|items?|pieces?|orders?|of|more|stars?|percent)(?![a-z]))";

const monthNumber = (name: string | undefined): string =>
  String(MONTHS.indexOf((name ?? "").slice(0, 3)) + 1);

const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isDay = (month: number, day: number): boolean => day >= 1 && day <= (LENGTHS[month - 1] ?? 0);

type Written = string | undefined;

/** `2026-11-25`, `--11-25` without a year (ISO 8601:2000 §5.2.1.3); null where no calendar has such a day. */
const calendarDay = (year: Written, month: Written, day: Written): string | null => {
  const [m, d] = [Number(month), Number(day)];
  if (!isDay(m, d) || (m === 2 && d === 29 && year !== undefined && !isLeap(Number(year))))
    return null;
  return `${year ?? "-"}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
};

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** `25/12/2026` and `12/25/2026` have one reading; of two readings the words are kept. */
const slashed = ([words, left, right, year]: RegExpExecArray): string | null => {
  const full = year?.length === 2 ? `20${year}` : year;
  const dayFirst = calendarDay(full, right, left);
  const monthFirst = calendarDay(full, left, right);
  return dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst
    ? words
    : (dayFirst ?? monthFirst);
};

const han = (chars: Written): string =>
  /\d/u.test(chars ?? "") ? (chars ?? "") : String(chineseNumber(chars ?? "") ?? "");

interface Form {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => string | null;
}

const wordsOf = ([words]: RegExpExecArray): string => words;

/** Forms that begin with digits. */
const NUMERIC: readonly Form[] = [
  {
    pattern: new RegExp(
      String.raw`(?<![./-])(${YEAR})(?:([-/.])(\d{1,2})\2(\d{1,2})|年 ?(\d{1,2})月 ?(\d{1,2})(?:日|号)?)(?![\d/]|[.-]\d)`,
      "uy",
    ),
    read: ([, year, , month, day, 月, 日]) => calendarDay(year, month ?? 月, day ?? 日),
  },
  {
    pattern: new RegExp(String.raw`${YEAR}年(?: ?\d{1,2}月(?:份|底|初|中旬)?)?(?! ?\d)`, "uy"),
    read: wordsOf,
  },
  {
    pattern: /(?<![/.-])(\d{1,2})月 ?(\d{1,2})(?:日|号)/uy,
    read: ([, month, day]) => calendarDay(undefined, month, day),
  },
  {
    pattern: new RegExp(
      String.raw`(?<![./-])(\d{1,2})[/.-](\d{1,2})[/.-](${YEAR}|\d{2})(?![\d/]|[.-]\d)`,
      "uy",
    ),
    read: (match) => (/\/|-.*-|\d{4}$/u.test(match[0]) ? slashed(match) : null),
  },
  {
    pattern:
      /(?<=(?<![a-z])(?:on|by|since|until|till|before|after|from|dated) )(\d{1,2})\/(\d{1,2})(?![\d/.])/uy,
    read: (match) => (match[0] === "24/7" ? null : slashed(match)),
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\p{L}.:/-])(\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH})(?:\.?,? (${YEAR}))?(?![\p{L}\d])`,
      "uy",
    ),
    read: ([, day, month, year]) => calendarDay(year, monthNumber(month), day),
  },
];

/** Forms that begin with an English month right before digits. */
const MONTHLY: readonly Form[] = [
  {
    pattern: new RegExp(
      String.raw`(${MONTH})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (${YEAR}))?(?![\p{L}\d%]|[.:/]\d)${NO_COUNT}`,
      "uy",
    ),
    read: ([, month, day, year]) => calendarDay(year, monthNumber(month), day),
  },
  {
    pattern: new RegExp(
      String.raw`(?<!\d(?:st|nd|rd|th)?(?: of)? )(?:${MONTH}),? ${YEAR}(?![\p{L}\d])`,
      "uy",
    ),
    read: wordsOf,
  },
];

/** "it may 3 times …" has no month. */
const MONTH_BEFORE = new RegExp(
  String.raw`(?<![\p{L}\d])(?<!(?:it|you|we|they|this|that|there|i) )(?:${MONTH})[.,]? $`,
  "u",
);
const MONTH_REACH = 18;

/** Where months stand right before digits. */
const monthsBefore = (text: string, runs: readonly number[]): readonly number[] => {
  const starts: number[] = [];
  for (const run of runs) {
    if (text[run - 1] !== " ") continue;
    const base = Math.max(0, run - MONTH_REACH);
    const month = MONTH_BEFORE.exec(text.slice(base, run));
    if (month !== null) starts.push(base + month.index);
  }
  return starts;
};

const WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
const COUNT = "(?:a|an|one|two|three|four|five|six|seven|ten|a few|a couple of|several|\\d{1,3})";
const ENGLISH_WORDS: readonly Form[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:the day (?:before yesterday|after tomorrow)|(?:yesterday|tomorrow|today|this|last|next|${WEEKDAY}) (?:morning|afternoon|evening|night)|yesterday|tomorrow|today|tonight|(?:last|next|this) (?:week|weekend|month|year|${WEEKDAY})|${COUNT} (?:day|week|month|year)s? ago|${WEEKDAY})(?![\p{L}\d])`,
      "gu",
    ),
    read: wordsOf,
  },
];

const HAN_NUMBER = "[一二两三四五六七八九十]";
const CHINESE_WORDS: readonly Form[] = [
  {
    pattern: new RegExp(
      String.raw`(?<![一二三四五六七八九十\d])(${HAN_NUMBER}{1,2})月(${HAN_NUMBER}{1,3})(?:日|号)`,
      "gu",
    ),
    read: ([, month, day]) => calendarDay(undefined, han(month), han(day)),
  },
  {
    pattern:
      /大?前天|大?后天(?!台)|[昨明今](?:天|晚|早|日)(?:早上|上午|中午|下午|晚上|凌晨)?|[上下这本]{1,2}个?(?:周|星期|礼拜)(?:[一二三四五六日天末](?![次个天回遍]))?|(?<![一两几每二三四五六七八九十\d半个])(?:周|星期|礼拜)[一二三四五六日天末](?![次个天回遍])|[上下这本]个?月(?:初|底|中旬)?|(?<!\d)(?:\d{1,3}|[一二两三四五六七八九十半几]{1,3})(?:天|日|周|个?星期|个?礼拜|个?月|年)(?:之|以)?前/gu,
    read: wordsOf,
  },
];

const dateOf =
  (read: Form["read"]) =>
  (match: RegExpExecArray): FoundValue | null => {
    const value = read(match);
    return value === null
      ? null
      : { kind: "date", value, from: match.index, to: match.index + match[0].length };
  };

/** What stands right after the digits of every date that begins with them. */
const NUMERIC_HINT = /\d{1,4}(?:[-/.]\d|[年月]|(?:st|nd|rd|th)?(?: of)? [adfjmnos])/uy;

const numericDates = (text: string): readonly FoundValue[] => {
  const runs = digitRuns(text);
  const dated = readAt({ text, starts: runs }, NUMERIC_HINT, ({ index }) => index);
  const months = monthsBefore(text, runs);
  const at = (forms: readonly Form[], starts: readonly number[]): readonly FoundValue[] =>
    forms.flatMap(({ pattern, read }) => readAt({ text, starts }, pattern, dateOf(read)));
  return [...at(NUMERIC, dated), ...(months.length === 0 ? [] : at(MONTHLY, months))];
};

const inWords = (text: string, forms: readonly Form[]): readonly FoundValue[] =>
  forms.flatMap(({ pattern, read }) => readAll(text, pattern, dateOf(read)));

/** Dates in no particular order, longer forms before shorter ones; `hints` are the text's. Linear time. */
export const findDates = (text: string, hints: number): readonly FoundValue[] => {
  const found: FoundValue[] = [];
  if ((hints & DIGIT) > 0) found.push(...numericDates(text));
  if ((hints & ENGLISH_DATE) > 0) found.push(...inWords(text, ENGLISH_WORDS));
  if ((hints & CHINESE_DATE) > 0) found.push(...inWords(text, CHINESE_WORDS));
  return found;
};
