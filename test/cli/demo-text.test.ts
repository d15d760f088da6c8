import { describe, expect, it } from "vitest";
import { columnsOf } from "../../src/cli/columns.ts";
import { foldSummary } from "../../src/cli/demo-summary.ts";
import { demoAsText, rateOf, samplesAsTable } from "../../src/cli/demo-text.ts";
import { createPaint } from "../../src/cli/terminal.ts";
import type { StoredDecision } from "../../src/core/ports.ts";
import { FEEDBACK, NOW, REPLY, STORY } from "./story.ts";

const stored = (id: string, change: Partial<StoredDecision> = {}): StoredDecision => ({
  accepted: { tenant: "default", signal: { ...FEEDBACK, id }, now: NOW },
  decision: { ...STORY.decision, signalId: id, proposals: [] },
  settlement: { ...STORY.settlement, entries: [], replies: [] },
  ...change,
});

const replied = (id: string, locale: string): StoredDecision =>
  stored(id, {
    settlement: {
      ...STORY.settlement,
      entries: [{ signalId: id, rule: REPLY.rule, code: "replied", seq: 1 }],
      replies: [{ ...REPLY, signalId: id, locale }],
    },
  });

const capped = stored("f-9", {
  settlement: {
    ...STORY.settlement,
    entries: [{ signalId: "f-9", rule: REPLY.rule, code: "capped" }],
    replies: [],
  },
});

const summaryOf = (all: readonly StoredDecision[]) => {
  const fold = foldSummary();
  for (const one of all) fold.add(one);
  return fold.result();
};

const ALL = [
  replied("f-1", "en"),
  replied("f-2", "zh-Hans"),
  replied("f-3", "en-GB"),
  capped,
  stored("f-4"),
];

describe("the summary of a run", () => {
  it("counts replies, fates and customers", () => {
    expect(summaryOf(ALL)).toMatchObject({
      decided: 5,
      replies: 3,
      customers: 1,
      repliesByRule: { "delivery/late-parcel": 3 },
      repliesByLanguage: { en: 2, zh: 1 },
      feedback: { replied: 3, capped: 1, not_matched: 1 },
      events: {},
    });
  });

  it("keeps the sample of every rule and language that felt most strongly, the first of equals", () => {
    expect(summaryOf(ALL).samples.map(({ language, signal }) => [language, signal.id])).toEqual([
      ["en", "f-1"],
      ["zh", "f-2"],
    ]);
    const facts = { ...STORY.decision.facts, "feedback.sentiment": -0.9 };
    const base = replied("f-7", "en");
    const strong: StoredDecision = { ...base, decision: { ...base.decision, facts } };
    const [sample] = summaryOf([...ALL, strong]).samples;
    expect(sample?.signal.id).toBe("f-7");
  });

  it("has a hash that changes with any decision and with nothing else", () => {
    const { hash } = summaryOf(ALL);
    expect(summaryOf(ALL).hash).toBe(hash);
    expect(summaryOf([...ALL.slice(0, 4), stored("f-5")]).hash).not.toBe(hash);
    expect(summaryOf(ALL.toReversed()).hash).not.toBe(hash);
  });
});

describe("the report of a run", () => {
  const view = { paint: createPaint(false), columns: 100 };
  const chinese = {
    ...REPLY,
    locale: "zh-Hans",
    title: "非常抱歉",
    body: "您的包裹晚到了,我们正在向快递公司核实原因,稍后会再次通知您。",
  };
  const samples = [
    { rule: REPLY.rule, language: "en", signal: FEEDBACK, reply: REPLY, explanation: STORY },
    { rule: REPLY.rule, language: "zh", signal: FEEDBACK, reply: chinese, explanation: STORY },
  ];
  const text = demoAsText(
    { summary: summaryOf(ALL), samples, times: { openMs: 900, decideMs: 2000 }, deadLetters: 0 },
    view,
  );

  it("has a table whose lines are equally wide, Chinese ones too, and fit the terminal", () => {
    const widths = samplesAsTable(samples, view).split("\n").map(columnsOf);
    expect(new Set(widths).size).toBe(1);
    expect(Math.max(...widths)).toBeLessThanOrEqual(100);
  });

  it("shows the reply, its reason and never a personal datum", () => {
    expect(text).toContain("We are sorry");
    expect(text).toContain("非常抱歉");
    expect(text).toContain("“parcel”");
    expect(text).not.toContain("a@b.example");
  });

  it("states counts, speed and the hash", () => {
    expect(rateOf(summaryOf(ALL), { openMs: 900, decideMs: 2000 })).toBe(3);
    expect(text).toContain("5 signals (5 feedback, 0 events) of 1 customers, 3 replies");
    expect(text).toContain("end to end");
    expect(text).toContain(summaryOf(ALL).hash);
    expect(text).toMatch(/capped: .*│\s+1 │\s+0 /u);
  });

  it("says what to run next", () => {
    expect(text).toContain("attune start");
  });
});
