/** What a text means, with the words that led to each conclusion. Scores are in −1..1, probabilities and confidences in 0..1. */

/** A word (or emoji) of the text and how far it moved a conclusion; `from` and `to` are UTF-16 offsets into the original text, half-open. */
export interface Cue {
  readonly word: string;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
}

/** Why a figure is what it is: `base`, which holds for any text, and the words sum to it within 1e-6. */
export interface Why {
  readonly base: number;
  readonly cues: readonly Cue[];
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

export interface Sentiment extends Why {
  readonly label: SentimentLabel;
  /** −1 (very negative) … 1 (very positive): the sum of `base` and `cues`. */
  readonly score: number;
  /** How often a label said with this confidence is right. */
  readonly confidence: number;
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

export interface TopicFound extends Why {
  readonly label: Topic;
  /** The sum of `base` and `cues`. */
  readonly confidence: number;
}

/** What the customer wants. `other` is a statement or something that does not concern us. */
export const INTENTS = [
  "complaint",
  "question",
  "request",
  "wish",
  "praise",
  "threat_to_leave",
  "other",
] as const;
export type Intent = (typeof INTENTS)[number];

/** The strongest feeling. */
export const EMOTIONS = [
  "anger",
  "disappointment",
  "anxiety",
  "sadness",
  "joy",
  "gratitude",
  "surprise",
  "none",
] as const;
export type Emotion = (typeof EMOTIONS)[number];

/** What kind of app review a text is; the four types of Maalej and Nabil (2015). */
export const REVIEW_TYPES = ["bug", "feature", "rating", "user_experience"] as const;
export type ReviewType = (typeof REVIEW_TYPES)[number];

/** One label out of several. `isSure` is false where the model abstains: the best guess is given all the same, and said to be one. */
export interface Judgement<Label extends string> extends Why {
  readonly label: Label;
  /** The sum of `base` and `cues`. */
  readonly confidence: number;
  readonly isSure: boolean;
}

/** What customers have opinions about. */
export const ASPECTS = [
  "delivery",
  "product_quality",
  "price_payment",
  "refund_return",
  "account_login",
  "app",
  "staff_service",
  "stock",
  "hygiene_safety",
] as const;
export type AspectName = (typeof ASPECTS)[number];

export interface Aspect {
  readonly aspect: AspectName;
  readonly polarity: "negative" | "neutral" | "positive";
  readonly confidence: number;
  /** The clause that says so, as UTF-16 offsets into the original text, half-open. */
  readonly from: number;
  readonly to: number;
}

/** A probability and the words behind it. */
export interface Degree extends Why {
  /** 0..1: the sum of `base` and `cues`. */
  readonly score: number;
}

/** A named value that is nobody's secret. */
export const VALUE_KINDS = ["order_number", "amount", "date", "product"] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

export interface ValueFound {
  readonly kind: ValueKind;
  /** Normal form: digits and letters of an order number; `12.50 EUR`; `2026-11-25`, `--11-25` or the words of the date; the product's id. */
  readonly value: string;
  /** UTF-16 offsets into the original text, half-open. */
  readonly from: number;
  readonly to: number;
}

export const PERSONAL_DATA_KINDS = [
  "email",
  "phone",
  "card",
  "cn_resident_id",
  "bank_account",
  "address",
] as const;
export type PersonalDataKind = (typeof PERSONAL_DATA_KINDS)[number];

export interface PersonalDatum {
  readonly kind: PersonalDataKind;
  readonly from: number;
  readonly to: number;
}

/** A stretch of the text in one language; UTF-16 offsets into the original text, half-open. */
export interface LanguageSpan {
  readonly code: string;
  readonly from: number;
  readonly to: number;
}

export interface Language {
  /** BCP 47 primary language, or "und" when it cannot be told. */
  readonly code: string;
  readonly confidence: number;
  /** How Chinese is written; null for other languages and where no character tells. */
  readonly script: "Hans" | "Hant" | null;
  /** The stretches of a text in several languages, in its order; empty for a text in one. */
  readonly spans: readonly LanguageSpan[];
}

export interface Analysis {
  readonly language: Language;
  /** The text with every personal datum replaced by `[kind]`. The only form of the text that leaves the signal. */
  readonly maskedText: string;
  readonly sentiment: Sentiment;
  /** Best first; empty only for an empty text. */
  readonly topics: readonly TopicFound[];
  readonly intent: Judgement<Intent>;
  /** In the order of the text. */
  readonly aspects: readonly Aspect[];
  readonly urgency: Degree;
  readonly abuse: Degree;
  readonly irony: Degree;
  readonly emotion: Judgement<Emotion>;
  readonly reviewType: Judgement<ReviewType>;
  readonly values: readonly ValueFound[];
  readonly personalData: readonly PersonalDatum[];
  /** The article of the knowledge base that solves what is described; null where none is sure enough. */
  readonly article: {
    readonly id: string;
    readonly title: string;
    readonly confidence: number;
  } | null;
  /** False where nothing that the models know stands in the text, or its language is not read: conclusions are then guesses. */
  readonly inScope: boolean;
}
