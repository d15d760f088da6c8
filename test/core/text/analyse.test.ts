import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Analysis, type Cue, SENTIMENT_LABELS, TOPICS } from "../../../src/core/analysis.ts";
import { analyse } from "../../../src/core/text/analyse.ts";
import { normalise } from "../../../src/core/text/normalise.ts";
import { leastCpuMs } from "../../cpu-time.ts";
import { shippedFeedback, shippedReader } from "./shipped.ts";

const reader = shippedReader();
const cuesOf = ({ sentiment, urgency, topics }: Analysis): readonly Cue[] => [
  ...sentiment.cues,
  ...urgency.cues,
  ...topics.flatMap(({ cues }) => cues),
];

/** Base and cues go together: without cues the base is the whole figure. */
const withoutCues = (analysis: Analysis): unknown =>
  JSON.parse(
    JSON.stringify(analysis, (key, value: unknown) =>
      key === "cues" || key === "base" ? [] : value,
    ),
  );

describe("an analysis", () => {
  it("without cues says the same as one with them", () => {
    for (const { text } of shippedFeedback()) {
      const bare = analyse(text, reader, "labels");
      expect(cuesOf(bare)).toEqual([]);
      expect(withoutCues(bare)).toEqual(withoutCues(analyse(text, reader)));
    }
  });

  it.each([
    ["My parcel has not arrived, where is the courier?", "delivery"],
    ["The app crashes every time I open it", "app_fault"],
    ["I was charged twice for one order", "price_payment"],
    ["I want my money back, where is my refund?", "refund_return"],
    ["forgot my password and the verification code never comes", "account_login"],
    ["please add dark mode", "feature_wish"],
    ["there was a hair in my soup, disgusting", "hygiene_safety"],
    ["please cancel my subscription", "cancellation"],
    ["is this back in stock soon?", "stock"],
    ["the agent was so rude to me", "staff_service"],
    ["快递怎么还没到", "delivery"],
    ["一打开就闪退", "app_fault"],
    ["重复扣款了两次", "price_payment"],
    ["退款什么时候到账", "refund_return"],
    ["验证码收不到，登录不了", "account_login"],
    ["建议增加夜间模式功能", "feature_wish"],
    ["菜里有一只蟑螂，太脏了", "hygiene_safety"],
    ["帮我取消订阅，不续费了", "cancellation"],
    ["什么时候补货", "stock"],
    ["客服态度太差", "staff_service"],
  ])("finds what %j is about: %s", (text, topic) =>
    expect(analyse(text, reader).topics.map(({ label }) => label)).toContain(topic),
  );

  it.each([
    [
      "The heater caught fire next to my baby, help now!",
      "I would like to know your opening hours",
    ],
    ["my account was hacked and someone is spending my money", "lovely shop, thank you"],
    ["插座冒烟了，家里有孩子，马上派人来！", "请问周末几点开门"],
    ["卡被盗刷了，快帮我冻结", "味道不错，下次再来"],
  ])("finds %j more urgent than %j", (urgent, calm) => {
    expect(analyse(urgent, reader).urgency.score).toBeGreaterThan(0.5);
    expect(analyse(calm, reader).urgency.score).toBeLessThan(0.3);
  });

  it("says which words led to a topic and to urgency", () => {
    const { topics, urgency } = analyse("URGENT: the courier lost my parcel", reader);
    expect(topics[0]?.cues.map(({ word }) => word)).toContain("parcel");
    expect(urgency.cues.map(({ word }) => word)).toContain("urgent");
  });

  it("names several topics, best first, and at least one for any text but a blank one", () => {
    const { topics } = analyse("快递太慢了，退款也没到账，客服不理人", reader);
    expect(topics.length).toBeGreaterThan(1);
    for (const [index, topic] of topics.entries())
      expect(topic.confidence).toBeLessThanOrEqual(topics[index - 1]?.confidence ?? 1);
    expect(analyse("xyzzy", reader).topics).toHaveLength(1);
    expect(analyse(" \n ", reader).topics).toEqual([]);
    expect(analyse("", reader)).toMatchObject({
      maskedText: "",
      personalData: [],
      sentiment: { label: "neutral", score: 0, base: 0, cues: [] },
      inScope: false,
    });
  });

  it("points every cue at the original text that spells its word, for any text", () => {
    const rows = shippedFeedback().map(({ text }) => text);
    const piece = fc.oneof(
      fc.constantFrom(...rows),
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("ｇｏｏｄ", "快遞", "𠮷", "ﬁne", "👎🏽", "bad\u0301", "\ud800", "不", "very "),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const text = pieces.join("");
        for (const { word, from, to, weight } of cuesOf(analyse(text, reader))) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(normalise(text.slice(from, to), reader.simplified).text).toBe(word);
          expect(Number.isFinite(weight)).toBe(true);
        }
      }),
    );
  });

  it("stays within its ranges and closed lists for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const { sentiment, topics, urgency, language } = analyse(text, reader);
        expect(Math.abs(sentiment.score)).toBeLessThanOrEqual(1);
        expect(SENTIMENT_LABELS).toContain(sentiment.label);
        for (const value of [
          urgency.score,
          language.confidence,
          ...topics.map(({ confidence }) => confidence),
        ]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        for (const { label } of topics) expect(TOPICS).toContain(label);
      }),
    );
  });

  it("is the same when asked again, whatever was asked between, and by another reader of the same files", () => {
    const rows = shippedFeedback();
    const first = rows.map(({ text }) => JSON.stringify(analyse(text, reader)));
    const again = shippedReader();
    for (const [index, { text }] of [...rows.entries()].toReversed())
      expect(JSON.stringify(analyse(text, again))).toBe(first[index]);
  });

  it.each([
    ["one letter", "a"],
    ["one Chinese character", "退"],
    ["Chinese laughter", "哈"],
    ["a Chinese negator", "不"],
    ["negations", "not "],
    ["degree words", "very "],
    ["contrasts", "good but "],
    ["exclamation marks", "!"],
    ["emoji", "😀"],
    ["emoticons", ":("],
    ["brackets", "("],
    ["apostrophes", "a'"],
    ["digits", "1"],
    ["spaced digits", "123 "],
    ["minus signs", "-1"],
    ["at signs", "a@a."],
    ["combining marks", "\u0301\u0323"],
    ["long unfolding ligatures", "\ufdfa"],
    ["drawn-out words", "sooooo "],
    ["full-width letters", "ｇｏｏｄ　"],
    ["foreign words", "die katze "],
    ["a whole complaint", "快递还没到，客服 never replies! "],
  ])("takes linear time for 20,000 characters of %s", (_, unit) => {
    const cost = (length: number, enoughMs: number): number => {
      const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
      return leastCpuMs(() => analyse(text, reader), enoughMs);
    };
    // What quadratic time takes for four times the length is 16 times as much.
    const most = Math.max(50, 8 * cost(5_000, 5));
    expect(cost(20_000, most)).toBeLessThan(most);
  });

  it("keeps the stemmer from long words", () => {
    const long = "abcdefghijklmnopqrstuvwxyz".repeat(700);
    expect(leastCpuMs(() => analyse(long, reader), 500)).toBeLessThan(500);
  });
});
