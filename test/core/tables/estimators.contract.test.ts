/** The contract of `test/core/models/contract.ts` for the estimators of tables: a row of cells instead of numbers, and whatever stands in `ESTIMATORS` has a row. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { type Checked } from "../../../src/core/fault.ts";
import type { Judged } from "../../../src/core/models/scores.ts";
import { clusterTable } from "../../../src/core/tables/cluster-table.ts";
import { findColumns, type LeftOut } from "../../../src/core/tables/columns.ts";
import {
  blendOf,
  ESTIMATORS,
  type Lessons,
  openEstimator,
  type TableEstimator,
} from "../../../src/core/tables/estimators.ts";
import { predictTable, type RowPrediction } from "../../../src/core/tables/predict-table.ts";
import { cellsOf, type Cell, type RawTable } from "../../../src/core/tables/table.ts";
import { readTableModel, writeTableModel } from "../../../src/core/tables/table-file.ts";
import { trainTable, type TrainTableOptions } from "../../../src/core/tables/train-table.ts";
import {
  estimator,
  type Fault,
  inAnyOrder,
  type Result,
  type Row,
  type Three,
} from "../models/contract.ts";
import { madeTable } from "./made-table.ts";

const LABEL = 6;

const IGNORED: readonly LeftOut[] = [
  { name: "id", reason: "id", sentence: "id names the row" },
  { name: "left", reason: "label", sentence: "left is the label" },
];

const lessons = (seed: number, rows = 300): Lessons => {
  const table = madeTable(rows, seed);
  const { columns } = findColumns(table, IGNORED);
  return {
    columns,
    places: columns.map(({ name }) => table.columns.indexOf(name)),
    rows: table.rows,
    labels: Float64Array.from(cellsOf(table, LABEL), (cell) => (cell === "yes" ? 1 : 0)),
    seed: 1,
  };
};

/** An estimator is saved beside the columns that it reads. */
interface Saved extends Pick<Lessons, "columns" | "places"> {
  readonly estimator: TableEstimator;
}

const saved =
  (fit: (data: Lessons) => Result<TableEstimator>) =>
  (data: Lessons): Result<Saved> => {
    const own = fit(data);
    if (own.kind === "refused") return own;
    const { columns, places } = data;
    return { kind: "fitted", value: { columns, places, estimator: own.value } };
  };

/** Cells of any three numbers: huge ones, words where numbers were, levels that nobody has seen, nothing at all. */
const cellsFor = ([first, second, third]: Three): readonly Cell[] => [
  "c1",
  String(first),
  second > 0 ? "monthly" : "unheard of",
  third > 0 ? "上海" : null,
  second > 0 ? "2025-03-01" : "9999-99-99",
  third > 0 ? String(third) : "a word",
  null,
];

const ask = (model: Saved, numbers: Three): readonly number[] => {
  const told = openEstimator(model.estimator, model)(cellsFor(numbers));
  const sum = told.contributions.reduce((total, part) => total + part, told.base);
  const size = Math.max(1, Math.abs(told.score), ...told.contributions.map(Math.abs));
  return [told.probability, Math.abs(sum - told.score) / size < 1e-9 ? 0 : Number.NaN];
};

const judged = (model: Saved): readonly Judged[] => {
  const { rows, labels } = lessons(77, 2000);
  const open = openEstimator(model.estimator, model);
  return rows.map((row, at) => ({
    probability: open(row).probability,
    happened: labels[at] as number,
  }));
};

const withLabel = (good: Lessons, label: number): Lessons => {
  const labels = good.labels.slice();
  labels[0] = label;
  return { ...good, labels };
};

const fault = (what: string, code: string, spoil: Fault<Lessons>["spoil"]): Fault<Lessons> => ({
  what,
  code,
  spoil,
});

const tableRow = (name: string, fit: (data: Lessons) => Result<TableEstimator>): Row =>
  estimator<Lessons, Saved>({
    name,
    data: lessons,
    fit: saved(fit),
    ask,
    range: [0, 1],
    faults: {
      empty: [
        fault("no rows", "EMPTY", (good) => ({ ...good, rows: [], labels: new Float64Array() })),
      ],
      width: [
        fault("a row of two cells", "WIDTH", (good) => ({
          ...good,
          rows: [["c1", "2"], ...good.rows.slice(1)],
        })),
        fault("too few labels", "WIDTH", (good) => ({ ...good, labels: good.labels.slice(1) })),
      ],
      notFinite: [fault("a label of NaN", "NOT_FINITE", (good) => withLabel(good, Number.NaN))],
      label: [fault("a label of 2", "LABEL", (good) => withLabel(good, 2))],
      others: [0, 1].map((label) =>
        fault(`nothing but ${label}`, "CONSTANT", (good) => ({
          ...good,
          labels: good.labels.map(() => label),
        })),
      ),
    },
    options: "they are chosen for it",
    misasked: "a cell that cannot be read counts as missing",
    shuffled:
      name === "tree" || name === "constant"
        ? (good, random) => {
            const order = inAnyOrder([...good.rows.keys()], random);
            return {
              ...good,
              rows: order.map((row) => good.rows[row] ?? []),
              labels: Float64Array.from(order, (row) => good.labels[row] as number),
            };
          }
        : "rows that choose the penalty or the trees are drawn by their place",
    inUnit: (good, factor) => ({
      ...good,
      rows: good.rows.map((row) =>
        row.map((cell, place) =>
          place === 5 && cell !== null ? String(Number(cell) * factor) : cell,
        ),
      ),
    }),
    judged,
  });

const blended = (data: Lessons): Result<TableEstimator> => {
  const [linear, boosted] = [ESTIMATORS.logistic(data), ESTIMATORS.boosting(data)];
  if (linear.kind === "refused") return linear;
  return blendOf(linear, boosted) ?? boosted;
};

const OPTIONS: TrainTableOptions = {
  label: "left",
  id: "id",
  folds: 3,
  seed: 1,
  keep: [],
  clockMs: () => 0,
};

const coded = <Model>(result: Checked<Model>): Result<Model> =>
  result.kind === "sound"
    ? { kind: "fitted", value: result.value }
    : {
        kind: "refused",
        code: result.faults[0]?.place ?? "",
        sentence: `the table ${result.faults.map(({ sentence }) => sentence).join("; ")}`,
      };

const train = (data: RawTable, options: Partial<TrainTableOptions> = {}): Result<string> => {
  const trained = coded(trainTable(data, { ...OPTIONS, ...options }));
  if (trained.kind === "refused") return trained;
  const { columns, estimator: own, report } = trained.value;
  const { label, positive } = report;
  const model = { label, positive, id: "id", columns, estimator: own, report: { ...report } };
  return { kind: "fitted", value: writeTableModel(model) };
};

const predictions = (model: string, rows: RawTable["rows"]): readonly RowPrediction[] => {
  const read = readTableModel(model, "model.json");
  if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
  const told = predictTable(read.value, { columns: madeTable(0).columns, rows });
  return told.kind === "sound" ? [...told.value.predictions] : [];
};

const raw = (what: string, code: string, spoil: Fault<RawTable>["spoil"]): Fault<RawTable> => ({
  what,
  code,
  spoil,
});

const labelsAre =
  (cellOf: (row: number) => Cell) =>
  (good: RawTable): RawTable => ({
    ...good,
    rows: good.rows.map((cells, row) => [...cells.slice(0, LABEL), cellOf(row)]),
  });

const RAW_FAULTS = {
  empty: [raw("no rows", "the table", (good) => ({ ...good, rows: [] }))],
  width: [
    raw("a narrow row", "the table", (good) => ({
      ...good,
      rows: [["c1", "2"], ...good.rows.slice(1)],
    })),
    raw("a wide row", "the table", (good) => ({
      ...good,
      rows: good.rows.map((row, at) => (at === 9 ? [...row, "more"] : row)),
    })),
  ],
  notFinite: "a cell that is no number counts as missing",
};

const trained = estimator<RawTable, string>({
  name: "trainTable",
  data: (seed, rows = 300) => madeTable(rows, seed),
  fit: (data) => train(data),
  ask: (model, numbers) =>
    predictions(model, [cellsFor(numbers)]).map(({ probability }) => probability),
  range: [0, 1],
  faults: {
    ...RAW_FAULTS,
    label: [
      raw(
        "three labels",
        "left",
        labelsAre((row) => ["yes", "no", "perhaps"][row % 3] ?? null),
      ),
      raw(
        "one label",
        "left",
        labelsAre(() => "yes"),
      ),
      raw(
        "no label",
        "left",
        labelsAre(() => null),
      ),
      raw(
        "one row of the label",
        "--folds",
        labelsAre((row) => (row === 0 ? "yes" : "no")),
      ),
    ],
    others: [
      raw("nothing to learn from", "the table", ({ rows }) => ({
        columns: ["id", "left"],
        rows: rows.map((row) => [row[0] ?? null, row[LABEL] ?? null]),
      })),
    ],
  },
  options: "the command line reads whole numbers only; unknown columns are told by name",
  misasked: "columns that are missing are told by name",
  shuffled: "folds are dealt by the order of the rows",
  inUnit: (good, factor) => ({
    ...good,
    rows: good.rows.map((row) =>
      row.map((cell, place) => (place === 5 ? String(Number(cell) * factor) : cell)),
    ),
  }),
  judged: (model) => {
    const fresh = madeTable(2000, 77);
    return predictions(model, fresh.rows).map(({ probability }, row) => ({
      probability,
      happened: fresh.rows[row]?.[LABEL] === "yes" ? 1 : 0,
    }));
  },
});

const clustered = estimator({
  name: "clusterTable",
  data: (seed) => madeTable(150, seed),
  fit: (data: RawTable) => coded(clusterTable(data, { k: 3, seed: 1, ignore: ["id", "left"] })),
  ask: ({ labels, sizes, inertia }, [first]) => [
    labels[Math.floor(Math.abs(first) % labels.length)] ?? Number.NaN,
    ...sizes,
    inertia,
  ],
  range: [0, 1e6],
  faults: {
    ...RAW_FAULTS,
    label: "there are no labels",
    others: [
      raw("rows that are all alike", "the table", (good) => ({
        ...good,
        rows: good.rows.map(() => ["a", "1", "monthly", "上海", "2025-01-01", "1", "no"]),
      })),
      raw("fewer rows than clusters", "the table", (good) => ({
        ...good,
        rows: good.rows.slice(0, 2),
      })),
    ],
  },
  options: { "k 0": (data) => clusterTable(data, { k: 0, seed: 1, ignore: [] }) },
  misasked: "clusters of a table are not asked about other rows",
  shuffled: "starts are rows that the seed draws by their place",
  inUnit: (good, factor) => ({
    ...good,
    rows: good.rows.map((row) =>
      row.map((cell, place) => (place === 5 ? String(Number(cell) * factor) : cell)),
    ),
  }),
  judged: "says no probabilities",
});

const ROWS: readonly Row[] = [
  ...Object.entries(ESTIMATORS).map(([name, fit]) => tableRow(name, fit)),
  tableRow("blendOf", blended),
  trained,
  clustered,
];

for (const { holds } of ROWS) holds();

it("is held by whatever is fitted, trained or clustered on a table", () => {
  const folder = resolve(import.meta.dirname, "../../../src/core/tables");
  const found = readdirSync(folder).flatMap((file) =>
    [
      ...readFileSync(join(folder, file), "utf8").matchAll(
        /^export const ((?:fit|train|cluster|blend)[A-Z]\w+) =/gmu,
      ),
    ].map(([, name]) => name),
  );
  expect(new Set(found)).toEqual(new Set(["blendOf", "clusterTable", "trainTable"]));
});
