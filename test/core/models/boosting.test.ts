/** Boosted trees: one step against Newton's by hand, sums that hold to the bit, early stopping, sampling and seeds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BoostingOptions, fitBoosting } from "../../../src/core/models/boosting-fit.ts";
import {
  boostingContributions,
  type BoostingModel,
  boostingScore,
  openBoosting,
  predictBoosting,
} from "../../../src/core/models/boosting.ts";
import { numericRows } from "../../../src/core/models/histogram.ts";
import { auc, logLoss } from "../../../src/core/models/scores.ts";
import { codeOf, type Made, made, mustBeFitted, shuffled, tableOf } from "./made-trees.ts";

const fit = ({ rows, labels }: Made, options: BoostingOptions = {}) =>
  fitBoosting(tableOf(rows), labels, options);

const fitOpen = (data: Made, options: BoostingOptions = {}) =>
  openBoosting(mustBeFitted(fit(data, options)));

const judge = (open: ReturnType<typeof openBoosting>, { rows, labels }: Made) =>
  rows.map((row, place) => ({
    probability: predictBoosting(open, row),
    happened: labels[place]!,
  }));

/** Labels that nothing foretells. */
const noise = (seed: number): Made => {
  const data = made(seed);
  return { ...data, labels: shuffled(data, seed + 1).labels };
};

const ALL = { holdout: 0, rounds: 20 } as const;

describe("boosting", () => {
  it("takes one Newton step from the log-odds of the base rate", () => {
    const labels = [...Array.from({ length: 30 }, () => 0), ...Array.from({ length: 10 }, () => 1)];
    const rows = labels.map((label) => [label]);
    const options = { ...ALL, rounds: 1, rate: 0.5, lambda: 2, minChildWeight: 1 };
    const model = mustBeFitted(fitBoosting(numericRows(rows, 1), labels, options));
    const start = Math.log(10 / 30);
    const above = start + (0.5 * 10 * 0.75) / (10 * 0.75 * 0.25 + 2);
    const below = start - (0.5 * 30 * 0.25) / (30 * 0.75 * 0.25 + 2);
    expect(model.start).toBeCloseTo(start, 11);
    expect(boostingScore(openBoosting(model), [1])).toBeCloseTo(above, 11);
    expect(boostingScore(openBoosting(model), [0])).toBeCloseTo(below, 11);
    expect(model.base).toBeCloseTo((10 * above + 30 * below) / 40, 11);
    const gain = 7.5 ** 2 / (1.875 + 2) + 7.5 ** 2 / (5.625 + 2);
    expect(model.gains[0]).toBeCloseTo(gain, 9);
  });

  it("tells new rows apart, and better than the base rate does", () => {
    const open = fitOpen(made(1, 2_000));
    const judged = judge(open, made(2, 2_000));
    expect(auc(judged)).toBeGreaterThan(0.93);
    expect(logLoss(judged)).toBeLessThan(0.35);
    const [first = 0, second = 0, third = 0] = open.model.gains;
    expect(first).toBeGreaterThan(second);
    expect(second).toBeGreaterThan(third);
  });

  it("is the same, byte for byte, for equal data and seed", () => {
    const data = made(3);
    const options = { rowShare: 0.7, columnShare: 0.7, seed: 5 };
    expect(JSON.stringify(fit(data, options))).toBe(JSON.stringify(fit(data, options)));
    expect(JSON.stringify(fit(data, options))).not.toBe(
      JSON.stringify(fit(data, { ...options, seed: 6 })),
    );
  });

  it("does not depend on the order of the rows when nothing is held out or sampled", () => {
    const data = made(4);
    expect(JSON.stringify(fit(shuffled(data, 9), ALL))).toBe(JSON.stringify(fit(data, ALL)));
  });

  it("predicts the same after a journey through JSON, and leaves its data alone", () => {
    const data = made(5);
    const before = JSON.stringify(data);
    const open = fitOpen(data);
    const back = openBoosting(JSON.parse(JSON.stringify(open.model)) as BoostingModel);
    expect(back).toEqual(open);
    for (const row of data.rows) expect(boostingScore(back, row)).toBe(boostingScore(open, row));
    expect(JSON.stringify(data)).toBe(before);
  });

  it("has contributions that add up to the score to the bit, for any row", () => {
    const open = fitOpen(made(6), { minChildWeight: 1 });
    const anything = fc.option(fc.double({ noDefaultInfinity: true, min: -150, max: 150 }));
    fc.assert(
      fc.property(fc.tuple(anything, anything, anything), (row) => {
        const { base, columns, score } = boostingContributions(open, row);
        expect(score).toBe(boostingScore(open, row));
        expect(columns.reduceRight((sum, change) => sum + change, base)).toBe(score);
        const probability = predictBoosting(open, row);
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
      }),
    );
  });

  it("starts contributions from the mean log-odds of its rows", () => {
    const data = made(7);
    const open = fitOpen(data, ALL);
    const sum = data.rows.reduce((total, row) => total + boostingScore(open, row), 0);
    expect(open.model.base).toBeCloseTo(sum / data.rows.length, 9);
  });

  it("charges nothing to a column that no tree looks at", () => {
    const data = made(8);
    const rows = data.rows.map((row) => [...row, 1]);
    const open = openBoosting(mustBeFitted(fitBoosting(tableOf(rows), data.labels, ALL)));
    expect(boostingContributions(open, rows[0]!).columns[3]).toBe(0);
    expect(open.model.gains[3]).toBe(0);
  });
});

describe("early stopping", () => {
  it("holds out a share of both labels and stops long before it has learned noise by heart", () => {
    const { model } = fitOpen(noise(1), { rate: 0.3, patience: 5 });
    expect(model.trees.length).toBeLessThan(10);
    expect(model.heldOut?.rows).toBeGreaterThanOrEqual(38);
    expect(model.heldOut?.logLoss).toBeGreaterThan(0.5);
  });

  it("reports the loss of its trees on rows they have not seen", () => {
    const { model } = fitOpen(made(2, 2_000), { holdout: 0.25, isRefitted: false });
    const fresh = logLoss(judge(openBoosting(model), made(3, 2_000)));
    expect(Math.abs((model.heldOut?.logLoss ?? 0) - fresh)).toBeLessThan(0.05);
  });

  it("grows the chosen number of trees again on all rows", () => {
    const data = made(4, 1_000);
    const once = fitOpen(data, { isRefitted: false, rounds: 30 });
    const again = fitOpen(data, { rounds: 30 });
    expect(again.model.trees).toHaveLength(once.model.trees.length);
    expect(again.model.heldOut).toEqual(once.model.heldOut);
    expect(again.model.trees[0]!.rows).toBe(1_000);
    expect(once.model.trees[0]!.rows).toBe(1_000 - once.model.heldOut!.rows);
  });

  it("holds out nothing when there would be fewer than ten of a label", () => {
    const { model } = fitOpen(made(5, 60), { minChildWeight: 1, rounds: 12 });
    expect(model.heldOut).toBeNull();
    expect(model.trees).toHaveLength(12);
  });
});

describe("the options of boosting", () => {
  it("bound leaves, depth and the weight of a leaf", () => {
    const data = made(6, 1_000);
    const text = (options: BoostingOptions) => JSON.stringify(fitOpen(data, options).model.trees);
    const splits = (options: BoostingOptions) =>
      Math.max(
        ...fitOpen(data, options).model.trees.map(
          (tree) => JSON.stringify(tree).split("column").length - 1,
        ),
      );
    expect(splits({ ...ALL, maxLeaves: 4 })).toBe(3);
    expect(splits({ ...ALL, maxDepth: 1 })).toBe(1);
    expect(text({ ...ALL, minChildWeight: 1e6 })).toBe("[]");
    expect(text({ ...ALL, minGain: 1e9 })).toBe("[]");
  });

  it("let each tree see some rows and some columns", () => {
    const data = made(7, 1_000);
    const few = fitOpen(data, { ...ALL, rowShare: 0.3 }).model;
    for (const { rows } of few.trees) expect(Math.abs(rows - 300)).toBeLessThan(80);
    const narrow = fitOpen(data, { ...ALL, columnShare: 0.001 }).model;
    for (const tree of narrow.trees)
      expect(new Set(JSON.stringify(tree).match(/"column":\d/gu)).size).toBe(1);
    const judged = judge(fitOpen(data, { rowShare: 0.5, columnShare: 0.6 }), made(8, 1_000));
    expect(auc(judged)).toBeGreaterThan(0.93);
  });

  it("let a round pass when its columns give no split", () => {
    const data = made(9);
    const rows = data.rows.map((row) => [row[0]!, 1, 1, 1]);
    const table = tableOf(rows);
    const model = mustBeFitted(fitBoosting(table, data.labels, { ...ALL, columnShare: 0.3 }));
    expect(model.trees.length).toBeGreaterThan(0);
    expect(model.trees.length).toBeLessThan(20);
  });

  it.each<BoostingOptions>([
    { rounds: 0 },
    { rate: 0 },
    { rate: 1.1 },
    { maxLeaves: 1 },
    { maxDepth: 0 },
    { lambda: -1 },
    { minChildWeight: 0 },
    { minGain: -1 },
    { rowShare: 0 },
    { columnShare: 2 },
    { holdout: 0.6 },
    { patience: 0.5 },
  ])("refuse %o", (options) => {
    expect(() => fit(made(1), options)).toThrow(RangeError);
  });
});

describe("what boosting cannot be fitted on", () => {
  const good = made(7);
  it.each<[string, string, Made]>([
    ["no rows", "EMPTY", { ...good, rows: [], labels: [] }],
    ["19 rows", "TOO_FEW", { ...good, rows: good.rows.slice(0, 19) }],
    ["infinity", "NOT_FINITE", { ...good, rows: [[1, 2, Infinity], ...good.rows.slice(1)] }],
    ["too few labels", "WIDTH", { ...good, labels: good.labels.slice(1) }],
    ["a label of .5", "LABEL", { ...good, labels: [0.5, ...good.labels.slice(1)] }],
    ["one label", "CONSTANT", { ...good, labels: good.labels.map(() => 1) }],
  ])("%s: %s", (_name, code, data) => {
    expect(codeOf(fit(data))).toBe(code);
  });

  it("predicts no row of another width or with an infinite number", () => {
    const open = fitOpen(good, ALL);
    expect(() => predictBoosting(open, [1, 2])).toThrow(RangeError);
    expect(() => boostingContributions(open, [1, 2, Infinity])).toThrow(RangeError);
  });
});
