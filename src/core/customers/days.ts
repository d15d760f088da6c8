/**
 * What happened by day (UTC), for features such as orders in the last 30 days: at most `DAYS_KEPT` days, whatever order signals come in.
 * A window of 30 days is the day of `now` and the 29 before it; days after `now` are not in it.
 */
import { DAYS_KEPT, type DayFigures } from "../history.ts";
import { DAY_MS } from "./instant.ts";

/** What one signal adds to its day; `worst` is its sentiment score. */
export type DayAddition = Omit<DayFigures, "day">;

/** The day of an instant in milliseconds since 1970: days since 1970-01-01, UTC. */
const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** 1970-01-01 was a Thursday. */
const THURSDAY = 4;

/** Whether an instant (ISO 8601) falls on a Saturday or Sunday, UTC. */
export const isWeekend = (at: string): boolean => {
  const weekday = (((dayOf(Date.parse(at)) + THURSDAY) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
};

const SUMS = ["orders", "amount", "feedback", "complaints", "opens", "carts", "views"] as const;

const lowest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);

const orNone = (figure: number | undefined): number => figure ?? 0;

/** Figures of both, keys always in one order, sums that are 0 left out. */
const together = (day: number, left: DayAddition, right: DayAddition): DayFigures => {
  const figures: Record<string, number> = { day };
  for (const name of SUMS) {
    const sum = (left[name] ?? 0) + (right[name] ?? 0);
    if (sum !== 0) figures[name] = sum;
  }
  const worst = lowest(left.worst, right.worst);
  if (worst !== undefined) figures["worst"] = worst;
  return figures as unknown as DayFigures;
};

/**
 * The days with one signal more, oldest first. A signal that comes late joins its own day;
 * one from `DAYS_KEPT` days or more before the newest day changes nothing, and no day that old stays.
 */
export const addToDay = (
  days: readonly DayFigures[],
  at: string,
  addition: DayAddition,
): readonly DayFigures[] => {
  const day = dayOf(Date.parse(at));
  const newest = Math.max(day, days.at(-1)?.day ?? day);
  const kept = days.filter((one) => one.day > newest - DAYS_KEPT);
  if (day <= newest - DAYS_KEPT) return kept;
  const place = kept.findIndex((one) => one.day >= day);
  const [at0, found] = place === -1 ? [kept.length, undefined] : [place, kept[place]];
  return found?.day === day
    ? kept.with(at0, together(day, found, addition))
    : kept.toSpliced(at0, 0, together(day, {}, addition));
};

/** Sums over the days of a window; `worst` is null without feedback. */
export interface WindowFigures extends Readonly<Record<(typeof SUMS)[number], number>> {
  readonly worst: number | null;
}

/** The last `length` days (1..`DAYS_KEPT`) up to and with the day of `nowMs` (milliseconds since 1970). */
export const inLastDays = (
  days: readonly DayFigures[],
  nowMs: number,
  length: number,
): WindowFigures => {
  const today = dayOf(nowMs);
  const inside = days.filter(({ day }) => day > today - length && day <= today);
  const sums = { orders: 0, amount: 0, feedback: 0, complaints: 0, opens: 0, carts: 0, views: 0 };
  let worst: number | undefined;
  // Figure by figure, not name by name: every decision does this, and it is three times as fast.
  for (const figures of inside) {
    sums.orders += orNone(figures.orders);
    sums.amount += orNone(figures.amount);
    sums.feedback += orNone(figures.feedback);
    sums.complaints += orNone(figures.complaints);
    sums.opens += orNone(figures.opens);
    sums.carts += orNone(figures.carts);
    sums.views += orNone(figures.views);
    worst = lowest(worst, figures.worst);
  }
  return { ...sums, worst: worst ?? null };
};
