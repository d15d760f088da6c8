/** Comparing instants. They are ISO 8601 UTC texts with milliseconds, so that the order of the texts is the order in time. */

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** The earlier of two instants; one that is null never happened and does not count. */
export const earlier = (left: string | null, right: string): string =>
  left !== null && left < right ? left : right;

/** The later of two instants; one that is null never happened and does not count. */
export const later = (left: string | null, right: string): string =>
  left !== null && left > right ? left : right;

/** Days from one instant to another, 0 when `to` is the earlier one, null when either is missing or no instant. */
export const daysBetween = (from: string | null, to: string | null): number | null =>
  to === null ? null : daysUntil(from, Date.parse(to));

/** The same, to an instant in milliseconds since 1970 that the caller has read once for many. */
export const daysUntil = (from: string | null, toMs: number): number | null => {
  if (from === null) return null;
  const days = (toMs - Date.parse(from)) / DAY_MS;
  return Number.isFinite(days) ? Math.max(0, days) : null;
};

/** The instant `days` after another (before it, when negative). */
export const addDays = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * DAY_MS).toISOString();
