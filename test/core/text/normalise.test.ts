import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise, originalSpan } from "../../../src/core/text/normalise.ts";
import { shippedReader } from "./shipped.ts";

const { simplified } = shippedReader();
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
