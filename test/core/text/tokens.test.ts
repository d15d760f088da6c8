import AggressiveTokenizer from "natural/lib/natural/tokenizers/aggressive_tokenizer.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenise, WORD_CHARS_MAX } from "../../../src/core/text/tokens.ts";
import { shippedFeedback, shippedReader } from "./shipped.ts";

const { words } = shippedReader().lexicons;
const texts = (text: string): readonly string[] => tokenise(text, words).map((token) => token.text);
const kinds = (text: string): readonly string[] => tokenise(text, words).map((token) => token.kind);

describe("tokens", () => {
  it("cuts English, Chinese, numbers, emoji, emoticons and marks", () => {
    expect(texts("app闪退了, don't buy! 3.5 😡 :-(")).toEqual([
      "app",
      "闪退",
      "了",
      ",",
      "don't",
      "buy",
      "!",
      "3.5",
      "😡",
      ":-(",
    ]);
    expect(kinds("app闪退 ! 3 😡 :-( https://example.com/a")).toEqual([
      "word",
      "han",
      "mark",
      "number",
      "emoji",
      "emoticon",
      "link",
    ]);
  });

  it.each(["http://example.com", "a:b", "12:30", "(d)"])("takes no emoticon out of %s", (text) =>
    expect(kinds(text)).not.toContain("emoticon"),
  );

  it("asks the word book about the beginning of a long word only", () => {
    const asked: string[] = [];
    const entry = {
      stem: "x",
      role: undefined,
      begins: undefined,
      cues: undefined,
      isFunctionWord: false,
      isEnglish: false,
    };
    const [token] = tokenise("x".repeat(500), {
      borders: words.borders,
      entry: (word) => {
        asked.push(word);
        return entry;
      },
    });
    expect(token?.text).toHaveLength(500);
    expect(asked).toEqual(["x".repeat(WORD_CHARS_MAX)]);
  });

  it("finds the same English words as natural's tokenizer in the labelled feedback", () => {
    const peer = new AggressiveTokenizer();
    let same = 0;
    let all = 0;
    for (const row of shippedFeedback().filter(
      ({ lang, text }) => lang === "en" && /^[a-zA-Z' .,!?]*$/u.test(text),
    )) {
      const text = row.text.toLowerCase();
      const theirs = peer
        .tokenize(text)
        .map((word) => word.replace(/^'+|'+$/gu, ""))
        .filter((word) => /[a-z]/u.test(word));
      expect(
        tokenise(text, words)
          .filter(({ kind }) => kind === "word")
          .map((token) => token.text),
      ).toEqual(theirs);
      same += 1;
      all += theirs.length;
    }
    expect(same).toBeGreaterThan(60);
    expect(all).toBeGreaterThan(500);
  });

  it("gives places that hold the token, in order, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        let last = 0;
        for (const token of tokenise(text, words)) {
          expect(token.from).toBeGreaterThanOrEqual(last);
          expect(text.slice(token.from, token.to)).toBe(token.text);
          last = token.to;
        }
      }),
    );
  });
});
