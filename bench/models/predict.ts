/** What the shipped models need for one customer of the fixtures, once opened: segment, churn and spend, as a worker asks for every signal. */
import { join } from "node:path";
import type { Features } from "../../src/core/feature.ts";
import { buildTrainingRows } from "../../src/core/customers/rows.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { readPlaybookFiles } from "../../src/work/publish.ts";
import { usable } from "../../src/work/training-input.ts";
import { cpuSeconds, median } from "../text/clock.ts";
import type { ModelsBuild } from "./build.ts";

export interface PredictTime {
  readonly customers: number;
  /** CPU microseconds of all models for one customer, median of the rounds. */
  readonly micros: number;
}

/** Passes over all customers in a round. */
const PASSES = 500;

const featuresOfAll = (home: string): readonly Features[] => {
  const { signals } = readFixtures(join(home, "fixtures"));
  const rows = buildTrainingRows(signals, {
    cutoffs: ["9999-01-01T00:00:00.000Z"],
    horizonDays: 1,
  });
  return rows.map(({ features }) => features);
};

export const timePredict = (home: string, build: ModelsBuild, rounds: number): PredictTime => {
  const models = usable(build.openModels(readPlaybookFiles(home)), "the models");
  const customers = featuresOfAll(home);
  const micros: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const from = cpuSeconds();
    for (let pass = 0; pass < PASSES; pass += 1)
      for (const features of customers) build.predictValues(features, models);
    if (round > 0) micros.push(((cpuSeconds() - from) * 1e6) / (PASSES * customers.length));
  }
  return { customers: customers.length, micros: median(micros) };
};
