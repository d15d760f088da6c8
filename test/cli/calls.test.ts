import { describe, expect, it } from "vitest";
import { AttuneError } from "../../src/errors.ts";
import { fakeAttune } from "../http/fake.ts";
import { type CommandRun, runCommand } from "./capture.ts";

describe("a wrong call", () => {
  it.each([
    ["statu", "Did you mean status?"],
    ["rules lnt", "Did you mean lint?"],
    ["inbox c --aftr 3", "Did you mean --after?"],
    ["inbox", "'customer'"],
    ["inbox c --after x", "It is not a whole number"],
    ["inbox c --limit 501", "It is not a whole number from 1 to 500"],
    ["inbox c d", "too many arguments"],
    ["train everything", "segments, churn, spend, offers, text, language, all"],
    ["enqueue f --clock wall", "database, signal"],
    ["status --jsn", "Did you mean --json?"],
  ])("attune %s is refused in two lines with status 2", async (line, sentence) => {
    const { exit, out, err } = await runCommand({ args: line.split(" ") });
    expect(exit).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(/^attune: .+\n→ see attune --help\n$/u);
    expect(err).toContain(sentence);
  });

  it("without any command shows the help on stderr", async () => {
    const { exit, out, err } = await runCommand({ args: [] });
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain("Usage: attune");
  });

  it("in a faulty environment names every fault", async () => {
    const { exit, err } = await runCommand({
      args: ["status"],
      environment: { ATTUNE_PORT: "x", ATTUNE_LOG: "loud" },
    });
    expect(exit).toBe(2);
    expect(err).toContain("ATTUNE_PORT");
    expect(err).toContain("ATTUNE_LOG");
  });
});

describe("help and version", () => {
  it.each([[["--help"]], [["enqueue", "--help"]], [["help", "rules"]]])(
    "%j go to stdout with status 0",
    async (args) => {
      const { exit, out, err } = await runCommand({ args });
      expect([exit, err]).toEqual([0, ""]);
      expect(out).toContain("Usage: attune");
    },
  );

  it("gives the version", async () => {
    expect(await runCommand({ args: ["--version"] })).toEqual({ exit: 0, out: "1.2.3\n", err: "" });
  });
});

const failing = (error: Error): CommandRun => ({
  args: ["status", "--json"],
  attune: fakeAttune({
    status: async () => {
      throw error;
    },
  }),
});

describe("an error", () => {
  it.each([
    ["STORE_LOCKED", 3],
    ["STORE_UNREACHABLE", 3],
    ["NOT_FOUND", 1],
    ["INPUT_INVALID", 2],
    ["NEEDS_SERVER", 2],
  ] as const)("%s ends with status %i, its sentence and what to do", async (code, status) => {
    const error = new AttuneError(code, "It did not work.");
    const { exit, out, err } = await runCommand(failing(error));
    expect(exit).toBe(status);
    expect(out).toBe("");
    expect(err).toBe(`attune: It did not work.\n→ ${error.remedy}\n`);
  });

  it("that nobody foresaw says so, with its stack only for who debugs", async () => {
    const run = failing(new Error("boom"));
    const quiet = await runCommand(run);
    expect(quiet.exit).toBe(1);
    expect(quiet.err).toContain("boom");
    expect(quiet.err).not.toContain("    at ");
    const loud = await runCommand({ ...run, environment: { ATTUNE_LOG: "debug" } });
    expect(loud.err).toContain("    at ");
  });
});
