import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import { follow, pathFault, stepsOf } from "../../../src/core/rules/path.ts";

const order: Json = {
  id: "A-1",
  "items-sent": [{ sku: "x" }, { sku: "y", sizes: [[1, 2]] }],
  none: null,
  length: 7,
};

describe("a path leads to", () => {
  it.each<[path: string, found: Json]>([
    ["", order],
    ["$", order],
    ["$.id", "A-1"],
    [".id", "A-1"],
    ["$.items-sent[1].sku", "y"],
    ["$.items-sent[1].sizes[0][1]", 2],
    ["$.length", 7],
    ["$.none", null],
    ["$.none.deeper", null],
    ["$.missing", null],
    ["$.id.length", null],
    ["$.id[0]", null],
    ["$.items-sent.length", null],
    ["$.items-sent[2]", null],
    ["$[0]", null],
    ["$.toString", null],
    ["$.hasOwnProperty", null],
  ])("%j: %j", (path, found) => {
    expect(pathFault(path)).toBeUndefined();
    expect(follow(order, stepsOf(path))).toEqual(found);
  });
});

describe("a path is refused when it is more than steps", () => {
  it.each([
    "id",
    "$id",
    "$.",
    "$..id",
    "$.*",
    "$[*]",
    "$['id']",
    "$[-1]",
    "$[0:2]",
    "$[?(@.sku)]",
    "$[(@.length-1)]",
    "$.items-sent[1234567]",
    "$.é",
    `$${".a".repeat(17)}`,
    `$.${"a".repeat(65)}`,
    "$.id\n",
    "$.__proto__",
    "$.a.constructor.b",
    "$.prototype",
  ])("%j", (path) => {
    expect(pathFault(path)).toEqual(expect.stringContaining("path "));
  });
});
