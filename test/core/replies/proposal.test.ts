import { describe, expect, it } from "vitest";
import type { Facts } from "../../../src/core/facts.ts";
import { proposalOf } from "../../../src/core/replies/proposal.ts";
import type { RuleMatch } from "../../../src/core/rules/evaluate.ts";
import type { Signal } from "../../../src/core/signal.ts";
import { customerOf, kitOf, NOW } from "./samples.ts";

const match: RuleMatch = {
  rule: "delivery/late-parcel",
  priority: 40,
  event: {
    type: "reply",
    params: { template: "late", slot: "inbox", category: "service", values: { orderId: "o-1" } },
  },
};
const feedback = (locale?: string): Signal => ({
  kind: "feedback",
  id: "s1",
  customerId: "c1",
  at: NOW,
  text: "late",
  channel: "app",
  ...(locale === undefined ? {} : { locale }),
});
const event: Signal = { kind: "event", id: "s2", customerId: "c1", at: NOW, type: "app.opened" };
const propose = (signal: Signal, facts: Facts = {}, locale?: string | null) =>
  proposalOf({
    match,
    signal,
    facts,
    customer: customerOf({ traits: locale === undefined ? {} : { locale } }),
    kit: kitOf(),
  });

describe("a proposal", () => {
  it("says what the rule wants and how urgent the feedback is", () => {
    expect(propose(feedback("en"), { "feedback.urgency": 0.7 })).toEqual({
      signalId: "s1",
      rule: "delivery/late-parcel",
      priority: 40,
      urgency: 0.7,
      slot: "inbox",
      category: "service",
      template: "late",
      locale: "en",
      values: { orderId: "o-1" },
    });
  });

  it("of an event has no urgency", () => {
    expect(propose(event, { "feedback.urgency": null }).urgency).toBe(0);
  });

  it("names the team of a hand-over", () => {
    const params = { ...match.event.params, handover: "safety" };
    const handed = { ...match, event: { ...match.event, params } };
    const proposal = proposalOf({
      match: handed,
      signal: event,
      facts: {},
      customer: customerOf(),
      kit: kitOf(),
    });
    expect(proposal.handover).toBe("safety");
  });

  it.each([
    { wants: "the customer's locale", trait: "zh_tw", said: "fr", language: "de", locale: "zh-TW" },
    {
      wants: "that of the feedback where the customer has none",
      said: "fr-CA",
      language: "de",
      locale: "fr-CA",
    },
    {
      wants: "that of the feedback where the customer's was cleared",
      trait: null,
      said: "fr",
      language: "de",
      locale: "fr",
    },
    { wants: "the language of the text where nobody names one", language: "zh", locale: "zh" },
    {
      wants: "the language of the text where the feedback names nonsense",
      said: "my language",
      language: "zh",
      locale: "zh",
    },
    { wants: "the default where the language cannot be told", language: "und", locale: "en" },
    { wants: "the default where there is no text", language: null, locale: "en" },
  ])("wants $wants", ({ trait, said, language, locale }) => {
    expect(propose(feedback(said), { "feedback.language": language }, trait).locale).toBe(locale);
  });
});
