/**
 * The flat record of everything that a rule may read, and the catalogue that says what each fact is.
 * Every fact of the catalogue is present in every record; one that does not apply is null: it equals only null, and of all comparisons with a value just the negative ones (`notEqual`, `notIn`, `not:`) hold for it.
 */
import { type Analysis, ASPECTS, EMOTIONS, INTENTS, SENTIMENT_LABELS, TOPICS } from "./analysis.ts";
import type { Customer } from "./customer.ts";
import { FEATURES, type FeatureName, type Features } from "./feature.ts";
import { productsOf } from "./history.ts";
import type { Json } from "./json.ts";
import type { PredictedValues } from "./prediction.ts";
import type { Feedback, Signal } from "./signal.ts";

export type Facts = Readonly<Record<string, Json>>;
export type FactType = "text" | "number" | "boolean" | "list" | "object";

/** Where facts come from, by a word that stands for it. */
export const FACT_SOURCES = {
  signal: "what the CRM sent with the signal",
  text: "what was read in the text of the feedback",
  crm: "what the CRM says of the customer (traits)",
  history: "the customer's signals so far, this one included",
  model: "a model in models/, from what is known of the customer",
} as const;

export type FactSource = keyof typeof FACT_SOURCES;

/** What a fact is, for the linter, the editor and the reader of an explanation. */
export interface FactDefinition {
  readonly type: FactType;
  readonly sentence: string;
  readonly unit?: string;
  readonly source: FactSource;
  /** A value that it may have. */
  readonly example: Json;
  /** Closed set of values of a text fact, or of the items of a list. */
  readonly values?: readonly string[];
}

/** A fact as its table says it; source and example stand in tables of their own. */
type FactSays = Omit<FactDefinition, "source" | "example">;

const SIGNAL_FACTS = {
  "signal.kind": { type: "text", sentence: "feedback or event", values: ["feedback", "event"] },
  "signal.now": {
    type: "text",
    sentence: "the instant at which the signal counts, ISO 8601 in UTC",
  },
  "feedback.channel": { type: "text", sentence: "where the customer said it, as the CRM names it" },
  "feedback.rating": { type: "number", sentence: "stars given with the feedback", unit: "1..5" },
  "feedback.text": { type: "text", sentence: "what was said, personal data masked" },
  "feedback.context": {
    type: "object",
    sentence: "what the CRM sent along with the feedback; read it with a path",
  },
  "feedback.language": { type: "text", sentence: "BCP 47 language of the text" },
  "feedback.sentiment": { type: "number", sentence: "how the text feels", unit: "-1..1" },
  "feedback.sentimentLabel": {
    type: "text",
    sentence: "the same as a word",
    values: SENTIMENT_LABELS,
  },
  "feedback.topic": { type: "text", sentence: "the main topic", values: TOPICS },
  "feedback.topics": { type: "list", sentence: "every topic found, best first", values: TOPICS },
  "feedback.intent": { type: "text", sentence: "what the customer wants", values: INTENTS },
  "feedback.emotion": { type: "text", sentence: "the strongest feeling", values: EMOTIONS },
  "feedback.disliked": { type: "list", sentence: "aspects spoken of badly", values: ASPECTS },
  "feedback.liked": { type: "list", sentence: "aspects spoken of well", values: ASPECTS },
  "feedback.abuse": {
    type: "number",
    sentence: "how likely the text insults somebody",
    unit: "0..1",
  },
  "feedback.inScope": {
    type: "boolean",
    sentence: "the models know enough of the text to be believed",
  },
  "feedback.article": {
    type: "text",
    sentence: "id of the article that solves the problem described",
  },
  "feedback.articleTitle": {
    type: "text",
    sentence: "title of that article, in the language of the text",
  },
  "feedback.urgency": { type: "number", sentence: "how soon a person should look", unit: "0..1" },
  "feedback.hasPersonalData": {
    type: "boolean",
    sentence: "the text held personal data, now masked",
  },
  "event.type": { type: "text", sentence: "what the customer did, such as order.completed" },
  "event.properties": {
    type: "object",
    sentence: "what the CRM sent with the event; read it with a path",
  },
} as const satisfies Record<string, FactSays>;

const CUSTOMER_FACTS = {
  "customer.locale": { type: "text", sentence: "the customer's locale, such as zh-Hans-CN" },
  "customer.timeZone": {
    type: "text",
    sentence: "the customer's time zone, such as Europe/London",
  },
  "customer.custom": {
    type: "object",
    sentence: "the customer's custom fields; read them with a path",
  },
  "prediction.segment": { type: "text", sentence: "name of the nearest segment" },
  "prediction.churn": {
    type: "number",
    sentence: "probability that the customer stops buying",
    unit: "0..1",
  },
  "prediction.spend": {
    type: "number",
    sentence: "money expected in the model's horizon",
    unit: "currency",
  },
  "prediction.offers": {
    type: "list",
    sentence: "products to offer next, best first, at most three",
  },
  "customer.products": {
    type: "list",
    sentence: "the last 20 products that the customer ordered, newest first",
  },
} as const satisfies Record<string, FactSays>;

type ToldFact = keyof typeof SIGNAL_FACTS | keyof typeof CUSTOMER_FACTS;

const EXAMPLES: Readonly<Record<ToldFact, Json>> = {
  "signal.kind": "feedback",
  "signal.now": "2026-03-01T09:30:00.000Z",
  "feedback.channel": "email",
  "feedback.rating": 2,
  "feedback.text": "My parcel is late, call me at [phone]",
  "feedback.context": { orderId: "o-17" },
  "feedback.language": "en",
  "feedback.sentiment": -0.62,
  "feedback.sentimentLabel": "negative",
  "feedback.topic": "delivery",
  "feedback.topics": ["delivery", "staff_service"],
  "feedback.intent": "complaint",
  "feedback.emotion": "anger",
  "feedback.disliked": ["delivery"],
  "feedback.liked": ["staff_service"],
  "feedback.abuse": 0.03,
  "feedback.inScope": true,
  "feedback.article": "late-parcel",
  "feedback.articleTitle": "Where is my parcel?",
  "feedback.urgency": 0.7,
  "feedback.hasPersonalData": true,
  "event.type": "order.completed",
  "event.properties": { amount: 59.9, currency: "EUR" },
  "customer.locale": "zh-Hans-CN",
  "customer.timeZone": "Europe/London",
  "customer.custom": { tier: "gold" },
  "prediction.segment": "at_risk",
  "prediction.churn": 0.64,
  "prediction.spend": 84.5,
  "prediction.offers": ["tea-green", "cup-blue"],
  "customer.products": ["cup-blue", "tea-black"],
};

const FROM_CRM: ReadonlySet<string> = new Set([
  "customer.locale",
  "customer.timeZone",
  "customer.custom",
]);
const SENT: ReadonlySet<string> = new Set([
  "feedback.channel",
  "feedback.rating",
  "feedback.context",
]);

const sourceOf = (name: string): FactSource => {
  if (SENT.has(name)) return "signal";
  if (FROM_CRM.has(name)) return "crm";
  if (name.startsWith("feedback.")) return "text";
  if (name.startsWith("prediction.")) return "model";
  return name.startsWith("customer.") ? "history" : "signal";
};

/** A plain value of each unit; a feature of another unit counts something. */
const EXAMPLE_OF_UNIT: ReadonlyMap<string, number> = new Map([
  ["days", 12.5],
  ["currency", 59.9],
  ["ratio", 1.2],
  ["0..1", 0.4],
  ["-1..1", -0.3],
  ["-2..2", 0.5],
  ["0 or 1", 1],
]);

const featureFacts = (): readonly (readonly [string, FactDefinition])[] =>
  Object.entries(FEATURES).map(([name, { sentence, unit }]) => [
    `customer.${name}`,
    {
      type: "number",
      sentence,
      unit,
      source: "history",
      example: EXAMPLE_OF_UNIT.get(unit) ?? 3,
    },
  ]);

const toldFacts = (): readonly (readonly [string, FactDefinition])[] =>
  Object.entries({ ...SIGNAL_FACTS, ...CUSTOMER_FACTS } as Record<ToldFact, FactSays>).map(
    ([name, says]) => [
      name,
      { ...says, source: sourceOf(name), example: EXAMPLES[name as ToldFact] },
    ],
  );

/** Every fact by name. */
export const FACTS: ReadonlyMap<string, FactDefinition> = new Map<string, FactDefinition>([
  ...toldFacts(),
  ...featureFacts(),
]);

interface CustomerSources {
  /** After the signal was folded in. */
  readonly customer: Customer;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly features: Features;
  readonly predictions: PredictedValues;
}

export interface FactSources extends CustomerSources {
  readonly signal: Signal;
  /** Null for an event. */
  readonly analysis: Analysis | null;
}

/** Every fact of the catalogue, null. Copying it gives each record the same shape, which is what makes gathering quick. */
const NO_FACTS: Facts = Object.fromEntries([...FACTS.keys()].map((name) => [name, null]));

const FEATURE_FACTS = (Object.keys(FEATURES) as FeatureName[]).map(
  (name) => [name, `customer.${name}`] as const,
);

const aspectsWith = ({ aspects }: Analysis, wanted: string): string[] => [
  ...new Set(aspects.filter(({ polarity }) => polarity === wanted).map(({ aspect }) => aspect)),
];

const putFeedback = (facts: Record<string, Json>, feedback: Feedback, analysis: Analysis): void => {
  facts["feedback.channel"] = feedback.channel;
  facts["feedback.rating"] = feedback.rating ?? null;
  facts["feedback.context"] = feedback.context ?? null;
  facts["feedback.text"] = analysis.maskedText;
  facts["feedback.language"] = analysis.language.code;
  facts["feedback.sentiment"] = analysis.sentiment.score;
  facts["feedback.sentimentLabel"] = analysis.sentiment.label;
  facts["feedback.topic"] = analysis.topics[0]?.label ?? null;
  facts["feedback.topics"] = analysis.topics.map((topic) => topic.label);
  facts["feedback.intent"] = analysis.intent.label;
  facts["feedback.emotion"] = analysis.emotion.label;
  facts["feedback.disliked"] = aspectsWith(analysis, "negative");
  facts["feedback.liked"] = aspectsWith(analysis, "positive");
  facts["feedback.abuse"] = analysis.abuse.score;
  facts["feedback.inScope"] = analysis.inScope;
  facts["feedback.article"] = analysis.article?.id ?? null;
  facts["feedback.articleTitle"] = analysis.article?.title ?? null;
  facts["feedback.urgency"] = analysis.urgency.score;
  facts["feedback.hasPersonalData"] = analysis.personalData.length > 0;
};

const putCustomer = (
  facts: Record<string, Json>,
  { customer, features, predictions }: CustomerSources,
): void => {
  facts["customer.locale"] = customer.traits.locale ?? null;
  facts["customer.timeZone"] = customer.traits.timeZone ?? null;
  facts["customer.custom"] = customer.traits.custom ?? null;
  facts["prediction.segment"] = predictions.segment;
  facts["prediction.churn"] = predictions.churn;
  facts["prediction.spend"] = predictions.spend;
  facts["prediction.offers"] = predictions.offers === null ? null : [...predictions.offers];
  facts["customer.products"] = [...productsOf(customer.history)];
  for (const [name, fact] of FEATURE_FACTS) facts[fact] = features[name];
};

/** The facts of one signal; always every name of the catalogue, in its order. */
export const gatherFacts = (sources: FactSources): Facts => {
  const { signal, analysis } = sources;
  const facts: Record<string, Json> = { ...NO_FACTS };
  facts["signal.kind"] = signal.kind;
  facts["signal.now"] = sources.now;
  if (signal.kind === "feedback" && analysis !== null) putFeedback(facts, signal, analysis);
  if (signal.kind === "event") {
    facts["event.type"] = signal.type;
    facts["event.properties"] = signal.properties ?? null;
  }
  putCustomer(facts, sources);
  return facts;
};

/** The facts of a customer without a signal: those of signals are null. */
export const customerFacts = (sources: CustomerSources): Facts => {
  const facts: Record<string, Json> = { ...NO_FACTS };
  facts["signal.now"] = sources.now;
  putCustomer(facts, sources);
  return facts;
};

/** The features as they stand in stored facts; what `explain` predicts from again. */
export const featuresOf = (facts: Facts): Features => {
  const features: Record<string, number | null> = {};
  for (const name of Object.keys(FEATURES)) {
    const value = facts[`customer.${name}`];
    features[name] = typeof value === "number" ? value : null;
  }
  return features as Features;
};

/** The products as they stand in stored facts; none in those of earlier versions. */
export const productsIn = (facts: Facts): readonly string[] => {
  const products = facts["customer.products"];
  return Array.isArray(products) ? (products as readonly string[]) : [];
};

/** The facts that are not null: what is worth storing, because most facts do not apply to most signals. */
export const knownFacts = (facts: Facts): Facts => {
  const known: Record<string, Json> = {};
  for (const name of Object.keys(facts)) {
    const value = facts[name];
    if (value !== null && value !== undefined) known[name] = value;
  }
  return known;
};

/** Undoes `knownFacts`: every fact of the catalogue again, in its order. */
export const allFacts = (known: Facts): Facts => ({ ...NO_FACTS, ...known });
