import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { HOME } from "../http/real.ts";
import { runCommand } from "./capture.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-evaluate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const rules = written(
  "rules.json",
  JSON.stringify([
    {
      name: "late",
      priority: 2,
      conditions: { all: [{ fact: "days", operator: "greaterThan", value: 3 }] },
      event: { type: "sorry", params: { days: { fact: "days" } } },
    },
    {
      name: "any",
      conditions: { all: [] },
      event: { type: "hello" },
    },
  ]),
);

const evaluate = (...args: readonly string[]) =>
  runCommand({ args: ["rules", "evaluate", ...args] });

describe("attune rules evaluate", () => {
  it("answers each line in its place, and says by its status that one was bad", async () => {
    const facts = written("facts.jsonl", '{"days":5}\n{"days":1}\n\nnope\n[1]\n');
    const { exit, out } = await evaluate("--rules", rules, "--facts", facts, "--untyped", "--json");
    expect(exit).toBe(1);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      {
        matched: ["late", "any"],
        events: [{ type: "sorry", params: { days: 5 } }, { type: "hello" }],
      },
      { matched: ["any"], events: [{ type: "hello" }] },
      { error: "line 4: Unexpected token 'o', \"nope\" is not valid JSON" },
      { error: "line 5: is not an object of facts; write one JSON object a line" },
    ]);
  });

  it("checks facts by the catalogue unless told otherwise, and leaves out what does not apply", async () => {
    const facts = written(
      "typed.jsonl",
      '{"feedback.topic":"delivery","feedback.sentiment":-0.5}\n{"feedback.topik":"x","feedback.rating":"5"}\n{}\n',
    );
    const { exit, out } = await evaluate("--rules", join(HOME, "rules"), "--facts", facts);
    expect(exit).toBe(1);
    expect(out).toContain("1: delivery/late-parcel");
    expect(out).toContain('line 2: fact "feedback.topik" is not known; did you mean');
    expect(out).toContain('value "5" is text, but feedback.rating is a number');
    expect(out).toContain("3: no rule matched");
  });

  it("reads facts from standard input, and is content when all is well", async () => {
    const { exit, out } = await runCommand({
      args: ["rules", "evaluate", "--rules", rules, "--facts", "-", "--untyped"],
      input: '{"days":4}\n',
    });
    expect(exit).toBe(0);
    expect(out.trim()).toBe("1: late, any");
  });

  it.each([
    ["a folder that is not there", join(folder, "nowhere"), "is neither a folder nor a file"],
    ["a folder without rules", mkdtempSync(join(folder, "empty-")), "holds no rule file"],
  ])("refuses %s", async (_what, path, words) => {
    const { exit, err } = await evaluate("--rules", path, "--facts", "-");
    expect(exit).not.toBe(0);
    expect(err).toContain(words);
  });

  it("refuses faulty rules with every fault, and facts that are no file", async () => {
    const faulty = written("faulty.json", '[{"name":"r","conditions":{"all":[{"fact":"a"}]}}]');
    const told = await evaluate("--rules", faulty, "--facts", "-", "--untyped");
    expect(told.err).toContain("operator is missing");
    expect(told.err).toContain("is not an event");
    const nowhere = await evaluate("--rules", rules, "--facts", join(folder, "no"), "--untyped");
    expect(nowhere.err).toContain("is no file");
  });
});
