import { describe, expect, it } from "vitest";
import { AttuneError, type ErrorCode, ERRORS, type ErrorKind } from "../src/errors.ts";

const kinds: readonly (readonly [string, ErrorKind])[] = Object.entries(ERRORS);

describe("every kind of error", () => {
  it.each(kinds)("%s has an exit status, an HTTP status and a remedy", (code, kind) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/u);
    expect([1, 2, 3]).toContain(kind.exit);
    expect(kind.http).toBeGreaterThanOrEqual(400);
    expect(kind.http).toBeLessThan(600);
    expect(Number.isInteger(kind.http)).toBe(true);
    // A clause that follows the sentence: no capital, no full stop.
    expect(kind.remedy).toMatch(/^[a-z].{10,}[^.\s]$/u);
  });

  it("becomes a status of the 4xx only where the sender can mend the request", () => {
    const mendable: readonly ErrorCode[] = [
      "USAGE",
      "INPUT_INVALID",
      "PLAYBOOK_INVALID",
      "NOT_FOUND",
      "UNAUTHORISED",
      "BODY_UNREADABLE",
      "BODY_TOO_LARGE",
      "MEDIA_TYPE",
      "HOST_REFUSED",
      "CANARY_RUNNING",
      "MODEL_REFUSED",
      "TRAINING_REFUSED",
    ];
    const found = kinds.filter(([, { http }]) => http < 500).map(([code]) => code);
    expect(found.toSorted()).toEqual(mendable.toSorted());
  });

  it("asks to try again later (503) only when the world is not ready (exit 3)", () => {
    const later = kinds.filter(([, { http }]) => http === 503);
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter(([, { exit }]) => exit !== 3)).toEqual([]);
  });
});

describe("an error", () => {
  it("joins its sentence and all of its faults, each on a line", () => {
    const faults = [
      { place: "signals[0] › at", sentence: "is not an instant" },
      { place: "signals[2]", sentence: "is empty" },
    ];
    const error = new AttuneError("INPUT_INVALID", "The request cannot be read:", { faults });
    expect(error.message).toBe(
      "The request cannot be read:\nsignals[0] › at: is not an instant\nsignals[2]: is empty",
    );
    expect(error.sentence).toBe("The request cannot be read:");
    expect(error.faults).toEqual(faults);
    expect(error.remedy).toBe(ERRORS.INPUT_INVALID.remedy);
  });

  it("without faults is its sentence alone, and keeps its cause", () => {
    const cause = new Error("ENOENT");
    const error = new AttuneError("FILE_UNREADABLE", "cannot read x", { cause });
    expect([error.message, error.sentence, error.faults]).toEqual([
      "cannot read x",
      "cannot read x",
      [],
    ]);
    expect(error.cause).toBe(cause);
    expect(error.name).toBe("AttuneError");
    expect(error).toBeInstanceOf(Error);
  });
});
