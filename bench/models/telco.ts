/** Telco customer churn (IBM's sample) as a table, judged by stratified folds as `attune train table` does. The data stay outside of attune. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cellOf, type RawTable } from "../../src/core/tables/table.ts";
import { type EstimatorName, trainTable } from "../../src/core/tables/train-table.ts";
import { usable } from "../../src/work/training-input.ts";
import { cpuSeconds } from "../text/clock.ts";

/** No cell of this file holds a comma or a quote. */
const readTelco = (folder: string): RawTable => {
  const [head = "", ...lines] = readFileSync(join(folder, "telco-churn.csv"), "utf8")
    .trim()
    .split(/\r?\n/u);
  return {
    columns: head.split(","),
    rows: lines.map((line) => line.split(",").map(cellOf)),
  };
};

/** Means over folds and dealings. */
export interface TelcoScore {
  readonly estimator: EstimatorName;
  readonly auc: number;
  readonly logLoss: number;
  readonly fitMs: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const clockMs = (): number => cpuSeconds() * 1000;

/** Five folds, dealt once with each seed. */
export const scoreTelco = (folder: string, seeds: readonly number[]): readonly TelcoScore[] => {
  const table = readTelco(folder);
  const reports = seeds.map((seed) => {
    const options = { label: "Churn", id: "customerID", folds: 5, seed, keep: [], clockMs };
    return usable(trainTable(table, options), "the table").report.estimators;
  });
  const names = Object.keys(reports[0] ?? {}) as readonly EstimatorName[];
  return names.map((estimator) => ({
    estimator,
    auc: mean(reports.map((report) => report[estimator]?.auc ?? Number.NaN)),
    logLoss: mean(reports.map((report) => report[estimator]?.logLoss ?? Number.NaN)),
    fitMs: mean(reports.map((report) => report[estimator]?.fitMs ?? Number.NaN)),
  }));
};
