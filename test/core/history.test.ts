import { describe, expect, it } from "vitest";
import { completeHistory, EMPTY_HISTORY, type StoredHistory } from "../../src/core/history.ts";

describe("a stored history", () => {
  it("that lacks everything is an empty one", () => {
    expect(JSON.stringify(completeHistory({}))).toBe(JSON.stringify(EMPTY_HISTORY));
  });

  it("of an earlier version keeps what it knows, and lacks nothing, in the order of the type", () => {
    const old: StoredHistory = {
      signals: 4,
      lastAt: "2026-01-04T12:00:00.000Z",
      orders: { count: 3, amount: 30 },
      feedback: { sentiment: -0.5, count: 1 },
    };
    const complete = completeHistory(old);
    expect(complete).toEqual({
      ...EMPTY_HISTORY,
      signals: 4,
      lastAt: "2026-01-04T12:00:00.000Z",
      orders: { ...EMPTY_HISTORY.orders, count: 3, amount: 30 },
      feedback: { ...EMPTY_HISTORY.feedback, sentiment: -0.5, count: 1 },
    });
    expect(Object.keys(complete.feedback)).toEqual(Object.keys(EMPTY_HISTORY.feedback));
  });

  it("of this version stays as it is", () => {
    const whole = { ...EMPTY_HISTORY, days: [{ day: 20_000, orders: 1 }], signals: 1 };
    expect(completeHistory(whole)).toEqual(whole);
  });
});
