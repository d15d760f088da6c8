import { describe, expect, it } from "vitest";
import { columnsOf } from "../../src/cli/columns.ts";
import { knownAsTable } from "../../src/cli/known-customers.ts";
import { createPaint } from "../../src/cli/terminal.ts";
import type { Predictions } from "../../src/core/prediction.ts";
import { FEEDBACK, REPLY, STORY } from "./story.ts";

const view = { paint: createPaint(false), columns: 100 };

const known = (probability: number): Predictions => ({
  segment: {
    name: "loyal",
    distance: 0.2,
    reasons: [{ feature: "frequency", value: 9, sentence: "frequency is 9; loyal is around 8" }],
  },
  churn: {
    probability,
    reasons: [
      { feature: "similarCustomers", value: 0.2, sentence: "of similar customers 20 % left" },
      { feature: "recencyDays", value: 40, sentence: "recencyDays is 40: odds × 3" },
    ],
  },
  spend: {
    amount: 84.5,
    reasons: [
      { feature: "averageCustomer", value: 60, sentence: "the average customer: 60" },
      { feature: "tenureDays", value: 1, sentence: "tenureDays is 3: +1" },
      { feature: "returns", value: -30, sentence: "returns is 2: −30" },
      { feature: "frequency", value: 53.5, sentence: "frequency is 9: +53.5" },
    ],
  },
  offers: [
    {
      product: "mug",
      score: 0.4,
      reasons: [{ because: "again", products: ["mug"], sentence: "bought before", share: 1 }],
    },
    { product: "tea", score: 0.3, reasons: [] },
  ],
});

const sampleOf = (customerId: string, predictions: Predictions) => ({
  rule: REPLY.rule,
  language: "en",
  signal: { ...FEEDBACK, customerId },
  reply: REPLY,
  explanation: { ...STORY, predictions },
});

const tableOf = (...customers: readonly (readonly [string, Predictions])[]): string =>
  knownAsTable(
    customers.map(([id, predictions]) => sampleOf(id, predictions)),
    view,
  );

describe("two customers as the models see them", () => {
  it("are the safest and the most endangered of those about whom every model says something", () => {
    const { offers: _offers, ...partly } = known(0.99);
    const table = tableOf(
      ["c2", known(0.5)],
      ["c3", known(0.9)],
      ["c1", known(0.1)],
      ["c4", partly],
    );
    expect(table).toMatch(/c1 at .*c3 at /u);
    expect(table).not.toContain("c2 at");
    expect(table).not.toContain("c4 at");
    expect(table).toMatch(/10 %.*90 %/u);
  });

  it("are told with the strongest reasons, not with where a prediction starts", () => {
    const table = tableOf(["c1", known(0.1)]);
    expect(table.indexOf("frequency is 9: +53.5")).toBeGreaterThan(0);
    expect(table.indexOf("returns is 2: −30")).toBeGreaterThan(table.indexOf("+53.5"));
    expect(table).not.toContain("tenureDays is 3");
    expect(table).not.toContain("average customer");
    expect(table).not.toContain("similar customers");
    expect(table).toContain("mug: bought before");
    expect(table).toContain("tea: no reason");
  });

  it("fill lines of one width that fit the terminal", () => {
    const widths = tableOf(["c1", known(0.1)], ["c3", known(0.9)])
      .split("\n")
      .map(columnsOf);
    expect(new Set(widths).size).toBe(1);
    expect(Math.max(...widths)).toBeLessThanOrEqual(100);
  });

  it("are nobody where no model says everything", () => {
    expect(tableOf(["c1", {}])).toBe("");
  });
});
