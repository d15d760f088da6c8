import { describe, expect, it } from "vitest";
import type { Why } from "../../../src/core/analysis.ts";
import { analyse } from "../../../src/core/text/analyse.ts";
import { asChance, asScore, shownShares } from "../../../src/core/text/attribution.ts";
import { testRows } from "./corpus-rows.ts";
import { shippedReader } from "./shipped.ts";

const reader = shippedReader();
const texts = testRows().map(({ text }) => text);

const sumOf = ({ base, cues }: Why): number => cues.reduce((sum, { weight }) => sum + weight, base);

describe("why", () => {
  it("sums to every figure that is shown, within a millionth", () => {
    for (const text of texts) {
      const { sentiment, topics, intent, emotion, reviewType, urgency, abuse, irony } = analyse(
        text,
        reader,
      );
      expect(sumOf(sentiment)).toBeCloseTo(sentiment.score, 6);
      for (const said of [...topics, intent, emotion, reviewType])
        expect(sumOf(said)).toBeCloseTo(said.confidence, 6);
      for (const degree of [urgency, abuse, irony])
        expect(sumOf(degree)).toBeCloseTo(degree.score, 6);
    }
  });

  it("names the word whose removal moves the score the way it says, in 95 of 100 texts", () => {
    let [asSaid, tried] = [0, 0];
    for (const text of texts) {
      const { sentiment } = analyse(text, reader);
      const strongest = sentiment.cues.toSorted(
        (left, right) => Math.abs(right.weight) - Math.abs(left.weight),
      )[0];
      if (strongest === undefined || sentiment.cues.length < 2) continue;
      const without = text.slice(0, strongest.from) + text.slice(strongest.to);
      const moved = analyse(without, reader, "labels").sentiment.score - sentiment.score;
      tried += 1;
      if (moved * strongest.weight < 0) asSaid += 1;
    }
    expect(tried).toBeGreaterThan(1_000);
    expect(asSaid / tried).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ["asScore", asScore],
    ["asChance", asChance],
  ] as const)("keeps sum and signs of shares whatever the margin (%s)", (_, shown) => {
    for (const bias of [-3, 0, 2])
      for (const weights of [[1, -0.5], [4, 3], [-2, 2], [1e-6], []]) {
        const given = weights.map((weight, index) => ({ from: index, to: index + 1, weight }));
        const { base, shares } = shownShares(bias, given, shown);
        const total = shares.reduce((sum, { weight }) => sum + weight, base);
        const margin = weights.reduce((sum, weight) => sum + weight, bias);
        expect(total).toBeCloseTo(shown(margin), 6);
        for (const [index, share] of shares.entries())
          expect(Math.sign(share.weight)).toBe(Math.sign(weights[index] ?? 0));
      }
  });
});
