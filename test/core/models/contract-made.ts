/** Data that many estimators share in the contract's table: rows of three numbers with labels and amounts, and the ways to spoil them. */
import { logistic } from "../../../src/core/models/logistic.ts";
import type { Matrix } from "../../../src/core/models/matrix.ts";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";
import type { Judged } from "../../../src/core/models/scores.ts";
import { type Fault, inAnyOrder, type Three } from "./contract.ts";
import { normalFrom, normalMatrix, rowsOf } from "./made-matrix.ts";

export interface Labelled {
  readonly matrix: Matrix;
  readonly labels: readonly number[];
  /** Above 0 where the label is 1. */
  readonly amounts: readonly number[];
}

/** Labels as a logistic curve over the first two columns has them; the third one is noise. */
export const labelled = (seed: number, rows = 300): Labelled => {
  const matrix = normalMatrix(rows, 3, seed);
  const random = randomFrom(seed + 1000);
  const labels = rowsOf(matrix).map(([first = 0, second = 0]) =>
    random() < logistic(1.5 * first - second) ? 1 : 0,
  );
  const amounts = rowsOf(matrix).map(([first = 0], row) =>
    labels[row] === 1 ? Math.exp(3 + 0.5 * first + 0.3 * normalFrom(random)) : 0,
  );
  return { matrix, labels, amounts };
};

/** As plain rows. */
export const plainRows = ({ matrix }: Labelled): number[][] =>
  rowsOf(matrix).map((row) => [...row]);

/** A model judged on 2,000 rows of the same kind that it has not seen. */
export const judgedBy = (probabilityOf: (row: Three) => number): readonly Judged[] => {
  const fresh = labelled(77, 2000);
  return plainRows(fresh).map((row, at) => ({
    probability: probabilityOf(row as unknown as Three),
    happened: fresh.labels[at] as number,
  }));
};

const withValues = (good: Labelled, values: Float64Array, width = 3): Labelled => ({
  ...good,
  matrix: { values, width },
});

const withFirst = (good: Labelled, value: number): Labelled => {
  const values = good.matrix.values.slice();
  values[0] = value;
  return withValues(good, values);
};

type Faults = readonly Fault<Labelled>[];

export const EMPTY: Faults = [
  {
    what: "no rows",
    code: "EMPTY",
    spoil: () => ({
      matrix: { values: new Float64Array(), width: 3 },
      labels: [],
      amounts: [],
    }),
  },
];

export const WIDTH: Faults = [
  {
    what: "a row cut short",
    code: "WIDTH",
    spoil: (good) => withValues(good, good.matrix.values.subarray(1)),
  },
  {
    what: "no columns",
    code: "WIDTH",
    spoil: (good) => withValues(good, good.matrix.values, 0),
  },
  {
    what: "too few targets",
    code: "WIDTH",
    spoil: (good) => ({ ...good, labels: good.labels.slice(1), amounts: good.amounts.slice(1) }),
  },
];

export const INFINITE: Faults = [
  { what: "infinity", code: "NOT_FINITE", spoil: (good) => withFirst(good, -Infinity) },
];

export const NOT_FINITE: Faults = [
  ...INFINITE,
  { what: "NaN", code: "NOT_FINITE", spoil: (good) => withFirst(good, Number.NaN) },
];

export const AMOUNT_NOT_FINITE: Faults = [
  {
    what: "an amount of NaN",
    code: "NOT_FINITE",
    spoil: (good) => ({ ...good, amounts: [Number.NaN, ...good.amounts.slice(1)] }),
  },
];

/** `nan` is the code for a label of NaN. */
export const labelFaults = (nan: "LABEL" | "NOT_FINITE"): Faults => [
  {
    what: "a label of 2",
    code: "LABEL",
    spoil: (good) => ({ ...good, labels: [2, ...good.labels.slice(1)] }),
  },
  {
    what: "a label of NaN",
    code: nan,
    spoil: (good) => ({ ...good, labels: [Number.NaN, ...good.labels.slice(1)] }),
  },
];

export const ONE_CLASS: Faults = [0, 1].map((label) => ({
  what: `nothing but ${label}`,
  code: "CONSTANT",
  spoil: (good) => ({ ...good, labels: good.labels.map(() => label) }),
}));

export const TOO_FEW: Faults = [
  {
    what: "one row",
    code: "TOO_FEW",
    spoil: (good) => ({
      matrix: { values: good.matrix.values.slice(0, 3), width: 3 },
      labels: good.labels.slice(0, 1),
      amounts: good.amounts.slice(0, 1),
    }),
  },
];

export const shuffled = (good: Labelled, random: Random): Labelled => {
  const order = inAnyOrder([...good.labels.keys()], random);
  const rows = plainRows(good);
  return {
    matrix: { values: Float64Array.from(order.flatMap((row) => rows[row] ?? [])), width: 3 },
    labels: order.map((row) => good.labels[row] as number),
    amounts: order.map((row) => good.amounts[row] as number),
  };
};

export const inUnit = (good: Labelled, factor: number): Labelled => ({
  ...good,
  matrix: { values: good.matrix.values.map((value) => value * factor), width: 3 },
  amounts: good.amounts.map((amount) => amount * factor),
});

/** Rows that no model of three columns can read. */
export const misasked = <Model>(
  ask: (model: Model, row: readonly number[]) => unknown,
): Readonly<Record<string, (model: Model) => unknown>> => ({
  "a row too narrow": (model) => ask(model, [1, 2]),
  "a row too wide": (model) => ask(model, [1, 2, 3, 4]),
  infinity: (model) => ask(model, [1, Infinity, 3]),
});
