import { describe, expect, it } from "vitest";
import { allFacts, type Facts } from "../../../src/core/facts.ts";
import { evaluateRules } from "../../../src/core/rules/evaluate.ts";
import { explainRules } from "../../../src/core/rules/explain.ts";
import { faultsIn, fileOf, filesOf, leaf, opened, ruleOf } from "./build.ts";

const always = { all: [] };

const rulesWith = (rule: object, file: object = {}) =>
  opened(filesOf(fileOf([ruleOf("r", always, { ...rule })], { ...file })));

const at = (now: string, facts: Facts = {}): Facts => allFacts({ "signal.now": now, ...facts });

const outcome = (rules: ReturnType<typeof rulesWith>, facts: Facts) => {
  const { matches, faults } = evaluateRules(rules, facts);
  const [verdict] = explainRules(rules, facts);
  // What was decided and what is told afterwards are one thing.
  expect(verdict?.matched).toBe(matches.length > 0);
  expect(verdict?.outcome?.code === "rule_fault").toBe(faults.length > 0);
  return verdict?.outcome ?? "matched";
};

describe("status", () => {
  it("lets live rules decide, and keeps the others apart in their order", () => {
    const rules = opened(
      filesOf(
        fileOf([
          ruleOf("a", always, { status: "draft" }),
          ruleOf("b", always),
          ruleOf("c", always, { status: "retired" }),
        ]),
      ),
    );
    expect(rules.inOrder.map(({ rule }) => rule)).toEqual(["test/b"]);
    expect(rules.firing.map(({ rule }) => rule)).toEqual(["test/b"]);
    expect(rules.resting.map(({ rule, status }) => [rule, status])).toEqual([
      ["test/a", "draft"],
      ["test/c", "retired"],
    ]);
  });

  it("is that of the file, unless the rule has its own", () => {
    const rules = opened(
      filesOf(
        fileOf([ruleOf("a", always), ruleOf("b", always, { status: "live" })], { status: "draft" }),
      ),
    );
    expect(rules.inOrder.map(({ rule }) => rule)).toEqual(["test/b"]);
  });

  it("is one of three words", () => {
    expect(faultsIn(filesOf(fileOf([ruleOf("r", always)], { status: "on" })))).toEqual([
      'rules/test.json › status: "on" is not a status; write "draft" (tested, decides nothing), "live" or "retired"',
    ]);
  });
});

describe("schedule", () => {
  it("begins with its first instant and ends before its last", () => {
    const rules = rulesWith({ schedule: { from: "2026-03-01", to: "2026-04-01T00:00:00Z" } });
    expect(outcome(rules, at("2026-02-28T23:59:59.999Z"))).toEqual({
      rule: "test/r",
      code: "schedule",
      detail: "in force from 2026-03-01T00:00Z; it was 2026-02-28T23:59:59.999Z",
    });
    expect(outcome(rules, at("2026-03-01T00:00:00.000Z"))).toBe("matched");
    expect(outcome(rules, at("2026-03-31T23:59:59.999Z"))).toBe("matched");
    expect(outcome(rules, at("2026-04-01T00:00:00.000Z"))).toMatchObject({
      code: "schedule",
      detail: "in force until 2026-04-01T00:00Z; it was 2026-04-01T00:00Z",
    });
  });

  it("has hours on the customer's clock, else on that of its own zone, else in UTC", () => {
    const hours = { hours: "mon-fri 09:00-18:00" };
    // A Tuesday, 02:00 in UTC: 10:00 in Shanghai.
    const night = "2026-03-03T02:00:00.000Z";
    const shanghai = { "customer.timeZone": "Asia/Shanghai" };
    expect(outcome(rulesWith({ schedule: hours }), at(night, shanghai))).toBe("matched");
    expect(outcome(rulesWith({ schedule: hours }), at(night))).toMatchObject({
      code: "schedule",
      detail: "in force mon-fri 09:00-18:00 (UTC); it was 2026-03-03T02:00Z",
    });
    const london = rulesWith({ schedule: { ...hours, timeZone: "Europe/London" } });
    expect(outcome(london, at(night, shanghai))).toMatchObject({ code: "schedule" });
    const either = rulesWith({ schedule: { hours: ["sat 10:00-14:00", "tue 01:00-03:00"] } });
    expect(outcome(either, at(night))).toBe("matched");
  });

  it("of a rule stands in place of its file's", () => {
    const file = { schedule: { to: "2020-01-01" } };
    const now = at("2026-03-03T02:00:00.000Z");
    expect(outcome(rulesWith({}, file), now)).toMatchObject({ code: "schedule" });
    expect(outcome(rulesWith({ schedule: { from: "2021-01-01" } }, file), now)).toBe("matched");
  });

  it("is not asked of a rule whose conditions do not hold", () => {
    const rules = opened(
      filesOf(
        fileOf([
          ruleOf(
            "r",
            { all: [leaf("feedback.topic", "equal", "delivery")] },
            {
              schedule: { to: "2020-01-01" },
            },
          ),
        ]),
      ),
    );
    expect(outcome(rules, at("2026-03-03T02:00:00.000Z"))).toMatchObject({ code: "not_matched" });
  });

  it.each([
    [{ from: "soon" }, "schedule.from", 'value "soon" is no instant'],
    [{ from: "2026-03-01", to: "2026-03-01" }, "schedule", "ends before it begins"],
    [{ hours: "mo-fr 9-5" }, "schedule.hours", '"mo-fr 9-5" is not hours of the week'],
    [{ hours: [] }, "schedule.hours", "is empty"],
    [{ timeZone: "Mars/North" }, "schedule.timeZone", '"Mars/North" is not an IANA time zone'],
    [{ until: "2026-03-01" }, "schedule", '"until" is not known here'],
  ])("%j is refused", (schedule, place, sentence) => {
    const [fault, ...others] = faultsIn(filesOf(fileOf([ruleOf("r", always, { schedule })])));
    expect(others).toEqual([]);
    expect(fault).toContain(`rules/test.json › r › ${place}`);
    expect(fault).toContain(sentence);
  });
});

describe("audience", () => {
  const loyal = { all: [leaf("customer.orders30", "greaterThan", 2)] };

  it("keeps a rule to some customers and says why it was not for another", () => {
    const rules = rulesWith({ audience: loyal });
    expect(outcome(rules, at("2026-03-03T02:00:00.000Z", { "customer.orders30": 3 }))).toBe(
      "matched",
    );
    expect(outcome(rules, at("2026-03-03T02:00:00.000Z", { "customer.orders30": 2 }))).toEqual({
      rule: "test/r",
      code: "audience",
      detail: "customer.orders30 greaterThan 2 (found 2)",
    });
  });

  it("may be a named condition, and that of a file holds for rules without their own", () => {
    const rules = opened(
      filesOf(
        fileOf([ruleOf("a", always), ruleOf("b", always, { audience: always })], {
          audience: { condition: "loyal" },
          conditions: { loyal },
        }),
      ),
    );
    const { matches } = evaluateRules(rules, at("2026-03-03T02:00:00.000Z"));
    expect(matches.map(({ rule }) => rule)).toEqual(["test/b"]);
  });

  it("may not look at the signal", () => {
    const audience = { any: [leaf("feedback.topic", "equal", "delivery")] };
    expect(faultsIn(filesOf(fileOf([ruleOf("r", always, { audience })])))).toEqual([
      'rules/test.json › r › audience: fact "feedback.topic" is of the signal, and an audience asks who the customer is; move it to "conditions"',
    ]);
    expect(faultsIn(filesOf(fileOf([ruleOf("r", always)], { audience: 1 })))).toEqual([
      expect.stringContaining("rules/test.json › audience: 1 is not a condition"),
    ]);
  });

  it("that cannot be read is the rule's fault and no other's", () => {
    const rules = opened(
      filesOf(
        fileOf([
          ...["a", "b", "c", "d"].map((name) => ruleOf(name, always)),
          ruleOf("r", always, { audience: loyal }),
        ]),
      ),
    );
    const facts = { ...at("2026-03-03T02:00:00.000Z") };
    Object.defineProperty(facts, "customer.orders30", {
      get: () => {
        throw new Error("cannot be read");
      },
      enumerable: true,
    });
    const { matches, faults } = evaluateRules(rules, facts);
    expect(matches).toHaveLength(4);
    expect(faults).toEqual([{ rule: "test/r", code: "rule_fault", detail: "cannot be read" }]);
    expect(explainRules(rules, facts).at(-1)?.outcome?.code).toBe("rule_fault");
  });
});

describe("hold-out", () => {
  it.each([-1, 101, "5"])("of %j is refused", (holdout) => {
    const [fault] = faultsIn(filesOf(fileOf([ruleOf("r", always, { holdout })])));
    expect(fault).toContain("rules/test.json › r › holdout");
    expect(fault).toContain("write 0 to 100");
  });

  it("of a rule stands in place of its file's; 0 unless given", () => {
    const { inOrder } = opened(
      filesOf(
        fileOf([ruleOf("a", always), ruleOf("b", always, { holdout: 2.5 })], { holdout: 10 }),
      ),
    );
    expect(inOrder.map(({ holdout }) => holdout)).toEqual([10, 2.5]);
    expect(rulesWith({}).inOrder[0]?.holdout).toBe(0);
  });
});
