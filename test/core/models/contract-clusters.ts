/** The contract's table: k-means of the package and ours, and the choice of k. */
import { chooseK } from "../../../src/core/models/choose-k.ts";
import { nearest } from "../../../src/core/models/clusters.ts";
import { type ClustersFitOptions, fitClusters } from "../../../src/core/models/clusters-fit.ts";
import type { Table } from "../../../src/core/models/fitted.ts";
import { assignPlaces, fitKMeans, type KMeansOptions } from "../../../src/core/models/kmeans.ts";
import type { Points } from "../../../src/core/models/points.ts";
import { estimator, type Fault, type Row } from "./contract.ts";
import { heaps, heapsOf } from "./heaps.ts";

const HEAPS = { width: 3, heaps: 3, apart: 6 };
const NO_LABELS = "there are no labels";
const NO_PROBABILITIES = "says no probabilities";
const SEEDED = "starts are rows that the seed draws by their place";

const POINT_FAULTS = {
  empty: [
    { what: "no rows", code: "EMPTY", spoil: () => ({ values: new Float64Array(), width: 3 }) },
  ],
  width: [
    {
      what: "a row cut short",
      code: "WIDTH",
      spoil: ({ values, width }: Points) => ({ values: values.subarray(1), width }),
    },
    {
      what: "no columns",
      code: "WIDTH",
      spoil: ({ values }: Points) => ({ values, width: 0 }),
    },
  ],
  notFinite: [Number.NaN, -Infinity, 1e200].map((value) => ({
    what: String(value),
    code: "NOT_FINITE",
    spoil: ({ values, width }: Points) => ({
      values: Float64Array.of(value, ...values.slice(1)),
      width,
    }),
  })),
  label: NO_LABELS,
  others: [
    {
      what: "one row",
      code: "TOO_FEW",
      spoil: ({ values }: Points) => ({ values: values.slice(0, 3), width: 3 }),
    },
    {
      what: "rows that are all alike",
      code: "CONSTANT",
      spoil: ({ values }: Points) => ({ values: values.map(() => 1), width: 3 }),
    },
  ] satisfies readonly Fault<Points>[],
};

const inUnit = ({ values, width }: Points, factor: number): Points => ({
  values: values.map((value) => value * factor),
  width,
});

const kMeans = (name: string, given: Omit<KMeansOptions, "seed">): Row => {
  const bad: Readonly<Record<string, Partial<KMeansOptions>>> = {
    "k 0": { k: 0 },
    "k 2.5": { k: 2.5 },
    "starts 0": { starts: 0 },
    "roundsMax 0": { roundsMax: 0 },
    "tolerance −1": { tolerance: -1 },
    "batchAbove NaN": { batchAbove: Number.NaN },
    "seed NaN": { seed: Number.NaN },
  };
  return estimator({
    name: `fitKMeans: ${name}`,
    data: (seed) => heapsOf({ ...HEAPS, rows: 400, seed }).points,
    fit: (points: Points) => fitKMeans(points, { seed: 7, ...given }),
    ask: ({ centroids }, numbers) => [
      ...assignPlaces(
        { values: Float64Array.from(numbers, (value) => 1e3 * Math.tanh(value)), width: 3 },
        centroids,
      ),
    ],
    range: [0, given.k - 1],
    faults: POINT_FAULTS,
    options: Object.fromEntries(
      Object.entries(bad).map(([what, options]) => [
        what,
        (points: Points) => fitKMeans(points, { seed: 7, ...given, ...options }),
      ]),
    ),
    misasked: "centres are asked in `clusters.ts`, through features",
    shuffled: SEEDED,
    inUnit,
    judged: NO_PROBABILITIES,
  });
};

const choice = estimator({
  name: "chooseK",
  data: (seed) => heapsOf({ ...HEAPS, rows: 200, seed }).points,
  fit: (points: Points) => chooseK(points, { seed: 7, counts: [2, 3, 4], starts: 3 }),
  ask: ({ k }) => [k],
  range: [2, 4],
  faults: POINT_FAULTS,
  options: {
    "counts of 1": (points) => chooseK(points, { seed: 1, counts: [1, 2] }),
    "no counts": (points) => chooseK(points, { seed: 1, counts: [] }),
    "halves 1": (points) => chooseK(points, { seed: 1, halves: 1 }),
    "rowsMax 0": (points) => chooseK(points, { seed: 1, rowsMax: 0 }),
    "starts 0": (points) => chooseK(points, { seed: 1, starts: 0 }),
    "seed NaN": (points) => chooseK(points, { seed: Number.NaN }),
  },
  misasked: "the choice is a number",
  shuffled: SEEDED,
  inUnit,
  judged: NO_PROBABILITIES,
});

const withRow = (table: Table, row: readonly number[]): Table => ({
  ...table,
  rows: [row, ...table.rows.slice(1)],
});

/** Above 20,000 rows our own k-means takes over. */
const clusters = (name: string, rows: number): Row => {
  const given: ClustersFitOptions = { seed: 7, counts: [2, 3], starts: rows > 20_000 ? 1 : 3 };
  const bad: Readonly<Record<string, Partial<ClustersFitOptions>>> = {
    "counts of 0": { counts: [0] },
    "counts of 2.5": { counts: [2.5] },
    "starts 0": { starts: 0 },
    "seed NaN": { seed: Number.NaN },
  };
  return estimator({
    name: `fitClusters: ${name}`,
    data: (seed): Table => ({
      columns: ["x", "y", "z"],
      rows: heaps({ ...HEAPS, rows, seed }).rows,
    }),
    fit: (table: Table) => fitClusters(table, given),
    ask: ({ centroids }, numbers) => [nearest(numbers, centroids).place],
    range: [0, 2],
    faults: {
      empty: [{ what: "no rows", code: "EMPTY", spoil: (good) => ({ ...good, rows: [] }) }],
      width: [
        { what: "a narrow row", code: "WIDTH", spoil: (good) => withRow(good, [1]) },
        { what: "a wide row", code: "WIDTH", spoil: (good) => withRow(good, [1, 2, 3, 4]) },
        {
          what: "no columns",
          code: "WIDTH",
          spoil: (good) => ({ columns: [], rows: good.rows.map(() => []) }),
        },
      ],
      notFinite: [Number.NaN, Infinity].map((value) => ({
        what: String(value),
        code: "NOT_FINITE",
        spoil: (good: Table) => withRow(good, [1, value, 3]),
      })),
      label: NO_LABELS,
      others: [
        {
          what: "five rows",
          code: "TOO_FEW",
          spoil: (good) => ({ ...good, rows: good.rows.slice(0, 5) }),
        },
        {
          what: "two different rows",
          code: "CONSTANT",
          spoil: (good) => ({ ...good, rows: good.rows.map((_, row) => [row % 2, 0, 0]) }),
        },
      ],
    },
    options: Object.fromEntries(
      Object.entries(bad).map(([what, options]) => [
        what,
        (table: Table) => fitClusters(table, { ...given, ...options }),
      ]),
    ),
    misasked: "centres are asked in `clusters.ts`, through features",
    shuffled: SEEDED,
    inUnit: (table, factor) => ({
      ...table,
      rows: table.rows.map((row) => row.map((value) => value * factor)),
    }),
    judged: NO_PROBABILITIES,
  });
};

export const CLUSTERS: readonly Row[] = [
  clusters("the package's", 200),
  clusters("ours, beyond 20,000 rows", 20_001),
  kMeans("Hamerly", { k: 3, starts: 3 }),
  kMeans("mini-batches", { k: 3, starts: 3, batchAbove: 100 }),
  choice,
];
