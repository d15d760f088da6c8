import { describe, expect, it } from "vitest";
import { deadLettersAsText } from "../../src/cli/dead-letters.ts";
import { inboxAsText } from "../../src/cli/inbox.ts";
import { lintAsJunit, lintAsSarif, lintAsText } from "../../src/cli/rules-lint.ts";
import { rulesTestAsText } from "../../src/cli/rules-test.ts";
import { statusAsText } from "../../src/cli/status.ts";
import { reportsAsText } from "../../src/cli/train-text.ts";
import { intervalAsText } from "../../src/cli/words.ts";
import { EMPTY_STATUS } from "../http/fake.ts";
import { REPLY } from "./story.ts";

const estimators = (count: number) =>
  Array.from({ length: count }, (_, place) => ({
    estimator: place < 2 ? `model ${place}` : `baseline: something ${place}`,
    metric: "calibrationError",
    value: 0.123456,
    low: 0.1,
    high: 0.2 + place / 100,
  }));

describe("what people read", () => {
  it("of a reply: its place, its words, who takes over, and nothing that steers the terminal", () => {
    const text = inboxAsText([
      { ...REPLY, state: "visible", body: "one\n\u001b[2Jtwo", handover: "care-team" },
    ]);
    expect(text.split("\n")).toEqual([
      "#3 We are sorry",
      "   one",
      "   [2Jtwo",
      "   → handed over to care-team",
      "   2026-03-01T09:30:00.000Z · en · delivery/late-parcel · for f-1 · visible",
    ]);
  });

  it("of dead letters: id, reason and sentence", () => {
    const letter = {
      tenant: "default",
      id: "f-1",
      reason: "poison",
      detail: "three times",
      payload: {},
    } as const;
    expect(deadLettersAsText([letter])).toBe("f-1  poison\n   three times");
  });

  it("of a status without a playbook: what to do", () => {
    expect(statusAsText(EMPTY_STATUS)).toContain("none yet: attune rules publish");
  });

  it("of one fault and of two: as many", () => {
    const found = {
      code: "invalid",
      severity: "error",
      place: "rules/a.json › late",
      sentence: 'is <broken> & "odd"\u0007',
      remedy: "mend it",
      line: 3,
      column: 5,
    } as const;
    expect(lintAsText(3, [found])).toBe(
      `rules/a.json:3:5: error invalid: late: ${found.sentence}\n3 files, 1 error, 0 warnings, 0 notes`,
    );
    const warning = { ...found, severity: "warning" } as const;
    expect(lintAsText(3, [found, found, warning])).toContain("2 errors, 1 warning");
    expect(JSON.parse(lintAsSarif([found]))).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ ruleId: "invalid", level: "error" }] }],
    });
    const note = { ...found, severity: "note", place: "rules/b.json" } as const;
    const junit = lintAsJunit(["rules/a.json", "rules/b.json"], [found, note]);
    expect(junit).toContain('tests="2" failures="1"');
    expect(junit).toContain('message="is &lt;broken&gt; &amp; &quot;odd&quot; "');
  });

  it("of a rules test: failures, differences, and rules without an example", () => {
    const text = rulesTestAsText({
      rules: 2,
      examples: 2,
      failures: [{ place: "a", expected: "matched", actual: "not_matched", detail: "topic" }],
      differences: [{ place: "b", ours: "matched", theirs: "refused: x" }],
      withoutExamples: ["set/rule"],
      conditions: [],
      coverage: 99.9,
      tested: [],
    });
    expect(text.split("\n")).toEqual([
      "✗ a: expected matched, was not_matched; topic",
      "≠ b: attune says matched, json-rules-engine says refused: x",
      "? set/rule has no example",
      "2 rules, 2 examples, 1 failed, 1 judged otherwise by json-rules-engine",
      "0 conditions, each to be true and to be false: 99 % shown by examples",
    ]);
  });

  it("of training: a row a metric, a column an estimator, and a dash where there is no score", () => {
    const text = reportsAsText([
      {
        task: "churn",
        rows: 1234,
        seed: 1,
        scores: [
          { estimator: "tree", metric: "auc", value: 0.91234 },
          { estimator: "baseline: constant", metric: "auc", value: 0.5 },
          { estimator: "tree", metric: "logLoss", value: 0.3 },
        ],
        notes: ["a note"],
      },
    ]);
    expect(text).toContain("churn: 1,234 rows, seed 1");
    expect(text).toMatch(/auc +│ +0\.9123 │ +0\.5 │/u);
    expect(text).toMatch(/logLoss +│ +0\.3 │ +– │/u);
    expect(text).toContain("· a note");
  });

  it("of training: the interval stands below the model's value and no other's", () => {
    const text = reportsAsText([
      { task: "churn", rows: 1, seed: 1, scores: estimators(2), notes: [] },
    ]);
    expect(text).toMatch(/0\.1235 │ +0\.1235 │\n│ +│ 0\.1 … 0\.2 │ +│/u);
  });

  it.each([2, 5, 7, 9, 16])("of training: %i estimators stay within 100 columns", (count) => {
    const text = reportsAsText([
      { task: "churn", rows: 1, seed: 1, scores: estimators(count), notes: [] },
    ]);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    for (let place = 2; place < count; place += 1)
      expect(text.replaceAll(/[│\s]+/gu, " ")).toMatch(new RegExp(`\\b${place}\\b`, "u"));
  });

  it.each([
    [{ low: 0.8825, high: 0.9537 }, "0.88 … 0.95"],
    [{ low: 0.9121, high: 0.9154 }, "0.912 … 0.915"],
    [{ low: 0.5, high: 0.5 }, "0.5 … 0.5"],
    [{ low: -1.25, high: 3 }, "−1.25 … 3"],
    [{ low: 1 }, ""],
    [{}, ""],
  ])("of the interval %j", (interval, text) => {
    expect(intervalAsText(interval)).toBe(text);
  });
});
