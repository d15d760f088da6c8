/**
 * Hours of the week such as `mon-fri 09:00-18:00`, on the clock of a time zone; those after midnight may belong to the day before (`fri 22:00-02:00`).
 * What the clock of a zone shows is asked of the platform, so that days on which clocks change are right.
 */
import { didYouMean, quote } from "../fault.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const DAY_MINUTES = 1_440;
export const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Minutes of the week, Monday 00:00 being 0; `from` inclusive, `to` exclusive, which may lie in the next week. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

const SHAPE = /^([a-z]{3})(?:-([a-z]{3}))? (\d{2}):(\d{2})-(\d{2}):(\d{2})$/u;

const dayOf = (name: string): number => DAYS.findIndex((day) => day === name);

const minutesOf = (hour: string | undefined, minute: string | undefined): number | undefined => {
  const minutes = 60 * Number(hour) + Number(minute);
  return Number(minute) < 60 && minutes <= DAY_MINUTES ? minutes : undefined;
};

const HOW_TO = 'write it like "mon-fri 09:00-18:00" or "sat 10:00-14:00"';

/** The hours that are written so, or what is wrong with them. */
export const parseHours = (written: string): readonly Hours[] | string => {
  const [, first = "", last = first, ...clock] = SHAPE.exec(written.toLowerCase()) ?? [];
  if (first === "") return `${quote(written)} is not hours of the week; ${HOW_TO}`;
  const strange = [first, last].find((day) => dayOf(day) < 0);
  if (strange !== undefined)
    return `${quote(strange)} is not a day${didYouMean(strange, DAYS) || `; use ${DAYS.join(", ")}`}`;
  const from = minutesOf(clock[0], clock[1]);
  const to = minutesOf(clock[2], clock[3]);
  if (from === undefined || to === undefined)
    return `${quote(written)} has a time that no clock shows; ${HOW_TO}`;
  if (from === to) return `${quote(written)} begins and ends at one time; ${HOW_TO}`;
  const length = to > from ? to - from : to + DAY_MINUTES - from;
  const count = ((dayOf(last) - dayOf(first) + 7) % 7) + 1;
  return Array.from({ length: count }, (_, at) => {
    const begins = ((dayOf(first) + at) % 7) * DAY_MINUTES + from;
    return { from: begins, to: begins + length };
  });
};

const clocks = new Map<string, Intl.DateTimeFormat>();

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  clocks.set(timeZone, clock);
  return clock;
};

/** The minute of the week that a clock in the zone shows, 0..10079. Throws a RangeError for a zone that nobody knows. */
export const minuteOfWeek = (instantMs: number, timeZone: string): number => {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, value]),
  );
  const day = dayOf((parts.get("weekday") ?? "").slice(0, 3).toLowerCase());
  return day * DAY_MINUTES + 60 * Number(parts.get("hour")) + Number(parts.get("minute"));
};

/** Whether a minute of the week lies in one of the hours. */
export const isWithin = (hours: readonly Hours[], minute: number): boolean =>
  hours.some(({ from, to }) => (minute >= from && minute < to) || minute + WEEK_MINUTES < to);

const readHours = new Map<string, readonly Hours[]>();

/** Hours as written, read once; what cannot be read is no time at all. */
export const hoursAsWritten = (written: readonly string[]): readonly Hours[] =>
  written.flatMap((text) => {
    const known = readHours.get(text);
    if (known !== undefined) return known;
    const parsed = parseHours(text);
    const hours = typeof parsed === "string" ? [] : parsed;
    readHours.set(text, hours);
    return hours;
  });

/** Minutes of the week outside of the hours. */
export const minutesFree = (hours: readonly Hours[]): number => {
  let free = 0;
  for (let minute = 0; minute < WEEK_MINUTES; minute += 1) if (!isWithin(hours, minute)) free += 1;
  return free;
};

/** How many minutes after `minute`, which lies in one of the hours, that one ends; the longest of them where several hold it. */
export const minutesLeft = (hours: readonly Hours[], minute: number): number =>
  Math.max(
    ...hours.map(({ from, to }) => {
      if (minute >= from && minute < to) return to - minute;
      return minute + WEEK_MINUTES < to ? to - minute - WEEK_MINUTES : 1;
    }),
  );
