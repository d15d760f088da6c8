/**
 * Amounts of money in a normalised text: a sign or a code before or after the number, numbers in words, 三块五.
 * "块" also counts things (两块电池) and "pounds" weigh; such amounts are left.
 */
import { digitRuns, type FoundValue, readAll, readAt } from "./found-value.ts";
import { CHINESE_MONEY, DIGIT, ENGLISH_MONEY } from "./hints.ts";
import { chineseNumber, ENGLISH_NUMBER, englishNumber } from "./number-words.ts";

/** Spellings of the currencies by ISO 4217; a bare $ is USD, a bare ¥ CNY. */
const SPELLINGS: Readonly<Record<string, string>> = {
  USD: "$ us$ usd dollar dollars buck bucks 美元 美金 美刀 刀",
  EUR: "€ eur euro euros 欧元 欧",
  GBP: "£ gbp pound pounds quid 英镑 镑",
  HKD: "hk$ hkd 港币 港元 港纸 港幣",
  TWD: "nt$ twd ntd 新台币 台币",
  AUD: "a$ au$ aud 澳元 澳币",
  CAD: "c$ ca$ cad 加元 加币",
  NZD: "nz$ nzd 纽币",
  SGD: "s$ sg$ sgd 新币 新加坡元",
  INR: "₹ rs rs. inr rupee rupees 卢比",
  JPY: "jp¥ jpy yen 日元 日圆 日币 円",
  KRW: "₩ krw won 韩元 韩币",
  CHF: "chf francs 瑞郎",
  CNY: "¥ cn¥ rmb cny yuan 元 块 圆 块钱 元钱 块大洋 人民币 元人民币",
};
const CODES: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([code, spellings]) =>
    spellings.split(" ").map((spelling): [string, string] => [spelling, code]),
  ),
);

const escaped = (spelling: string): string => spelling.replace(/[$.]/gu, String.raw`\$&`);
const longestFirst = (spellings: readonly string[]): string =>
  spellings
    .toSorted((left, right) => right.length - left.length)
    .map(escaped)
    .join("|");

/** Words that stand after their number only. */
const BEHIND =
  /^(?:dollars?|bucks?|euros?|pounds?|quid|rupees?|yen|won|francs|yuan|[块元圆刀欧镑円].*)$/u;
const all = [...CODES.keys()];
const BEFORE: ReadonlySet<string> = new Set(all.filter((spelling) => !BEHIND.test(spelling)));
const BEFORE_MAX = Math.max(...Array.from(BEFORE, (spelling) => spelling.length));
const after = longestFirst(all.filter((spelling) => !/^[a-z]{0,2}[$¥₹₩]$|^rs/u.test(spelling)));

const NUMBER = String.raw`\d{1,3}(?:,\d{2,3}){0,4},\d{3}(?!\d)(?:\.\d{1,2})?|\d{1,9}(?:[.,]\d{1,2}(?!\d))?`;
const TIMES = "k(?![a-z])|万|千|百|亿";
const HAN_NUMBER = "[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万]{0,12}";

const NUMBER_AFTER_SIGN = new RegExp(String.raw`(${NUMBER})(?!\d)(${TIMES})?(?: ?元)?`, "uy");
const SIGN_LAST = new RegExp(
  String.raw`(?<![\d.,/:-])(${NUMBER})(${TIMES})? ?(${after})(?![a-z])(?:(?<=块|元)([1-9])(?:毛|角)?(?![\d\p{Script=Han}.%])|(?<=块|元)([1-9])(?:毛|角))?`,
  "uy",
);
const IN_HAN = new RegExp(
  String.raw`(?<![几数零一二两三四五六七八九十百千万\d第])(${HAN_NUMBER})(${after})(?:(?<=块|元)([一二三四五六七八九])(?:毛|角)?(?!\p{Script=Han})|(?<=块|元)([一二三四五六七八九])(?:毛|角))?`,
  "gu",
);
const IN_ENGLISH = new RegExp(
  String.raw`\b(${ENGLISH_NUMBER}) (dollars?|bucks|euros?|pounds|quid|rupees|yuan)(?![a-z])`,
  "gu",
);

const FACTORS: Readonly<Record<string, number>> = {
  k: 1_000,
  百: 100,
  千: 1_000,
  万: 10_000,
  亿: 100_000_000,
};

/** Digits as written, without thousands marks; "1,5" is one and a half. */
const plain = (digits: string): string =>
  /,\d{3}/u.test(digits) ? digits.replaceAll(",", "") : digits.replace(",", ".");

const scaled = (digits: string, times: string | undefined): string => {
  const factor = FACTORS[times ?? ""];
  if (factor === undefined) return plain(digits);
  return String(Math.round(Number(plain(digits)) * factor * 100) / 100);
};

/** 两块电池, 3块蛋糕: below ten, 块 is money only with 钱, a dime behind it or the end of a phrase. */
const countsThings = (text: string, match: RegExpExecArray, amount: number): boolean => {
  if (!match[0].endsWith("块")) return false;
  const next = text.slice(match.index + match[0].length, match.index + match[0].length + 2);
  if (amount === 1 && match[0].startsWith("一")) return true;
  return amount < 10 && /^\p{Script=Han}/u.test(next) && !/^[了吗吧呢啊就还都才也]/u.test(next);
};

const WEIGHT_BEHIND = /^ (?:of|lighter|heavier|overweight|in weight)(?![a-z])/u;
const WEIGHT_BEFORE = /(?:lost|gained|weighs?|weighing|weight) (?:about |over |only )?$/u;

const weighs = (text: string, match: RegExpExecArray): boolean =>
  /pounds?$/u.test(match[0]) &&
  (WEIGHT_BEHIND.test(
    text.slice(match.index + match[0].length, match.index + match[0].length + 14),
  ) ||
    WEIGHT_BEFORE.test(text.slice(Math.max(0, match.index - 18), match.index)));

/** 二元论, 三元催化: a prefix, not money. */
const isPrefix = (text: string, match: RegExpExecArray): boolean =>
  /[元圆刀]$/u.test(match[0]) &&
  /^[素论件器化催桌形片法具鱼]/u.test(text[match.index + match[0].length] ?? "");

/** What an amount is made of. */
interface Sum {
  readonly number: string;
  readonly sign: string | undefined;
  readonly dime?: string | undefined;
}

const amountOf = (match: RegExpExecArray, { number, sign, dime }: Sum): FoundValue => ({
  kind: "amount",
  value: `${dime === undefined ? number : `${number}.${dime}`} ${CODES.get(sign ?? "") ?? ""}`,
  from: match.index,
  to: match.index + match[0].length,
});

/** The longest spelling of a currency that ends at `to`, as a word of its own. */
const signBefore = (text: string, to: number): string | null => {
  for (let length = Math.min(BEFORE_MAX, to); length > 0; length -= 1) {
    const sign = text.slice(to - length, to);
    if (!BEFORE.has(sign)) continue;
    const edge = text[to - length - 1] ?? " ";
    return /[a-z\d.,]/u.test(edge) && /^[a-z]/u.test(sign) ? null : sign;
  }
  return null;
};

/** `$12`, `rmb 12`. */
const signedAt = (text: string, run: number): FoundValue | null => {
  const end = text[run - 1] === " " ? run - 1 : run;
  const sign = signBefore(text, end);
  if (sign === null) return null;
  NUMBER_AFTER_SIGN.lastIndex = run;
  const match = NUMBER_AFTER_SIGN.exec(text);
  if (match === null) return null;
  const amount = amountOf(match, { number: scaled(match[1] ?? "", match[2]), sign });
  return { ...amount, from: end - sign.length };
};

const digitAmounts = (text: string): readonly FoundValue[] => {
  const starts = digitRuns(text);
  const signed = starts
    .map((run) => signedAt(text, run))
    .filter((amount): amount is FoundValue => amount !== null);
  const behind = readAt({ text, starts }, SIGN_LAST, (match) => {
    const number = scaled(match[1] ?? "", match[2]);
    const isThing = countsThings(text, match, Number(number));
    if (isThing || weighs(text, match) || isPrefix(text, match)) return null;
    return amountOf(match, { number, sign: match[3], dime: match[4] ?? match[5] });
  });
  return [...signed, ...behind];
};

const hanAmounts = (text: string): readonly FoundValue[] =>
  readAll(text, IN_HAN, (match) => {
    const number = chineseNumber(match[1] ?? "");
    if (number === null || countsThings(text, match, number) || isPrefix(text, match)) return null;
    const dime = chineseNumber(match[3] ?? match[4] ?? "");
    return amountOf(match, {
      number: String(number),
      sign: match[2],
      dime: dime === null ? undefined : String(dime),
    });
  });

const wordAmounts = (text: string): readonly FoundValue[] =>
  readAll(text, IN_ENGLISH, (match) => {
    const number = englishNumber(match[1] ?? "");
    if (number === null || weighs(text, match)) return null;
    return amountOf(match, { number: String(number), sign: match[2] });
  });

/** Amounts in no particular order; `hints` are the text's. Linear time. */
export const findAmounts = (text: string, hints: number): readonly FoundValue[] => {
  const found: FoundValue[] = [];
  if ((hints & DIGIT) > 0) found.push(...digitAmounts(text));
  if ((hints & CHINESE_MONEY) > 0) found.push(...hanAmounts(text));
  if ((hints & ENGLISH_MONEY) > 0) found.push(...wordAmounts(text));
  return found;
};
