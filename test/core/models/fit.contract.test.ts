/** One contract for every estimator of src/core/models. A function that fits, by name or by what it gives, and has no row here fails the last test. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { CLUSTERS } from "./contract-clusters.ts";
import { CUSTOMERS_ROWS } from "./contract-customers.ts";
import { LINEAR } from "./contract-linear.ts";
import { OFFERS } from "./contract-offers.ts";
import { SCORES } from "./contract-scores.ts";
import { TRAINERS } from "./contract-trainers.ts";
import { TREES } from "./contract-trees.ts";

const ROWS = [
  ...LINEAR,
  ...SCORES,
  ...TREES,
  ...CLUSTERS,
  ...CUSTOMERS_ROWS,
  ...OFFERS,
  ...TRAINERS,
];

for (const { holds } of ROWS) holds();

const FOLDER = resolve(import.meta.dirname, "../../../src/core/models");

/** Gives `Fitted` but is no estimator of its own, and why. */
const OTHERS: Readonly<Record<string, string>> = {
  fitted: "wraps a value",
  driftOf: "compares with what `fitReference` has fitted",
  modelDrift: "asks `driftOf` for a model",
  countParts: "counts for `fitOffers`, which is in the table",
  compete: "the contest inside of `trainChurn` and `trainSpend`, which are in the table",
};

/** Exported functions that are named like an estimator or whose declaration says that they give `Fitted`. */
const estimatorsIn = (text: string): readonly string[] =>
  text
    .split(/^(?=export const )/mu)
    .map((part) => ({
      name: /^export const (\w+) =/u.exec(part)?.[1] ?? "",
      head: part.split(/=>\s*(?:\{|$)|\n\n/mu)[0] ?? "",
    }))
    .filter(({ name, head }) => /^(?:fit|train)[A-Z]/u.test(name) || /\): Fitted</u.test(head))
    .map(({ name }) => name);

it("is held by every estimator of the folder", () => {
  const found = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .flatMap((file) => estimatorsIn(readFileSync(join(FOLDER, file), "utf8")));
  expect(found.length).toBeGreaterThan(20);
  const held = new Set(ROWS.map(({ name }) => name.split(":")[0]));
  expect(found.filter((name) => !held.has(name) && !(name in OTHERS))).toEqual([]);
  expect([...held, ...Object.keys(OTHERS)].filter((name) => !found.includes(name ?? ""))).toEqual(
    [],
  );
});

it("would miss none that is new", () => {
  const text = `export const fitNew = (rows: Rows): Model => 1;\n
export const other = <T>(\n  rows: Rows,\n): Fitted<Model> => {\n  return 1;\n};\n
export const told = (rows: Fitted<Model>): number => 2;\n`;
  expect(estimatorsIn(text)).toEqual(["fitNew", "other"]);
});
