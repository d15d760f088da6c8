/**
 * The catalogue of features: one named number about a customer at an instant. The formulas stand in `customers/features.ts`;
 * a test holds both together. A feature that cannot be told is null (never 0, never NaN), and models say what they do with null.
 */

export interface FeatureDefinition {
  readonly sentence: string;
  readonly unit: string;
  /** How it is computed, in one line. `now` is the instant looked from; "in N days" is the day of `now` (UTC) and the N − 1 days before it. */
  readonly formula: string;
  /** What null means; of a feature that is never null, what 0 means. */
  readonly missing: string;
}

const NEVER = "never null; 0 when there was none";
const NO_ORDER = "null before the first order";

export const FEATURES = {
  recencyDays: {
    sentence: "days since the last order",
    unit: "days",
    formula: "now − instant of the last order",
    missing: NO_ORDER,
  },
  frequency: {
    sentence: "orders so far",
    unit: "orders",
    formula: "count of order.completed",
    missing: NEVER,
  },
  monetary: {
    sentence: "money spent on orders, less returns",
    unit: "currency",
    formula: "Σ amounts of order.completed − Σ amounts of order.returned",
    missing: NEVER,
  },
  monthlySpend: {
    sentence: "money spent, less returns, for every 30 days since the first signal",
    unit: "currency",
    formula: "monetary ÷ max(1, tenureDays ÷ 30)",
    missing: "null before the first signal",
  },
  averageOrder: {
    sentence: "mean amount of an order",
    unit: "currency",
    formula: "Σ amounts ÷ count of orders that named a usable amount",
    missing: "null while no order named a usable amount",
  },
  orderTrend: {
    sentence: "recent order amounts over long-run ones; above 1 is growing",
    unit: "ratio",
    formula: "exponentially weighted mean of amounts, newest 0.5 ÷ the same, newest 0.125",
    missing: "null before two orders with an amount, or when all were 0",
  },
  tenureDays: {
    sentence: "days since the first signal",
    unit: "days",
    formula: "now − instant of the first signal",
    missing: "null before the first signal",
  },
  meanGapDays: {
    sentence: "mean days between orders",
    unit: "days",
    formula: "days from the first to the last order ÷ (orders − 1)",
    missing: "null before the second order",
  },
  gapSpreadDays: {
    sentence: "standard deviation of the days between orders",
    unit: "days",
    formula: "√(Σ gap² ÷ gaps − (Σ gap ÷ gaps)²)",
    missing: "null before the third order",
  },
  overdue: {
    sentence: "days since the last order over the mean gap (taken as at least one day)",
    unit: "ratio",
    formula: "recencyDays ÷ max(1, meanGapDays)",
    missing: "null before the second order",
  },
  absenceDays: {
    sentence: "days between this signal and the one before it",
    unit: "days",
    formula: "instant of the last signal − the last instant before that signal was counted",
    missing: "null before the second signal",
  },
  returns: {
    sentence: "returns so far",
    unit: "returns",
    formula: "count of order.returned",
    missing: NEVER,
  },
  feedbackCount: {
    sentence: "feedback so far",
    unit: "feedback",
    formula: "count of feedback",
    missing: NEVER,
  },
  negativeFeedback: {
    sentence: "feedback read as negative or very negative so far",
    unit: "feedback",
    formula: "count of feedback with the label negative or very_negative",
    missing: NEVER,
  },
  positiveFeedback: {
    sentence: "feedback read as positive or very positive so far",
    unit: "feedback",
    formula: "count of feedback with the label positive or very_positive",
    missing: NEVER,
  },
  rollingSentiment: {
    sentence: "exponentially weighted sentiment of the customer's feedback",
    unit: "-1..1",
    formula: "exponentially weighted mean of sentiment scores, newest 0.3",
    missing: "null before the first feedback",
  },
  appOpens: {
    sentence: "times the app was opened",
    unit: "opens",
    formula: "count of app.opened",
    missing: NEVER,
  },
  daysSinceAppOpen: {
    sentence: "days since the app was last opened",
    unit: "days",
    formula: "now − instant of the last app.opened",
    missing: "null while the app was never opened",
  },
  paymentFailures: {
    sentence: "failed payments so far",
    unit: "payments",
    formula: "count of payment.failed",
    missing: NEVER,
  },
  parcelDelays: {
    sentence: "delayed parcels so far",
    unit: "parcels",
    formula: "count of parcel.delayed",
    missing: NEVER,
  },
  cancellations: {
    sentence: "subscriptions cancelled so far",
    unit: "cancellations",
    formula: "count of subscription.cancelled",
    missing: NEVER,
  },
  orders30: {
    sentence: "orders in the last 30 days",
    unit: "orders",
    formula: "count of order.completed in 30 days",
    missing: NEVER,
  },
  orders90: {
    sentence: "orders in the last 90 days",
    unit: "orders",
    formula: "count of order.completed in 90 days",
    missing: NEVER,
  },
  spend30: {
    sentence: "money of the orders of the last 30 days",
    unit: "currency",
    formula: "Σ amounts of order.completed in 30 days",
    missing: NEVER,
  },
  spend90: {
    sentence: "money of the orders of the last 90 days",
    unit: "currency",
    formula: "Σ amounts of order.completed in 90 days",
    missing: NEVER,
  },
  itemsPerOrder: {
    sentence: "mean number of items in an order",
    unit: "items",
    formula: "Σ quantities of items ÷ count of orders that list items or a sku",
    missing: "null while no order said what was in it",
  },
  productsBought: {
    sentence: "different products bought, counted up to 20",
    unit: "products",
    formula: "min(20, count of different sku in orders)",
    missing: "never null; 0 when no order named a product",
  },
  weekendShare: {
    sentence: "share of the orders placed on a Saturday or Sunday",
    unit: "0..1",
    formula: "orders on Saturdays and Sundays (UTC) ÷ orders",
    missing: NO_ORDER,
  },
  returnRate: {
    sentence: "returns for every order",
    unit: "ratio",
    formula: "returns ÷ frequency",
    missing: NO_ORDER,
  },
  daysSinceReturn: {
    sentence: "days since the last return",
    unit: "days",
    formula: "now − instant of the last order.returned",
    missing: "null while nothing was returned",
  },
  feedback30: {
    sentence: "feedback in the last 30 days",
    unit: "feedback",
    formula: "count of feedback in 30 days",
    missing: NEVER,
  },
  feedback90: {
    sentence: "feedback in the last 90 days",
    unit: "feedback",
    formula: "count of feedback in 90 days",
    missing: NEVER,
  },
  daysSinceFeedback: {
    sentence: "days since the last feedback",
    unit: "days",
    formula: "now − instant of the last feedback",
    missing: "null before the first feedback",
  },
  complaints30: {
    sentence: "feedback of the last 30 days read as negative or very negative",
    unit: "feedback",
    formula: "count of feedback in 30 days with the label negative or very_negative",
    missing: NEVER,
  },
  complaints90: {
    sentence: "feedback of the last 90 days read as negative or very negative",
    unit: "feedback",
    formula: "count of feedback in 90 days with the label negative or very_negative",
    missing: NEVER,
  },
  complaints90AtLeast2: {
    sentence: "1 with at least two complaints in the last 90 days, else 0",
    unit: "0 or 1",
    formula: "complaints90 ≥ 2",
    missing: "never null; 0 with fewer than two",
  },
  complaints90AtLeast4: {
    sentence: "1 with at least four complaints in the last 90 days, else 0",
    unit: "0 or 1",
    formula: "complaints90 ≥ 4",
    missing: "never null; 0 with fewer than four",
  },
  sentimentTrend: {
    sentence: "recent sentiment less long-run sentiment; below 0 is souring",
    unit: "-2..2",
    formula: "rollingSentiment − the same mean with newest 0.1",
    missing: "null before the second feedback",
  },
  worstSentiment90: {
    sentence: "lowest sentiment of the feedback of the last 90 days",
    unit: "-1..1",
    formula: "minimum of the sentiment scores in 90 days",
    missing: "null without feedback in 90 days",
  },
  channels: {
    sentence: "different channels of the customer's feedback, counted up to 8",
    unit: "channels",
    formula: "min(8, count of different channels other than unknown)",
    missing: "never null; 0 when no feedback named a channel",
  },
  mainChannelShare: {
    sentence: "share of the customer's feedback that came through the channel used most",
    unit: "0..1",
    formula: "largest count of one of the first 8 channels ÷ feedback that named a channel",
    missing: "null while no feedback named a channel",
  },
  appOpens30: {
    sentence: "times the app was opened in the last 30 days",
    unit: "opens",
    formula: "count of app.opened in 30 days",
    missing: NEVER,
  },
  cartsAbandoned30: {
    sentence: "carts abandoned in the last 30 days",
    unit: "carts",
    formula: "count of cart.abandoned in 30 days",
    missing: NEVER,
  },
  productViews30: {
    sentence: "products viewed in the last 30 days",
    unit: "views",
    formula: "count of product.viewed in 30 days",
    missing: NEVER,
  },
} as const satisfies Record<string, FeatureDefinition>;

export type FeatureName = keyof typeof FEATURES;
export type Features = Readonly<Record<FeatureName, number | null>>;
