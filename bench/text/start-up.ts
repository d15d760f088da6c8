/**
 * What a fresh process spends until it reads feedback. It is plain node on the build: tsx would be measured with it.
 * The wall clock counts here: what somebody waits for.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { buildAddress } from "./build.ts";
import { median } from "./clock.ts";

/** Milliseconds, one after the other: node itself, imports, opening the models, a first text of each language. */
export interface StartUp {
  readonly node: number;
  readonly imports: number;
  readonly open: number;
  readonly english: number;
  readonly chinese: number;
}

const RUNS = 5;

/** Its arguments: the addresses of the build's folder and the path of the models' folder. */
const SCRIPT = `
import { readdirSync, readFileSync } from "node:fs";
const [build, models] = process.argv.slice(1);
const times = [performance.now()];
const { analyse } = await import(build + "/core/text/analyse.js");
const { openTextReader } = await import(build + "/core/text/reader.js");
times.push(performance.now());
const files = {};
for (const name of readdirSync(models))
  if (name.endsWith(".json")) files["models/" + name] = readFileSync(models + "/" + name, "utf8");
const opened = openTextReader(files);
if (opened.kind === "faulty") throw new Error(JSON.stringify(opened.faults));
times.push(performance.now());
analyse("The parcel came late, but the lady on the phone was lovely.", opened.value, "labels");
times.push(performance.now());
analyse("快递太慢了，不过客服态度很好。", opened.value, "labels");
times.push(performance.now());
process.stdout.write(JSON.stringify(times));
`;

const runOnce = (home: string): readonly number[] => {
  const shown = execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", SCRIPT, buildAddress(home), join(home, "models")],
    { encoding: "utf8" },
  );
  const times = JSON.parse(shown) as readonly number[];
  return times.map((time, index) => time - (times[index - 1] ?? 0));
};

/** Medians of five processes. */
export const timeStartUp = (home: string): StartUp => {
  const runs = Array.from({ length: RUNS }, () => runOnce(home));
  const [node = 0, imports = 0, open = 0, english = 0, chinese = 0] = (runs[0] ?? []).map(
    (_, index) => median(runs.map((run) => run[index] ?? 0)),
  );
  return { node, imports, open, english, chinese };
};
