import { describe, expect, it } from "vitest";
import { becauseOf } from "../../src/cli/because.ts";
import { explanationAsText } from "../../src/cli/explain-tree.ts";
import { createPaint } from "../../src/cli/terminal.ts";
import type { Explanation } from "../../src/core/explanation.ts";
import { OUTCOMES } from "../../src/core/outcome.ts";
import { STORY } from "./story.ts";

const lines = explanationAsText(STORY).split("\n");
const has = (part: string): boolean => lines.some((line) => line.includes(part));

describe("the tree of a replied signal", () => {
  it("begins with who, when and which playbook decided", () => {
    expect(lines[0]).toContain("f-1 · feedback of customer c-1 (version 7) · now 2026-03-01");
    expect(lines[1]).toContain(STORY.decision.playbook);
  });

  it("shows the masked text and nowhere the personal datum", () => {
    expect(has("write to [email]")).toBe(true);
    expect(has("email at 34–45")).toBe(true);
    expect(has("a@b.example")).toBe(false);
  });

  it("shows the words that led to each conclusion, the strongest first", () => {
    expect(has("sentiment negative −0.42 (confidence 0.8): “late” −0.6, “again” −0.1")).toBe(true);
    expect(has("topic delivery (0.91): “parcel” +1.24")).toBe(true);
    expect(has("urgency 0.3 (no word stood out)")).toBe(true);
  });

  it("shows every feature of the customer, also those that are not known", () => {
    expect(has("customer.frequency = 4 orders · orders so far")).toBe(true);
    expect(has("customer.recencyDays = not known · days since")).toBe(true);
  });

  it("shows predictions with their reasons", () => {
    const at = lines.findIndex((line) => line.includes("churn probability 0.234"));
    expect(lines[at + 1]).toContain("frequency = 4: frequency > 2.5");
  });

  it("shows every rule with its code, and every condition with the value found", () => {
    expect(has(`delivery/late-parcel (priority 10) → replied, ${OUTCOMES.replied}`)).toBe(true);
    expect(has(`→ not_matched, ${OUTCOMES.not_matched}: feedback.topic`)).toBe(true);
    const comparisons = lines.filter((line) => line.includes("· found"));
    expect(comparisons).toHaveLength(5);
    expect(has("✗ feedback.rating < 3 · found null")).toBe(true);
    expect(has('✗ event.properties $.kind = "gift" · found null')).toBe(true);
    expect(has("✓ any of (condition “unhappy”)")).toBe(true);
  });

  it("shows the proposals and the reply", () => {
    expect(has("delivery/late-parcel · slot answer · service · template late-parcel (en)")).toBe(
      true,
    );
    expect(has("#3 delivery/late-parcel (en)")).toBe(true);
    expect(has("Your parcel is late.")).toBe(true);
  });

  it("has colours only when asked", () => {
    expect(lines.join("")).not.toContain("\u001b[");
    expect(explanationAsText(STORY, createPaint(true))).toContain("\u001b[");
  });
});

describe("the tree of an event without a reply", () => {
  const event: Explanation = {
    ...STORY,
    signal: {
      kind: "event",
      id: "e-1",
      customerId: "c-1",
      at: STORY.decision.now,
      type: "app.opened",
    },
    analysis: null,
    decision: { ...STORY.decision, signalId: "e-1", proposals: [] },
    settlement: { ...STORY.settlement, entries: [], replies: [] },
    predictions: {
      segment: { name: "loyal", distance: 0.4, reasons: [] },
      spend: { amount: 12.5, reasons: [] },
      offers: [
        {
          product: "mug-celadon",
          score: 0.65,
          reasons: [
            { because: "bought", products: ["tea"], sentence: "goes with tea", share: 0.923 },
          ],
        },
      ],
    },
  };
  const text = explanationAsText(event);

  it("says what the customer did and that nobody replied", () => {
    expect(text).toContain("did app.opened {}");
    expect(text).toContain("none: no rule matched");
    expect(text).toContain("segment loyal (distance 0.4)");
    expect(text).toContain("expected spend 12.5");
    expect(text).toContain("offer mug-celadon (score 0.65)");
    expect(text).toContain("92 %: goes with tea");
    expect(text).not.toContain("what it means");
  });

  it("says so when no model predicts", () => {
    expect(explanationAsText({ ...event, predictions: {} })).toContain("no model of the playbook");
  });
});

describe("why a rule replied, in short", () => {
  it("names the conditions that carried it with values and words", () => {
    expect(becauseOf(STORY, "delivery/late-parcel").split("\n")).toEqual([
      'feedback.topic = "delivery" (“parcel” +1.24)',
      "feedback.sentiment < −0.2, found −0.42 (“late” −0.6, “again” −0.1)",
      'not event.properties $.kind = "gift", found null',
    ]);
  });

  it("names the best offer and why, where a rule asked for offers", () => {
    const asked: Explanation = {
      ...STORY,
      analysis: null,
      predictions: {
        offers: [
          {
            product: "mug",
            score: 1,
            reasons: [
              { because: "bought", products: ["tea"], sentence: "goes with tea", share: 1 },
            ],
          },
          { product: "jam", score: 1, reasons: [] },
        ],
      },
      rules: STORY.rules.map((rule) => ({
        ...rule,
        conditions: {
          kind: "comparison",
          fact: "prediction.offers",
          operator: "contains",
          expected: "mug",
          actual: ["mug", "jam"],
          held: true,
        },
      })),
    };
    expect(becauseOf(asked, "delivery/late-parcel")).toBe(
      'prediction.offers contains "mug", found ["mug","jam"] (mug: goes with tea)',
    );
    const silent = { ...asked, predictions: {} };
    expect(becauseOf(silent, "delivery/late-parcel")).not.toContain("goes with");
    expect(becauseOf({ ...asked, analysis: STORY.analysis }, "delivery/late-parcel")).toContain(
      "(mug: goes with tea)",
    );
  });

  it("is empty for a rule that is not there", () => {
    expect(becauseOf(STORY, "no/rule")).toBe("");
  });
});
