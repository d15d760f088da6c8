/** What the models say of a customer, each with its reasons. A model that is not in the playbook predicts nothing. */

/**
 * Why. `value` is for spend the money that the feature contributed (they add up), for segment and churn the customer's own value.
 * `feature` is one of the catalogue, or `averageCustomer` (where a spend prediction starts) or `similarCustomers` (behind a churn probability).
 */
export interface Reason {
  readonly feature: string;
  readonly value: number;
  readonly sentence: string;
}

/** Why a product is offered. */
export interface OfferReason {
  readonly because: "popular" | "again" | "bought";
  /** What the customer has that led to it; empty for `popular`. */
  readonly products: readonly string[];
  readonly sentence: string;
  /** Of the offer's score, 0..1. */
  readonly share: number;
}

/** A product that the customer may want next. */
export interface Offer {
  readonly product: string;
  /** Orders the offers of one customer; no probability. */
  readonly score: number;
  readonly reasons: readonly OfferReason[];
}

export interface Predictions {
  readonly segment?: {
    readonly name: string;
    readonly distance: number;
    readonly reasons: readonly Reason[];
  };
  readonly churn?: { readonly probability: number; readonly reasons: readonly Reason[] };
  /** Money the customer is expected to spend in the model's horizon, in the shop's currency unit. */
  readonly spend?: { readonly amount: number; readonly reasons: readonly Reason[] };
  /** At most three, best first. */
  readonly offers?: readonly Offer[];
}

/** The same without reasons; null where a prediction is absent. */
export interface PredictedValues {
  readonly segment: string | null;
  readonly churn: number | null;
  readonly spend: number | null;
  /** Products, best first. */
  readonly offers: readonly string[] | null;
}

/** Of a customer about whom no model says anything. */
export const NO_PREDICTIONS: PredictedValues = {
  segment: null,
  churn: null,
  spend: null,
  offers: null,
};
