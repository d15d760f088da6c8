/**
 * Numbers written in words: 一百二十, 两万三, 十五; twenty five, two hundred.
 * Null for what is no single number ("一两百", "二三十", "twenty seven six").
 */
const DIGITS: ReadonlyMap<string, number> = new Map(
  Array.from("零一二三四五六七八九", (char, index): [string, number] => [char, index]),
)
  .set("〇", 0)
  .set("两", 2);
const UNITS: ReadonlyMap<string, number> = new Map([
  ["十", 10],
  ["百", 100],
  ["千", 1_000],
]);

/** A number while it is read: the sum so far, a digit that waits for its unit, the last unit. */
interface Partial {
  readonly sum: number;
  readonly digit: number;
  readonly unit: number;
  readonly zero: boolean;
}

const START: Partial = { sum: 0, digit: -1, unit: 10_000, zero: false };

/** Units fall; only 十 may stand without a digit. */
const withUnit = ({ sum, digit, unit }: Partial, next: number): Partial | null =>
  next >= unit || (digit < 0 && next !== 10)
    ? null
    : { sum: sum + Math.abs(digit) * next, digit: -1, unit: next, zero: false };

const withDigit = (number: Partial, digit: number | undefined): Partial | null => {
  if (digit === 0) return { ...number, zero: true };
  return digit === undefined || number.digit >= 0 ? null : { ...number, digit };
};

/** Below ten thousand; 两百二 is 220. */
const belowMyriad = (chars: string): number | null => {
  let number = START;
  for (const char of chars) {
    const unit = UNITS.get(char);
    const next = unit === undefined ? withDigit(number, DIGITS.get(char)) : withUnit(number, unit);
    if (next === null) return null;
    number = next;
  }
  const { sum, digit, unit, zero } = number;
  if (digit < 0) return sum;
  return sum + digit * (unit < 10_000 && unit > 10 && !zero ? unit / 10 : 1);
};

/** The number that these Chinese numerals spell, up to 99,999,999. */
export const chineseNumber = (chars: string): number | null => {
  const at = chars.indexOf("万");
  if (at < 0) return chars === "" ? null : belowMyriad(chars);
  const rest = chars.slice(at + 1);
  const high = belowMyriad(chars.slice(0, at));
  const low = rest === "" ? 0 : belowMyriad(rest);
  if (high === null || low === null || high === 0) return null;
  return high * 10_000 + (rest.length === 1 ? low * 1_000 : low);
};

const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** Pattern of the words that `englishNumber` reads. */
export const ENGLISH_NUMBER = String.raw`(?:(?:${[...SMALL.slice(1), ...TENS].join("|")}|an?(?= (?:hundred|thousand)))(?:[ -](?:${SMALL.slice(1, 10).join("|")}))?(?: (?:hundred|thousand))?)`;

/** Null where a word cannot follow what was read. */
const plusWord = (sum: number, word: string): number | null => {
  if (word === "hundred" || word === "thousand") return sum * (word === "hundred" ? 100 : 1_000);
  const ten = TENS.indexOf(word);
  if (ten >= 0) return sum === 0 ? (ten + 2) * 10 : null;
  const small = SMALL.indexOf(word);
  const follows = sum === 0 || (small < 10 && sum % 10 === 0 && sum >= 20);
  return small >= 0 && follows ? sum + small : null;
};

/** The number that these English words spell: "twenty five", "a hundred", "two thousand". */
export const englishNumber = (words: string): number | null => {
  let sum: number | null = 0;
  for (const word of words.replace(/^an? /u, "one ").split(/[ -]/u))
    sum = sum === null ? null : plusWord(sum, word);
  return sum;
};
