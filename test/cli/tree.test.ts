import { expect, it } from "vitest";
import { drawTree } from "../../src/cli/tree.ts";

it("draws branches, last branches and labels of several lines", () => {
  const text = drawTree({
    label: "root",
    children: [
      { label: "first\nsecond line", children: [{ label: "leaf" }] },
      { label: "last", children: [{ label: "leaf\nmore" }] },
    ],
  });
  expect(text).toBe(
    [
      "root",
      "├─ first",
      "│  second line",
      "│  └─ leaf",
      "└─ last",
      "   └─ leaf",
      "      more",
    ].join("\n"),
  );
});
