/** Rules as shops write them, made from a seed: three quarters ask a topic and an intent, others a language, a segment, thresholds, paths, choices and denials. */
import { randomFrom } from "../../src/core/models/random.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";

const TOPICS = Array.from({ length: 40 }, (_, at) => `topic-${at}`);
const INTENTS = Array.from({ length: 12 }, (_, at) => `intent-${at}`);
const SEGMENTS = Array.from({ length: 8 }, (_, at) => `segment-${at}`);
const LANGUAGES = ["en", "zh", "de"];
const TIERS = ["basic", "plus", "gold"];

export interface MadeRule {
  readonly name: string;
  /** 1..3. */
  readonly priority: number;
  readonly conditions: JsonObject;
}

type Draw = () => number;

const pick = <T>(values: readonly T[], draw: Draw): T =>
  values[Math.floor(draw() * values.length)] as T;

const leaf = (fact: string, operator: string, value: Json): JsonObject => ({
  fact,
  operator,
  value,
});

const two = (draw: Draw): number => Math.round(draw() * 100) / 100;

const extra = (draw: Draw): JsonObject => {
  const kind = Math.floor(draw() * 6);
  if (kind === 0) return leaf("sentiment", "lessThan", -two(draw));
  if (kind === 1) return leaf("churn", "greaterThanInclusive", two(draw));
  if (kind === 2) return { ...leaf("custom", "equal", pick(TIERS, draw)), path: "$.tier" };
  if (kind === 3) return leaf("language", "in", LANGUAGES.filter(() => draw() < 0.6).concat("fr"));
  if (kind === 4)
    return {
      any: [
        leaf("rating", "lessThanInclusive", 1 + Math.floor(draw() * 3)),
        leaf("urgency", "greaterThan", two(draw)),
      ],
    };
  return {
    not: {
      all: [
        leaf("orders", "lessThan", 1 + Math.floor(draw() * 9)),
        leaf("topics", "contains", pick(TOPICS, draw)),
      ],
    },
  };
};

const made = (at: number, draw: Draw): MadeRule => {
  const parts: JsonObject[] = [leaf("topic", "equal", pick(TOPICS, draw))];
  if (draw() < 0.75) parts.push(leaf("intent", "equal", pick(INTENTS, draw)));
  if (draw() < 0.5) parts.push(leaf("segment", "equal", pick(SEGMENTS, draw)));
  const extras = 1 + Math.floor(draw() * 3);
  for (let added = 0; added < extras; added += 1) parts.push(extra(draw));
  return { name: `rule-${at}`, priority: 1 + Math.floor(draw() * 3), conditions: { all: parts } };
};

/** So many rules; the same for the same seed. */
export const makeRules = (count: number, seed: number): readonly MadeRule[] => {
  const draw = randomFrom(seed);
  return Array.from({ length: count }, (_, at) => made(at, draw));
};

/** Facts that such rules ask for. */
export const makeFacts = (count: number, seed: number): readonly JsonObject[] => {
  const draw = randomFrom(seed);
  return Array.from({ length: count }, () => ({
    topic: pick(TOPICS, draw),
    topics: [pick(TOPICS, draw), pick(TOPICS, draw)],
    intent: pick(INTENTS, draw),
    segment: pick(SEGMENTS, draw),
    language: pick(LANGUAGES, draw),
    sentiment: 2 * two(draw) - 1,
    churn: two(draw),
    urgency: two(draw),
    rating: 1 + Math.floor(draw() * 5),
    orders: Math.floor(draw() * 12),
    custom: { tier: pick(TIERS, draw) },
  }));
};
