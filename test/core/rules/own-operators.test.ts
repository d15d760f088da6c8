/** Operators beside those of json-rules-engine: texts, instants, hours, ranges, sets. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import { isWithin, minuteOfWeek, parseHours } from "../../../src/core/rules/hours.ts";
import { compareOf, parseOperator } from "../../../src/core/rules/operators.ts";
import { faultsIn, leaf, withConditions } from "./build.ts";

const NOW = "2026-03-12T08:30:00.000Z";

/** Half past eight in UTC on a Thursday; where the customer lives may be told. */
const holds = (...[operator, left, right, zone = null]: [string, Json, Json, Json?]): boolean => {
  const parsed = parseOperator(operator);
  if (typeof parsed === "string") throw new Error(parsed);
  return compareOf(parsed)(left, right, { "signal.now": NOW, "customer.timeZone": zone });
};

const berlin = (instant: string): number => minuteOfWeek(Date.parse(instant), "Europe/Berlin");

describe("texts", () => {
  it.each<[operator: string, left: Json, right: Json, held: boolean]>([
    ["startsWith", "Order-17", "order", true],
    ["startsWith", "my order", "order", false],
    ["startsWith", ["order"], "order", false],
    ["endsWith", "Where is it？", "?", true],
    ["endsWith", "退款", "款", true],
    ["endsWith", "", "x", false],
    ["containsText", "The REFUND is late", "refund", true],
    ["containsText", "ＲＥＦＵＮＤ", "refund", true],
    ["containsText", null, "refund", false],
    ["containsText", "refund", null, false],
    ["containsWord", "an app for all", "app", true],
    ["containsWord", "this happens", "app", false],
    ["containsWord", "apps", "app", false],
    ["containsWord", "snapp app", "app", true],
    ["containsWord", "我要退款", "退款", true],
    ["containsWord", "App闪退了", "app", true],
    ["containsWord", "happy😀app", "app", true],
    ["containsWord", "app😀", "app", true],
    ["containsWord", "cafe\u0301s", "cafe\u0301", false],
    ["containsWord", "anything", "", false],
    ["matches", "order A-123 is late", "[A-Z]-\\d{3}\\b", true],
    ["matches", "order a-123", "[A-Z]-\\d{3}", false],
    ["matches", "order a-123", "(?i)[A-Z]-\\d{3}", true],
    ["matches", "x", "(", false],
    ["matches", 5, "5", false],
    ["someFact:startsWith", ["b1", "a1"], "a", true],
    ["not:containsText", null, "refund", true],
  ])("%s(%j, %j) is %j", (...[operator, left, right, held]) => {
    expect(holds(operator, left, right)).toBe(held);
  });

  it("are searched in time that grows with the text alone", () => {
    expect(holds("matches", `${"a".repeat(20_000)}!`, "^(a+)+$")).toBe(false);
  });
});

describe("instants", () => {
  it.each<[operator: string, left: Json, right: Json, held: boolean]>([
    ["before", "2026-03-01", "2026-03-01T00:00:01Z", true],
    ["before", "2026-03-01", "2026-03-01", false],
    ["after", "2026-03-01T01:00:00+02:00", "2026-02-28T22:59:59Z", true],
    ["after", "yesterday", "2026-02-28", false],
    ["before", 5, "2026-02-28", false],
    ["before", "2026-02-30T99:00:00Z", "2027-01-01", false],
    ["withinDays", "2026-03-05T08:30:00Z", 7, true],
    ["withinDays", "2026-03-05T08:29:59Z", 7, false],
    ["withinDays", "2026-03-12T08:30:01Z", 7, false],
    ["withinDays", "2026-03-12T08:00:00Z", "7", false],
    ["withinHours", "2026-03-12T06:30:00Z", 2, true],
    ["withinHours", "2026-03-12T06:29:00Z", 2, false],
    ["withinNextDays", "2026-03-13T08:30:00Z", 1, true],
    ["withinNextDays", "2026-03-11T08:30:00Z", 1, false],
    ["withinNextDays", null, 1, false],
  ])("%s(%j, %j) is %j", (...[operator, left, right, held]) => {
    expect(holds(operator, left, right)).toBe(held);
  });

  it("have no now without the fact", () => {
    const parsed = parseOperator("withinDays");
    if (typeof parsed === "string") throw new Error(parsed);
    expect(compareOf(parsed)(NOW, 7, {})).toBe(false);
  });
});

describe("hours", () => {
  it.each<[zone: Json, hours: Json, held: boolean]>([
    ["UTC", "thu 08:00-09:00", true],
    ["UTC", "thu 08:31-09:00", false],
    ["UTC", "thu 08:00-08:30", false],
    [null, "Mon-Fri 08:00-18:00", true],
    ["Asia/Shanghai", "mon-fri 09:00-16:00", false],
    ["Asia/Shanghai", "mon-fri 09:00-18:00", true],
    ["America/New_York", ["sat 09:00-10:00", "thu 04:00-05:00"], true],
    ["Mars/Olympus", "thu 08:00-09:00", true],
    ["Pacific/Auckland", "wed 20:00-22:00", false],
    ["UTC", "wed 22:00-09:00", true],
    ["UTC", "fri-tue 08:00-09:00", false],
    ["UTC", "sat-thu 08:00-09:00", true],
    ["UTC", "thu 00:00-24:00", true],
    ["UTC", 5, false],
    ["UTC", "whenever", false],
  ])("in %j, %j is %j at half past eight in UTC on a Thursday", (zone, hours, held) => {
    expect(holds("duringHours", NOW, hours, zone)).toBe(held);
    expect(holds("duringHours", "soon", hours, zone)).toBe(false);
  });

  it("go round the end of the week", () => {
    const hours = parseHours("sun 22:00-02:00");
    if (typeof hours === "string") throw new Error(hours);
    const at = (instant: string): boolean =>
      isWithin(hours, minuteOfWeek(Date.parse(instant), "UTC"));
    expect(["2026-03-15T22:00:00Z", "2026-03-16T01:59:00Z"].map(at)).toEqual([true, true]);
    expect(["2026-03-15T21:59:00Z", "2026-03-16T02:00:00Z"].map(at)).toEqual([false, false]);
  });

  it("follow the clock of the place when clocks change", () => {
    // On 29 March 2026 the hour after two does not exist; on 25 October it comes twice.
    expect(berlin("2026-03-29T00:59:00Z") + 61).toBe(berlin("2026-03-29T01:00:00Z"));
    expect(berlin("2026-10-25T00:30:00Z")).toBe(berlin("2026-10-25T01:30:00Z"));
  });
});

describe("ranges and sets", () => {
  it.each<[operator: string, left: Json, right: Json, held: boolean]>([
    ["between", 1, [1, 3], true],
    ["between", 3, [1, 3], true],
    ["between", 3.1, [1, 3], false],
    ["between", "2", [1, 3], false],
    ["between", 2, [1], false],
    ["between", 2, 3, false],
    ["containsAny", ["a", "b"], ["z", "b"], true],
    ["containsAny", ["a"], ["z"], false],
    ["containsAll", ["a", "b"], ["a", "b"], true],
    ["containsAll", ["a"], ["a", "b"], false],
    ["containsNone", ["a"], ["z"], true],
    ["containsNone", ["a"], ["a"], false],
    ["containsNone", null, ["a"], false],
    ["containsAny", "a", ["a"], false],
  ])("%s(%j, %j) is %j", (...[operator, left, right, held]) => {
    expect(holds(operator, left, right)).toBe(held);
  });
});

describe("what does not fit is said at load", () => {
  it.each<[condition: unknown, words: string]>([
    [leaf("feedback.topics", "containsText", "a"), "it looks into text: use contains for a list"],
    [leaf("feedback.text", "containsText", 5), "value 5 is a number; give the text"],
    [leaf("feedback.text", "startsWith", ""), 'value "" is in every text'],
    [leaf("feedback.text", "matches", "(a"), 'value "(a" is no pattern that can be used'],
    [leaf("feedback.text", "matches", "(?=a)"), "look-around and back references"],
    [leaf("feedback.text", "matches", "a".repeat(501)), "more than 500"],
    [
      leaf("feedback.text", "matches", { fact: "feedback.channel" }),
      "write it as text, so that it can be checked",
    ],
    [leaf("feedback.text", "between", [1, 2]), "feedback.text is text; it compares numbers"],
    [leaf("feedback.rating", "between", [1]), "value [1] is not two numbers"],
    [leaf("feedback.rating", "between", [3, 1]), "holds no number; write the lower one first"],
    [leaf("feedback.topic", "containsAny", ["stock"]), "it looks into a list: use in"],
    [leaf("feedback.topics", "containsAny", "stock"), 'write a list, such as ["a", "b"]'],
    [leaf("feedback.topics", "containsAll", []), "value [] is empty"],
    [leaf("feedback.topics", "containsNone", ["stok"]), 'did you mean "stock"?'],
    [leaf("signal.now", "before", "1 March"), 'value "1 March" is no instant'],
    [leaf("feedback.rating", "after", "2026-01-01"), "feedback.rating is a number; instants are"],
    [leaf("signal.now", "withinDays", -1), "value -1 is below 0"],
    [leaf("signal.now", "withinHours", "2"), 'value "2" is text; say how many'],
    [leaf("signal.now", "duringHours", "mon-fry 09:00-18:00"), 'did you mean "fri"?'],
    [leaf("signal.now", "duringHours", "xyz 09:00-18:00"), "use mon, tue"],
    [leaf("signal.now", "duringHours", "mon 9-18"), "is not hours of the week"],
    [leaf("signal.now", "duringHours", "mon 09:70-18:00"), "has a time that no clock shows"],
    [leaf("signal.now", "duringHours", "mon 09:00-25:00"), "has a time that no clock shows"],
    [leaf("signal.now", "duringHours", "mon 09:00-09:00"), "begins and ends at one time"],
    [leaf("signal.now", "duringHours", []), "is empty; write hours"],
    [leaf("signal.now", "duringHours", 5), "value 5 is not hours of the week"],
    [leaf("feedback.rating", "duringHours", "mon 09:00-10:00"), "instants are text"],
  ])("%j", (condition, words) => {
    const faults = faultsIn(withConditions({ all: [condition] }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(words);
  });

  it.each([
    leaf("signal.now", "duringHours", ["mon-fri 09:00-18:00", "sat 10:00-14:00"]),
    { fact: "event.properties", path: "$.paidAt", operator: "withinDays", value: 3 },
    leaf("signal.now", "after", "2026-03-01"),
    leaf("feedback.rating", "between", [1, 2]),
    leaf("feedback.text", "matches", "(?i)refund"),
    leaf("feedback.topics", "containsAny", ["stock", "delivery"]),
  ])("%j fits", (condition) => {
    expect(faultsIn(withConditions({ all: [condition] }))).toEqual([]);
  });
});
