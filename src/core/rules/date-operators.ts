/**
 * Comparing instants, ISO 8601: of a date without a time its beginning in UTC counts. "Now" is the fact `signal.now`, "here" the fact
 * `customer.timeZone` (else UTC), so that stored facts give the same answer for ever.
 */
import type { Facts } from "../facts.ts";
import { quote } from "../fault.ts";
import type { Json } from "../json.ts";
import { hoursAsWritten, isWithin, minuteOfWeek } from "./hours.ts";

const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u;

/** Milliseconds since 1970, or undefined for what is no instant. */
export const instantOf = (value: Json | undefined): number | undefined => {
  if (typeof value !== "string" || !ISO.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
};

/** What is wrong with an instant that stands in a file, or nothing. */
export const instantFault = (value: Json): string | undefined =>
  instantOf(value) === undefined
    ? `value ${quote(value)} is no instant; write "2026-03-01" or "2026-03-01T09:00:00Z"`
    : undefined;

const instants =
  (holds: (left: number, right: number) => boolean) =>
  (left: Json, right: Json): boolean => {
    const [one, other] = [instantOf(left), instantOf(right)];
    return one !== undefined && other !== undefined && holds(one, other);
  };

const HOUR_MS = 3_600_000;

/** `side` 1: at most so long ago; −1: at most so far ahead. The instant itself is both. */
const near =
  (unitMs: number, side: 1 | -1) =>
  (left: Json, right: Json, facts: Facts): boolean => {
    const [instant, now] = [instantOf(left), instantOf(facts["signal.now"])];
    if (instant === undefined || now === undefined || typeof right !== "number") return false;
    const passed = side * (now - instant);
    return passed >= 0 && passed <= right * unitMs;
  };

const minuteHere = (instantMs: number, zone: Json | undefined): number => {
  try {
    return minuteOfWeek(instantMs, typeof zone === "string" ? zone : "UTC");
  } catch {
    return minuteOfWeek(instantMs, "UTC");
  }
};

/** Whether an instant lies in one of the hours, on the clock of the zone (UTC for one that nobody knows). */
export const hoursHere = (
  written: readonly Json[],
  instantMs: number,
  zone: Json | undefined,
): boolean =>
  isWithin(
    hoursAsWritten(written.filter((one) => typeof one === "string")),
    minuteHere(instantMs, zone),
  );

const duringHours = (left: Json, right: Json, facts: Facts): boolean => {
  const instant = instantOf(left);
  if (instant === undefined) return false;
  const hours = Array.isArray(right) ? (right as readonly Json[]) : [right];
  return hoursHere(hours, instant, facts["customer.timeZone"]);
};

export const DATE_OPERATORS = {
  before: instants((left, right) => left < right),
  after: instants((left, right) => left > right),
  withinDays: near(24 * HOUR_MS, 1),
  withinHours: near(HOUR_MS, 1),
  withinNextDays: near(24 * HOUR_MS, -1),
  duringHours,
} as const;
