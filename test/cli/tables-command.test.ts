import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readTable } from "../../src/cli/read-table.ts";
import { madeTable } from "../core/tables/made-table.ts";
import { runCommand } from "./capture.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-tables-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const csvOf = (rows: number): string => {
  const { columns, rows: cells } = madeTable(rows);
  return [columns, ...cells].map((row) => row.map((cell) => cell ?? "").join(",")).join("\n");
};

describe("a table in a file", () => {
  it.each(
    [
      [
        "commas, quotes and a byte order mark",
        "a.csv",
        '\uFEFFa,b\n"x, y","two\nlines"\n',
        "x, y",
        "two\nlines",
      ],
      ["semicolons", "b.csv", "a;b\nx;1,5\n", "x", "1,5"],
      ["tabs", "c.tsv", "a\tb\nx\t1\n", "x", "1"],
      ["bars and Windows lines", "d.csv", "a|b\r\nx|1\r\n", "x", "1"],
      ["JSON lines", "e.jsonl", '{"a":"x","b":1.5}\n\n{"b":true}\n', "x", "1.5"],
    ].map(([what, name = "", text = "", ...cells]) => ({ what, name, text, cells })),
  )("with $what", ({ name, text, cells }) => {
    const table = readTable(fileOf(name, text));
    expect(table.columns).toEqual(["a", "b"]);
    expect(table.rows[0]).toEqual(cells);
  });

  it.each([
    ["a ragged row", "a,b\n1,2\n1\n", /is no table: .*line 3/u],
    ["a name that stands twice", "a,a\n1,2\n", /names the column "a" twice/u],
    ["a column without a name", "a,,c\n1,2,3\n", /no name for column 2/u],
    ["no rows", "a,b\n", /has no rows/u],
    ["a broken line of JSON", '{"a":1}\n{"a":\n', /no JSON at line 2/u],
    ["a line of JSON that is no object", '{"a":1}\n[1]\n', /no object at line 2/u],
  ])("with %s is refused", (_case, text, sentence) => {
    expect(() => readTable(fileOf("broken.csv", text))).toThrow(sentence);
  });
});

describe("the commands for tables", () => {
  const data = fileOf("made.csv", csvOf(600));
  const model = join(folder, "made.json");

  it("train, print figures as JSON and nothing else, and write a model only when asked", async () => {
    const { exit, out } = await runCommand({
      args: [
        "train",
        "table",
        "--data",
        data,
        "--label",
        "left",
        "--id",
        "id",
        "--out",
        model,
        "--json",
      ],
    });
    expect(exit).toBe(0);
    const report = JSON.parse(out) as Record<string, Record<string, Record<string, number>>>;
    expect(report).toMatchObject({ rows: 600, positive: "yes", leaks: [] });
    for (const scores of Object.values(report["estimators"] ?? {}))
      expect(Object.keys(scores)).toEqual(
        expect.arrayContaining(["auc", "logLoss", "brier", "fitMs"]),
      );
    expect(readFileSync(model, "utf8")).toContain("attune-table/1");
  });

  it("show a table to people, the chosen one marked", async () => {
    const { exit, out } = await runCommand({
      args: ["train", "table", "--data", data, "--label", "left", "--id", "id"],
    });
    expect(exit).toBe(0);
    expect(out).toMatch(/left = yes: [\d.]+ % of 600 rows, 5 folds/u);
    expect(out).toMatch(/(tree|logistic|boosting|blend) ←/u);
    expect(out).not.toContain("wrote");
  });

  it("predict a line for every row, with reasons", async () => {
    const run = { args: ["predict", "--model", model, "--data", data, "--json"] };
    const { exit, out } = await runCommand(run);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string; probability: number });
    expect([exit, lines.length, lines[0]?.id]).toEqual([0, 600, "c0"]);
    const people = await runCommand({ args: run.args.slice(0, -1) });
    expect(people.out.split("\n")[0]).toMatch(/^c0: 0\.\d+ · \S+ is .*: odds × /u);
  });

  it("cluster", async () => {
    const args = ["cluster", "--data", data, "--ignore", "id", "left", "--k", "3"];
    const { exit, out } = await runCommand({ args: [...args, "--json"] });
    const found = JSON.parse(out) as { k: number; sizes: number[]; labels: number[] };
    expect([exit, found.k, found.labels.length]).toEqual([0, 3, 600]);
    expect((await runCommand({ args })).out).toContain("3 clusters, silhouette");
  });

  it.each([
    [["train", "table", "--label", "left"], "--data <file>"],
    [["train", "table", "--data", data], "--label <column>"],
    [["train", "table", "--data", data, "--label", "lefft"], '"lefft" is no column'],
    [["predict", "--model", data, "--data", data], "is not JSON"],
    [["cluster", "--data", join(folder, "none.csv")], "cannot be read"],
  ])("%j is refused with status 2", async (args, sentence) => {
    const { exit, err, out } = await runCommand({ args });
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
  });
});
