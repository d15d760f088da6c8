import { describe, expect, it } from "vitest";
import { canonicalLocale, localeChain } from "../../../src/core/replies/locale.ts";

describe("the usual form of a locale", () => {
  it.each([
    ["en", "en"],
    ["EN-gb", "en-GB"],
    ["zh_hans_cn", "zh-Hans-CN"],
    ["ZH-HANT", "zh-Hant"],
    [" de-ch ", "de-CH"],
    ["es-419", "es-419"],
    ["sl-ROZAJ", "sl-rozaj"],
    ["en-u-hc-h12", "en"],
    ["zh-CN-x-shop", "zh-CN"],
  ])("%j is %j", (text, expected) => {
    expect(canonicalLocale(text)).toBe(expected);
  });

  it.each(["", "und", "UND", "Chinese please", "中文", "x-private", "e", "../etc", "en--GB"])(
    "%j is not a locale",
    (text) => {
      expect(canonicalLocale(text)).toBeUndefined();
    },
  );
});

describe("the chain of locales to try", () => {
  it.each([
    ["en-GB", ["en-GB", "en"]],
    ["en", ["en"]],
    ["pt-BR", ["pt-BR", "pt", "en"]],
    ["zh", ["zh", "zh-Hans", "zh-Hant", "en"]],
    ["zh-Hans-CN", ["zh-Hans-CN", "zh-Hans", "zh", "zh-Hant", "en"]],
    ["zh-CN", ["zh-CN", "zh-Hans", "zh", "zh-Hant", "en"]],
    ["zh-SG", ["zh-SG", "zh-Hans", "zh", "zh-Hant", "en"]],
    ["zh-TW", ["zh-TW", "zh-Hant", "zh", "zh-Hans", "en"]],
    ["zh_hk", ["zh-HK", "zh-Hant", "zh", "zh-Hans", "en"]],
    ["zh-MO", ["zh-MO", "zh-Hant", "zh", "zh-Hans", "en"]],
    ["zh-Hant", ["zh-Hant", "zh", "zh-Hans", "en"]],
    ["zh-Hant-CN", ["zh-Hant-CN", "zh-Hant", "zh", "zh-Hans", "en"]],
    ["zh-US", ["zh-US", "zh", "zh-Hans", "zh-Hant", "en"]],
    ["not a locale", ["en"]],
    ["und", ["en"]],
  ])("%j leads to %j", (wanted, expected) => {
    expect(localeChain(wanted, "en")).toEqual(expected);
  });

  it("ends with the default locale also where that stands earlier in the chain", () => {
    expect(localeChain("zh-TW", "zh-Hans")).toEqual(["zh-TW", "zh-Hant", "zh", "zh-Hans"]);
    expect(localeChain("zh-Hans-CN", "zh")).toEqual(["zh-Hans-CN", "zh-Hans", "zh-Hant", "zh"]);
  });
});
