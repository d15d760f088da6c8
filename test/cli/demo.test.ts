import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createContext } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { HOME } from "../http/real.ts";
import { runCommand } from "./capture.ts";

interface DemoOutput {
  readonly decided: number;
  readonly deadLetters: number;
  readonly repliesByLanguage: Readonly<Record<string, number>>;
  readonly hash: string;
  readonly samples: readonly { rule: string; language: string; because: readonly string[] }[];
}

const ruleNames = (): readonly string[] =>
  readdirSync(join(HOME, "rules"))
    .filter((name) => name.endsWith(".json"))
    .map(
      (name) =>
        JSON.parse(readFileSync(join(HOME, "rules", name), "utf8")) as {
          id?: string;
          rules?: readonly { name: string }[];
        },
    )
    .flatMap(({ id, rules }) => (rules ?? []).map(({ name }) => `${id}/${name}`));

it(
  "decides every fixture and shows a reply of every rule, in English and Chinese, with its reason",
  { timeout: 120_000 },
  async () => {
    const { exit, out } = await runCommand({
      args: ["demo", "--json"],
      runClean: () => createContext({ config: readConfig({}), home: HOME, json: true }).runClean(),
    });
    expect(exit).toBe(0);
    const demo = JSON.parse(out) as DemoOutput;
    expect(demo.decided).toBe(readFixtures(join(HOME, "fixtures")).signals.length);
    expect(demo.deadLetters).toBe(0);
    expect(demo.hash).toMatch(/^[0-9a-f]{64}$/u);
    expect([...new Set(demo.samples.map(({ rule }) => rule))].toSorted()).toEqual(
      ruleNames().toSorted(),
    );
    expect(Object.keys(demo.repliesByLanguage)).toEqual(["en", "zh"]);
    for (const { because } of demo.samples) expect(because.join("")).not.toBe("");
  },
);
