/**
 * Gives labelled feedback to the customers of a history: who might have said it, and when. Pure and repeatable; a label decides only
 * after which kind of event a text is placed, never what attune concludes from it.
 */
import type { Topic } from "../core/analysis.ts";
import { addDays } from "../core/customers/instant.ts";
import { type Random, randomFrom } from "../core/models/random.ts";
import type { CustomerEvent, Feedback } from "../core/signal.ts";
import type { LabelledFeedback } from "../core/text/labelled.ts";

export interface PlaceableCustomer {
  readonly id: string;
  readonly locale: string;
}

const SEED = 4099;

/** What usually happened before somebody speaks of a topic; the first type that still has a free event is taken. */
const CAUSES: Readonly<Partial<Record<Topic, readonly string[]>>> = {
  delivery: ["parcel.delayed", "parcel.delivered", "order.completed"],
  price_payment: ["payment.failed", "order.completed"],
  refund_return: ["order.returned", "order.completed"],
  cancellation: ["subscription.cancelled", "order.completed"],
  app_fault: ["app.opened"],
  account_login: ["app.opened"],
  feature_wish: ["app.opened"],
  stock: ["product.viewed", "cart.abandoned", "app.opened"],
  product_quality: ["parcel.delivered", "order.completed"],
  hygiene_safety: ["parcel.delivered", "order.completed"],
};
const ANY_CAUSE: readonly string[] = ["order.completed", "app.opened"];

/** Whoever praises the delivery did not wait for the parcel. */
const GLAD_CAUSES: readonly string[] = ["parcel.delivered", "order.completed", "app.opened"];

const causesOf = ({ labels }: LabelledFeedback): readonly string[] => {
  if (labels.sentiment === "positive" || labels.sentiment === "very_positive") return GLAD_CAUSES;
  const [main = "other"] = labels.topics;
  return [...(CAUSES[main] ?? []), ...ANY_CAUSE];
};

type Pools = ReadonlyMap<string, CustomerEvent[]>;

const languageOf = (tag: string): "zh" | "en" => (tag.toLowerCase().startsWith("zh") ? "zh" : "en");

const poolKey = (language: "zh" | "en", type: string): string => `${language} ${type}`;

const poolsOf = (
  customers: readonly PlaceableCustomer[],
  events: readonly CustomerEvent[],
): Pools => {
  const languages = new Map(customers.map(({ id, locale }) => [id, languageOf(locale)]));
  const pools = new Map<string, CustomerEvent[]>();
  for (const event of events) {
    const language = languages.get(event.customerId);
    if (language === undefined) continue;
    const key = poolKey(language, event.type);
    const pool = pools.get(key);
    if (pool === undefined) pools.set(key, [event]);
    else pool.push(event);
  }
  return pools;
};

/** Takes an event out of the first pool that has one left, so that no event causes two texts. */
const takeCause = (
  line: LabelledFeedback,
  pools: Pools,
  random: Random,
): CustomerEvent | undefined => {
  for (const type of causesOf(line)) {
    const pool = pools.get(poolKey(languageOf(line.lang), type)) ?? [];
    if (pool.length === 0) continue;
    return pool.splice(Math.floor(random() * pool.length), 1)[0];
  }
  return undefined;
};

/** Between 10 minutes and 30 hours after its cause, but not after the last event of all. */
const momentAfter = (cause: CustomerEvent, last: string, random: Random): string => {
  const wanted = addDays(cause.at, (10 + random() * 1790) / 1440);
  return wanted > last ? last : wanted;
};

/**
 * Feedback signals in the order of the lines. A text that finds no event in its language is left out
 * (that takes more texts than there are orders and app opens).
 */
export const placeFeedback = (
  lines: readonly LabelledFeedback[],
  customers: readonly PlaceableCustomer[],
  events: readonly CustomerEvent[],
): readonly Feedback[] => {
  const pools = poolsOf(customers, events);
  const random = randomFrom(SEED);
  const last = events.reduce((latest, { at }) => (at > latest ? at : latest), "");
  return lines.flatMap((line): readonly Feedback[] => {
    const cause = takeCause(line, pools, random);
    if (cause === undefined) return [];
    return [
      {
        kind: "feedback",
        id: line.id,
        customerId: cause.customerId,
        at: momentAfter(cause, last, random),
        text: line.text,
        channel: line.channel,
        ...(line.rating === undefined ? {} : { rating: line.rating }),
      },
    ];
  });
};
