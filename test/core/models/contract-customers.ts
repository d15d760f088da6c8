/** The contract's table: how often customers buy and for how much, and the profile that drift is told from. */
import {
  bgNbdLogLikelihood,
  type BgNbdModel,
  expectedNextPurchases,
  expectedPurchases,
  fitBgNbd,
  probabilityAlive,
  type PurchaseHistories,
} from "../../../src/core/models/bg-nbd.ts";
import {
  type DriftColumn,
  driftOf,
  type DriftReference,
  fitReference,
} from "../../../src/core/models/drift.ts";
import {
  expectedAmount,
  fitGammaGamma,
  type GammaGammaModel,
  meanAmountOfAll,
  type Spendings,
} from "../../../src/core/models/gamma-gamma.ts";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";
import { estimator, type Fault, inAnyOrder, type Row, type Three } from "./contract.ts";
import { gammaFrom, livesOf, mixedHabits } from "./made-histories.ts";
import { normalFrom } from "./made-matrix.ts";

type Columns = Readonly<Record<string, readonly number[]>>;

const CUSTOMERS = 80;

/** One number of the first customer replaced. */
const firstIs =
  <Data>(name: keyof Data, value: number) =>
  (good: Data): Data => ({
    ...good,
    [name]: [value, ...(good[name] as readonly number[]).slice(1)],
  });

const columnFaults = <Data extends object>(names: readonly (keyof Data & string)[]) => ({
  empty: [
    {
      what: "no customers",
      code: "EMPTY",
      spoil: (good: Data) =>
        Object.fromEntries(Object.keys(good).map((name) => [name, []])) as unknown as Data,
    },
  ],
  width: names.map((name) => ({
    what: `a ${name} missing`,
    code: "WIDTH",
    spoil: (good: Data): Data => ({ ...good, [name]: (good[name] as readonly number[]).slice(1) }),
  })),
  notFinite: names.flatMap((name) =>
    [Number.NaN, Infinity].map((value) => ({
      what: `a ${name} of ${value}`,
      code: "NOT_FINITE",
      spoil: firstIs<Data>(name, value),
    })),
  ),
  label: "there are no labels",
});

const picked = <Data extends object>(good: Data, random: Random): Data => {
  const columns = Object.entries(good as unknown as Columns);
  const order = inAnyOrder([...(columns[0]?.[1] ?? []).keys()], random);
  return Object.fromEntries(
    columns.map(([name, values]) => [name, order.map((row) => values[row])]),
  ) as unknown as Data;
};

const fewer = <Data extends object>(good: Data, count: number): Data =>
  Object.fromEntries(
    Object.entries(good as unknown as Columns).map(([name, values]) => [
      name,
      values.slice(0, count),
    ]),
  ) as unknown as Data;

const range = <Data>(what: string, spoil: Fault<Data>["spoil"]): Fault<Data> => ({
  what,
  code: "RANGE",
  spoil,
});

const histories = (seed: number): PurchaseHistories => {
  const lives = livesOf(CUSTOMERS, seed, mixedHabits({ r: 0.5, alpha: 4, a: 0.8, b: 2.5 }));
  return {
    frequency: lives.map(({ frequency }) => frequency),
    recency: lives.map(({ recency }) => recency),
    age: lives.map(({ age }) => age),
    weight: lives.map((_, row) => 1 + (row % 2)),
  };
};

/** A possible history of any three numbers. */
const historyOf = ([first, second, third]: Three) => {
  const frequency = Math.min(1e6, Math.floor(Math.abs(10 * first)));
  const age = Math.max(Number.MIN_VALUE, Math.min(1e300, Math.abs(10 * second)));
  const recency = frequency === 0 ? 0 : age * Math.abs(Math.tanh(third));
  return { frequency, recency, age };
};

const askPurchases = (model: BgNbdModel, numbers: Three): readonly number[] => {
  const history = historyOf(numbers);
  const time = Math.min(1e300, Math.abs(numbers[2]));
  return [
    probabilityAlive(model, history),
    expectedPurchases(model, time),
    expectedNextPurchases(model, history, time),
    -Math.min(0, bgNbdLogLikelihood(model, { ...history, frequency: 0, recency: 0 })),
  ];
};

const impossible = { frequency: 2, recency: 5, age: 4 };

const bgNbd = estimator<PurchaseHistories, BgNbdModel>({
  name: "fitBgNbd",
  data: histories,
  fit: fitBgNbd,
  ask: askPurchases,
  range: [0, Number.MAX_VALUE],
  faults: {
    ...columnFaults<PurchaseHistories>(["frequency", "recency", "age", "weight"]),
    // The number of customers is that of their frequencies.
    width: columnFaults<PurchaseHistories>(["recency", "age", "weight"]).width,
    others: [
      range("a frequency of −1", firstIs("frequency", -1)),
      range("a frequency of 1.5", firstIs("frequency", 1.5)),
      range("an age of 0", firstIs("age", 0)),
      range("a recency beyond the age", firstIs("recency", 1000)),
      range("a recency of −1", firstIs("recency", -1)),
      range("a recency without a purchase", (good) => ({
        ...firstIs<PurchaseHistories>("frequency", 0)(good),
        recency: [1, ...Array.from(good.recency).slice(1)],
      })),
      range("a weight of −1", firstIs("weight", -1)),
      { what: "four customers", code: "TOO_FEW", spoil: (good) => fewer(good, 4) },
      {
        what: "nobody who came back",
        code: "CONSTANT",
        spoil: (good) => ({
          ...good,
          frequency: Array.from(good.frequency, () => 0),
          recency: Array.from(good.recency, () => 0),
        }),
      },
    ],
  },
  options: "it has none",
  misasked: {
    "an impossible history": (model) => probabilityAlive(model, impossible),
    "the next purchases of one": (model) => expectedNextPurchases(model, impossible, 1),
    "a negative time": (model) => expectedPurchases(model, -1),
    "a time of NaN": (model) => expectedPurchases(model, Number.NaN),
  },
  shuffled: picked,
  inUnit: (good, factor) => ({
    ...good,
    recency: Array.from(good.recency, (value) => value * factor),
    age: Array.from(good.age, (value) => value * factor),
  }),
  judged:
    "nobody sees who has left; expected purchases are held against later ones in its own suite",
});

const spendings = (seed: number): Spendings => {
  const random = randomFrom(seed);
  const purchases = Array.from({ length: CUSTOMERS }, () => 1 + Math.floor(6 * random()));
  const meanAmount = purchases.map((count) => {
    const rate = gammaFrom(random, 4) / 15;
    return gammaFrom(random, 6 * count) / (rate * count);
  });
  return { purchases, meanAmount, weight: purchases.map((_, row) => 1 + (row % 2)) };
};

const gammaGamma = estimator<Spendings, GammaGammaModel>({
  name: "fitGammaGamma",
  data: spendings,
  fit: fitGammaGamma,
  ask: (model, [first, second]) => [
    meanAmountOfAll(model),
    expectedAmount(model, {
      purchases: Math.min(1e6, Math.floor(Math.abs(10 * first))),
      meanAmount: Math.max(Number.MIN_VALUE, Math.min(1e295, Math.abs(second))),
    }),
  ],
  range: [0, Number.MAX_VALUE],
  faults: {
    ...columnFaults<Spendings>(["purchases", "meanAmount", "weight"]),
    width: columnFaults<Spendings>(["meanAmount", "weight"]).width,
    others: [
      range("no purchases", firstIs("purchases", 0)),
      range("1.5 purchases", firstIs("purchases", 1.5)),
      range("an amount of 0", firstIs("meanAmount", 0)),
      range("a weight of −1", firstIs("weight", -1)),
      { what: "four customers", code: "TOO_FEW", spoil: (good) => fewer(good, 4) },
      {
        what: "one amount for all",
        code: "CONSTANT",
        spoil: (good) => ({ ...good, meanAmount: Array.from(good.meanAmount, () => 5) }),
      },
    ],
  },
  options: "it has none",
  misasked: {
    "−1 purchases": (model) => expectedAmount(model, { purchases: -1, meanAmount: 1 }),
    "1.5 purchases": (model) => expectedAmount(model, { purchases: 1.5, meanAmount: 1 }),
    "an amount of 0": (model) => expectedAmount(model, { purchases: 1, meanAmount: 0 }),
    "an amount of ∞": (model) => expectedAmount(model, { purchases: 1, meanAmount: Infinity }),
  },
  shuffled: picked,
  inUnit: (good, factor) => ({
    ...good,
    meanAmount: Array.from(good.meanAmount, (value) => value * factor),
  }),
  judged: "says amounts",
});

const TOPICS = ["delivery", "refund", "app"] as const;

const columns = (seed: number): readonly DriftColumn[] => {
  const random = randomFrom(seed);
  const numbers = Array.from({ length: 120 }, () => normalFrom(random));
  return [
    { name: "score", kind: "number", values: numbers.map((one) => (one < -1.5 ? null : one)) },
    {
      name: "topic",
      kind: "category",
      values: numbers.map(() => TOPICS[Math.floor(3 * random())]!),
    },
  ];
};

const withValues = (good: readonly DriftColumn[], values: readonly (number | null)[]) => [
  { name: "score", kind: "number" as const, values },
  ...good.slice(1),
];

const looked = (numbers: readonly number[]): readonly DriftColumn[] => [
  { name: "score", kind: "number", values: numbers },
  { name: "topic", kind: "category", values: ["delivery", null, "unheard of"] },
];

const drift = estimator<readonly DriftColumn[], DriftReference>({
  name: "fitReference",
  data: columns,
  fit: (data) => fitReference(data),
  ask: (model, numbers) => {
    const report = driftOf(model, looked(numbers));
    return report.kind === "refused"
      ? [Number.NaN]
      : report.value.features.flatMap(({ psi, pValue, adjusted, statistic }) => [
          psi,
          pValue,
          adjusted,
          statistic,
        ]);
  },
  range: [0, Number.MAX_VALUE],
  faults: {
    empty: [
      { what: "no columns", code: "EMPTY", spoil: () => [] },
      { what: "no rows", code: "EMPTY", spoil: (good) => withValues(good, []) },
    ],
    width: "columns need not have equally many rows",
    notFinite: [
      { what: "infinity", code: "NOT_FINITE", spoil: (good) => withValues(good, [1, Infinity]) },
    ],
    label: "there are no labels",
    others: [range("two columns of a name", (good) => [...good, ...good])],
  },
  options: {
    "bins 1": (data) => fitReference(data, { bins: 1 }),
    "bins NaN": (data) => fitReference(data, { bins: Number.NaN }),
    "levels 0": (data) => fitReference(data, { levels: 0 }),
  },
  misasked: "`driftOf` refuses with a code",
  shuffled: (good, random) =>
    good.map((column) => ({
      ...column,
      values: inAnyOrder<unknown>([...(column.values as readonly unknown[])], random),
    })) as readonly DriftColumn[],
  inUnit: (good, factor) =>
    withValues(
      good,
      Array.from((good[0]?.values ?? []) as ArrayLike<number | null>, (value) =>
        value === null ? null : value * factor,
      ),
    ),
  judged: "says how far columns moved",
});

export const CUSTOMERS_ROWS: readonly Row[] = [bgNbd, gammaGamma, drift];
