import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gramCounter, TASK_GRAM } from "../../../src/core/text/grams.ts";
import { normalise, originalSpan, type Span } from "../../../src/core/text/normalise.ts";
import { tokenise } from "../../../src/core/text/tokens.ts";
import { shippedReader } from "./shipped.ts";

const { simplified, lexicons } = shippedReader();
const counter = gramCounter(TASK_GRAM);

/** Every word of a text, as the lexicons' and as the models' tokens cut it. */
const wordsIn = (text: string): readonly Span[] => {
  const { tokens, tokenFrom, tokenTo } = counter.count(text);
  const counted = Array.from({ length: tokens }, (_, index) => ({
    from: tokenFrom[index] ?? 0,
    to: tokenTo[index] ?? 0,
  }));
  return [...tokenise(text, lexicons.words), ...counted];
};

/** Words of a text whose original, normalised alone, is another word. */
const misspelt = (text: string): readonly string[] => {
  const normal = normalise(text, simplified);
  return wordsIn(normal.text).flatMap((word) => {
    const { from, to } = originalSpan(normal, word);
    const said = normal.text.slice(word.from, word.to);
    const own = normalise(text.slice(from, to), simplified).text;
    return own === said ? [] : [`${JSON.stringify(own)} for ${JSON.stringify(said)}`];
  });
};

/** Characters whose normal form is another one, and marks: what may melt, unfold or move. */
const TURNING = Array.from({ length: 0x3_0000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((char) => char.normalize("NFKC").toLowerCase() !== char || /\p{M}/u.test(char));

const plain = (text: string): string => normalise(text, simplified).text;

describe("normalising", () => {
  it.each([
    ["Hello", "hello"],
    ["ＨＥＬＬＯ１２３", "hello123"],
    ["ﬁne", "fine"],
    ["cafe\u0301", "café"],
    ["快遞還沒到，退貨", "快递还没到,退货"],
    ["don’t", "don't"],
    ["don`t", "don't"],
    ["a\u200bb\ufeffc", "abc"],
    ["❤️", "❤"],
    ["ｶﾞ", "ガ"],
    ["𠮷野家", "𠮷野家"],
    ["İ", "i̇"],
    ["\ufdfa", "\ufdfa"],
    ["㎏ ㎡ ⑩ …", "kg m2 10 ..."],
    ["㏞ ½ ℃ ㍿ ⒈", "㏞ ½ ℃ ㍿ ⒈"],
    ["快遞\u0301 don`\u0301t", "快递\u0301 don'\u0301t"],
  ])("writes %j as %j", (text, normal) => expect(plain(text)).toBe(normal));

  it.each([
    ["x ﬁne y", "fine", "ﬁne"],
    ["👍🏽 ｇｏｏｄ 👍", "good", "ｇｏｏｄ"],
    ["😀退貨😀", "退货", "退貨"],
    ["le cafe\u0301 noir", "café", "cafe\u0301"],
    ["so\u200bft", "soft", "so\u200bft"],
    ["𠮷good", "good", "good"],
  ])("finds in %j the origin of %j", (text, word, origin) => {
    const normal = normalise(text, simplified);
    const from = normal.text.indexOf(word);
    const span = originalSpan(normal, { from, to: from + word.length });
    expect(text.slice(span.from, span.to)).toBe(origin);
  });

  it("maps every unit to a piece of the original, in order, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const normal = normalise(text, simplified);
        let last = 0;
        for (let at = 0; at < normal.text.length; at += 1) {
          const span = originalSpan(normal, { from: at, to: at + 1 });
          expect(span.from).toBeGreaterThanOrEqual(last);
          expect(span.to).toBeGreaterThan(span.from);
          expect(span.to).toBeLessThanOrEqual(text.length);
          last = span.from;
        }
      }),
    );
  });

  it.each([
    ["a unit of several words", "㏞"],
    ["a number with its full stop", "⒈ 🄀 🄁"],
    ["a company of four characters", "㍿㋿"],
    ["a mark over punctuation", "请问可以联系哪位？\u{1112d}:\u{1182c}"],
    ["a mark over a Han radical", "\u2e80\u0351"],
    ["a mark over a traditional character", "遞\uff9e"],
    ["a jamo behind a control character", "\0\u1161\u00a0\u11a8"],
    ["a jamo behind an apostrophe", "\u2019\u1165"],
    ["a backtick before a letter of another script", "`\u0370"],
    ["half a character before another", "\ud800\ufb01ne \ud800\u{20bb7}"],
    ["marks of several planes that change places", "\u{10f50}\uff9e \u{1e945}\u061a"],
    ["marks that change places over what they do not melt into", "?\u0301\u0323 =\u0338\u0301"],
    ["a ligature at the length limit of words", `${"x".repeat(63)}\ufb01${"x".repeat(9)}`],
  ])("keeps every word whole in the original: %s", (_, text) => expect(misspelt(text)).toEqual([]));

  it("points every word at the original text that spells it, for any text", () => {
    const char = fc.oneof(
      fc.constantFrom(...TURNING),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(...Array.from("aZ1 ':;=!?.-_<>/()`\u0301\u0323\u200b\ufe0f快遞\uff9e\u1161")),
    );
    fc.assert(
      fc.property(fc.array(char, { maxLength: 24 }), (chars) => {
        expect(misspelt(chars.join(""))).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it("keeps an empty span empty, also at the end", () => {
    for (const text of ["abc", "退貨"]) {
      const normal = normalise(text, simplified);
      expect(originalSpan(normal, { from: 1, to: 1 })).toEqual({ from: 1, to: 1 });
      expect(originalSpan(normal, { from: text.length, to: text.length })).toEqual({
        from: text.length,
        to: text.length,
      });
    }
    expect(originalSpan(normalise("\u200b", simplified), { from: 0, to: 0 })).toEqual({
      from: 0,
      to: 0,
    });
  });

  it("holds each traditional character once and maps none to itself", () => {
    expect(simplified.size).toBeGreaterThan(1_000);
    for (const [from, to] of simplified) expect(from).not.toBe(to);
  });
});
