/**
 * Evaluating 10 to 100,000 rules on one record of facts, beside json-rules-engine and the decision table of GoRules zen in one run: medians,
 * what an evaluation allocates, how long loading takes, and whether all three find the same rules. What is timed of ours comes from the build.
 *
 *   npm run bench:rules                      one table
 *   npm run bench:rules -- --json            the same figures as JSON
 *   npm run bench:rules -- --rules 10000     leaves larger sets out
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import CliTable from "cli-table3";
import type { JsonObject } from "../src/core/json.ts";
import { makeFacts, makeRules, type MadeRule } from "./rules/made-rules.ts";
import { jsonRulesEngine, type Matcher, zenTable } from "./rules/peers.ts";

type Build = typeof import("../src/core/rules/open.ts") &
  typeof import("../src/core/rules/evaluate.ts");

const HOME = join(import.meta.dirname, "..");
const SIZES = [10, 100, 1_000, 10_000, 100_000];
/** Above it a peer takes minutes. */
const PEER_MAX: Readonly<Record<string, number>> = { "json-rules-engine": 10_000, zen: 100_000 };
/** Milliseconds that one measurement takes at least. */
const BUDGET_MS = 1_000;

const room = (name: string): string =>
  pathToFileURL(join(HOME, "dist/core/rules", `${name}.js`)).href;

const openBuild = async (): Promise<Build> =>
  ({ ...(await import(room("open"))), ...(await import(room("evaluate"))) }) as Build;

const fileOf = (rules: readonly MadeRule[]): string =>
  JSON.stringify({
    id: "made",
    description: "made for a measurement",
    owner: "bench",
    rules: rules.map((rule) => ({
      ...rule,
      description: "made for a measurement",
      event: { type: "reply", params: { template: "t", slot: "inbox", category: "service" } },
    })),
  });

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

/** Microseconds of one evaluation, the median over batches; at least three evaluations. */
const timeOf = async (
  facts: readonly JsonObject[],
  run: (one: JsonObject) => unknown,
): Promise<number> => {
  const perBatch: number[] = [];
  const until = performance.now() + BUDGET_MS;
  let at = 0;
  let batch = 1;
  while (performance.now() < until || perBatch.length < 3) {
    const from = performance.now();
    for (let count = 0; count < batch; count += 1) {
      const found = run(facts[at % facts.length] ?? {});
      if (found instanceof Promise) await found;
      at += 1;
    }
    const took = performance.now() - from;
    perBatch.push((1000 * took) / batch);
    if (took < 5) batch *= 2;
  }
  return median(perBatch.slice(perBatch.length >> 2));
};

/** Bytes that one evaluation leaves behind, told by the heap; needs room, so it takes the least of several looks. */
const allocated = (facts: readonly JsonObject[], run: (one: JsonObject) => unknown): number => {
  const looks = Array.from({ length: 7 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 50; count += 1) run(facts[count % facts.length] ?? {});
    return (process.memoryUsage().heapUsed - before) / 50;
  });
  return median(looks.filter((look) => look > 0));
};

interface Row {
  readonly rules: number;
  readonly loadMs: number;
  readonly attuneUs: number;
  readonly allocatedBytes: number;
  readonly matches: number;
  readonly peers: Readonly<Record<string, { readonly us: number; readonly same: boolean } | null>>;
}

const PEERS: Readonly<Record<string, (rules: readonly MadeRule[]) => Matcher>> = {
  "json-rules-engine": jsonRulesEngine,
  zen: zenTable,
};

const measure = async (build: Build, count: number): Promise<Row> => {
  const made = makeRules(count, 1);
  const facts = makeFacts(300, 2);
  const text = fileOf(made);
  const from = performance.now();
  const opened = build.openRules({ "rules/made.json": text }, { facts: "any" });
  if (opened.kind === "faulty") throw new Error(opened.faults[0]?.sentence ?? "refused");
  build.evaluateRules(opened.value, facts[0] ?? {});
  const loadMs = performance.now() - from;
  const run = (one: JsonObject) => build.evaluateRules(opened.value, one);
  const namesOf = (one: JsonObject): string =>
    run(one)
      .matches.map(({ rule }) => rule.slice("made/".length))
      .toSorted()
      .join();
  const attuneUs = await timeOf(facts, run);
  const peers: Record<string, Row["peers"][string]> = {};
  for (const [name, open] of Object.entries(PEERS)) {
    peers[name] = null;
    if (count > (PEER_MAX[name] ?? 0)) continue;
    const peer = open(made);
    let same = true;
    for (const one of facts.slice(0, count > 1_000 ? 5 : 50))
      same &&= (await peer(one)).toSorted().join() === namesOf(one);
    peers[name] = { us: await timeOf(facts, peer), same };
  }
  const matches = facts.reduce((sum, one) => sum + run(one).matches.length, 0) / facts.length;
  return { rules: count, loadMs, attuneUs, allocatedBytes: allocated(facts, run), matches, peers };
};

const us = (value: number): string =>
  value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");

const asTable = (rows: readonly Row[]): string => {
  const names = Object.keys(PEERS);
  const table = new CliTable({
    head: [
      "rules",
      "attune µs",
      ...names.flatMap((name) => [`${name} µs`, "÷ attune", "same"]),
      "matches",
      "kB a run",
      "load ms",
    ],
    style: { head: [], border: [] },
  });
  for (const row of rows)
    table.push([
      row.rules.toLocaleString("en"),
      us(row.attuneUs),
      ...names.flatMap((name) => {
        const peer = row.peers[name];
        return peer === null || peer === undefined
          ? ["–", "–", "–"]
          : [us(peer.us), us(peer.us / row.attuneUs), peer.same ? "yes" : "NO"];
      }),
      us(row.matches),
      (row.allocatedBytes / 1000).toFixed(1),
      us(row.loadMs),
    ]);
  return table.toString();
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, rules: { type: "string", default: "100000" } },
  });
  const build = await openBuild();
  const rows: Row[] = [];
  for (const count of SIZES.filter((size) => size <= Number(values.rules))) {
    if (process.stderr.isTTY) process.stderr.write(`${count} rules …\n`);
    rows.push(await measure(build, count));
  }
  process.stdout.write(`${values.json === true ? JSON.stringify(rows) : asTable(rows)}\n`);
};

await main();
