import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../src/core/models/random.ts";
import { clusterTable } from "../../../src/core/tables/cluster-table.ts";
import { findColumns } from "../../../src/core/tables/columns.ts";
import { stratifiedFolds } from "../../../src/core/tables/folds.ts";
import { predictTable } from "../../../src/core/tables/predict-table.ts";
import { cellOf, type RawTable } from "../../../src/core/tables/table.ts";
import {
  readTableModel,
  type TableModel,
  writeTableModel,
} from "../../../src/core/tables/table-file.ts";
import {
  trainTable,
  type TrainedTable,
  type TrainTableOptions,
} from "../../../src/core/tables/train-table.ts";
import type { Checked } from "../../../src/core/fault.ts";
import { madeTable, withColumn } from "./made-table.ts";

const OPTIONS: TrainTableOptions = {
  label: "left",
  id: "id",
  folds: 5,
  seed: 1,
  keep: [],
  clockMs: () => 0,
};

const valueOf = <T>(checked: Checked<T>): T => {
  if (checked.kind === "faulty") throw new Error(JSON.stringify(checked.faults));
  return checked.value;
};
const faultOf = (checked: Checked<unknown>): string =>
  checked.kind === "faulty"
    ? checked.faults.map((f) => `${f.place}: ${f.sentence}`).join("\n")
    : "";

const train = (table: RawTable, changes: Partial<TrainTableOptions> = {}): TrainedTable =>
  valueOf(trainTable(table, { ...OPTIONS, ...changes }));

const modelOf = ({ columns, estimator, report }: TrainedTable): TableModel => ({
  label: report.label,
  positive: report.positive,
  id: "id",
  columns,
  estimator,
  report: { ...report },
});

const table = madeTable(1200);
const trained = train(table);

const columnsOf = (cells: readonly string[], rows = cells.length) =>
  findColumns(
    {
      columns: ["x", "row"],
      rows: Array.from({ length: rows }, (_, row) => [
        cellOf(cells[row % cells.length] ?? ""),
        String(Math.sin(row)),
      ]),
    },
    [],
  );

describe("what columns are", () => {
  it.each([
    ["numbers with thousands, per cent and exponents", ["1,234.5", "12 %", "-3e4", "7"], "number"],
    ["dates", ["2025-01-01", "2025-06-30T12:00:00Z", "2024-02-29"], "number"],
    ["words", ["red", "green", "red"], "category"],
    ["yes and no in Chinese", ["是", "否"], "category"],
  ])("%s", (_name, cells, kind) => {
    expect(columnsOf(cells, 60).columns[0]).toMatchObject({ name: "x", kind });
  });

  it.each([
    ["empty", ["", "NA", "null", "?"], 60],
    ["constant", ["same"], 60],
    ["identifier", Array.from({ length: 60 }, (_, row) => `c${row}`), 60],
    ["identifier", Array.from({ length: 60 }, (_, row) => String(row + 100)), 60],
  ])("%s ones are left out with a reason", (reason, cells, rows) => {
    expect(columnsOf(cells, rows).leftOut).toMatchObject([{ name: "x", reason }]);
  });

  it("a number among words makes no number of them, a slip among numbers no category", () => {
    expect(columnsOf(["a", "1", "b"], 60).columns[0]?.kind).toBe("category");
    const slips = Array.from({ length: 100 }, (_, row) => (row === 5 ? "oops" : String(row * 1.5)));
    expect(columnsOf(slips).columns[0]).toMatchObject({ kind: "number", hasMissing: true });
  });
});

describe("folds", () => {
  it("have equal shares of the label, and rows of one customer stand together", () => {
    const random = randomFrom(3);
    const labels = Float64Array.from({ length: 300 }, () => (random() < 0.2 ? 1 : 0));
    const ids = Array.from(labels, (_, row) => `c${Math.floor(row / 3)}`);
    const folds = stratifiedFolds(labels, { folds: 5, seed: 1, ids });
    const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((own) => own === fold).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(9);
    for (let row = 0; row < ids.length; row += 3)
      expect(new Set(folds.slice(row, row + 3)).size).toBe(1);
    expect(stratifiedFolds(labels, { folds: 5, seed: 1, ids })).toEqual(folds);
    expect(stratifiedFolds(labels, { folds: 5, seed: 2, ids })).not.toEqual(folds);
  });
});

describe("training on a table", () => {
  it("finds what tells the label, better than a constant, with the id and noise of no use", () => {
    const { report } = trained;
    expect(report).toMatchObject({ rows: 1200, positive: "yes", folds: 5, unlabelled: 0 });
    expect(report.estimators.constant?.auc).toBe(0.5);
    for (const name of ["tree", "logistic", "boosting", "blend"] as const)
      expect(report.estimators[name]?.auc).toBeGreaterThan(0.75);
    expect(["tree", "logistic", "boosting", "blend"]).toContain(report.chosen);
    expect(report.columns.map(({ name }) => name)).toEqual([
      "calls",
      "plan",
      "城市",
      "since",
      "noise",
    ]);
    expect(report.leaks).toEqual([]);
  });

  it("gives the same bytes for the same table and seed", () => {
    expect(writeTableModel(modelOf(train(table)))).toBe(writeTableModel(modelOf(trained)));
  });

  it("names a leak and leaves it out, unless it is to be kept", () => {
    const leaky = withColumn(table, "closed_by", (row) => (row[6] === "yes" ? "agent 7" : null));
    const { report } = train(leaky);
    expect(report.leaks).toMatchObject([{ name: "closed_by", isLeftOut: true }]);
    expect(report.leaks[0]?.sentence).toContain("--keep closed_by");
    expect(report.columns.map(({ name }) => name)).not.toContain("closed_by");
    const kept = train(leaky, { keep: ["closed_by"] });
    expect(kept.report.columns.map(({ name }) => name)).toContain("closed_by");
    expect(kept.report.estimators.logistic?.auc).toBeGreaterThan(0.99);
  });

  it("finds nothing in shuffled labels and says so", () => {
    const random = randomFrom(9);
    const shuffled = {
      ...table,
      rows: table.rows.map((row) => [...row.slice(0, 6), random() < 0.3 ? "yes" : "no"]),
    };
    const { report } = train(shuffled);
    expect(report.chosen).toBe("constant");
    expect(report.warnings.join()).toContain("no model beats");
    expect(report.estimators.boosting?.auc).toBeLessThan(0.6);
  });

  it("counts rows without a label and leaves them out; warns of few positives", () => {
    const rows = table.rows.map((row, index) => (index < 100 ? [...row.slice(0, 6), null] : row));
    expect(train({ ...table, rows }).report).toMatchObject({ rows: 1100, unlabelled: 100 });
    const small = train({ ...table, rows: table.rows.slice(0, 120) });
    expect(small.report.warnings.join()).toMatch(/only \d+ rows are positive/u);
  });

  it("takes one value against all others where it is named", () => {
    const three = withColumn(table, "size", (_row, index) => ["s", "m", "l"][index % 3] ?? null);
    expect(train(three, { label: "size", positive: "m" }).report.positiveRate).toBeCloseTo(
      1 / 3,
      6,
    );
    expect(faultOf(trainTable(three, { ...OPTIONS, label: "size" }))).toContain("--positive");
  });

  it.each([
    ["a label that is no column", { label: "leaft" }, /"leaft" is no column; the table has id/u],
    ["an id that is no column", { id: "key" }, /"key" is no column/u],
    [
      "a positive that does not occur",
      { positive: "maybe" },
      /"maybe" does not stand in left; it has/u,
    ],
    [
      "more folds than rows of a label allow",
      { folds: 400 },
      /400 folds need 800 rows of each label/u,
    ],
  ])("refuses %s", (_name, changes, sentence) => {
    expect(faultOf(trainTable(table, { ...OPTIONS, ...changes }))).toMatch(sentence);
  });

  it("refuses a table with nothing to learn from, and a label of one value", () => {
    const bare = {
      columns: ["id", "left"],
      rows: table.rows.map((row) => [row[0] ?? "", row[6] ?? ""]),
    };
    expect(faultOf(trainTable(bare, OPTIONS))).toContain("no column to learn from");
    const one = { ...table, rows: table.rows.map((row) => [...row.slice(0, 6), "no"]) };
    expect(faultOf(trainTable(one, OPTIONS))).toContain("the one value");
  });
});

const predictionsOf = (model: TableModel, from: RawTable) => [
  ...valueOf(predictTable(model, from)).predictions,
];

describe("a saved model of a table", () => {
  const text = writeTableModel(modelOf(trained));

  it.each(["constant", "tree", "logistic", "boosting", "blend"] as const)(
    "of kind %s says the same after a journey through its file, with reasons that add up",
    (kind) => {
      const only = withColumn(table, "x", () => null);
      const wanted = trainTable(only, OPTIONS);
      const own = modelOf(valueOf(wanted));
      const { logistic, boosting } =
        own.estimator.kind === "blend" ? own.estimator : { logistic: null, boosting: null };
      const parts: Record<string, unknown> = {
        constant: { kind: "constant", rate: 0.25 },
        logistic,
        boosting,
        blend: own.estimator.kind === "blend" ? own.estimator : null,
        tree: null,
      };
      const estimator = (parts[kind] ?? own.estimator) as TableModel["estimator"];
      const model = { ...own, estimator };
      const again = valueOf(readTableModel(writeTableModel(model), "m.json"));
      const [before, after] = [predictionsOf(model, only), predictionsOf(again, only)];
      expect(after).toEqual(before);
      for (const { probability, score, base, scale, reasons } of before.slice(0, 50)) {
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
        const sum = reasons.reduce((total, reason) => total + reason.contribution, base);
        expect(sum).toBeCloseTo(score, 9);
        const shown = scale === "logOdds" ? 1 / (1 + Math.exp(-score)) : score;
        expect(shown).toBeCloseTo(probability, 9);
      }
    },
  );

  it("reads columns in another order, ignores others by name, and knows the id of a row", () => {
    const model = valueOf(readTableModel(text, "m.json"));
    const turned: RawTable = {
      columns: [...table.columns].toReversed(),
      rows: table.rows.slice(0, 5).map((row) => row.toReversed()),
    };
    const { predictions, ignored } = valueOf(
      predictTable(
        model,
        withColumn(turned, "extra", () => "1"),
      ),
    );
    const found = [...predictions];
    expect(ignored).toEqual(["extra"]);
    expect(found.map(({ id, row }) => [id, row])).toEqual(
      table.rows.slice(0, 5).map(([id], row) => [id, row + 1]),
    );
    expect(found.map(({ probability }) => probability)).toEqual(
      predictionsOf(model, { ...table, rows: table.rows.slice(0, 5) }).map(
        (one) => one.probability,
      ),
    );
  });

  it("answers for cells that training never saw", () => {
    const model = valueOf(readTableModel(text, "m.json"));
    const [strange] = predictionsOf(model, {
      columns: table.columns,
      rows: [["c", "1e9", "weekly", null, "not a date", null, null]],
    });
    expect(strange?.probability).toBeGreaterThanOrEqual(0);
    expect(strange?.probability).toBeLessThanOrEqual(1);
  });

  it("names every column that a table lacks, with the likely one", () => {
    const model = valueOf(readTableModel(text, "m.json"));
    const lacking = { columns: ["call", "plan"], rows: [["1", "monthly"]] };
    expect(faultOf(predictTable(model, lacking))).toMatch(/"calls", which the model reads.*call/u);
  });

  it.each([
    ["no JSON", "{", /m\.json: is not JSON/u],
    ["another format", text.replace("attune-table/1", "attune-table/9"), /attune-table\/9/u],
    [
      "a number that is none",
      text.replace(/"rate": [\d.]+|"base": -?[\d.]+/u, '"base": null'),
      /base/u,
    ],
    [
      "weights for other columns",
      text
        .replace('"城市"', '"城"')
        .replace(/"levels": \[[^\]]*"成都"[^\]]*\]/u, '"levels": ["成都"]'),
      /train the model again/u,
    ],
  ])("is refused with %s", (_name, broken, sentence) => {
    expect(faultOf(readTableModel(broken, "m.json"))).toMatch(sentence);
  });
});

describe("clusters of a table", () => {
  const random = randomFrom(5);
  const normal = (): number => random() + random() + random() - 1.5;
  const groups: RawTable = {
    columns: ["name", "x", "y", "colour"],
    rows: Array.from({ length: 300 }, (_, row) => {
      const group = row % 3;
      return [
        `r${row}`,
        String(10 * group + normal()),
        String(group === 1 ? 8 : normal()),
        group === 2 ? "red" : "blue",
      ];
    }),
  };

  it("are found, their number too, the rows in order and the largest first", () => {
    const found = valueOf(clusterTable(groups, { seed: 1, ignore: [] }));
    expect(found.k).toBe(3);
    expect(found.sizes).toEqual([100, 100, 100]);
    expect(new Set(found.labels.filter((_, row) => row % 3 === 0)).size).toBe(1);
    expect(found.silhouette).toBeGreaterThan(0.6);
    expect(found.leftOut).toMatchObject([{ name: "name", reason: "identifier" }]);
    expect(found.tried.length).toBeGreaterThan(3);
  });

  it("are as many as asked for, and the same for the same seed", () => {
    const found = valueOf(clusterTable(groups, { k: 2, seed: 1, ignore: [] }));
    expect(found.sizes).toEqual([200, 100]);
    expect(valueOf(clusterTable(groups, { k: 2, seed: 1, ignore: [] }))).toEqual(found);
  });

  it("are refused without columns, for more clusters than rows, and for a column to ignore that is none", () => {
    expect(faultOf(clusterTable(groups, { seed: 1, ignore: ["x", "y", "colour"] }))).toContain(
      "no column",
    );
    expect(faultOf(clusterTable(groups, { k: 500, seed: 1, ignore: [] }))).toContain(
      "cannot be clustered",
    );
    expect(faultOf(clusterTable(groups, { seed: 1, ignore: ["z"] }))).toContain('"z"');
  });
});
