/** Promise 3 on the fixtures: every rule has an outcome, every condition its value, and explaining agrees with deciding. */
import { describe, expect, it } from "vitest";
import { type Cue, SENTIMENT_LABELS } from "../../src/core/analysis.ts";
import { explain } from "../../src/core/explain.ts";
import type { ComparisonExplanation, ConditionExplanation } from "../../src/core/explanation.ts";
import { FACTS } from "../../src/core/facts.ts";
import { FEATURES } from "../../src/core/feature.ts";
import { normalise } from "../../src/core/text/normalise.ts";
import { OUTCOMES } from "../../src/core/outcome.ts";
import type { StoredDecision } from "../../src/core/ports.ts";
import { fixtureSignals, shippedPlaybook, tell } from "./story.ts";

const playbook = shippedPlaybook();
const all = tell(fixtureSignals(), playbook);
const hasReply = ({ settlement }: StoredDecision): boolean => settlement.replies.length > 0;
const every = (step: number) => (_: StoredDecision, index: number) => index % step === 0;

const replied = all.filter(hasReply);
const unreplied = all.filter((stored) => !hasReply(stored));
const feedback = all.filter(({ accepted }) => accepted.signal.kind === "feedback");
const sample = [
  ...replied.filter(every(Math.max(1, Math.floor(replied.length / 200)))),
  ...unreplied.filter(every(Math.max(1, Math.floor(unreplied.length / 200)))),
  ...feedback.filter(every(3)),
];
const explained = sample.map((stored) => ({ stored, told: explain(stored, playbook) }));

const leavesOf = (condition: ConditionExplanation): readonly ComparisonExplanation[] =>
  condition.kind === "comparison" ? [condition] : condition.children.flatMap(leavesOf);

const groupsOf = (condition: ConditionExplanation): readonly ConditionExplanation[] =>
  condition.kind === "comparison" ? [] : [condition, ...condition.children.flatMap(groupsOf)];

describe("the explanation of a fixture signal", () => {
  it("is asked for at least 150 replied and 150 unreplied ones, in both languages", () => {
    expect(sample.filter(hasReply).length).toBeGreaterThanOrEqual(150);
    expect(sample.filter((stored) => !hasReply(stored)).length).toBeGreaterThanOrEqual(150);
    const languages = new Set(explained.map(({ told }) => told.analysis?.language.code));
    expect(languages).toContain("en");
    expect(languages).toContain("zh");
  });

  it("has every rule of the playbook in order, each with a known outcome", () => {
    const names = playbook.rules.inOrder.map(({ rule }) => rule);
    expect(names.length).toBeGreaterThan(5);
    for (const { told } of explained) {
      expect(told.rules.map(({ rule }) => rule)).toEqual(names);
      for (const { rule, outcome, description } of told.rules) {
        expect(Object.keys(OUTCOMES)).toContain(outcome.code);
        expect(outcome.rule).toBe(rule);
        expect(description).not.toBe("");
        // What is not a reply has a reason in words.
        expect(outcome.code === "replied" || (outcome.detail ?? "") !== "").toBe(true);
      }
    }
  });

  it("has a value for every comparison, held or not, looked at or skipped", () => {
    for (const { told, stored } of explained)
      for (const { conditions } of told.rules)
        for (const leaf of leavesOf(conditions)) {
          expect(leaf.actual).not.toBeUndefined();
          expect(leaf.expected).not.toBeUndefined();
          expect(leaf.held).toBeTypeOf("boolean");
          expect(FACTS.has(leaf.fact)).toBe(true);
          const whole = leaf.path === undefined ? stored.decision.facts[leaf.fact] : leaf.actual;
          expect(leaf.actual).toEqual(whole);
        }
  });

  it("has groups that follow from their parts", () => {
    for (const { told } of explained)
      for (const { conditions } of told.rules)
        for (const group of groupsOf(conditions)) {
          if (group.kind === "comparison") continue;
          const held = group.children.map((child) => child.held);
          const expected = {
            all: !held.includes(false),
            any: held.includes(true),
            not: held[0] === false,
          }[group.kind];
          expect(group.held).toBe(expected);
        }
  });

  it("says of exactly the rules that proposed a reply that they matched", () => {
    for (const { told } of explained) {
      const matched = told.rules
        .filter(({ conditions }) => conditions.held)
        .map(({ rule }) => rule);
      const proposed = told.decision.proposals.map(({ rule }) => rule);
      expect(matched.toSorted()).toEqual(proposed.toSorted());
      const unmatched = told.rules.filter(({ outcome }) => outcome.code === "not_matched");
      expect(unmatched).toHaveLength(told.rules.length - proposed.length);
    }
  });

  it("says replied of exactly the rules whose reply is in the inbox", () => {
    for (const { told, stored } of explained) {
      const said = told.rules.filter(({ outcome }) => outcome.code === "replied");
      expect(said.map(({ rule }) => rule).toSorted()).toEqual(
        stored.settlement.replies.map(({ rule }) => rule).toSorted(),
      );
    }
  });

  it("predicts what was predicted", () => {
    for (const { told, stored } of explained)
      expect([
        told.predictions.segment?.name ?? null,
        told.predictions.churn?.probability ?? null,
        told.predictions.spend?.amount ?? null,
        told.predictions.offers?.map(({ product }) => product) ?? null,
      ]).toEqual([
        stored.decision.facts["prediction.segment"],
        stored.decision.facts["prediction.churn"],
        stored.decision.facts["prediction.spend"],
        stored.decision.facts["prediction.offers"],
      ]);
  });

  it("gives reasons for every prediction, each a number about something known", () => {
    const known = [...Object.keys(FEATURES), "averageCustomer", "similarCustomers"];
    const predictions = explained.flatMap(
      ({
        told: {
          predictions: { segment, churn, spend },
        },
      }) => [segment, churn, spend].flatMap((one) => one ?? []),
    );
    expect(predictions.length).toBeGreaterThan(explained.length);
    for (const { reasons } of predictions) {
      expect(reasons).not.toEqual([]);
      for (const { feature, sentence, value } of reasons) {
        expect(known).toContain(feature);
        expect(sentence).not.toBe("");
        expect(Number.isFinite(value)).toBe(true);
      }
    }
  });

  it("shows words that stand in the text where it says they do", () => {
    let cues = 0;
    for (const { told } of explained) {
      const { analysis, signal } = told;
      if (analysis === null || signal.kind !== "feedback") continue;
      expect(SENTIMENT_LABELS).toContain(analysis.sentiment.label);
      const shown: readonly Cue[] = [
        ...analysis.sentiment.cues,
        ...analysis.urgency.cues,
        ...analysis.topics.flatMap((topic) => topic.cues),
      ];
      for (const { word, from, to, weight } of shown) {
        cues += 1;
        expect(from).toBeLessThan(to);
        expect(to).toBeLessThanOrEqual(signal.text.length);
        const there = signal.text.slice(from, to);
        expect([there, normalise(there, playbook.text.simplified).text]).toContain(word);
        expect(Number.isFinite(weight)).toBe(true);
      }
    }
    expect(cues).toBeGreaterThan(500);
  });

  it("has an analysis for feedback, none for an event, and survives being stored", () => {
    for (const { told, stored } of explained) {
      expect(told.analysis === null).toBe(told.signal.kind === "event");
      const restored = JSON.parse(JSON.stringify(stored)) as StoredDecision;
      expect(JSON.stringify(explain(restored, playbook))).toBe(JSON.stringify(told));
    }
  });
});

describe("the explanation of a settlement whose row is lost", () => {
  it("says so of the rule instead of hiding it", () => {
    const [stored] = replied;
    if (stored === undefined) throw new Error("no fixture was replied to");
    const lost = { ...stored, settlement: { ...stored.settlement, entries: [], replies: [] } };
    const codes = explain(lost, playbook)
      .rules.filter(({ conditions }) => conditions.held)
      .map(({ outcome }) => outcome);
    expect(codes.length).toBeGreaterThan(0);
    for (const outcome of codes)
      expect(outcome).toMatchObject({
        code: "rule_fault",
        detail: "the rule matches these facts, but no settlement of it is stored",
      });
  });
});
