import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readModel } from "../../../src/core/models/model-file.ts";
import { type OffersModel, writeOffers } from "../../../src/core/models/offers-file.ts";
import { offersOf, openOffers, rankProducts, recommend } from "../../../src/core/models/offers.ts";
import { offersModel } from "./made-offers.ts";

const open = openOffers(offersModel());
const named = (products: readonly string[], options = {}) =>
  recommend(open, products, options).map(({ product }) => product);

describe("offers", () => {
  it("are what is popular for a customer of whom nothing is known", () => {
    const popular = recommend(open, []);
    expect(popular.map(({ product }) => product)).toEqual(["soap", "tea", "cake"]);
    expect(popular[0]).toEqual({
      product: "soap",
      score: 0.4,
      reasons: [
        {
          because: "popular",
          products: [],
          sentence: "popular: in 40 % of recent orders",
          share: 1,
        },
      ],
    });
    expect(recommend(open, ["unheard of"])).toEqual(popular);
  });

  it("add up what is popular, bought again and goes with what the customer has", () => {
    // Of tea alone: tea 0.2 + 2 · 0.3 · 1, mug 0.05 + 0.6, soap 0.4.
    expect(recommend(open, ["tea"])).toMatchObject([
      {
        product: "tea",
        score: 0.8,
        reasons: [
          {
            because: "again",
            products: ["tea"],
            share: 0.75,
            sentence: "bought before; about 30 % of such customers have it in the next order again",
          },
          { because: "popular", share: 0.25 },
        ],
      },
      {
        product: "mug",
        score: 0.65,
        reasons: [
          {
            because: "bought",
            products: ["tea"],
            share: 0.9231,
            sentence: "about 60 % of the customers with tea buy it in a later order",
          },
          { because: "popular", products: [], share: 0.0769 },
        ],
      },
      { product: "soap", score: 0.4 },
    ]);
  });

  it("count older products less, and a pair as its older product", () => {
    // Weights of two places at decay 0.5: 2/3 and 1/3.
    const offers = recommend(open, ["cake", "tea", "cake", "nothing we know"], { count: 5 });
    expect(offers.map(({ product, score }) => [product, score])).toEqual([
      ["tea", 0.5],
      ["soap", 0.4],
      ["mug", 0.25],
      ["jam", 0.15],
      ["cake", 0.1],
    ]);
    expect(offers[3]?.reasons).toEqual([
      {
        because: "bought",
        products: ["cake", "tea"],
        sentence: "90 % of the orders with cake and tea hold it (9 times chance)",
        share: 1,
      },
    ]);
    expect(named(["mug"])).toEqual(["soap", "tea", "cake"]);
    expect(recommend(open, ["mug"])[1]?.reasons[0]?.sentence).toMatch(/^popular/u);
  });

  it("can leave out what the customer has, and be more or fewer", () => {
    expect(named(["tea", "soap"], { excludeOwned: true, count: 10 })).toEqual(["mug", "cake"]);
    expect(named(["tea"], { count: 1 })).toEqual(["tea"]);
    expect(named(["tea"], { count: 0 })).toEqual([]);
  });

  it("name neighbours by how they were found", () => {
    for (const [kind, words] of [
      ["cosine", /customers with tea buy it too \(cosine 0.6\)/u],
      ["llr", /more often than by chance \(likelihood ratio 0.6 of 1\)/u],
    ] as const) {
      const neighbours = { ...offersModel().neighbours, kind };
      expect(
        recommend(openOffers(offersModel({ neighbours })), ["tea"])[1]?.reasons[0]?.sentence,
      ).toMatch(words);
    }
  });

  it("of equal scores go by the name's place, and what nobody buys is never offered", () => {
    const flat = openOffers(
      offersModel({
        weights: { popular: 1, again: 0, neighbours: 0, rules: 0 },
        popularity: [0.2, 0, 0.2, 0.2, 0.2],
      }),
    );
    expect(offersOf(flat, [])).toEqual(["cake", "mug", "soap"]);
    expect(recommend(flat, ["jam"], { count: 9 }).map(({ product }) => product)).toEqual([
      "cake",
      "mug",
      "soap",
      "tea",
    ]);
  });
});

const WIDTH = 6;
const share = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);
const item = fc.nat({ max: WIDTH - 1 });
const strength = fc.constantFrom(0, 0.5, 1, 4);

const someModel: fc.Arbitrary<OffersModel> = fc
  .record({
    popularity: fc.array(share, { minLength: WIDTH, maxLength: WIDTH }),
    again: fc.array(share, { minLength: WIDTH, maxLength: WIDTH }),
    lists: fc.array(fc.uniqueArray(item, { maxLength: 3 }), { minLength: WIDTH, maxLength: WIDTH }),
    score: fc.integer({ min: 1, max: 10_000 }),
    rules: fc.array(
      fc.record({ from: fc.uniqueArray(item, { minLength: 1, maxLength: 2 }), to: item }),
      { maxLength: 6 },
    ),
    weights: fc.record({
      popular: strength,
      again: strength,
      neighbours: strength,
      rules: strength,
    }),
    decay: fc.constantFrom(1, 0.9, 0.5),
  })
  .map(({ lists, score, rules, ...rest }) => ({
    ...offersModel(),
    ...rest,
    products: ["a", "b", "c", "d", "e", "f"],
    positions: [1.5, 1, 0.5, 0.2, 0.1, 0.1],
    neighbours: {
      kind: "cosine" as const,
      starts: [0, ...lists.map((_list, index) => lists.slice(0, index + 1).flat().length)],
      targets: lists.flat(),
      scores: lists.flat().map(() => score),
    },
    rules: {
      from: rules.map(({ from }) => from),
      to: rules.map(({ to }) => to),
      confidence: rules.map(() => 0.5),
      lift: rules.map(() => 2),
    },
  }));

/** What one product leads to, by definition. */
const neighbourPart = (model: OffersModel, from: number, target: number): number => {
  const { starts, targets, scores } = model.neighbours;
  const near = targets.slice(starts[from], starts[from + 1]).indexOf(target);
  return near < 0
    ? 0
    : (model.weights.neighbours * (scores[(starts[from] ?? 0) + near] ?? 0)) / 10_000;
};

const rulePart = (model: OffersModel, had: readonly number[], target: number): number =>
  model.rules.from
    .map((from, index) => ({ places: from.map((one) => had.indexOf(one)), index }))
    .filter(({ places, index }) => model.rules.to[index] === target && !places.includes(-1))
    .reduce(
      (sum, { places, index }) =>
        sum +
        model.weights.rules *
          (model.rules.confidence[index] ?? 0) *
          model.decay ** Math.max(...places),
      0,
    );

/** The score by its definition. */
const scorePlainly = (model: OffersModel, had: readonly number[], target: number): number => {
  const total = had.reduce((sum, _one, place) => sum + model.decay ** place, 0);
  const bought =
    had.reduce(
      (sum, from, place) => sum + neighbourPart(model, from, target) * model.decay ** place,
      rulePart(model, had, target),
    ) / Math.max(total, 1);
  const place = had.indexOf(target);
  const again = (model.again[target] ?? 0) * (model.positions[place] ?? 0);
  return (
    model.weights.popular * (model.popularity[target] ?? 0) + model.weights.again * again + bought
  );
};

describe("the ranking", () => {
  const having = fc.uniqueArray(item, { maxLength: WIDTH });

  it("is that of the definition, call after call on one open model", () => {
    fc.assert(
      fc.property(
        someModel,
        fc.array(having, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (model, calls, excludeOwned) => {
          const opened = openOffers(model);
          for (const had of calls) {
            const { items, scores } = rankProducts(opened, had, { count: 4, excludeOwned });
            const plain = model.products
              .map((_name, number) => ({ number, score: scorePlainly(model, had, number) }))
              .filter(
                ({ number, score }) => score > 1e-12 && !(excludeOwned && had.includes(number)),
              )
              .toSorted((left, right) => right.score - left.score)
              .slice(0, 4);
            expect(items).toHaveLength(plain.length);
            for (const [index, { score }] of plain.entries()) {
              expect(scores[index]).toBeCloseTo(score, 9);
              expect(scorePlainly(model, had, items[index] ?? 0)).toBeCloseTo(score, 9);
            }
          }
        },
      ),
    );
  });

  it("is the same after a round trip through the file, and reasons are parts of the score", () => {
    fc.assert(
      fc.property(someModel, having, (model, had) => {
        const read = readModel("offers", writeOffers(model));
        if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
        const products = had.map((number) => model.products[number] ?? "");
        const offers = recommend(openOffers(model), products);
        expect(recommend(openOffers(read.value), products)).toEqual(offers);
        expect(offersOf(openOffers(read.value), products)).toEqual(
          offers.map(({ product }) => product),
        );
        for (const { reasons } of offers) {
          expect(reasons.length).toBeGreaterThan(0);
          expect(reasons.reduce((sum, one) => sum + one.share, 0)).toBeLessThan(1.001);
          for (const one of reasons) expect(one.share).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

const faultsOf = (change: object): readonly string[] => {
  const read = readModel("offers", JSON.stringify({ ...offersModel(), ...change }));
  return read.kind === "sound"
    ? []
    : read.faults.map(({ place, sentence }) => `${place} ${sentence}`);
};

describe("the file of offers", () => {
  it("keeps a list of numbers on one line and gives every name back as it was", () => {
    const model = offersModel({ products: ["[\n  1\n]", "b", 'c"', "d\\", "[ 1, 2 ]"] });
    const text = writeOffers(model);
    expect(text).toContain('"popularity": [0.1, 0, 0.05, 0.4, 0.2]');
    const read = readModel("offers", text);
    expect(read).toEqual({ kind: "sound", value: model });
  });

  it.each<[object, RegExp]>([
    [{ format: "attune-model/9" }, /format "attune-model\/9" is not known/u],
    [{ kind: "tree" }, /kind/u],
    [{ extra: 1 }, /extra/u],
    [{ popularity: [0.1] }, /popularity has 1 numbers where 5 belong/u],
    [{ again: [0.1] }, /again has 1 numbers where 5 belong/u],
    [{ popularity: [2, 0, 0, 0, 0] }, /popularity/u],
    [
      { products: ["cake", "jam", "mug", "soap", "jam"] },
      /products\[4\] "jam" stands there twice/u,
    ],
    [{ decay: 0 }, /decay/u],
    [
      { neighbours: { ...offersModel().neighbours, targets: [5] } },
      /targets\[0\] 5 is the place of no product \(there are 5\)/u,
    ],
    [
      { neighbours: { ...offersModel().neighbours, scores: [] } },
      /scores has 0 numbers where 1 belong/u,
    ],
    [
      { neighbours: { ...offersModel().neighbours, starts: [0, 1, 0, 0, 0, 1] } },
      /starts\[2\] is below the one before/u,
    ],
    [
      { neighbours: { ...offersModel().neighbours, starts: [0, 1] } },
      /starts has 2 numbers where 6 belong/u,
    ],
    [
      { rules: { ...offersModel().rules, to: [9, 1] } },
      /rules\.to\[0\] 9 is the place of no product/u,
    ],
    [
      { rules: { ...offersModel().rules, from: [[2], [0, 7]] } },
      /from\[1\]\[1\] 7 is the place of no product/u,
    ],
    [{ rules: { ...offersModel().rules, lift: [] } }, /lift has 0 numbers where 2 belong/u],
  ])("with %o is refused", (change, sentence) => {
    expect(faultsOf(change).join("\n")).toMatch(sentence);
  });
});
