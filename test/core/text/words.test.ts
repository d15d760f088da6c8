/** English stems beside natural's, and the list of Chinese words beside jieba's own dictionary. */
import { dict } from "@node-rs/jieba/dict.js";
import * as fc from "fast-check";
import stemmer from "natural/lib/natural/stemmers/porter_stemmer.js";
import { describe, expect, it } from "vitest";
import { chineseCutter, wordListSchema } from "../../../src/core/text/chinese.ts";
import { porterStem, stemOf } from "../../../src/core/text/stemmer.ts";
import { corpusRows } from "./corpus-rows.ts";

describe("English stems", () => {
  it.each([
    ["caresses", "caress"],
    ["ties", "ti"],
    ["feed", "feed"],
    ["agreed", "agre"],
    ["bled", "bled"],
    ["conflated", "conflat"],
    ["hopping", "hop"],
    ["hissing", "hiss"],
    ["filing", "file"],
    ["happy", "happi"],
    ["sky", "sky"],
    ["vietnamization", "vietnam"],
    ["sensibiliti", "sensibl"],
    ["adoption", "adopt"],
    ["probate", "probat"],
    ["rate", "rate"],
    ["controll", "control"],
    ["roll", "roll"],
    ["syzygy", "syzygi"],
    ["is", "is"],
  ])("of %s is %s", (word, stem) => {
    expect(porterStem(word)).toBe(stem);
  });

  it("are natural's for every word of the corpus", () => {
    const words = new Set(
      corpusRows()
        .filter(({ lang }) => lang === "en")
        .flatMap(({ text }) => text.toLowerCase().match(/[a-z]{2,30}/gu) ?? []),
    );
    expect(words.size).toBeGreaterThan(5_000);
    expect([...words].filter((word) => porterStem(word) !== stemmer.stem(word))).toEqual([]);
  });

  it("drop a possessive and leave what is not all letters", () => {
    expect(stemOf("courier's")).toBe("courier");
    expect(stemOf("4kgs")).toBe("4kgs");
    expect(stemOf("naïves")).toBe("naïves");
  });

  it("are never longer than the word and a letter", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,64}$/u), (word) => {
        expect(porterStem(word).length).toBeLessThanOrEqual(word.length + 1);
      }),
    );
  });
});

/** Words that occur less often in jieba's sources are left out, but for single characters. */
const FREQUENT = 100;

const frequentWords = (dictionary: string): string =>
  dictionary
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([word = "", count = ""]) => Number(count) >= FREQUENT || word.length === 1)
    .map(([word, count]) => `${word} ${count}`)
    .join(" ");

const shippedList = (words: string): string =>
  `${JSON.stringify(
    {
      kind: "word-list",
      formatVersion: 1,
      language: "zh",
      note: `Words of dict.txt of @node-rs/jieba (MIT) with a frequency of ${FREQUENT} or more, and all single characters.`,
      words,
    },
    null,
    1,
  )}\n`;

describe("Chinese words", () => {
  const words = frequentWords(new TextDecoder().decode(dict));

  it("are jieba's frequent ones: `npx vitest run test/core/text/words.test.ts -u` writes the list", async () => {
    await expect(shippedList(words)).toMatchFileSnapshot("../../../models/lexicon.words.json");
  });

  it("begin where jieba begins them", () => {
    const cut = chineseCutter(wordListSchema.parse(JSON.parse(shippedList(words))));
    expect(Array.from(cut("快递太慢了"))).toEqual([1, 0, 1, 0, 1, 0]);
    expect(Array.from(cut(""))).toEqual([0]);
  });

  it.each(["", "的", "的 12 了", "12 的 x"])("are refused as %j", (faulty) => {
    expect(wordListSchema.safeParse(JSON.parse(shippedList(faulty))).success).toBe(false);
  });
});
