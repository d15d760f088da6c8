/**
 * The formulas of the feature catalogue (`core/feature.ts`), computed from a customer's history at an instant.
 * A feature that cannot be told is null, never 0 and never NaN; values are rounded to 4 decimals, so that records stay readable.
 */
import type { Customer } from "../customer.ts";
import type { FeatureName, Features } from "../feature.ts";
import { DAYS_KEPT, type History } from "../history.ts";
import { inLastDays, type WindowFigures } from "./days.ts";
import { daysBetween, daysUntil } from "./instant.ts";

/** Counted by day: the day of `now` and the 29 or 89 before it, UTC. */
interface Windows {
  readonly month: WindowFigures;
  readonly quarter: WindowFigures;
}

type Formula = (history: History, nowMs: number, windows: Windows) => number | null;

/** Shorter acquaintance than this would make a monthly rate run wild. */
const MONTH_DAYS = 30;

const over = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : part / whole;

const meanGapDays = ({ orders }: History): number | null =>
  orders.count < 2 ? null : orders.gapDays / (orders.count - 1);

/** Population standard deviation from sum and sum of squares; needs two gaps. */
const gapSpreadDays = ({ orders }: History): number | null => {
  if (orders.count < 3) return null;
  const gaps = orders.count - 1;
  const mean = orders.gapDays / gaps;
  return Math.sqrt(Math.max(0, orders.gapDaysSquared / gaps - mean * mean));
};

const overdue: Formula = (history, nowMs) => {
  const mean = meanGapDays(history);
  return over(daysUntil(history.orders.lastAt, nowMs), mean === null ? null : Math.max(1, mean));
};

const monetary = ({ orders, returns }: History): number => orders.amount - returns.amount;

const monthlySpend: Formula = (history, nowMs) => {
  const tenure = daysUntil(history.firstAt, nowMs);
  if (tenure === null) return null;
  return monetary(history) / Math.max(1, tenure / MONTH_DAYS);
};

/** Of the feedback that came through a channel with a name. */
const mainChannelShare = ({ feedback }: History): number | null => {
  const counts = feedback.channels.map(({ count }) => count);
  const all = counts.reduce((sum, count) => sum + count, feedback.otherChannels);
  return over(Math.max(0, ...counts), all);
};

const sentimentTrend = ({ feedback }: History): number | null =>
  feedback.count < 2 || feedback.longSentiment === null
    ? null
    : feedback.sentiment - feedback.longSentiment;

const atLeast = (count: number, least: number): number => (count >= least ? 1 : 0);

const FORMULAS: Readonly<Record<FeatureName, Formula>> = {
  recencyDays: ({ orders }, nowMs) => daysUntil(orders.lastAt, nowMs),
  frequency: ({ orders }) => orders.count,
  monetary,
  monthlySpend,
  averageOrder: ({ orders }) => over(orders.amount, orders.priced),
  orderTrend: ({ orders }) =>
    orders.priced < 2 ? null : over(orders.recentAmount, orders.longAmount),
  tenureDays: ({ firstAt }, nowMs) => daysUntil(firstAt, nowMs),
  meanGapDays,
  gapSpreadDays,
  overdue,
  absenceDays: ({ previousAt, lastAt }) => daysBetween(previousAt, lastAt),
  returns: ({ returns }) => returns.count,
  feedbackCount: ({ feedback }) => feedback.count,
  negativeFeedback: ({ feedback }) => feedback.negative,
  positiveFeedback: ({ feedback }) => feedback.positive,
  rollingSentiment: ({ feedback }) => (feedback.count === 0 ? null : feedback.sentiment),
  appOpens: ({ app }) => app.opens,
  daysSinceAppOpen: ({ app }, nowMs) => daysUntil(app.lastOpenAt, nowMs),
  paymentFailures: ({ payments }) => payments.failed,
  parcelDelays: ({ parcels }) => parcels.delayed,
  cancellations: ({ cancellations }) => cancellations.count,
  orders30: (_history, _nowMs, { month }) => month.orders,
  orders90: (_history, _nowMs, { quarter }) => quarter.orders,
  spend30: (_history, _nowMs, { month }) => month.amount,
  spend90: (_history, _nowMs, { quarter }) => quarter.amount,
  itemsPerOrder: ({ orders }) => over(orders.items, orders.listed),
  productsBought: ({ orders }) => orders.products.length,
  weekendShare: ({ orders }) => over(orders.weekend, orders.weekend + orders.weekdays),
  returnRate: ({ returns, orders }) => over(returns.count, orders.count),
  daysSinceReturn: ({ returns }, nowMs) => daysUntil(returns.lastAt, nowMs),
  feedback30: (_history, _nowMs, { month }) => month.feedback,
  feedback90: (_history, _nowMs, { quarter }) => quarter.feedback,
  daysSinceFeedback: ({ feedback }, nowMs) => daysUntil(feedback.lastAt, nowMs),
  complaints30: (_history, _nowMs, { month }) => month.complaints,
  complaints90: (_history, _nowMs, { quarter }) => quarter.complaints,
  complaints90AtLeast2: (_history, _nowMs, { quarter }) => atLeast(quarter.complaints, 2),
  complaints90AtLeast4: (_history, _nowMs, { quarter }) => atLeast(quarter.complaints, 4),
  sentimentTrend,
  worstSentiment90: (_history, _nowMs, { quarter }) => quarter.worst,
  channels: ({ feedback }) => feedback.channels.length,
  mainChannelShare,
  appOpens30: (_history, _nowMs, { month }) => month.opens,
  cartsAbandoned30: (_history, _nowMs, { month }) => month.carts,
  productViews30: (_history, _nowMs, { month }) => month.views,
};

const ENTRIES = Object.entries(FORMULAS);

const rounded = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : Math.round(value * 1e4) / 1e4 + 0;

/**
 * Every feature of the catalogue at `now` (ISO 8601, UTC), from what was folded so far.
 * An aggregate that already holds signals later than `now` gives 0 days, never a negative number.
 */
export const describeCustomer = ({ history }: Customer, now: string): Features => {
  const features: Record<string, number | null> = {};
  const nowMs = Date.parse(now);
  const windows: Windows = {
    month: inLastDays(history.days, nowMs, MONTH_DAYS),
    quarter: inLastDays(history.days, nowMs, DAYS_KEPT),
  };
  for (const [name, formula] of ENTRIES) features[name] = rounded(formula(history, nowMs, windows));
  return features as Features;
};
