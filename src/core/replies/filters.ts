/**
 * Our own template filters. `amount` and `day` are the same on every machine; `number`, `money` and `plural` follow the locale of the template by Intl,
 * whose tables come with Node: another version of Node may write a number otherwise.
 * All print what they do not understand as it is, so that an odd value never costs a customer the reply.
 */

/** A number with two decimals, or none when it is whole: 12.5 → "12.50", 12 → "12". */
export const amount = (value: unknown): unknown => {
  if (typeof value !== "number" || !Number.isFinite(value)) return value;
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
};

const MONTHS: readonly string[] =
  "January February March April May June July August September October November December".split(
    " ",
  );

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T|$)/u;

/** The date part of an ISO instant, as it is written there: "2026-03-01T…" → "1 March 2026"; with the argument "zh" → "2026年3月1日". */
export const day = (value: unknown, language: unknown = "en"): unknown => {
  const [, year, month, date] = typeof value === "string" ? (DATE.exec(value) ?? []) : [];
  const monthName = MONTHS[Number(month) - 1];
  if (monthName === undefined) return value;
  return language === "zh"
    ? `${year}年${Number(month)}月${Number(date)}日`
    : `${Number(date)} ${monthName} ${year}`;
};

/** How a locale counts and writes numbers; kept, because making one costs far more than using it. */
interface Numbers {
  readonly plural: Intl.PluralRules;
  readonly format: Intl.NumberFormat;
}

const numbersByLocale = new Map<string, Numbers>();

const numbersOf = (locale: string): Numbers => {
  const known = numbersByLocale.get(locale);
  if (known !== undefined) return known;
  const numbers = {
    plural: new Intl.PluralRules(locale),
    format: new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }),
  };
  numbersByLocale.set(locale, numbers);
  return numbers;
};

const isFinite = (value: unknown): value is number => Number.isFinite(value);

/** The forms that a locale has for whole and broken numbers: one and other in English, other alone in Chinese (Unicode CLDR). */
export const pluralForms = (locale: string): readonly string[] =>
  numbersOf(locale).plural.resolvedOptions().pluralCategories;

/** A number as the locale writes it: 1234.5 → "1,234.5" in English, "1.234,5" in German. */
export const number = (value: unknown, locale: string): unknown =>
  isFinite(value) ? numbersOf(locale).format.format(value) : value;

/** The form of the number, "#" standing for the number itself: 2 → "2 parcels". A form that is not given is `other`. */
export const plural = (
  value: unknown,
  locale: string,
  forms: Readonly<Record<string, string>>,
): unknown => {
  if (!isFinite(value)) return value;
  const form = forms[numbersOf(locale).plural.select(value)] ?? forms["other"] ?? "#";
  return form.replaceAll("#", () => String(number(value, locale)));
};

/** What a currency is called: three capital letters (ISO 4217). */
export const CURRENCY = /^[A-Z]{3}$/u;

const monies = new Map<string, Intl.NumberFormat>();

/** An amount of money as the locale writes it: 12.5 and "EUR" → "€12.50" in English. A currency that is none leaves the number alone. */
export const money = (value: unknown, locale: string, currency: unknown): unknown => {
  if (!isFinite(value)) return value;
  if (typeof currency !== "string" || !CURRENCY.test(currency)) return amount(value);
  const key = `${locale} ${currency}`;
  const format = monies.get(key) ?? new Intl.NumberFormat(locale, { style: "currency", currency });
  monies.set(key, format);
  return format.format(value);
};
