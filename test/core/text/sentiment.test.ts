import { describe, expect, it } from "vitest";
import { analyse } from "../../../src/core/text/analyse.ts";
import { readText } from "../../../src/core/text/reading.ts";
import { shippedReader } from "./shipped.ts";

const reader = shippedReader();
const score = (text: string): number => analyse(text, reader).sentiment.score;
const confidence = (text: string): number => analyse(text, reader).sentiment.confidence;
/** What the lexicons alone feel. */
const raw = (text: string): number => readText(text, reader).feeling.raw;
const label = (text: string): string => analyse(text, reader).sentiment.label;

const POSITIVE = [
  "I love this jacket",
  "not bad at all",
  "No problem with the refund, thank you!",
  "couldn't be happier with the service",
  "never had a problem with them, great shop",
  "this is sooooo goooood",
  "works like a charm 👍",
  "can't wait to order again",
  "It was not terrible, actually quite nice",
  "服务很好，非常满意",
  "一点都不贵，质量还不错",
  "挑不出毛病，满分",
  "没有失望，还会回购",
  "这家店yyds",
  "態度很好，強烈推薦",
  "快递小哥特别给力👍",
  ":-)",
  "😍😍",
];
const NEGATIVE = [
  "This is terrible",
  "not very good",
  "not good",
  "isn't a great experience",
  "don't like it",
  "It doesn't work",
  "the staff were neither polite nor helpful",
  "not friendly or helpful",
  "very sloooow and the box was broken",
  "I will never recommend this",
  "thanks for nothing",
  "still waiting for my parcel, nobody replies",
  "太慢了，都一个星期了",
  "不太好用",
  "不是很满意",
  "没有想象中好",
  "差评！垃圾！",
  "質量太差，再也不買了",
  "慢死了",
  "一点也不好吃",
  "别买，骗人的",
  "客服踢皮球，没人管",
  "😡",
  ":(",
];

describe("sentiment", () => {
  it.each(POSITIVE)("is positive: %s", (text) => expect(score(text)).toBeGreaterThan(0.05));
  it.each(NEGATIVE)("is negative: %s", (text) => expect(score(text)).toBeLessThan(-0.05));

  it.each([
    "",
    "   ",
    "12345",
    "the table",
    "。。。",
    "constructor __proto__ toString hasOwnProperty",
  ])("does not take sides over %j", (text) => expect(Math.abs(score(text))).toBeLessThan(0.5));

  it.each(["constructor", "__proto__", "toString", "valueOf hasOwnProperty isPrototypeOf"])(
    "finds nothing in the lexicons for a word that objects inherit: %s",
    (text) => expect(readText(text, reader).feeling.cues).toEqual([]),
  );

  it.each([
    ["very good", "good"],
    ["extremely good", "very good"],
    ["GOOD shoes", "good shoes"],
    ["good!!!", "good"],
    ["good", "slightly good"],
    ["not very bad", "bad"],
    ["非常好", "好"],
    ["好", "有点好"],
    ["太慢", "慢死了"],
    ["慢了点", "慢"],
  ])("feels %s above %s", (better, worse) => expect(raw(better)).toBeGreaterThan(raw(worse)));

  it.each([
    [
      "The food was great but the delivery was terrible",
      "The delivery was terrible but the food was great",
    ],
    ["东西很好，但是快递太慢", "快递太慢，但是东西很好"],
    ["衣服好看，就是太贵", "太贵，就是衣服好看"],
    ["质量不错，不过客服很差", "客服很差，不过质量不错"],
    ["Lovely staff. However, the room was dirty", "The room was dirty. However, lovely staff"],
  ])("gives the later clause more weight: %s", (endsBadly, endsWell) =>
    expect(score(endsBadly)).toBeLessThan(score(endsWell)),
  );

  it("weighs a conceded clause less", () => {
    expect(score("Although it was late, the food was excellent")).toBeGreaterThan(
      score("It was late, the food was excellent"),
    );
    expect(score("虽然慢，味道不错")).toBeGreaterThan(score("慢，味道不错"));
  });

  it.each(["Brilliant food, horrible staff", "味道超棒，态度恶劣"])(
    "calls both sides mixed: %s",
    (text) => expect(label(text)).toBe("mixed"),
  );

  it("tells very negative and very positive from the rest", () => {
    expect(label("horrible, disgusting, the worst scam ever!!!")).toBe("very_negative");
    expect(label("absolutely fantastic, love love love it!!!")).toBe("very_positive");
    expect(label("垃圾！骗子！气死我了！")).toBe("very_negative");
    expect(label("完美！太棒了，强烈推荐！！！")).toBe("very_positive");
  });

  it("does not read a shorter word inside a shielded one", () => {
    for (const text of ["快递员", "好像", "美团", "信用卡", "不好意思"])
      expect(readText(text, reader).feeling.cues.filter(({ from, to }) => to - from === 1)).toEqual(
        [],
      );
  });

  it("counts a repeated emoji less each time", () => {
    expect(raw("😡😡")).toBeLessThan(raw("😡"));
    expect(raw("😡😡") - raw("😡")).toBeGreaterThan(raw("😡"));
    expect(score("😡".repeat(50))).toBeGreaterThan(-1);
  });

  it("sums base and cues to the score", () => {
    for (const text of [...POSITIVE, ...NEGATIVE]) {
      const { score: found, base, cues } = analyse(text, reader).sentiment;
      expect(base + cues.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(found, 6);
    }
  });

  it("gives a confidence in 0..1 and a score in −1..1 whose side the label never contradicts", () => {
    for (const text of [...POSITIVE, ...NEGATIVE, ""]) {
      expect(confidence(text)).toBeGreaterThanOrEqual(0);
      expect(confidence(text)).toBeLessThanOrEqual(1);
      expect(Math.abs(score(text))).toBeLessThanOrEqual(1);
      const side =
        Number(label(text).endsWith("positive")) - Number(label(text).endsWith("negative"));
      expect(side * score(text)).toBeGreaterThanOrEqual(0);
    }
  });

  it("reads emoji only where it does not read the language", () => {
    const { sentiment, language } = analyse(
      "Die Lieferung ist leider immer noch nicht angekommen und niemand antwortet mir 😡",
      reader,
    );
    expect(language.code).toBe("de");
    expect(sentiment.cues.map(({ word }) => word)).toEqual(["😡"]);
  });
});
