/**
 * Quiet hours on the customer's clock. Their end is found on that clock too, so that a night on which clocks change is as long as it is:
 * a reply comes at eight in the morning there, neither an hour early nor an hour late.
 */
import {
  hoursAsWritten,
  isWithin,
  minuteOfWeek,
  minutesLeft,
  WEEK_MINUTES,
} from "../rules/hours.ts";
import type { QuietHours } from "./contact-policy.ts";

const MINUTE_MS = 60_000;

/** A week and a day: policies leave a free minute in every week, and a change of clocks may swallow it once. */
const LOOK_AHEAD_MS = 16 * 24 * 60 * MINUTE_MS;

/**
 * The first instant from `nowMs` on that is not quiet, on full minutes unless it is `nowMs` itself.
 * Steps over whole spans of quiet hours where the clock runs through, and minute by minute where it jumps.
 */
export const quietUntil = ({ hours }: QuietHours, nowMs: number, timeZone: string): number => {
  const quiet = hoursAsWritten(hours);
  let instant = nowMs;
  let minute = minuteOfWeek(instant, timeZone);
  while (isWithin(quiet, minute) && instant - nowMs < LOOK_AHEAD_MS) {
    const start = Math.floor(instant / MINUTE_MS) * MINUTE_MS;
    const left = minutesLeft(quiet, minute);
    const ahead = start + left * MINUTE_MS;
    const runsThrough = minuteOfWeek(ahead, timeZone) === (minute + left) % WEEK_MINUTES;
    instant = runsThrough ? ahead : start + MINUTE_MS;
    minute = minuteOfWeek(instant, timeZone);
  }
  return instant;
};
