import { describe, expect, it } from "vitest";
import { clip, columnsOf, padColumns, printable, wrapColumns } from "../../src/cli/columns.ts";

describe("columns", () => {
  it.each([
    ["abc", 3],
    ["你好", 4],
    ["，。", 4],
    ["한국", 4],
    ["a你", 3],
    ["👍", 2],
    ["é", 1],
    ["e\u0301", 1],
    ["", 0],
  ])("counts %j as %i", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  it.each([
    ["short", 10, "short"],
    ["a longer sentence", 10, "a longer…"],
    ["包裹还没有到", 7, "包裹还…"],
    ["line\nbreak", 20, "line break"],
  ])("clips %j to %i", (text, columns, clipped) => {
    expect(clip(text, columns)).toBe(clipped);
    expect(columnsOf(clip(text, columns))).toBeLessThanOrEqual(columns);
  });

  it.each([
    ["the parcel came late again", 10, ["the parcel", "came late", "again"]],
    ["包裹还没有到", 4, ["包裹", "还没", "有到"]],
    ["我的order丢了", 6, ["我的", "order", "丢了"]],
    ["unbreakable", 4, ["unbr", "eaka", "ble"]],
    ["one\n\ntwo", 9, ["one", "", "two"]],
  ])("wraps %j at %i", (text, columns, lines) => {
    expect(wrapColumns(text, columns).split("\n")).toEqual(lines);
  });

  it("pads by columns, not by characters", () => {
    expect(padColumns("你好", 6)).toBe("你好  ");
    expect(padColumns("longer", 3)).toBe("longer");
  });

  it("takes away what would steer a terminal and keeps line breaks", () => {
    expect(printable("a\u001b[2Jb\r\nc\td\u009b")).toBe("a[2Jb\nc d");
  });
});
