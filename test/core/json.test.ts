import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanJson, jsonObjectSchema, wellFormed } from "../../src/core/json.ts";

const nested = (levels: number): unknown => {
  let value: unknown = "leaf";
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};

/** The same, told once more in the plainest way. */
const repaired = (value: unknown): unknown => {
  if (value === 0) return 0;
  if (typeof value === "string") return value.replaceAll("\0", "").toWellFormed();
  if (Array.isArray(value)) return value.map(repaired);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, repaired(inner)]));
};

/** Names that are allowed and need no repair: two names that become one would not be told apart. */
const hasPlainNames = (value: unknown): boolean => {
  if (value === null || typeof value !== "object") return true;
  return Object.entries(value).every(
    ([name, inner]) =>
      !["__proto__", "constructor", "prototype"].includes(name) &&
      repaired(name) === name &&
      hasPlainNames(inner),
  );
};

describe("wellFormed", () => {
  it.each([
    ["a\0b", "ab"],
    ["lone \ud800 high", "lone \ufffd high"],
    ["lone \udc00 low", "lone \ufffd low"],
    ["whole 😀 pair", "whole 😀 pair"],
  ])("makes %j into %j", (text, expected) => {
    expect(wellFormed(text)).toBe(expected);
  });
});

describe("cleanJson", () => {
  it("gives a copy of any JSON that is equal but for repaired text", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }).filter(hasPlainNames), (value) => {
        expect(cleanJson(value, "value")).toEqual({ kind: "sound", value: repaired(value) });
      }),
    );
  });

  it("takes minus zero as zero, as which it would be stored", () => {
    expect(cleanJson({ amount: -0 }, "value")).toEqual({ kind: "sound", value: { amount: 0 } });
  });

  it("repairs text in keys and values", () => {
    expect(cleanJson({ "a\0": ["x\ud800"] }, "value")).toEqual({
      kind: "sound",
      value: { a: ["x\ufffd"] },
    });
  });

  it("takes exactly the depth allowed, without recursion", () => {
    expect(cleanJson(nested(64), "value").kind).toBe("sound");
    expect(cleanJson(nested(65), "value")).toMatchObject({
      kind: "faulty",
      faults: [{ sentence: "is nested deeper than 64 levels; flatten it" }],
    });
    expect(cleanJson(nested(200_000), "value").kind).toBe("faulty");
  });

  it.each([
    ["__proto__", JSON.parse('{"a":{"__proto__":1}}') as unknown],
    ["constructor", { a: { constructor: 1 } }],
    ["prototype", { a: { prototype: 1 } }],
  ])("refuses the property name %s", (name, value) => {
    const clean = cleanJson(value, "context");
    expect(clean).toMatchObject({
      faults: [{ place: "context.a", sentence: `the name "${name}" is not allowed; rename it` }],
    });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it.each([
    [Number.NaN, "NaN is not a JSON number"],
    [Number.POSITIVE_INFINITY, "Infinity is not a JSON number"],
    [undefined, "undefined is not JSON"],
    [10n, "10n is not JSON"],
    [Symbol("s"), "is not JSON"],
    [() => 1, "is not JSON"],
  ])("refuses %s with its place", (value, sentence) => {
    const clean = cleanJson({ list: [1, value] }, "context");
    expect(clean.kind === "faulty" && clean.faults[0]).toMatchObject({ place: "context.list[1]" });
    expect(clean.kind === "faulty" && clean.faults[0]?.sentence).toContain(sentence);
  });
});

describe("jsonObjectSchema", () => {
  it.each([[null], ["text"], [[1]], [3]])("refuses %j, which is no object", (value) => {
    expect(jsonObjectSchema.safeParse(value).error?.issues[0]?.message).toBe(
      "is not an object; send named properties",
    );
  });

  it("refuses an object that is too large", () => {
    expect(jsonObjectSchema.safeParse({ a: "x".repeat(40_000) }).error?.issues[0]?.message).toMatch(
      /is larger than 32768/u,
    );
  });

  it("names the place inside", () => {
    expect(jsonObjectSchema.safeParse({ a: [Number.NaN] }).error?.issues[0]?.message).toBe(
      ".a[0] NaN is not a JSON number; leave it out",
    );
  });
});
