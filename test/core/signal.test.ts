import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/core/limits.ts";
import { signalSchema } from "../../src/core/signal.ts";

const feedback = {
  kind: "feedback",
  id: "f-1",
  customerId: "c-1",
  text: "late again",
  channel: "app",
  at: "2026-03-01T10:00:00+08:00",
};
const event = {
  kind: "event",
  id: "e-1",
  customerId: "c-1",
  type: "order.completed",
  at: "2026-03-01T10:00:00Z",
};

const faultOf = (value: unknown): string => {
  const issue = signalSchema.safeParse(value).error?.issues[0];
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "taken"}`;
};

describe("a signal at the door", () => {
  it("has its instant in UTC with milliseconds", () => {
    expect(signalSchema.parse(feedback).at).toBe("2026-03-01T02:00:00.000Z");
  });

  it.each([
    feedback,
    { ...feedback, text: "a\0b\ud800", channel: "\0app\ud800", subject: "\0" },
    { ...feedback, at: "9999-12-31T23:59:59.999+00:00", locale: "\0" },
    { ...event, at: "0001-01-01T00:00:00Z", properties: { "a\0": "\ud800", list: [1e300] } },
    { ...event, traits: { name: "\0", custom: { "\ud800": null } } },
  ])("parses to itself when its job is read (%#)", (raw) => {
    const accepted = signalSchema.parse(raw);
    expect(signalSchema.parse(JSON.parse(JSON.stringify(accepted)))).toEqual(accepted);
  });

  it.each(["9999-12-31T23:59:59-14:00", "0000-06-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])(
    "has an instant that text and database can hold, which %s is not",
    (at) => {
      expect(faultOf({ ...event, at })).toMatch(/^at: is not between the years 0001 and 9999/u);
    },
  );

  it("has a channel that is not empty once it is repaired", () => {
    expect(faultOf({ ...feedback, channel: "\0" })).toMatch(/^channel: is empty/u);
  });

  it("has a channel, also when none was sent", () => {
    const { channel: _, ...rest } = feedback;
    expect(signalSchema.parse(rest)).toMatchObject({ channel: "unknown" });
  });

  it("has repaired text but never a repaired id", () => {
    expect(signalSchema.parse({ ...feedback, text: "a\0b\ud800" })).toMatchObject({
      text: "ab\ufffd",
    });
    expect(faultOf({ ...feedback, id: "a\0b" })).toMatch(
      /^id: has control characters or broken Unicode/u,
    );
    expect(faultOf({ ...feedback, customerId: "\ud800" })).toMatch(
      /^customerId: has control characters/u,
    );
  });

  it.each([
    ["长".repeat(LIMITS.textChars), "taken"],
    ["长".repeat(LIMITS.textChars + 1), "is longer than 20000 characters"],
  ])("has a text within the limit (%#)", (text, expected) => {
    expect(faultOf({ ...feedback, text })).toContain(expected);
  });

  it.each([
    [{ ...feedback, kind: "ticket" }, /kind: has no known kind/u],
    [{ ...feedback, id: "" }, /^id: is empty/u],
    [{ ...feedback, id: "x".repeat(201) }, /^id: is longer than 200/u],
    [{ ...feedback, at: "yesterday" }, /^at: is not an instant/u],
    [{ ...feedback, rating: 0 }, /^rating: is below 1/u],
    [{ ...feedback, rating: 6 }, /^rating: is above 5/u],
    [{ ...feedback, colour: "red" }, /colour/u],
    [{ ...event, type: "Order Completed" }, /^type: is not an event type/u],
    [{ ...event, properties: [] }, /^properties: is not an object/u],
    [{ ...event, properties: { a: { __proto__: null, constructor: 1 } } }, /is not allowed/u],
    [
      { ...event, traits: { timeZone: "Mars/Base" } },
      /^traits.timeZone: is not an IANA time zone/u,
    ],
    [{ ...event, traits: { locale: "not a locale" } }, /^traits.locale: is not a locale/u],
    [{ ...event, traits: { consent: { email: true } } }, /email/u],
    [{ ...event, traits: { custom: "gold" } }, /^traits.custom: is not an object/u],
  ])("refuses what is wrong, with its place (%#)", (value, expected) => {
    expect(faultOf(value)).toMatch(expected);
  });

  it("takes traits, where null clears", () => {
    const traits = {
      name: "Ana",
      locale: "zh-Hans-CN",
      timeZone: "Asia/Shanghai",
      consent: { marketing: true },
      custom: null,
    };
    expect(signalSchema.parse({ ...event, traits })).toMatchObject({ traits });
  });
});
