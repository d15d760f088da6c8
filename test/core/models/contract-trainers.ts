/** The contract's table: training as a whole, from rows of customers or orders to files that are opened and asked. */
import { type FeatureName } from "../../../src/core/feature.ts";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import type { HistoryRow } from "../../../src/core/models/history-row.ts";
import type { PastOrder } from "../../../src/core/models/orders.ts";
import {
  type Models,
  openModels,
  predict,
  predictValues,
} from "../../../src/core/models/predict.ts";
import { trainChurn } from "../../../src/core/models/train-churn.ts";
import type { TrainingContext } from "../../../src/core/models/train-common.ts";
import { trainOffers } from "../../../src/core/models/train-offers.ts";
import { trainSegments } from "../../../src/core/models/train-segments.ts";
import { trainSpend } from "../../../src/core/models/train-spend.ts";
import type { TrainingResult } from "../../../src/core/training.ts";
import { estimator, type Fault, inAnyOrder, type Row, type Three } from "./contract.ts";
import { context, features, shopRows } from "./made.ts";
import { anyOf, inventOrders } from "./made-offers.ts";

const opened = new WeakMap<TrainingResult, Models>();

const modelsOf = (result: TrainingResult): Models => {
  const known = opened.get(result);
  if (known !== undefined) return known;
  const models = openModels(result.files);
  if (models.kind === "faulty") throw new Error(JSON.stringify(models.faults));
  opened.set(result, models.value);
  return models.value;
};

const size = (value: number, most: number): number => Math.min(most, Math.abs(10 * value));

/** A possible customer of any three numbers, up to sizes that a shop could see. */
const customerOf = ([first, second, third]: Three) => {
  const frequency = 1 + Math.floor(size(first, 1e5));
  return features({
    frequency,
    recencyDays: size(second, 1e5),
    meanGapDays: frequency > 1 ? size(third, 1e4) : 0,
    monetary: size(first, 1e9),
    averageOrder: size(third, 1e9),
    tenureDays: size(second, 1e6),
    rollingSentiment: Math.tanh(third),
  });
};

const askCustomers = (result: TrainingResult, numbers: Three): readonly number[] => {
  const models = modelsOf(result);
  const customer = customerOf(numbers);
  const { segment, churn, spend } = predict(customer, models);
  const values = predictValues(customer, models);
  return [
    segment?.distance ?? 0,
    values.segment === (segment?.name ?? null) ? 0 : Number.NaN,
    churn?.probability ?? 0,
    values.churn ?? 0,
    spend?.amount ?? 0,
    values.spend ?? 0,
  ];
};

type Rows = readonly HistoryRow[];

/** The first customer who has ordered, with one feature replaced. */
const withFeature =
  (name: FeatureName, value: number) =>
  (good: Rows): Rows => {
    const place = good.findIndex((row) => row.features.recencyDays !== null);
    return good.map((row, at) =>
      at === place ? { ...row, features: { ...row.features, [name]: value } } : row,
    );
  };

const withOutcome = (good: Rows, outcome: HistoryRow["outcome"]): Rows =>
  good.map((row) => ({ ...row, outcome }));

interface Training {
  readonly train: (rows: Rows, given: TrainingContext) => Fitted<TrainingResult>;
  readonly range: readonly [number, number];
  /** What no rows are refused with. */
  readonly empty: string;
  readonly others: readonly Fault<Rows>[];
}

const training = (name: string, { train, range, empty, others }: Training): Row =>
  estimator<Rows, TrainingResult>({
    name,
    data: (seed) => shopRows({ customers: 60, cutoffs: 6, seed }),
    fit: (rows) => train(rows, context),
    ask: askCustomers,
    range,
    faults: {
      empty: [{ what: "no rows", code: empty, spoil: () => [] }],
      width: "features are named",
      notFinite: [
        ...[Number.NaN, Infinity].map((value) => ({
          what: `a frequency of ${value}`,
          code: "NOT_FINITE",
          spoil: withFeature("frequency", value),
        })),
        ...[
          { orders: Number.NaN, spend: 0 },
          { orders: 1, spend: Infinity },
        ].map((outcome) => ({
          what: `${outcome.orders} orders of ${outcome.spend}`,
          code: "NOT_FINITE",
          spoil: (good: Rows) => withOutcome(good, outcome),
        })),
      ],
      label: "labels are counted from orders",
      others: [
        {
          what: "one cut-off",
          code: "TOO_FEW",
          spoil: (good) => good.filter(({ at }) => at === good[0]?.at),
        },
        ...others,
      ],
    },
    options: "the seed is a whole number by the time it is read from the command line",
    misasked: "a customer of whom too little is known has no prediction",
    shuffled: "rows are told in the order of customers and cut-offs",
    inUnit: "features have the unit that the catalogue gives them",
    judged: "judged by its own gate",
  });

const one = { orders: 1, spend: 10 };

const orders = (seed: number): readonly PastOrder[] =>
  inventOrders({
    orders: 240,
    next: (random, before) => [
      before[0] === "p1" ? `p${2 + (seed % 2)}` : anyOf(6, random),
      `q${Math.floor(2 * random())}`,
    ],
  });

const NAMES = ["p0", "p1", "p2", "p3", "p4", "p5", "q0", "q1", "unheard of"];

const offers = estimator<readonly PastOrder[], TrainingResult>({
  name: "trainOffers",
  data: orders,
  fit: (data) => trainOffers(data, context),
  ask: (result, numbers) => {
    const had = numbers.map((value) => NAMES[Math.floor(Math.abs(value) % NAMES.length)] ?? "");
    const { offers: found = [] } = predict(features(), modelsOf(result), had);
    return found.flatMap(({ product, score }) => [NAMES.indexOf(product), score]);
  },
  range: [0, Number.MAX_VALUE],
  faults: {
    empty: [
      { what: "no orders", code: "EMPTY", spoil: () => [] },
      {
        what: "orders without products",
        code: "EMPTY",
        spoil: (good) => good.map((order) => ({ ...order, skus: [] })),
      },
    ],
    width: "an order may name any number of products",
    notFinite: [
      {
        what: "a time that is none",
        code: "NOT_FINITE",
        spoil: (good) => [...good, { customerId: "c1", at: "yesterday", skus: ["p1"] }],
      },
    ],
    label: "any name is a product",
    others: [
      { what: "ten orders", code: "TOO_FEW", spoil: (good) => good.slice(0, 10) },
      {
        what: "orders of one time",
        code: "TOO_FEW",
        spoil: (good) => good.map((order) => ({ ...order, at: "2026-01-01T00:00:00.000Z" })),
      },
    ],
  },
  options: "the seed is a whole number by the time it is read from the command line",
  misasked: "products that the model does not know are passed over",
  shuffled: inAnyOrder,
  inUnit: "products have no unit",
  judged: "says no probabilities",
});

export const TRAINERS: readonly Row[] = [
  training("trainSegments", {
    train: trainSegments,
    range: [0, 1e6],
    empty: "TOO_FEW",
    others: [
      {
        what: "customers who are all alike",
        code: "CONSTANT",
        spoil: (good) => good.map((row) => ({ ...row, features: features({ tenureDays: 9 }) })),
      },
    ],
  }),
  training("trainChurn", {
    train: trainChurn,
    range: [0, 1],
    empty: "EMPTY",
    others: [
      {
        what: "outcomes that nobody knows yet",
        code: "EMPTY",
        spoil: (good) => withOutcome(good, null),
      },
      {
        what: "customers who all ordered",
        code: "CONSTANT",
        spoil: (good) => withOutcome(good, one),
      },
      {
        what: "customers of whom none ordered",
        code: "CONSTANT",
        spoil: (good) => withOutcome(good, { orders: 0, spend: 0 }),
      },
    ],
  }),
  training("trainSpend", {
    train: trainSpend,
    range: [0, Number.MAX_VALUE],
    empty: "EMPTY",
    others: [
      {
        what: "outcomes that nobody knows yet",
        code: "EMPTY",
        spoil: (good) => withOutcome(good, null),
      },
    ],
  }),
  offers,
];
