/**
 * The catalogue of features: one named number about a customer at an instant. The formulas stand in `customers/features.ts`;
 * a test holds both together. A feature that cannot be told is null (never 0, never NaN), and models say what they do with null.
 */

export interface FeatureDefinition {
  readonly sentence: string;
  readonly unit: string;
}

export const FEATURES = {
  recencyDays: { sentence: "days since the last order", unit: "days" },
  frequency: { sentence: "orders so far", unit: "orders" },
  monetary: { sentence: "money spent on orders, less returns", unit: "currency" },
  monthlySpend: {
    sentence: "money spent, less returns, for every 30 days since the first signal",
    unit: "currency",
  },
  averageOrder: { sentence: "mean amount of an order", unit: "currency" },
  orderTrend: {
    sentence: "recent order amounts over long-run ones; above 1 is growing",
    unit: "ratio",
  },
  tenureDays: { sentence: "days since the first signal", unit: "days" },
  meanGapDays: { sentence: "mean days between orders", unit: "days" },
  gapSpreadDays: { sentence: "standard deviation of the days between orders", unit: "days" },
  overdue: {
    sentence: "days since the last order over the mean gap (taken as at least one day)",
    unit: "ratio",
  },
  absenceDays: { sentence: "days between this signal and the one before it", unit: "days" },
  returns: { sentence: "returns so far", unit: "returns" },
  feedbackCount: { sentence: "feedback so far", unit: "feedback" },
  negativeFeedback: {
    sentence: "feedback read as negative or very negative so far",
    unit: "feedback",
  },
  positiveFeedback: {
    sentence: "feedback read as positive or very positive so far",
    unit: "feedback",
  },
  rollingSentiment: {
    sentence: "exponentially weighted sentiment of the customer's feedback",
    unit: "-1..1",
  },
  appOpens: { sentence: "times the app was opened", unit: "opens" },
  daysSinceAppOpen: { sentence: "days since the app was last opened", unit: "days" },
  paymentFailures: { sentence: "failed payments so far", unit: "payments" },
  parcelDelays: { sentence: "delayed parcels so far", unit: "parcels" },
  cancellations: { sentence: "subscriptions cancelled so far", unit: "cancellations" },
} as const satisfies Record<string, FeatureDefinition>;

export type FeatureName = keyof typeof FEATURES;
export type Features = Readonly<Record<FeatureName, number | null>>;
