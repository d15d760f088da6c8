/** The contract's table: linear estimators. */
import { fitLogistic, predictLogistic } from "../../../src/core/models/logistic.ts";
import { fitLine } from "../../../src/core/models/regression-fit.ts";
import { fitRidge, predictRidge } from "../../../src/core/models/ridge.ts";
import { fitTwoStage, predictTwoStage } from "../../../src/core/models/two-stage.ts";
import { estimator, type Row } from "./contract.ts";
import * as made from "./contract-made.ts";

const ANY = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
const SUMS =
  "sums of floating-point numbers end differently in another order, in the last digit only";

const nan = <Model>(
  ask: (model: Model, row: readonly number[]) => unknown,
): Readonly<Record<string, (model: Model) => unknown>> => ({
  ...made.misasked(ask),
  NaN: (model) => ask(model, [1, Number.NaN, 3]),
});

const ridge = estimator({
  name: "fitRidge",
  data: made.labelled,
  fit: ({ matrix, amounts }) => fitRidge(matrix, amounts),
  ask: (model, numbers) => [predictRidge(model, numbers)],
  range: ANY,
  faults: {
    empty: made.EMPTY,
    width: made.WIDTH,
    notFinite: [...made.NOT_FINITE, ...made.AMOUNT_NOT_FINITE],
    label: "targets are amounts",
    others: made.TOO_FEW,
  },
  options: {
    "penalty −1": ({ matrix, amounts }) => fitRidge(matrix, amounts, { penalty: -1 }),
    "penalty NaN": ({ matrix, amounts }) => fitRidge(matrix, amounts, { penalty: Number.NaN }),
    "penalty ∞": ({ matrix, amounts }) => fitRidge(matrix, amounts, { penalty: Infinity }),
  },
  misasked: nan(predictRidge),
  shuffled: SUMS,
  inUnit: made.inUnit,
  judged: "says amounts",
});

const logisticRow = estimator({
  name: "fitLogistic",
  data: made.labelled,
  fit: ({ matrix, labels }) => fitLogistic(matrix, labels),
  ask: (model, numbers) => [predictLogistic(model, numbers)],
  range: [0, 1],
  faults: {
    empty: made.EMPTY,
    width: made.WIDTH,
    notFinite: made.NOT_FINITE,
    label: made.labelFaults("NOT_FINITE"),
    others: [...made.TOO_FEW, ...made.ONE_CLASS],
  },
  options: {
    "penalty −1": ({ matrix, labels }) => fitLogistic(matrix, labels, { penalty: -1 }),
    "maxRounds 0": ({ matrix, labels }) => fitLogistic(matrix, labels, { maxRounds: 0 }),
    "weights below 0": ({ matrix, labels }) =>
      fitLogistic(matrix, labels, { weights: labels.map(() => -1) }),
  },
  misasked: nan(predictLogistic),
  shuffled: SUMS,
  inUnit: made.inUnit,
  judged: (model) => made.judgedBy((row) => predictLogistic(model, row)),
});

const twoStage = estimator({
  name: "fitTwoStage",
  data: made.labelled,
  fit: ({ matrix, amounts }) => fitTwoStage(matrix, amounts),
  ask: (model, numbers) => {
    const { amount, probability, amountIfBuys } = predictTwoStage(model, numbers);
    return [probability, amount, amountIfBuys];
  },
  range: [0, Number.MAX_VALUE],
  faults: {
    empty: made.EMPTY,
    width: made.WIDTH,
    notFinite: [...made.NOT_FINITE, ...made.AMOUNT_NOT_FINITE],
    label: "targets are amounts",
    others: [
      ...made.TOO_FEW,
      {
        what: "nobody who buys",
        code: "CONSTANT",
        spoil: (good) => ({ ...good, amounts: good.amounts.map(() => -1) }),
      },
      {
        what: "nobody who does not",
        code: "CONSTANT",
        spoil: (good) => ({ ...good, amounts: good.amounts.map(() => 1) }),
      },
      {
        what: "four who buy",
        code: "TOO_FEW",
        spoil: (good) => ({ ...good, amounts: good.amounts.map((_, row) => (row < 4 ? 1 : 0)) }),
      },
    ],
  },
  options: {
    "buysPenalty −1": ({ matrix, amounts }) => fitTwoStage(matrix, amounts, { buysPenalty: -1 }),
    "amountPenalty −1": ({ matrix, amounts }) =>
      fitTwoStage(matrix, amounts, { amountPenalty: -1 }),
  },
  misasked: nan(predictTwoStage),
  shuffled: SUMS,
  inUnit: made.inUnit,
  judged: (model) => made.judgedBy((row) => predictTwoStage(model, row).probability),
});

const line = estimator({
  name: "fitLine",
  data: (seed) => {
    const good = made.labelled(seed, 100);
    return {
      table: { columns: ["first", "second", "third"], rows: made.plainRows(good) },
      targets: good.amounts,
    };
  },
  fit: ({ table, targets }) => fitLine(table, targets),
  ask: ({ intercept, weights }, numbers) => [
    weights.reduce((sum, weight, at) => sum + weight * Math.tanh(numbers[at] ?? 0), intercept),
  ],
  range: ANY,
  faults: {
    empty: [
      {
        what: "no rows",
        code: "EMPTY",
        spoil: ({ table }) => ({ table: { ...table, rows: [] }, targets: [] }),
      },
    ],
    width: [
      ...[[1], [1, 2, 3, 4]].map((row) => ({
        what: `a row of ${row.length}`,
        code: "WIDTH",
        spoil: ({ table, targets }: LineData): LineData => ({
          table: { ...table, rows: [row, ...table.rows.slice(1)] },
          targets,
        }),
      })),
      {
        what: "too few targets",
        code: "WIDTH",
        spoil: ({ table, targets }) => ({ table, targets: targets.slice(1) }),
      },
      {
        what: "no columns",
        code: "WIDTH",
        spoil: ({ table, targets }) => ({
          table: { columns: [], rows: table.rows.map(() => []) },
          targets,
        }),
      },
    ],
    notFinite: [
      {
        what: "NaN",
        code: "NOT_FINITE",
        spoil: ({ table, targets }) => ({
          table: { ...table, rows: [[1, Number.NaN, 2], ...table.rows.slice(1)] },
          targets,
        }),
      },
      {
        what: "a target of infinity",
        code: "NOT_FINITE",
        spoil: ({ table, targets }) => ({ table, targets: [Infinity, ...targets.slice(1)] }),
      },
    ],
    label: "targets are amounts",
    others: [
      {
        what: "four rows",
        code: "TOO_FEW",
        spoil: ({ table, targets }) => ({
          table: { ...table, rows: table.rows.slice(0, 4) },
          targets: targets.slice(0, 4),
        }),
      },
      {
        what: "a column that never varies",
        code: "CONSTANT",
        spoil: ({ table, targets }) => ({
          table: {
            ...table,
            rows: table.rows.map(([first = 0, second = 0]) => [first, second, 4]),
          },
          targets,
        }),
      },
    ],
  },
  options: "it has none",
  misasked: "the line is asked in `regression.ts`, through features",
  shuffled: SUMS,
  inUnit: ({ table, targets }, factor) => ({
    table: { ...table, rows: table.rows.map((row) => row.map((value) => value * factor)) },
    targets: targets.map((target) => target * factor),
  }),
  judged: "says amounts",
});

interface LineData {
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly number[][] };
  readonly targets: readonly number[];
}

export const LINEAR: readonly Row[] = [line, ridge, logisticRow, twoStage];
