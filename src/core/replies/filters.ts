/**
 * Our own template filters: plain amounts and dates, the same on every machine (no Intl, whose tables change between Node versions).
 * Both print what they do not understand as it is, so that an odd value never costs a customer the reply.
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
