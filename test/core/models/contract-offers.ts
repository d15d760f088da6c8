/** The contract's table: what is bought together, and the offers made of it. */
import {
  type AssociationRule,
  associationRules,
} from "../../../src/core/models/association-rules.ts";
import {
  type Baskets,
  type FrequentSet,
  frequentSets,
  packBaskets,
} from "../../../src/core/models/fp-growth.ts";
import {
  itemNeighbours,
  type NeighbourKind,
  type Neighbours,
} from "../../../src/core/models/item-neighbours.ts";
import type { OffersParts } from "../../../src/core/models/offers-file.ts";
import { fitOffers, type OffersFitOptions } from "../../../src/core/models/offers-fit.ts";
import { openParts, rankProducts } from "../../../src/core/models/offers.ts";
import type { Basket } from "../../../src/core/models/orders.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { estimator, type Fault, inAnyOrder, type Row } from "./contract.ts";

const WIDTH = 6;
const DAY_MS = 86_400_000;
const NO_LABELS = "products are numbers; one that is unknown is refused by its range";
const NO_UNIT = "products have no unit";
const IN_TIME = "baskets are told in the order of time";
const NO_PROBABILITIES = "says no probabilities";

/** 120 baskets of three products each: 0 leads to 1 in the next order, 2 and 3 go together. */
const baskets = (seed: number): readonly Basket[] => {
  const random = randomFrom(seed);
  const had = new Map<number, number>();
  return Array.from({ length: 120 }, (_, index) => {
    const customer = Math.floor(20 * random());
    const first = had.get(customer) === 0 ? 1 : Math.floor(2 * random());
    had.set(customer, first);
    const pair = random() < 0.5 ? [2, 3] : [4, 5];
    return { customer, atMs: index * DAY_MS, items: [first, ...pair] };
  });
};

const firstIs = (good: readonly Basket[], own: Partial<Basket>): readonly Basket[] => [
  { customer: 0, atMs: 0, items: [0], ...own },
  ...good.slice(1),
];

const fault = (what: string, code: string, own: Partial<Basket>): Fault<readonly Basket[]> => ({
  what,
  code,
  spoil: (good) => firstIs(good, own),
});

const BASKET_FAULTS = {
  empty: [{ what: "no baskets", code: "EMPTY", spoil: () => [] }],
  width: "baskets may hold any number of products",
  notFinite: [
    fault("a time of NaN", "NOT_FINITE", { atMs: Number.NaN }),
    fault("a time of infinity", "NOT_FINITE", { atMs: -Infinity }),
    fault("a product of NaN", "RANGE", { items: [Number.NaN] }),
    fault("a customer of NaN", "RANGE", { customer: Number.NaN }),
  ],
  label: [
    fault("a product beyond the last", "RANGE", { items: [WIDTH] }),
    fault("a product of −1", "RANGE", { items: [-1] }),
    fault("a product of 1.5", "RANGE", { items: [1.5] }),
  ],
  others: [fault("baskets out of time", "RANGE", { atMs: 2 * DAY_MS })],
};

const offers = (): Row => {
  const bad: Readonly<Record<string, OffersFitOptions>> = {
    "halfLifeDays 0": { halfLifeDays: 0 },
    "neighbours 0": { neighbours: 0 },
    "minCount 0": { minCount: 0 },
    "minShare 2": { minShare: 2 },
    "rulesMax −1": { rulesMax: -1 },
    "visits 0": { visits: 0 },
    "seed NaN": { seed: Number.NaN },
  };
  return estimator<readonly Basket[], OffersParts>({
    name: "fitOffers",
    data: baskets,
    fit: (data) => fitOffers(data, WIDTH),
    ask: (model, numbers) => {
      const had = [...new Set(numbers.map((value) => Math.floor(Math.abs(value) % WIDTH)))];
      const { items, scores } = rankProducts(openParts(model), had, { count: 3 });
      return [...items, ...scores];
    },
    range: [0, Number.MAX_VALUE],
    faults: {
      ...BASKET_FAULTS,
      others: [
        ...BASKET_FAULTS.others,
        { what: "39 baskets", code: "TOO_FEW", spoil: (good) => good.slice(0, 39) },
        {
          what: "baskets of one instant",
          code: "TOO_FEW",
          spoil: (good) => good.map((basket) => ({ ...basket, atMs: 0 })),
        },
      ],
    },
    options: Object.fromEntries(
      Object.entries(bad).map(([what, options]) => [
        what,
        (data: readonly Basket[]) => fitOffers(data, WIDTH, options),
      ]),
    ),
    misasked: "products that the model does not know are passed over in `recommend`",
    shuffled: IN_TIME,
    inUnit: NO_UNIT,
    judged: NO_PROBABILITIES,
  });
};

const neighbours = (kind: NeighbourKind): Row =>
  estimator<readonly Basket[], Neighbours>({
    name: `itemNeighbours: ${kind}`,
    data: baskets,
    fit: (data) => itemNeighbours(data, WIDTH, { kind }),
    ask: ({ starts, targets, scores }, [first]) => {
      const item = Math.floor(Math.abs(first) % WIDTH);
      return [...targets, ...scores].slice(starts[item], starts[item + 1]);
    },
    range: [0, 10_000],
    faults: BASKET_FAULTS,
    options: {
      "count 0": (data) => itemNeighbours(data, WIDTH, { count: 0 }),
      "shrinkage −1": (data) => itemNeighbours(data, WIDTH, { shrinkage: -1 }),
      "minCount 0": (data) => itemNeighbours(data, WIDTH, { minCount: 0 }),
      "minCount NaN": (data) => itemNeighbours(data, WIDTH, { minCount: Number.NaN }),
    },
    misasked: "neighbours are read from lists",
    shuffled: IN_TIME,
    inUnit: NO_UNIT,
    judged: NO_PROBABILITIES,
  });

const packed = (seed: number): Baskets =>
  packBaskets(
    baskets(seed).map(({ items }) => items),
    WIDTH,
  );

const startsWith = (good: Baskets, items: readonly number[]): Baskets => ({
  ...good,
  items: Int32Array.of(...items, ...good.items.slice(items.length)),
});

const sets = estimator<Baskets, readonly FrequentSet[]>({
  name: "frequentSets",
  data: packed,
  fit: (data) => frequentSets(data, { minSupport: 0.05 }),
  ask: (found, [first]) => {
    const set = found[Math.floor(Math.abs(first) % found.length)];
    return [set?.count ?? 0, ...(set?.items ?? [])];
  },
  range: [0, 120],
  faults: {
    empty: [
      { what: "no baskets", code: "EMPTY", spoil: () => packBaskets([]) },
      {
        what: "nothing at all",
        code: "EMPTY",
        spoil: () => ({ items: new Int32Array(), starts: new Int32Array(), width: 0 }),
      },
    ],
    width: [
      {
        what: "an item too few",
        code: "WIDTH",
        spoil: (good) => ({ ...good, items: good.items.slice(1) }),
      },
      {
        what: "a basket that starts before the one before it",
        code: "WIDTH",
        spoil: (good) => ({ ...good, starts: good.starts.toReversed() }),
      },
      {
        what: "baskets that start late",
        code: "WIDTH",
        spoil: (good) => ({ ...good, starts: good.starts.slice(1) }),
      },
    ],
    notFinite: "an array of whole numbers holds no NaN; `packBaskets` throws",
    label: [-1, WIDTH].map((item) => ({
      what: `item ${item} of ${WIDTH}`,
      code: "RANGE",
      spoil: (good: Baskets) => startsWith(good, [item]),
    })),
    others: [],
  },
  options: {
    "minSupport 0": (data) => frequentSets(data, { minSupport: 0 }),
    "minSupport NaN": (data) => frequentSets(data, { minSupport: Number.NaN }),
    "maxLength 0": (data) => frequentSets(data, { maxLength: 0 }),
    "maxSets 1": (data) => frequentSets(data, { maxSets: 1 }),
    "an item of NaN, when packed": () => packBaskets([[Number.NaN]]),
  },
  misasked: "sets are read from a list",
  shuffled: ({ width }, random) =>
    packBaskets(
      inAnyOrder(
        baskets(3).map(({ items }) => inAnyOrder(items, random)),
        random,
      ),
      width,
    ),
  inUnit: NO_UNIT,
  judged: NO_PROBABILITIES,
});

interface Found {
  readonly sets: readonly FrequentSet[];
  readonly total: number;
}

const frequent = (seed: number): Found => {
  const found = frequentSets(packed(seed), { minSupport: 1 });
  return { sets: found.kind === "fitted" ? found.value : [], total: 120 };
};

const rules = estimator<Found, readonly AssociationRule[]>({
  name: "associationRules",
  data: frequent,
  fit: (data) => associationRules(data.sets, data.total),
  ask: (found, [first]) => {
    const rule = found[Math.floor(Math.abs(first) % found.length)];
    return rule === undefined ? [] : [rule.support, rule.confidence, rule.pValue];
  },
  range: [0, 1],
  faults: {
    empty: [{ what: "no baskets", code: "EMPTY", spoil: () => ({ sets: [], total: 0 }) }],
    width: "sets may be of any length",
    notFinite: [
      {
        what: "a total of NaN",
        code: "RANGE",
        spoil: (good) => ({ ...good, total: Number.NaN }),
      },
      {
        what: "a count of NaN",
        code: "RANGE",
        spoil: (good) => ({ ...good, sets: [{ items: [0], count: Number.NaN }, ...good.sets] }),
      },
    ],
    label: NO_LABELS,
    others: [
      {
        what: "fewer baskets than a set is in",
        code: "RANGE",
        spoil: (good) => ({ ...good, total: 3 }),
      },
    ],
  },
  options: {
    "minConfidence −1": (data) => associationRules(data.sets, data.total, { minConfidence: -1 }),
    "minLift NaN": (data) => associationRules(data.sets, data.total, { minLift: Number.NaN }),
    "minCount −1": (data) => associationRules(data.sets, data.total, { minCount: -1 }),
    "maxFalseShare −1": (data) => associationRules(data.sets, data.total, { maxFalseShare: -1 }),
  },
  misasked: "rules are read from a list",
  shuffled: (good, random) => ({ ...good, sets: inAnyOrder(good.sets, random) }),
  inUnit: NO_UNIT,
  judged: NO_PROBABILITIES,
});

export const OFFERS: readonly Row[] = [
  sets,
  rules,
  neighbours("cosine"),
  neighbours("llr"),
  neighbours("after"),
  offers(),
];
