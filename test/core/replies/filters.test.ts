import { describe, expect, it } from "vitest";
import { amount, day } from "../../../src/core/replies/filters.ts";

describe("the amount filter", () => {
  it.each([
    [12, "12"],
    [12.5, "12.50"],
    [0.1 + 0.2, "0.30"],
    [-3.999, "-4.00"],
    ["12 €", "12 €"],
    [null, null],
    [Number.NaN, Number.NaN],
  ])("prints %j as %j", (value, expected) => {
    expect(amount(value)).toEqual(expected);
  });
});

describe("the day filter", () => {
  it.each([
    ["2026-03-01T23:59:59.000Z", undefined, "1 March 2026"],
    ["2026-12-31", "en", "31 December 2026"],
    ["2026-03-01T00:00:00+08:00", "zh", "2026年3月1日"],
    ["tomorrow", undefined, "tomorrow"],
    ["2026-13-01", undefined, "2026-13-01"],
    ["now", "zh", "now"],
    [5, undefined, 5],
    [null, "zh", null],
  ])("prints %j for %j as %j", (value, language, expected) => {
    expect(day(value, language)).toBe(expected);
  });
});
