import { describe, expect, it } from "vitest";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { openModels } from "../../../src/core/models/predict.ts";
import { fitOffers, splitBaskets } from "../../../src/core/models/offers-fit.ts";
import { scoreOffers } from "../../../src/core/models/offers-scores.ts";
import { recommend } from "../../../src/core/models/offers.ts";
import {
  asBaskets,
  commonProducts,
  inTimeOrder,
  type PastOrder,
  visitsOf,
  withNewest,
} from "../../../src/core/models/orders.ts";
import { trainOffers } from "../../../src/core/models/train-offers.ts";
import type { TrainingResult } from "../../../src/core/training.ts";
import { context } from "./made.ts";
import { anyOf, inventOrders } from "./made-offers.ts";

const noise = inventOrders({
  orders: 900,
  next: (random) => [anyOf(12, random), anyOf(12, random)],
});

/** Who bought product n buys n + 1 next, eight times of ten. */
const sequels = inventOrders({
  orders: 1200,
  next: (random, before) => {
    const last = Number(before[0]?.slice(1) ?? 0);
    return [random() < 0.8 ? `p${(last + 1) % 30}` : anyOf(30, random)];
  },
});

/** Everybody keeps to what they bought, seven times of ten. */
const habits = inventOrders({
  orders: 1200,
  next: (random, before) => [
    random() < 0.7 && before[0] !== undefined ? before[0] : anyOf(30, random),
  ],
});

const result = (trained: Fitted<TrainingResult>): TrainingResult => {
  if (trained.kind === "refused") throw new Error(trained.sentence);
  return trained.value;
};

const valueOf = ({ report }: TrainingResult, estimator: string, metric: string): number =>
  report.scores.find((score) => score.estimator === estimator && score.metric === metric)?.value ??
  Number.NaN;

interface Weights {
  readonly weights: {
    readonly popular: number;
    readonly again: number;
    readonly neighbours: number;
    readonly rules: number;
  };
}
const weightsOf = ({ files }: TrainingResult): Weights["weights"] =>
  (JSON.parse(files["models/offers.json"] ?? "{}") as Weights).weights;

describe("training offers", () => {
  it("of orders without a pattern comes to plain popularity and says so", () => {
    const trained = result(trainOffers(noise, context));
    expect(weightsOf(trained)).toEqual({ popular: 1, again: 0, neighbours: 0, rules: 0 });
    const notes = trained.report.notes.join("\n");
    expect(notes).toContain("offers everybody what is popular");
    expect(notes).toContain("chance alone can give");
    expect(notes).toMatch(/blend does not beat baseline: popularity in hit@3/u);
  });

  it("of orders that follow one another finds what comes next", () => {
    const trained = result(trainOffers(sequels, context));
    expect(valueOf(trained, "blend", "hit@3")).toBeGreaterThan(
      valueOf(trained, "baseline: popularity", "hit@3") + 0.2,
    );
    expect(valueOf(trained, "blend", "mrr@10")).toBeGreaterThan(
      valueOf(trained, "baseline: last bought again", "mrr@10"),
    );
    expect(weightsOf(trained).neighbours).toBeGreaterThan(0);
    expect(trained.report.notes.join("\n")).toContain("more than chance gives");
    const models = openModels(trained.files);
    if (models.kind === "faulty" || models.value.offers === undefined) throw new Error("no model");
    const offers = recommend(models.value.offers, ["p7"]);
    expect(offers.map(({ product }) => product)).toContain("p8");
    expect(offers.find(({ product }) => product === "p8")?.reasons[0]).toMatchObject({
      because: "bought",
      products: ["p7"],
    });
  });

  it("of habits offers the same again", () => {
    const trained = result(trainOffers(habits, context));
    expect(weightsOf(trained).again).toBeGreaterThan(0);
    expect(valueOf(trained, "blend", "hit@1")).toBeGreaterThan(
      valueOf(trained, "baseline: popularity", "hit@1") + 0.3,
    );
  });

  it("gives the same bytes for the same orders in any order, and touches none", () => {
    const first = result(trainOffers(sequels, context));
    const before = JSON.stringify(sequels);
    expect(result(trainOffers(sequels.toReversed(), context)).files).toEqual(first.files);
    expect(JSON.stringify(sequels)).toBe(before);
    const saved = JSON.parse(first.files["models/offers.json"] ?? "") as { card: object };
    expect(saved.card).toMatchObject({
      rows: 1200,
      scores: first.report.scores,
      notes: first.report.notes,
    });
  });

  it.each<[string, readonly PastOrder[], string]>([
    ["no orders", [], "EMPTY"],
    [
      "orders without products",
      [{ customerId: "c", at: "2026-01-01T00:00:00.000Z", skus: [] }],
      "EMPTY",
    ],
    ["few orders", noise.slice(0, 50), "TOO_FEW"],
    [
      "orders of one instant",
      noise.map((order) => ({ ...order, at: "2026-01-01T00:00:00.000Z" })),
      "TOO_FEW",
    ],
  ])("is refused for %s", (_name, orders, code) => {
    expect(trainOffers(orders, context)).toMatchObject({ kind: "refused", code });
  });
});

describe("fitting offers", () => {
  const products = commonProducts(sequels, 100);
  const baskets = asBaskets(inTimeOrder(sequels), products);

  it("passes on what counting refuses", () => {
    expect(fitOffers(baskets, products.length, { neighbours: 0 })).toMatchObject({
      kind: "refused",
      code: "RANGE",
    });
    expect(fitOffers(baskets, products.length, { minCount: -1, minShare: -1 })).toMatchObject({
      kind: "refused",
      code: "RANGE",
    });
  });

  it("looks at nothing later than the cut", () => {
    const { earlier, later } = splitBaskets(baskets);
    const cut = Math.min(...later.map(({ basket }) => basket.atMs));
    expect(Math.max(...earlier.map(({ atMs }) => atMs))).toBeLessThan(cut);
    expect(earlier.length + later.length).toBe(baskets.length);
  });

  it("weighs recent orders more", () => {
    const old = fitOffers(baskets, products.length, { halfLifeDays: 1e6 });
    const young = fitOffers(baskets, products.length, { halfLifeDays: 0.5 });
    if (old.kind === "refused" || young.kind === "refused") throw new Error("refused");
    expect(Math.max(...young.value.popularity)).toBeGreaterThan(Math.max(...old.value.popularity));
    for (const share of young.value.popularity) expect(share).toBeLessThanOrEqual(1);
  });

  it("scores a worse model as worse", () => {
    const parts = fitOffers(baskets, products.length);
    if (parts.kind === "refused") throw new Error(parts.sentence);
    const { later } = splitBaskets(baskets);
    const bad = {
      ...parts.value,
      weights: { popular: 0.001, again: 30, neighbours: 0, rules: 0 },
      again: parts.value.again.map(() => 1),
    };
    const { notes } = scoreOffers(bad, { visits: later, seed: 1 });
    expect(notes.at(-1)).toMatch(
      /above popularity, (worse by more than chance gives|which chance alone)/u,
    );
  });
});

describe("orders by number", () => {
  it("keep the most ordered products, named in order of the alphabet", () => {
    const orders = [["b", "a"], ["b"], ["c", "c"], ["a"]].map((skus, day) => ({
      customerId: "c1",
      at: `2026-01-0${day + 1}T00:00:00.000Z`,
      skus,
    }));
    expect(commonProducts(orders, 2)).toEqual(["a", "b"]);
    expect(asBaskets(orders, ["a", "b"]).map(({ items }) => items)).toEqual([[1, 0], [1], [0]]);
    expect(visitsOf(asBaskets(orders, ["a", "b"])).map(({ had }) => had)).toEqual([
      [],
      [1, 0],
      [1, 0],
    ]);
  });

  it("put what was bought last first, each once, 20 at most", () => {
    expect(withNewest(["a", "b", "c"], ["c", "d", "d"])).toEqual(["c", "d", "a", "b"]);
    expect(
      withNewest(
        Array.from({ length: 20 }, (_one, item) => item),
        [99],
      ),
    ).toHaveLength(20);
    const products = ["a"];
    expect(withNewest(products, [])).toBe(products);
  });
});
