/**
 * The most memory that a fresh process takes which holds a table and fits one estimator to it. Plain node on the build;
 * the table is read from its file into one typed array, so that making it costs nothing.
 */
import { execFileSync } from "node:child_process";
import { buildAddress } from "../text/build.ts";
import { type DataFolder, type DataKind, WIDTH } from "./data.ts";

/** Megabytes (2²⁰ bytes). */
export interface Memory {
  readonly name: string;
  readonly rows: number;
  /** The numbers of the table themselves, labels included. */
  readonly data: number;
  /** Peak of the process before the fit: node, the estimator's code and the table. */
  readonly before: number;
  readonly peak: number;
}

interface Case {
  readonly name: string;
  readonly kind: DataKind;
  readonly module: string;
  /** A call on `module`, `table` and `targets`. */
  readonly call: string;
}

const CASES: readonly Case[] = [
  {
    name: "k-means",
    kind: "overlapped",
    module: "kmeans",
    call: "module.fitKMeans(table, { k: 8, seed: 1, batchAbove: 2e6 })",
  },
  {
    name: "k-means, mini-batch",
    kind: "overlapped",
    module: "kmeans",
    call: "module.fitKMeans(table, { k: 8, seed: 1 })",
  },
  { name: "tree", kind: "customers", module: "cart", call: "module.fitCart(table, labels)" },
  {
    name: "boosting",
    kind: "customers",
    module: "boosting-fit",
    call: "module.fitBoosting(table, labels, { rounds: 20, maxLeaves: 31, rate: 0.1 })",
  },
  {
    name: "logistic",
    kind: "customers",
    module: "logistic",
    call: "module.fitLogistic(table, labels)",
  },
  { name: "ridge", kind: "customers", module: "ridge", call: "module.fitRidge(table, amounts)" },
];

/** Its arguments: the build's folder, the module's name, the call, the path of the table and its width. */
const SCRIPT = `
import { readFileSync } from "node:fs";
const [build, name, call, path, width] = process.argv.slice(1);
const module = await import(build + "/core/models/" + name + ".js");
const doubles = (part) => {
  const bytes = readFileSync(path + "." + part);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
};
const table = { values: doubles("values"), width: Number(width) };
const labels = call.includes("labels") ? doubles("labels") : [];
const amounts = call.includes("amounts") ? doubles("amounts") : [];
const peak = () => process.resourceUsage().maxRSS / 1024;
const before = peak();
const fit = new Function("module", "table", "labels", "amounts", "return " + call);
const result = fit(module, table, labels, amounts);
if (result.kind !== "fitted") throw new Error(JSON.stringify(result));
const data = (table.values.byteLength + 8 * (labels.length + amounts.length)) / 2 ** 20;
process.stdout.write(JSON.stringify({ data, before, peak: peak() }));
`;

/** Linux counts what a process was forked from towards its peak: the shell is small, the benchmark is not. */
const SMALL_PARENT = '"$@"; exit $?';

export const measureMemory = (home: string, folder: DataFolder, rows: number): readonly Memory[] =>
  CASES.map(({ name, kind, module, call }) => {
    const { train } = folder.setOf(kind, rows);
    const words = [buildAddress(home), module, call, train, String(WIDTH)];
    const command = [process.execPath, "--input-type=module", "--eval", SCRIPT, ...words];
    const shown = execFileSync("sh", ["-c", SMALL_PARENT, "sh", ...command], { encoding: "utf8" });
    return { name, rows, ...(JSON.parse(shown) as Pick<Memory, "data" | "before" | "peak">) };
  });
