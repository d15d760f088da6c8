/**
 * Our own template filters. `amount` is the same on every machine; `day`, `number`, `money` and `plural` follow the locale of the template by Intl,
 * whose tables come with Node: another version of Node may write a number otherwise.
 * All print what they do not understand as it is, so that an odd value never costs a customer the reply.
 */

/** Formatters that are kept, because making one costs far more than using it; values name currencies and customers name time zones, so not without end. */
const KEPT = 256;

const keeping = <T>(make: (locale: string, detail: string) => T) => {
  const kept = new Map<string, T>();
  return (locale: string, detail = ""): T => {
    const key = `${locale} ${detail}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= KEPT) kept.clear();
    const made = make(locale, detail);
    kept.set(key, made);
    return made;
  };
};

/** The locale if Intl can read it, and English: else Intl would take the language of the machine. */
const localesOf = (locale: string): readonly string[] => {
  try {
    return [...Intl.getCanonicalLocales(locale), "en"];
  } catch {
    return ["en"];
  }
};

const pluralsOf = keeping((locale) => new Intl.PluralRules([...localesOf(locale)]));
const numbersOf = keeping((locale) => new Intl.NumberFormat([...localesOf(locale)]));
const moneyOf = keeping(
  (locale, currency) =>
    new Intl.NumberFormat([...localesOf(locale)], { style: "currency", currency }),
);
/** Plain "en" is written as 1 March 2026, which nobody misreads; en-US as March 1, 2026. */
const daysOf = keeping((locale, timeZone) => {
  const locales = localesOf(locale).map((one) => (one === "en" ? "en-GB" : one));
  try {
    return new Intl.DateTimeFormat(locales, { dateStyle: "long", timeZone });
  } catch {
    return undefined;
  }
});

const isFinite = (value: unknown): value is number => Number.isFinite(value);

/** A number with two decimals, or none when it is whole: 12.5 → "12.50", 12 → "12". */
export const amount = (value: unknown): unknown => {
  if (!isFinite(value)) return value;
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
};

const DATE = /^(\d{4}-\d{2}-\d{2})(?:T(.*))?$/su;
const OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/u;

/** The day of the calendar, at midnight UTC; undefined for 31 February and the like. */
const midnight = (date: string): Date | undefined => {
  const instant = new Date(`${date}T00:00:00Z`);
  return Number.isFinite(instant.getTime()) && instant.toISOString().startsWith(date)
    ? instant
    : undefined;
};

export interface DayStyle {
  readonly locale: string;
  /** IANA name; without it, or with one that the platform does not know, an instant is on the day that is written in it. */
  readonly timeZone?: string | undefined;
}

/** The day of an instant in the zone; undefined where one of them is not known. */
const thereOn = (instant: number, { locale, timeZone }: DayStyle): string | undefined =>
  timeZone === undefined || Number.isNaN(instant)
    ? undefined
    : daysOf(locale, timeZone)?.format(instant);

/** The day of an ISO date or instant as the locale writes it: "2026-03-01T…" → "1 March 2026", in zh "2026年3月1日". An instant is on the day that it is in the time zone. */
export const day = (value: unknown, { locale, timeZone }: DayStyle): unknown => {
  const [text, date = "", time = ""] = typeof value === "string" ? (DATE.exec(value) ?? []) : [];
  const start = midnight(date);
  if (text === undefined || start === undefined) return value;
  const instant = OFFSET.test(time) ? Date.parse(text) : Number.NaN;
  return thereOn(instant, { locale, timeZone }) ?? daysOf(locale, "UTC")?.format(start);
};

/** The forms that a locale has for whole and broken numbers: one and other in English, other alone in Chinese (Unicode CLDR). */
export const pluralForms = (locale: string): readonly string[] =>
  pluralsOf(locale).resolvedOptions().pluralCategories;

/** A number as the locale writes it, with at most three decimals: 1234.5 → "1,234.5" in English, "1.234,5" in German. */
export const number = (value: unknown, locale: string): unknown =>
  isFinite(value) ? numbersOf(locale).format(value) : value;

/** The form of the number, "#" standing for the number itself: 2 → "2 parcels". A form that is not given is `other`. */
export const plural = (
  value: unknown,
  locale: string,
  forms: ReadonlyMap<string, string>,
): unknown => {
  if (!isFinite(value)) return value;
  const form = forms.get(pluralsOf(locale).select(value)) ?? forms.get("other") ?? "#";
  return form.split("#").join(numbersOf(locale).format(value));
};

/** What a currency is called: three capital letters (ISO 4217). */
export const CURRENCY = /^[A-Z]{3}$/u;

/** An amount of money as the locale writes it: 12.5 and "EUR" → "€12.50" in English. A currency that is none leaves the number alone. */
export const money = (value: unknown, locale: string, currency: unknown): unknown => {
  if (!isFinite(value)) return value;
  if (typeof currency !== "string" || !CURRENCY.test(currency)) return amount(value);
  return moneyOf(locale, currency).format(value);
};
