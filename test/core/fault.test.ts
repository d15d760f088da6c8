import { describe, expect, it } from "vitest";
import { z } from "zod";
import { didYouMean, faultsAsText, faultsOf, pathAsText, quote } from "../../src/core/fault.ts";

describe("didYouMean", () => {
  const known = ["greaterThan", "lessThan", "equal", "in"];
  it.each([
    ["greatrThan", '; did you mean "greaterThan"?'],
    ["EQUALS", '; did you mean "equal"?'],
    ["lesthan", '; did you mean "lessThan"?'],
    ["contains", ""],
    ["", '; did you mean "in"?'],
  ])("answers %j with %j", (word, expected) => {
    expect(didYouMean(word, known)).toBe(expected);
  });

  it("knows nothing without candidates and stands a word without end", () => {
    expect(didYouMean("x", [])).toBe("");
    expect(didYouMean("x".repeat(1_000_000), known)).toBe("");
  });
});

describe("quote", () => {
  it.each([
    ["text", '"text"'],
    [undefined, "undefined"],
    [12n, "12n"],
    [["x".repeat(100)], `["${"x".repeat(55)}...`],
    ["😀".repeat(40), `"${"😀".repeat(28)}...`],
    [["😀".repeat(40)], `["${"😀".repeat(27)}\ufffd...`],
  ])("writes a value (%#)", (value, expected) => {
    expect(quote(value)).toBe(expected);
  });
});

describe("faults", () => {
  it("have the path as people write it", () => {
    expect(pathAsText(["conditions", "all", 1, "operator"])).toBe("conditions.all[1].operator");
  });

  it("name every place that zod found", () => {
    const schema = z.strictObject({
      a: z.number("is not a number"),
      b: z.array(z.string("is not text")),
    });
    const { error } = schema.safeParse({ a: "x", b: [1] });
    if (error === undefined) throw new Error("the schema took a wrong value");
    expect(faultsAsText(faultsOf(error, "file"))).toBe(
      "file › a: is not a number\nfile › b[0]: is not text",
    );
  });

  it("stand at the place itself when the whole value is wrong", () => {
    const { error } = z.string("is not text").safeParse(1);
    if (error === undefined) throw new Error("the schema took a wrong value");
    expect(faultsOf(error, "file")).toEqual([{ place: "file", sentence: "is not text" }]);
  });
});
