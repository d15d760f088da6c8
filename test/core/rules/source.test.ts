import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSource } from "../../../src/core/rules/source.ts";

const read = (text: string) => readSource(text, "rules/a.json", 8);

describe("what is wrong with JSON text is told with line and column", () => {
  it.each([
    ['{"a": 1,}', "line 1, column 9", 'a comma stands before "}"; remove it'],
    ["[\n  1,\n]", "line 3, column 1", 'a comma stands before "]"; remove it'],
    ['{"a" 1}', "line 1, column 6", '"1" stands where ":" was expected'],
    ['{"a": 1 "b": 2}', "line 1, column 9", '"\\"" stands where "," or "}" was expected'],
    ["[1 2]", "line 1, column 4", '"2" stands where "," or "]" was expected'],
    ["{a: 1}", "line 1, column 2", '"a" stands where a name in quotes was expected'],
    ["{'a': 1}", "line 1, column 2", '"\'" opens no text in JSON; use "'],
    ['{"a": yes}', "line 1, column 7", '"yes" is not JSON; put text into quotes'],
    [
      "{\r\n  // why\r\n}",
      "line 2, column 3",
      "JSON has no comments; put the remark into a description",
    ],
    ["# why", "line 1, column 1", "JSON has no comments; put the remark into a description"],
    ['{"a": ', "line 1, column 7", "the text ends where a value was expected"],
    ["", "line 1, column 1", "the text ends where a value was expected"],
    ["[1] 2", "line 1, column 5", '"2" stands where the end of the file was expected'],
    [
      '"one\ntwo"',
      "line 1, column 5",
      "a text runs past the end of its line; close it, or write \\n",
    ],
    ['["open', "line 1, column 2", "a text is opened and never closed"],
    ['["open\\"', "line 1, column 2", "a text is opened and never closed"],
    [
      '["a\\d"]',
      "line 1, column 2",
      '"\\"a\\\\d\\"" has an unknown escape; write \\\\ for a backslash',
    ],
    ["[1e999]", "line 1, column 2", '"1e999" is too large for a number'],
    ["[+1]", "line 1, column 2", '"+" stands where a value was expected'],
    ['{"a": 1,\n "a": 2}', "line 2, column 2", 'the name "a" is given twice; keep one'],
    ['{"__proto__": {}}', "line 1, column 2", 'the name "__proto__" is not allowed; rename it'],
    [
      '{"\\u005f_proto__": {}}',
      "line 1, column 2",
      'the name "__proto__" is not allowed; rename it',
    ],
    ["[[[[[[[[[1]]]]]]]]]", "line 1, column 9", "nested deeper than 8 levels; flatten it"],
  ])("%j", (text, where, sentence) => {
    expect(read(text)).toEqual({
      kind: "faulty",
      fault: { place: `rules/a.json › ${where}`, sentence },
    });
  });
});

it("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2, "\t"), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      fc.pre(!/\\u0000|__proto__|constructor|prototype/.test(text));
      expect(read(text)).toEqual({ kind: "sound", value: JSON.parse(text) as unknown });
    }),
  );
});

it("forgives the byte order mark that some editors write", () => {
  expect(read("\uFEFF[1]")).toEqual({ kind: "sound", value: [1] });
});

it("repairs text that no database could hold", () => {
  expect(read('["a\\u0000b\\ud800"]')).toEqual({ kind: "sound", value: ["ab\ufffd"] });
});

it("survives nesting of any depth", () => {
  expect(read("[".repeat(1_000_000))).toMatchObject({ kind: "faulty" });
  expect(read('{"a":'.repeat(500_000))).toMatchObject({ kind: "faulty" });
});
