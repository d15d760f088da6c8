/** One explained signal with everything that a rendering can meet; tests change what they need. */
import { NO_PREDICTIONS } from "../../src/core/prediction.ts";
import type { Analysis } from "../../src/core/analysis.ts";
import { EMPTY_HISTORY } from "../../src/core/history.ts";
import type { Explanation } from "../../src/core/explanation.ts";
import { FEATURES, type Features } from "../../src/core/feature.ts";
import { gatherFacts } from "../../src/core/facts.ts";
import { anAnalysis } from "../builders.ts";
import type { Reply } from "../../src/core/reply.ts";
import type { Feedback } from "../../src/core/signal.ts";

export const NOW = "2026-03-01T09:30:00.000Z";

export const FEEDBACK: Feedback = {
  kind: "feedback",
  id: "f-1",
  customerId: "c-1",
  at: NOW,
  text: "my parcel is late again, write to a@b.example",
  channel: "app",
};

const ANALYSIS: Analysis = anAnalysis({
  language: { code: "en", confidence: 0.98, script: null, spans: [] },
  maskedText: "my parcel is late again, write to [email]",
  sentiment: {
    label: "negative",
    score: -0.42,
    confidence: 0.8,
    base: 0.28,
    cues: [
      { word: "again", weight: -0.1, from: 18, to: 23 },
      { word: "late", weight: -0.6, from: 13, to: 17 },
    ],
  },
  topics: [
    {
      label: "delivery",
      confidence: 0.91,
      base: -0.33,
      cues: [{ word: "parcel", weight: 1.24, from: 3, to: 9 }],
    },
  ],
  urgency: { score: 0.3, base: 0.3, cues: [] },
  personalData: [{ kind: "email", from: 34, to: 45 }],
});

export const REPLY: Reply = {
  tenant: "default",
  customerId: "c-1",
  seq: 3,
  signalId: "f-1",
  rule: "delivery/late-parcel",
  slot: "answer",
  category: "service",
  locale: "en",
  title: "We are sorry",
  body: "Your parcel is late.",
  at: NOW,
};

const features: Features = {
  ...(Object.fromEntries(Object.keys(FEATURES).map((name) => [name, null])) as Features),
  frequency: 4,
};

const customer = {
  tenant: "default",
  id: "c-1",
  version: 7,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 2,
  waiting: [],
};

const common = { tenant: "default", customerId: "c-1", playbook: "ab".repeat(32), now: NOW };

export const STORY: Explanation = {
  tenant: "default",
  signal: FEEDBACK,
  analysis: ANALYSIS,
  decision: {
    ...common,
    signalId: "f-1",
    customerVersion: 7,
    facts: gatherFacts({
      signal: FEEDBACK,
      analysis: ANALYSIS,
      now: FEEDBACK.at,
      customer,
      features,
      predictions: NO_PREDICTIONS,
    }),
    proposals: [
      {
        signalId: "f-1",
        rule: "delivery/late-parcel",
        priority: 10,
        urgency: 0.3,
        slot: "answer",
        category: "service",
        template: "late-parcel",
        locale: "en",
        values: {},
      },
    ],
    faults: [],
  },
  settlement: {
    ...common,
    entries: [{ signalId: "f-1", rule: "delivery/late-parcel", code: "replied", seq: 3 }],
    replies: [REPLY],
  },
  predictions: {
    churn: {
      probability: 0.2345,
      reasons: [{ feature: "frequency", value: 4, sentence: "frequency > 2.5" }],
    },
  },
  rules: [
    {
      rule: "delivery/late-parcel",
      description: "Says sorry for a late parcel.",
      priority: 10,
      outcome: { rule: "delivery/late-parcel", code: "replied" },
      conditions: {
        kind: "all",
        held: true,
        children: [
          {
            kind: "comparison",
            fact: "feedback.topic",
            operator: "equal",
            expected: "delivery",
            actual: "delivery",
            held: true,
          },
          {
            kind: "any",
            name: "unhappy",
            held: true,
            children: [
              {
                kind: "comparison",
                fact: "feedback.sentiment",
                operator: "lessThan",
                expected: -0.2,
                actual: -0.42,
                held: true,
              },
              {
                kind: "comparison",
                fact: "feedback.rating",
                operator: "lessThan",
                expected: 3,
                actual: null,
                held: false,
              },
            ],
          },
          {
            kind: "not",
            held: true,
            children: [
              {
                kind: "comparison",
                fact: "event.properties",
                path: "$.kind",
                operator: "equal",
                expected: "gift",
                actual: null,
                held: false,
              },
            ],
          },
        ],
      },
    },
    {
      rule: "praise/thanks",
      description: "Thanks for praise.",
      priority: 1,
      outcome: { rule: "praise/thanks", code: "not_matched", detail: "feedback.topic" },
      conditions: {
        kind: "comparison",
        fact: "feedback.topic",
        operator: "equal",
        expected: "praise",
        actual: "delivery",
        held: false,
      },
    },
  ],
};
