/** The contract's table: what makes scores of features and probabilities of scores. */
import type { Features } from "../../../src/core/feature.ts";
import { calibrated, fitIsotonic, fitPlatt } from "../../../src/core/models/calibration.ts";
import { heldAndScaled } from "../../../src/core/models/held.ts";
import { fitHeldScales } from "../../../src/core/models/held-fit.ts";
import { logistic } from "../../../src/core/models/logistic.ts";
import { scaled } from "../../../src/core/models/scale.ts";
import { type FeatureChoice, fitScales } from "../../../src/core/models/scale-fit.ts";
import { fitSvm } from "../../../src/core/models/svm.ts";
import { estimator, type Fault, inAnyOrder, type Result, type Row } from "./contract.ts";
import * as made from "./contract-made.ts";
import { features } from "./made.ts";

const ANY = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;
const SUMS = "sums end differently in another order, in the last digit only";

interface Outcomes {
  readonly scores: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
}

const outcomes = (seed: number, rows = 1000): Outcomes => {
  const { matrix, labels } = made.labelled(seed, rows);
  const scores = labels.map(
    (_, row) => 1.5 * (matrix.values[3 * row] ?? 0) - (matrix.values[3 * row + 1] ?? 0),
  );
  return { scores: scores.map((score) => 3 * score + 1), labels, weights: labels.map(() => 1) };
};

const OUTCOME_FAULTS = {
  empty: [
    { what: "no rows", code: "EMPTY", spoil: () => ({ scores: [], labels: [], weights: [] }) },
  ],
  width: (["labels", "weights"] as const).map((name) => ({
    what: `too few ${name}`,
    code: "WIDTH",
    spoil: (good: Outcomes) => ({ ...good, [name]: good[name].slice(1) }),
  })),
  notFinite: (["scores", "labels", "weights"] as const).map((name) => ({
    what: `NaN in ${name}`,
    code: "NOT_FINITE",
    spoil: (good: Outcomes) => ({ ...good, [name]: [Number.NaN, ...good[name].slice(1)] }),
  })),
  label: [
    {
      what: "a label of .5",
      code: "LABEL",
      spoil: (good: Outcomes) => ({ ...good, labels: [0.5, ...good.labels.slice(1)] }),
    },
  ],
  others: [
    {
      what: "a negative weight",
      code: "RANGE",
      spoil: (good: Outcomes) => ({ ...good, weights: [-1, ...good.weights.slice(1)] }),
    },
    {
      what: "one class that weighs anything",
      code: "CONSTANT",
      spoil: (good: Outcomes) => ({ ...good, weights: good.labels }),
    },
  ] satisfies readonly Fault<Outcomes>[],
};

const calibration = <Model extends Parameters<typeof calibrated>[0]>(
  name: string,
  fit: (data: Outcomes) => Result<Model>,
  shuffled: string | ((data: Outcomes, random: () => number) => Outcomes),
): Row =>
  estimator<Outcomes, Model>({
    name,
    data: outcomes,
    fit,
    ask: (model, numbers) => numbers.map((score) => calibrated(model, score)),
    range: [0, 1],
    faults: OUTCOME_FAULTS,
    options: "it has none",
    misasked: { NaN: (model) => calibrated(model, Number.NaN) },
    shuffled,
    inUnit: (good, factor) => ({ ...good, scores: good.scores.map((score) => score * factor) }),
    judged: (model) => {
      const fresh = outcomes(77);
      return fresh.scores.map((score, row) => ({
        probability: calibrated(model, score),
        happened: fresh.labels[row] as number,
      }));
    },
  });

const platt = calibration("fitPlatt", fitPlatt, SUMS);
const isotonic = calibration("fitIsotonic", fitIsotonic, (good, random) => {
  const order = inAnyOrder([...good.scores.keys()], random);
  const picked = (values: readonly number[]): number[] => order.map((row) => values[row] as number);
  return { scores: picked(good.scores), labels: picked(good.labels), weights: good.weights };
});

interface SvmData {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
  readonly targets: Int8Array;
  readonly importance: Float32Array;
}

const svmData = (seed: number): SvmData => {
  const { matrix, labels } = made.labelled(seed);
  return {
    starts: Int32Array.from({ length: labels.length + 1 }, (_, row) => 3 * row),
    columns: Int32Array.from(matrix.values, (_, at) => at % 3),
    values: Float32Array.from(matrix.values),
    targets: Int8Array.from(labels, (label) => 2 * label - 1),
    importance: Float32Array.from(labels, (_, row) => (row % 7 === 0 ? 0 : 1)),
  };
};

const svmFit =
  (options: { readonly cost?: readonly [number, number]; readonly seed?: number } = {}) =>
  ({ starts, columns, values, targets, importance }: SvmData): Result<readonly number[]> => {
    const rows = { starts, columns, values, width: 3 };
    const fit = fitSvm({ rows, targets, importance, cost: [1, 1], seed: 1, ...options });
    return fit.kind === "refused" ? fit : { kind: "fitted", value: [...fit.value] };
  };

const firstIs = <A extends Int32Array | Int8Array | Float32Array>(values: A, value: number): A => {
  const own = values.slice() as A;
  own[0] = value;
  return own;
};

const unweighted = ({ starts, columns, values, targets }: SvmData): Result<readonly number[]> => {
  const rows = { starts, columns, values, width: 3 };
  const fit = fitSvm({ rows, targets, cost: [2, 1], seed: 1, maxRounds: 40, tolerance: 0.01 });
  return fit.kind === "refused" ? fit : { kind: "fitted", value: [...fit.value] };
};

const svm = (name: string, fit: (data: SvmData) => Result<readonly number[]>): Row =>
  estimator<SvmData, readonly number[]>({
    name,
    data: svmData,
    fit,
    ask: (weights, numbers) => [
      logistic(numbers.reduce((sum, value, at) => sum + Math.tanh(value) * (weights[at] ?? 0), 0)),
    ],
    range: [0, 1],
    faults: {
      empty: [
        {
          what: "no rows",
          code: "EMPTY",
          spoil: (good) => ({ ...good, starts: Int32Array.of(0), targets: new Int8Array() }),
        },
      ],
      width: [
        {
          what: "too few targets",
          code: "WIDTH",
          spoil: (good) => ({ ...good, targets: good.targets.slice(1) }),
        },
        {
          what: "too few values",
          code: "WIDTH",
          spoil: (good) => ({ ...good, values: good.values.slice(1) }),
        },
        ...[-1, 3].map((column) => ({
          what: `column ${column} of 3`,
          code: "WIDTH",
          spoil: (good: SvmData) => ({ ...good, columns: firstIs(good.columns, column) }),
        })),
      ],
      notFinite: [Number.NaN, Infinity].map((value) => ({
        what: String(value),
        code: "NOT_FINITE",
        spoil: (good: SvmData) => ({ ...good, values: firstIs(good.values, value) }),
      })),
      label: [2, -2].map((target) => ({
        what: `a target of ${target}`,
        code: "LABEL",
        spoil: (good: SvmData) => ({ ...good, targets: firstIs(good.targets, target) }),
      })),
      others: [],
    },
    options: {
      "cost 0": svmFit({ cost: [0, 1] }),
      ...Object.fromEntries(
        [-1, Number.NaN, Infinity].map((weight) => [
          `importance ${weight}`,
          (good: SvmData) => svmFit()({ ...good, importance: firstIs(good.importance, weight) }),
        ]),
      ),
      "seed NaN": svmFit({ seed: Number.NaN }),
    },
    misasked: "the margin is taken where text is classified",
    shuffled: "rows are visited in an order that the seed gives",
    inUnit: (good, factor) => ({ ...good, values: good.values.map((value) => value * factor) }),
    judged: "says margins, which Platt's curve makes into probabilities",
  });

const CHOICES: readonly FeatureChoice[] = [
  { name: "recencyDays", missing: "largest", transform: "log1p" },
  { name: "frequency", missing: 0, transform: "none" },
  { name: "rollingSentiment", missing: 0, transform: "none" },
];

const customers = (seed: number): readonly Features[] =>
  made.plainRows(made.labelled(seed)).map(([first = 0, second = 0, third = 0], row) => ({
    ...features({ frequency: second, rollingSentiment: third }),
    recencyDays: row % 9 === 0 ? null : Math.exp(first),
  }));

const FEATURE_FAULTS = {
  empty: [{ what: "no rows", code: "EMPTY", spoil: () => [] }],
  width: "features are named",
  notFinite: [Number.NaN, Infinity].map((value) => ({
    what: String(value),
    code: "NOT_FINITE",
    spoil: (good: readonly Features[]) => [
      { ...(good[0] as Features), frequency: value },
      ...good.slice(1),
    ],
  })),
  label: "there are no labels",
  others: [
    {
      what: "customers who are all alike",
      code: "CONSTANT",
      spoil: (good: readonly Features[]) => good.map(() => features({ frequency: 3 })),
    },
  ],
};

const scaling = <Scale>(
  name: string,
  fit: (rows: readonly Features[]) => Result<readonly Scale[]>,
  ask: (scale: Scale, value: number) => number,
): Row =>
  estimator<readonly Features[], readonly Scale[]>({
    name,
    data: customers,
    fit,
    ask: (scales, numbers) => scales.map((scale, at) => ask(scale, numbers[at] ?? 0)),
    range: ANY,
    faults: FEATURE_FAULTS,
    options: "what a null counts as and the transform are typed",
    misasked: "null counts as what training chose",
    shuffled: "sums are rounded to 6 decimals, so that they nearly always agree, but not always",
    inUnit: (good, factor) =>
      good.map((row) => ({ ...row, frequency: (row.frequency ?? 0) * factor })),
    judged: "says no probabilities",
  });

export const SCORES: readonly Row[] = [
  platt,
  isotonic,
  svm("fitSvm: rows that weigh", svmFit()),
  svm("fitSvm: rows alike", unweighted),
  scaling(
    "fitScales",
    (rows) => fitScales(CHOICES, rows),
    (scale, value) => scaled(Math.max(-1e6, Math.min(1e6, value)), scale),
  ),
  scaling(
    "fitHeldScales",
    (rows) =>
      fitHeldScales(
        CHOICES,
        rows.map((one) => ({ features: one })),
      ),
    (scale, value) => heldAndScaled(scale, features({ [scale.name]: value })),
  ),
];
