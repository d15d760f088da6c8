/** The corners of tables: odd labels, folds, levels and files that do not fit themselves. */
import { describe, expect, it } from "vitest";
import { clusterTable } from "../../../src/core/tables/cluster-table.ts";
import { findColumns, readNumber } from "../../../src/core/tables/columns.ts";
import { ESTIMATORS } from "../../../src/core/tables/estimators.ts";
import { stratifiedFolds } from "../../../src/core/tables/folds.ts";
import { labelOf } from "../../../src/core/tables/label.ts";
import { findLeaks } from "../../../src/core/tables/leaks.ts";
import { predictTable } from "../../../src/core/tables/predict-table.ts";
import type { Cell, RawTable } from "../../../src/core/tables/table.ts";
import { readTableModel, writeTableModel } from "../../../src/core/tables/table-file.ts";
import { trainTable } from "../../../src/core/tables/train-table.ts";
import { madeTable, withColumn } from "./made-table.ts";

const column = (cells: readonly Cell[]): RawTable => ({
  columns: ["x"],
  rows: cells.map((cell) => [cell]),
});

const OPTIONS = { label: "left", folds: 3, seed: 1, keep: [] as string[], clockMs: () => 0 };

const trained = (table: RawTable, own: Partial<typeof OPTIONS & { id: string }> = {}) => {
  const result = trainTable(table, { ...OPTIONS, ...own });
  if (result.kind === "faulty") throw new Error(JSON.stringify(result.faults));
  return result.value;
};

describe("a label", () => {
  it.each([
    [["a", "a", "b"], "b"],
    [["b", "a", "a", "b"], "a"],
    [["b", "b", "a"], "a"],
    [["no", "No", "no", "No", "Yes"].slice(2), "Yes"],
  ])("of %o counts the rarer value as yes, the first by name of equals", (cells, positive) => {
    const two = cells.filter((cell) => cell !== "No");
    expect(labelOf(column(two), "x", undefined)).toMatchObject({ value: { positive } });
  });
});

describe("folds", () => {
  it("keep the rows of a customer together, and give every row one where there are no names", () => {
    const labels = Array.from({ length: 40 }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const ids = labels.map((_, row) => `c${row % 10}`);
    const own = stratifiedFolds(labels, { folds: 4, seed: 1, ids });
    for (const [row, fold] of own.entries()) expect(fold).toBe(own[row % 10]);
    const short = stratifiedFolds(labels, { folds: 4, seed: 1, ids: ids.slice(0, 20) });
    expect(new Set(short)).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe("cells", () => {
  it("of dates are days with or without a clock and a zone", () => {
    const date = { kind: "number", name: "x", isDate: true } as Parameters<typeof readNumber>[0];
    expect(readNumber(date, "1970-01-02")).toBe(1);
    expect(readNumber(date, "1970-01-02T12:00:00Z")).toBe(1.5);
    expect(readNumber(date, "1970-01-02 12:00")).toBe(1.5);
    expect(readNumber(date, "1970-01-02T12:00+12:00")).toBe(1);
    expect(readNumber(date, "tomorrow")).toBeNaN();
  });

  it("of equal numbers with gaps are a number column without a slope", () => {
    const { columns } = findColumns(column(["3", null, "3", "3"]), []);
    expect(columns).toMatchObject([{ kind: "number", transform: "none", hasMissing: true }]);
  });
});

describe("leaks", () => {
  it("stand the surest first, and a level that nobody ranked in the middle", () => {
    const table = withColumn(
      withColumn(madeTable(200), "surely", (row) => (row[6] === "yes" ? "1" : "0")),
      "nearly",
      (row, index) => (index < 6 ? "rare" : row[6] === "yes" ? "gone" : "here"),
    );
    const { columns } = findColumns(table, []);
    const places = columns.map(({ name }) => table.columns.indexOf(name));
    const labels = Float64Array.from(table.rows, (row) => (row[6] === "yes" ? 1 : 0));
    const leaks = findLeaks(columns, { places, rows: table.rows }, labels);
    expect(leaks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["left", "surely", "nearly"]),
    );
    const areas = leaks.map(({ auc }) => auc);
    expect(areas).toEqual(areas.toSorted((left, right) => right - left));
  });
});

describe("training on a table", () => {
  it("refuses columns that it does not have, and one label only in the rows", () => {
    for (const own of [{ label: "lefty" }, { id: "idd" }])
      expect(trainTable(madeTable(60), { ...OPTIONS, ...own })).toMatchObject({ kind: "faulty" });
  });

  it("says when nothing is to be learnt, and names rows without an id by their place", () => {
    const noise: RawTable = {
      columns: ["id", "x", "left"],
      rows: Array.from({ length: 160 }, (_, row) => [
        row % 5 === 0 ? null : `c${row % 40}`,
        String((row * 7919) % 97),
        (row * 31) % 7 < 3 ? "yes" : "no",
      ]),
    };
    const { report } = trained(noise, { id: "id" });
    expect(report.warnings.join(" ")).toMatch(/only \d+ rows are positive/u);
    expect(report.rows).toBe(160);
  });
});

describe("a model file of a table", () => {
  const { columns, estimator, report } = trained(madeTable(400));
  const file = {
    label: "left",
    positive: "yes",
    id: null,
    columns,
    estimator,
    report: { ...report },
  };

  it("tells of rows without an id, a reason for each column that moved anything", () => {
    const read = readTableModel(writeTableModel(file), "m.json");
    if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
    const missing = madeTable(20, 5).rows.map((row) =>
      row.map((cell, at) => (at === 1 ? null : cell)),
    );
    const told = predictTable(read.value, { columns: madeTable(0).columns, rows: missing });
    if (told.kind === "faulty") throw new Error("faulty");
    for (const row of told.value.predictions) {
      expect("id" in row).toBe(false);
      expect(row.reasons.every(({ contribution }) => contribution !== 0)).toBe(true);
    }
  });

  it.each([
    ["one column fewer", { columns: columns.slice(1) }],
    ["a constant beyond 1", { estimator: { kind: "constant", rate: 2 } }],
    [
      "a tree of another width",
      {
        estimator: {
          kind: "tree",
          ranks: columns.map(() => []),
          model: {
            kind: "cart",
            target: "label",
            width: 99,
            rows: 1,
            gains: [],
            root: { value: 1, rows: 1 },
          },
        },
      },
    ],
    [
      "a tree that tests a column too many",
      {
        estimator: {
          kind: "boosting",
          ranks: columns.map(() => []),
          model: {
            kind: "boosting",
            width: columns.length,
            rows: 9,
            start: 0,
            base: 0,
            gains: [],
            heldOut: null,
            trees: [
              {
                value: 0,
                rows: 9,
                column: columns.length,
                threshold: 1,
                missing: "below",
                gain: 1,
                below: { value: 0, rows: 4 },
                above: { value: 0, rows: 5 },
              },
            ],
          },
        },
      },
    ],
    [
      "a line of another width",
      {
        estimator: {
          kind: "logistic",
          model: {
            kind: "logistic",
            base: 0,
            means: [0],
            deviations: [1],
            weights: [1],
            penalty: 1,
            rows: 1,
            rounds: 1,
            isConverged: true,
          },
        },
      },
    ],
  ])("is refused with %s", (_what, changed) => {
    const text = writeTableModel({ ...file, ...changed } as typeof file);
    expect(readTableModel(text, "m.json")).toMatchObject({ kind: "faulty" });
  });
});

describe("a tree of a table", () => {
  it("tells its reasons in points of the probability, unknown levels and rare ones too", () => {
    const table = withColumn(madeTable(300), "equal", (_row, index) =>
      index % 2 === 0 ? "b" : "a",
    );
    const { columns } = findColumns(table, [{ name: "left", reason: "label", sentence: "label" }]);
    const places = columns.map(({ name }) => table.columns.indexOf(name));
    const labels = Float64Array.from(table.rows, (row) => (row[6] === "yes" ? 1 : 0));
    const fit = ESTIMATORS.tree({ columns, places, rows: table.rows, labels, seed: 1 });
    if (fit.kind === "refused") throw new Error(fit.sentence);
    const told = predictTable(
      { label: "left", positive: "yes", id: "id", columns, estimator: fit.value, report: {} },
      table,
    );
    if (told.kind === "faulty") throw new Error("faulty");
    const [first] = told.value.predictions;
    expect(first).toMatchObject({ id: "c0", scale: "probability" });
    expect(first?.reasons[0]?.sentence).toMatch(/: [+−][\d.]+ points$/u);
  });
});

describe("clusters of a table", () => {
  it("are refused where the numbers tried are more than rows differ", () => {
    const two: RawTable = {
      columns: ["x", "y"],
      rows: [
        ["1", "a"],
        ["2", "b"],
      ],
    };
    expect(clusterTable(two, { seed: 1, ignore: [] })).toMatchObject({ kind: "faulty" });
    expect(clusterTable(two, { seed: 1, ignore: [], k: 3 })).toMatchObject({ kind: "faulty" });
  });

  it("put very large numbers on a logarithmic scale", () => {
    const rows = Array.from({ length: 60 }, (_, row) => [String(row % 20 === 0 ? 1e6 : row % 20)]);
    const found = clusterTable({ columns: ["x"], rows }, { seed: 1, ignore: [], k: 2 });
    expect(found).toMatchObject({ kind: "sound", value: { k: 2 } });
  });
});
