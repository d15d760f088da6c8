import { describe, expect, it } from "vitest";
import { SENTIMENT_LABELS, TOPICS } from "../../../src/core/analysis.ts";
import { parseLabelledFeedback } from "../../../src/core/text/labelled.ts";
import { shippedFeedback } from "./shipped.ts";

const line = (change: object = {}): string =>
  JSON.stringify({
    id: "a",
    text: "late",
    lang: "en",
    channel: "app",
    labels: { sentiment: "negative", topics: ["delivery"], urgent: false },
    group: "g",
    ...change,
  });

describe("labelled feedback", () => {
  it("is read line by line, blank lines skipped", () => {
    const parsed = parseLabelledFeedback([line(), "", line({ id: "b", rating: 2 })]);
    expect(parsed.kind === "sound" && parsed.value.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("is refused with every fault and its line number", () => {
    const parsed = parseLabelledFeedback([
      line(),
      "{",
      line({ id: "b", labels: { sentiment: "angry", topics: [], urgent: "no" } }),
      line(),
      line({ id: "c", stars: 3 }),
    ]);
    const faults =
      parsed.kind === "faulty"
        ? parsed.faults.map(({ place, sentence }) => `${place}: ${sentence}`)
        : [];
    expect(faults.join("\n")).toMatch(/line 2: is not JSON/u);
    for (const place of [
      "line 3 › labels.sentiment",
      "line 3 › labels.topics",
      "line 3 › labels.urgent",
      'line 4 › id: "a" stands in line 1',
      "line 5",
    ])
      expect(faults.join("\n")).toContain(place);
  });

  it("is shipped in both languages, on every topic, label and channel, with urgent texts", () => {
    const rows = shippedFeedback();
    expect(rows.length).toBeGreaterThanOrEqual(440);
    for (const language of ["en", "zh"]) {
      const some = rows.filter(({ lang }) => lang === language);
      expect(some.length / rows.length).toBeGreaterThan(0.45);
      for (const topic of TOPICS)
        expect(
          some.filter(({ labels }) => labels.topics.includes(topic)).length,
        ).toBeGreaterThanOrEqual(8);
      for (const label of SENTIMENT_LABELS)
        expect(
          some.filter(({ labels }) => labels.sentiment === label).length,
        ).toBeGreaterThanOrEqual(8);
      expect(new Set(some.map(({ channel }) => channel)).size).toBe(6);
      expect(some.filter(({ labels }) => labels.urgent).length).toBeGreaterThanOrEqual(12);
    }
  });

  it("says nothing twice", () => {
    const texts = shippedFeedback().map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
