import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settlesWithin, warnOf } from "../../src/queue/patience.ts";

describe("patience", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("says that a promise settled, also by rejection, and leaves no timer", async () => {
    expect(await settlesWithin(1_000, Promise.resolve())).toBe(true);
    expect(await settlesWithin(1_000, Promise.reject(new Error("no")))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("says that a promise did not settle in time", async () => {
    const late = settlesWithin(1_000, new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await late).toBe(false);
  });

  it("warns once of the same trouble in ten seconds", () => {
    const said: unknown[] = [];
    const warn = warnOf(
      (level, sentence, details) => said.push([level, sentence, details?.["reason"]]),
      "trouble",
    );
    warn(new Error("away"));
    warn(new Error("away"));
    warn(new Error("other"));
    vi.advanceTimersByTime(10_000);
    warn(new Error("away"));
    expect(said).toEqual([
      ["warn", "trouble", "away"],
      ["warn", "trouble", "other"],
      ["warn", "trouble", "away"],
    ]);
  });

  it("forgets old troubles, so that ever new ones do not fill the memory", () => {
    let said = 0;
    const warn = warnOf(() => (said += 1), "trouble");
    for (let index = 0; index < 150; index += 1) warn(new Error(`trouble ${index}`));
    warn(new Error("trouble 0"));
    expect(said).toBe(151);
  });
});
