/**
 * Instants as shops write them in files. What could be read in two ways is never guessed: 01/02/2011 is refused until somebody says which number is the day.
 * Without a zone a clock is read as UTC.
 */
import { quote } from "../fault.ts";

/** Which number comes first in 01/02/2011. */
export type DateOrder = "dmy" | "mdy";

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:T|,?\s+)(.+))?$/iu;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:(?:T|,?\s+)(.+))?$/iu;
/** Eight digits are a day; seconds have nine or ten. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/u;
const SECONDS = /^\d{9,10}(?:\.\d*)?$/u;
const MILLISECONDS = /^\d{12,13}(?:\.0*)?$/u;
const CLOCK =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AP]M)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/iu;

/** Two digits of a year: 69 to 99 are of the last century, as in POSIX. */
const PIVOT = 69;
const [YEAR_MIN, YEAR_MAX] = [1970, 2099];
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const ACCEPTED =
  "2011-02-01, 2011-02-01 09:30[:00], 2011-02-01T09:30:00Z, 20110201, or seconds or milliseconds since 1970";

const zoneMs = (zone: string | undefined): number => {
  const parts = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone ?? "");
  if (parts === null) return 0;
  const ahead = Number(parts[2]) * HOUR_MS + Number(parts[3]) * MINUTE_MS;
  return parts[1] === "-" ? -ahead : ahead;
};

/** Hour of 24; NaN for 13 PM and the like. */
const hourOf = (digits: string, half: string | undefined): number => {
  const hour = Number(digits);
  if (half === undefined) return hour < 24 ? hour : Number.NaN;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
};

/** Milliseconds since midnight UTC; 0 without a clock, NaN for none that exists. */
const clockMs = (text: string | undefined): number => {
  if (text === undefined) return 0;
  const parts = CLOCK.exec(text);
  if (parts === null) return Number.NaN;
  const [, hours = "", minutes, seconds = "0", fraction = "0", half, zone] = parts;
  if (Number(minutes) > 59 || Number(seconds) > 59) return Number.NaN;
  return (
    hourOf(hours, half) * HOUR_MS +
    Number(minutes) * MINUTE_MS +
    Number(seconds) * 1000 +
    Math.floor(Number(`0.${fraction}`) * 1000) -
    zoneMs(zone)
  );
};

/** Midnight of a day, NaN for one that no calendar has. */
const dayMs = (year: number, month: number, day: number): number => {
  const ms = Date.UTC(year, month - 1, day);
  return new Date(ms).getUTCDate() === day && month >= 1 && month <= 12 ? ms : Number.NaN;
};

const fullYear = (digits: string): number => {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year + (year < PIVOT ? 2000 : 1900);
};

const yearFirst = (cell: string): number | undefined => {
  const parts = YEAR_FIRST.exec(cell);
  if (parts !== null)
    return dayMs(Number(parts[1]), Number(parts[3]), Number(parts[4])) + clockMs(parts[5]);
  const compact = COMPACT.exec(cell);
  return compact === null
    ? undefined
    : dayMs(Number(compact[1]), Number(compact[2]), Number(compact[3]));
};

const sinceEpoch = (cell: string): number | undefined => {
  if (SECONDS.test(cell)) return Math.floor(Number(cell) * 1000);
  return MILLISECONDS.test(cell) ? Number(cell) : undefined;
};

const yearLast = (cell: string, dates: DateOrder | undefined): number | string | undefined => {
  const parts = YEAR_LAST.exec(cell);
  if (parts === null) return undefined;
  if (dates === undefined)
    return `${quote(cell)} may be read in two ways; declare dates=dmy where the day comes first, dates=mdy where the month does`;
  const [first, second] = [Number(parts[1]), Number(parts[3])];
  const [day, month] = dates === "dmy" ? [first, second] : [second, first];
  return dayMs(fullYear(parts[4] ?? ""), month, day) + clockMs(parts[5]);
};

const FROM_MS = Date.UTC(YEAR_MIN, 0, 1);
const TO_MS = Date.UTC(YEAR_MAX + 1, 0, 1);

/** Milliseconds since 1970 of a cell without blanks around it, or the sentence that refuses it. */
export const readInstant = (cell: string, dates?: DateOrder): number | string => {
  const ms = yearFirst(cell) ?? sinceEpoch(cell) ?? yearLast(cell, dates);
  if (typeof ms === "string") return ms;
  if (ms === undefined) return `${quote(cell)} is no date that is read here; accepted: ${ACCEPTED}`;
  if (Number.isNaN(ms)) {
    const read = dates === undefined ? "" : ` read as ${dates}`;
    return `${quote(cell)} is no day or no time of day that exists${read}; accepted: ${ACCEPTED}`;
  }
  return ms < FROM_MS || ms >= TO_MS
    ? `${quote(cell)} is outside of the years ${YEAR_MIN} to ${YEAR_MAX}; correct the year`
    : ms;
};
