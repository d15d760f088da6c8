import { describe, expect, it } from "vitest";
import { longestIn, trieOf } from "../../../src/core/text/trie.ts";

describe("the longest entry at a place", () => {
  const trie = trieOf([
    ["慢", 1],
    ["慢死了", 2],
    ["客服", 3],
    ["𠮷利", 4],
  ]);

  it.each([
    ["慢死了", 0, { value: 2, to: 3 }],
    ["慢死", 0, { value: 1, to: 1 }],
    ["太慢死了。", 1, { value: 2, to: 4 }],
    ["客", 0, undefined],
    ["客人", 0, undefined],
    ["快", 0, undefined],
    ["𠮷利", 0, { value: 4, to: 3 }],
    ["慢", 1, undefined],
  ])("of %j at %i is %j", (text, from, found) => {
    expect(longestIn(trie, text, from)).toEqual(found);
  });
});
