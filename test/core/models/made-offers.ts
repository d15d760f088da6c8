/** Small models of offers and invented orders, with a pattern or without. */
import type { OffersModel } from "../../../src/core/models/offers-file.ts";
import type { PastOrder } from "../../../src/core/models/orders.ts";
import { randomFrom } from "../../../src/core/models/random.ts";

/** tea leads to mug (neighbours), mug to tea (a rule), tea and cake to jam (a rule); tea is what is bought again. */
export const offersModel = (changed: Partial<OffersModel> = {}): OffersModel => ({
  format: "attune-model/1",
  kind: "offers",
  task: "offers",
  products: ["cake", "jam", "mug", "soap", "tea"],
  weights: { popular: 1, again: 2, neighbours: 1, rules: 0.5 },
  decay: 0.5,
  popularity: [0.1, 0, 0.05, 0.4, 0.2],
  again: [0, 0, 0, 0, 0.3],
  positions: [1, 0.5],
  neighbours: { kind: "after", starts: [0, 0, 0, 0, 0, 1], targets: [2], scores: [6000] },
  rules: {
    from: [[2], [0, 4]],
    to: [4, 1],
    confidence: [0.4, 0.9],
    lift: [2, 9],
  },
  card: {
    data: "0".repeat(64),
    rows: 3,
    from: "2026-01-01T00:00:00.000Z",
    to: "2026-06-01T00:00:00.000Z",
    seed: 1,
    command: "attune train offers",
    scores: [],
    notes: ["made by hand"],
  },
  ...changed,
});

const DAY_MS = 86_400_000;

interface Shop {
  readonly orders: number;
  /** What an order holds, from a die and what the customer had in the order before. */
  readonly next: (random: () => number, before: readonly string[]) => readonly string[];
}

/** Orders of 60 customers, one every six hours. */
export const inventOrders = ({ orders, next }: Shop): readonly PastOrder[] => {
  const random = randomFrom(11);
  const before = new Map<string, readonly string[]>();
  return Array.from({ length: orders }, (_one, index) => {
    const customerId = `c${Math.floor(60 * random())}`;
    const skus = next(random, before.get(customerId) ?? []);
    before.set(customerId, skus);
    return {
      customerId,
      at: new Date(Date.UTC(2026, 0, 1) + (index * DAY_MS) / 4).toISOString(),
      skus,
    };
  });
};

/** One of so many products, the low numbers more often. */
export const anyOf = (count: number, random: () => number): string =>
  `p${Math.floor(count * random() ** 1.5)}`;
