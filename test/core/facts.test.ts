import { describe, expect, it } from "vitest";
import {
  allFacts,
  FACTS,
  type FactType,
  featuresOf,
  productsIn,
  gatherFacts,
  knownFacts,
} from "../../src/core/facts.ts";
import { FEATURES, type Features } from "../../src/core/feature.ts";
import type { Json } from "../../src/core/json.ts";
import { NO_PREDICTIONS } from "../../src/core/prediction.ts";
import { TOPICS } from "../../src/core/analysis.ts";
import type { Customer } from "../../src/core/customer.ts";
import { describeCustomer } from "../../src/core/customers/features.ts";
import { anAnalysis, aCustomer, aFeedback, anEvent } from "../builders.ts";
import { fixtureSignals, shippedPlaybook, tell } from "./story.ts";

const playbook = shippedPlaybook();
const told = tell(fixtureSignals().slice(0, 3_000), playbook);

const typeOf = (value: Json): FactType => {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  return Array.isArray(value) ? "list" : "object";
};

const someFeatures = (): Features =>
  Object.fromEntries(
    Object.keys(FEATURES).map((name, index) => [name, index % 3 === 0 ? null : index / 7]),
  ) as Features;

const inRange = (value: number, unit: string | undefined): boolean => {
  const [from, to] = (unit ?? "").split("..").map(Number);
  if (from === undefined || to === undefined) return Number.isFinite(value);
  return value >= from && value <= to;
};

/** Everything about a value that the catalogue does not say of its fact. */
const strangeIn = (name: string, value: Json): readonly unknown[] => {
  if (value === null) return [];
  const { type, unit, values } = FACTS.get(name) ?? {};
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  return [
    ...(typeOf(value) === type ? [] : [typeOf(value)]),
    ...(typeof value !== "number" || inRange(value, unit) ? [] : [value]),
    ...(values === undefined
      ? []
      : items.filter((one) => typeof one !== "string" || !values.includes(one))),
  ];
};

const NOW = "2026-03-01T00:00:00.000Z";

describe("the facts of a signal", () => {
  it("are those of the catalogue and no others, in its order, for every signal", () => {
    const names = [...FACTS.keys()];
    expect(names).toHaveLength(new Set(names).size);
    for (const { decision } of told) expect(Object.keys(decision.facts)).toEqual(names);
  });

  it("have the type, the range and the values that the catalogue says, or are null", () => {
    const seen = new Set<string>();
    for (const { decision } of told)
      for (const [name, value] of Object.entries(decision.facts)) {
        if (value !== null) seen.add(name);
        expect([name, strangeIn(name, value)]).toEqual([name, []]);
      }
    // No fixture has a context; a test below gives one.
    expect([...FACTS.keys()].filter((name) => !seen.has(name))).toEqual(["feedback.context"]);
  });

  it("tell feedback from events, and leave null what belongs to the other", () => {
    const kinds = told.map(({ decision }) => decision.facts["signal.kind"]);
    expect(new Set(kinds)).toEqual(new Set(["feedback", "event"]));
    for (const { accepted, decision } of told) {
      const foreign = accepted.signal.kind === "event" ? "feedback." : "event.";
      const strangers = Object.entries(decision.facts).filter(([name]) => name.startsWith(foreign));
      expect(strangers.length).toBeGreaterThan(0);
      for (const [name, value] of strangers) expect([name, value]).toEqual([name, null]);
    }
  });

  it("never hold personal data that the text held", () => {
    const hiding = told.filter(({ decision }) => decision.facts["feedback.hasPersonalData"]);
    for (const { decision } of hiding)
      expect(decision.facts["feedback.text"]).toMatch(/\[(email|phone|card|cn_resident_id)\]/u);
  });

  it("are null where a customer, a signal or a model says nothing", () => {
    const features = describeCustomer(aCustomer(), "2026-03-01T00:00:00.000Z");
    const facts = gatherFacts({
      signal: anEvent({ properties: undefined }),
      analysis: null,
      now: NOW,
      customer: aCustomer(),
      features,
      predictions: NO_PREDICTIONS,
    });
    for (const name of [
      "event.properties",
      "customer.locale",
      "customer.timeZone",
      "customer.custom",
      "prediction.segment",
      "prediction.churn",
      "prediction.spend",
      "prediction.offers",
    ])
      expect([name, facts[name]]).toEqual([name, null]);
  });

  it("are null where feedback leaves out what it may leave out or has no topic", () => {
    const analysis = anAnalysis({ maskedText: "" });
    const sources = {
      analysis,
      now: NOW,
      customer: aCustomer(),
      features: someFeatures(),
      predictions: NO_PREDICTIONS,
    };
    const bare = gatherFacts({ ...sources, signal: aFeedback({ text: "" }) });
    expect(bare).toMatchObject({
      "feedback.rating": null,
      "feedback.context": null,
      "feedback.topic": null,
      "feedback.topics": [],
      "feedback.hasPersonalData": false,
    });
    const full = gatherFacts({
      ...sources,
      analysis: {
        ...analysis,
        topics: [{ label: TOPICS[0], confidence: 1, base: 1, cues: [] }],
        personalData: [{ kind: "email", from: 0, to: 1 }],
      },
      signal: aFeedback({ rating: 4, context: { orderId: "A1" } }),
      customer: aCustomer({
        traits: { locale: "zh-Hans-CN", timeZone: "Asia/Shanghai", custom: { tier: 2 } },
      }),
      predictions: { segment: "loyal", churn: 0.25, spend: 0, offers: ["mug", "tea"] },
    });
    expect(full).toMatchObject({
      "feedback.rating": 4,
      "feedback.context": { orderId: "A1" },
      "feedback.topic": TOPICS[0],
      "feedback.hasPersonalData": true,
      "signal.now": NOW,
      "customer.timeZone": "Asia/Shanghai",
      "customer.locale": "zh-Hans-CN",
      "customer.custom": { tier: 2 },
      "prediction.segment": "loyal",
      "prediction.churn": 0.25,
      "prediction.spend": 0,
      "prediction.offers": ["mug", "tea"],
    });
  });
});

describe("the features in facts", () => {
  it("come back as they went in", () => {
    const features = someFeatures();
    const facts = gatherFacts({
      signal: anEvent(),
      analysis: null,
      now: NOW,
      customer: aCustomer(),
      features,
      predictions: NO_PREDICTIONS,
    });
    expect(featuresOf(facts)).toEqual(features);
  });

  it("are null where facts that were stored earlier lack them", () => {
    expect(Object.values(featuresOf({})).filter((value) => value !== null)).toEqual([]);
    expect(Object.keys(featuresOf({}))).toEqual(Object.keys(FEATURES));
  });
});

const gathered = (history: Customer["history"]) =>
  gatherFacts({
    signal: anEvent(),
    analysis: null,
    now: NOW,
    customer: aCustomer({ history }),
    features: someFeatures(),
    predictions: NO_PREDICTIONS,
  });

describe("the products in facts", () => {
  it("are those of the customer, newest first, and none where they were not kept yet", () => {
    const { history } = aCustomer();
    const { products: _products, ...earlier } = history.orders;
    const having = { ...history, orders: { ...history.orders, products: ["mug", "tea"] } };
    expect(productsIn(gathered(having))).toEqual(["mug", "tea"]);
    const stored = { ...history, orders: earlier } as unknown as Customer["history"];
    expect(gathered(stored)["customer.products"]).toEqual([]);
    expect(productsIn({})).toEqual([]);
  });
});

describe("known facts", () => {
  it("hold no null and give every fact back in its order", () => {
    for (const { facts } of told.map(({ decision }) => decision)) {
      const known = knownFacts(facts);
      expect(Object.values(known)).not.toContain(null);
      expect(Object.keys(known).length).toBeLessThan(Object.keys(facts).length);
      expect(JSON.stringify(allFacts(known))).toBe(JSON.stringify(facts));
    }
  });
});

it.each([...FACTS])(
  "%s has an example of its type, and of its closed set",
  (_name, { type, values, example }) => {
    const isList = Array.isArray(example);
    expect(isList ? "list" : typeof example === "string" ? "text" : typeof example).toBe(type);
    const items: readonly unknown[] = isList ? example : [example];
    const known: readonly unknown[] = values ?? items;
    expect(items.filter((item) => !known.includes(item))).toEqual([]);
  },
);
