/** What a text means, with the words that led to each conclusion. Scores are in −1..1, probabilities and confidences in 0..1. */

/** A word (or emoji) of the text and how far it moved a conclusion; `from` and `to` are UTF-16 offsets into the original text, half-open. */
export interface Cue {
  readonly word: string;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
}

export const SENTIMENT_LABELS = [
  "very_negative",
  "negative",
  "neutral",
  "positive",
  "very_positive",
  "mixed",
] as const;
export type SentimentLabel = (typeof SENTIMENT_LABELS)[number];

export interface Sentiment {
  readonly label: SentimentLabel;
  /** −1 (very negative) … 1 (very positive). */
  readonly score: number;
  readonly confidence: number;
  readonly cues: readonly Cue[];
}

/** What feedback is about. */
export const TOPICS = [
  "delivery",
  "product_quality",
  "price_payment",
  "refund_return",
  "account_login",
  "app_fault",
  "feature_wish",
  "staff_service",
  "stock",
  "hygiene_safety",
  "praise",
  "cancellation",
  "other",
] as const;
export type Topic = (typeof TOPICS)[number];

export interface TopicFound {
  readonly label: Topic;
  readonly confidence: number;
  readonly cues: readonly Cue[];
}

const PERSONAL_DATA_KINDS = ["email", "phone", "card", "cn_resident_id"] as const;
export type PersonalDataKind = (typeof PERSONAL_DATA_KINDS)[number];

export interface PersonalDatum {
  readonly kind: PersonalDataKind;
  readonly from: number;
  readonly to: number;
}

export interface Language {
  /** BCP 47 primary language, or "und" when it cannot be told. */
  readonly code: string;
  readonly confidence: number;
}

export interface Analysis {
  readonly language: Language;
  /** The text with every personal datum replaced by `[kind]`. The only form of the text that leaves the signal. */
  readonly maskedText: string;
  readonly sentiment: Sentiment;
  /** Best first; empty only for an empty text. */
  readonly topics: readonly TopicFound[];
  readonly urgency: { readonly score: number; readonly cues: readonly Cue[] };
  readonly personalData: readonly PersonalDatum[];
}
