import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { jobIdOf } from "../../src/queue/job-id.ts";

const text = string({ unit: "grapheme" });

describe("a job id", () => {
  it("is a letter and 64 hex digits for any text, which BullMQ takes", () => {
    assert(
      property(string({ unit: "binary" }), (id) => {
        expect(jobIdOf(id)).toMatch(/^s[0-9a-f]{64}$/u);
      }),
    );
  });

  it("is the same for the same text and another for another", () => {
    assert(
      property(text, text, (left, right) => {
        expect(jobIdOf(left) === jobIdOf(right)).toBe(left === right);
      }),
    );
    expect(jobIdOf("a")).toBe(jobIdOf("a"));
  });
});
