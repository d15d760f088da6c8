/** Trees for labels and amounts: against a search through every split, against the order of the rows, and with numbers missing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CartLabelOptions,
  type CartModel,
  cartReasons,
  fitCart,
  fitCartAmounts,
  predictCart,
} from "../../../src/core/models/cart.ts";
import { numericRows } from "../../../src/core/models/histogram.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import type { SavedNode, SavedSplit } from "../../../src/core/models/saved-tree.ts";
import { codeOf, made, mustBeFitted, shuffled, tableOf } from "./made-trees.ts";

const SMALL = { minLeaf: 1, smoothing: 0 } as const;

const fitColumn = (
  values: readonly (number | null)[],
  labels: readonly number[],
  options: CartLabelOptions = SMALL,
): CartModel =>
  mustBeFitted(
    fitCart(
      numericRows(
        values.map((value) => [value]),
        1,
      ),
      labels,
      options,
    ),
  );

const splitOf = ({ root }: CartModel): SavedSplit => {
  if (!("column" in root)) throw new Error("the tree is a leaf");
  return root;
};

const leavesOf = (node: SavedNode): readonly SavedNode[] =>
  "column" in node ? [...leavesOf(node.below), ...leavesOf(node.above)] : [node];

const depthOf = (node: SavedNode): number =>
  "column" in node ? 1 + Math.max(depthOf(node.below), depthOf(node.above)) : 0;

const fits = [
  {
    name: "labels by Gini impurity",
    fit: (data: ReturnType<typeof made>, options = {}) =>
      fitCart(tableOf(data.rows), data.labels, options),
  },
  {
    name: "labels by log-loss",
    fit: (data: ReturnType<typeof made>, options = {}) =>
      fitCart(tableOf(data.rows), data.labels, { criterion: "logLoss", ...options }),
  },
  {
    name: "amounts",
    fit: (data: ReturnType<typeof made>, options = {}) =>
      fitCartAmounts(tableOf(data.rows), data.amounts, options),
  },
];

describe.each(fits)("a tree for $name", ({ fit }) => {
  it("is the same, byte for byte, for the same rows in another order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const data = made(seed, 150);
        const one = JSON.stringify(fit(data, { minLeaf: 5 }));
        expect(JSON.stringify(fit(shuffled(data, seed + 1), { minLeaf: 5 }))).toBe(one);
        expect(JSON.stringify(fit(data, { minLeaf: 5 }))).toBe(one);
      }),
      { numRuns: 20 },
    );
  });

  it("predicts the same after a journey through JSON", () => {
    const data = made(2);
    const model = mustBeFitted(fit(data));
    const back = JSON.parse(JSON.stringify(model)) as CartModel;
    expect(back).toEqual(model);
    for (const row of data.rows) expect(predictCart(back, row)).toBe(predictCart(model, row));
  });

  it("gives reasons that add up to the prediction to the bit", () => {
    const data = made(3);
    const model = mustBeFitted(fit(data));
    for (const row of data.rows) {
      const { base, prediction, steps } = cartReasons(model, row);
      expect(base).toBe(model.root.value);
      expect(prediction).toBe(predictCart(model, row));
      expect(steps.reduce((sum, { change }) => sum + change, base)).toBe(prediction);
      for (const { column, value } of steps) expect(value).toBe(row[column]);
    }
  });

  it("keeps to depth, leaves and rows of a leaf", () => {
    const data = made(4, 1_000);
    const shape = (options: object) => mustBeFitted(fit(data, options)).root;
    expect(depthOf(shape({ maxDepth: 2 }))).toBe(2);
    expect(depthOf(shape({ maxDepth: 0 }))).toBe(0);
    expect(leavesOf(shape({ maxLeaves: 5 }))).toHaveLength(5);
    expect(leavesOf(shape({ maxLeaves: 2 }))).toHaveLength(2);
    expect(leavesOf(shape({ maxLeaves: 1 }))).toHaveLength(1);
    expect(Math.min(...leavesOf(shape({ minLeaf: 37 })).map(({ rows }) => rows))).toBeGreaterThan(
      36,
    );
    expect(leavesOf(shape({ minGain: 1e9 }))).toHaveLength(1);
  });

  it("counts every training row in one leaf and every gain in one column", () => {
    const data = made(5);
    const model = mustBeFitted(fit(data));
    expect(leavesOf(model.root).reduce((sum, { rows }) => sum + rows, 0)).toBe(400);
    expect([model.rows, model.width]).toEqual([400, 3]);
    const [first = 0, second = 0, noise = 0] = model.gains;
    expect(first).toBeGreaterThan(second);
    expect(second).toBeGreaterThan(noise);
  });

  it("leaves its data alone", () => {
    const data = made(6);
    const before = JSON.stringify(data);
    fit(data);
    expect(JSON.stringify(data)).toBe(before);
  });
});

describe("a tree for labels", () => {
  it("splits half way between two numbers", () => {
    const { root } = fitColumn([1, 2, 3, 9], [0, 0, 0, 1]);
    expect(root).toMatchObject({ column: 0, threshold: 6, value: 0.25, rows: 4 });
    expect(root).toMatchObject({ below: { value: 0, rows: 3 }, above: { value: 1, rows: 1 } });
  });

  it.each(["gini", "logLoss"] as const)("finds the best first split by %s", (criterion) => {
    const score = (labels: readonly number[]): number => {
      const positives = labels.filter((label) => label === 1).length;
      const others = labels.length - positives;
      if (criterion === "gini") return positives ** 2 / labels.length;
      const part = (count: number) => (count === 0 ? 0 : count * Math.log(count / labels.length));
      return part(positives) + part(others);
    };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })), {
          minLength: 4,
          maxLength: 40,
        }),
        (pairs) => {
          const labels = pairs.map(([, label]) => label);
          fc.pre(new Set(labels).size === 2);
          const gainAt = (threshold: number): number => {
            const side = (isBelow: boolean) =>
              pairs.filter(([value]) => value < threshold === isBelow).map(([, label]) => label);
            const [below, above] = [side(true), side(false)];
            if (below.length === 0 || above.length === 0) return 0;
            return score(below) + score(above) - score(labels);
          };
          const best = Math.max(...Array.from({ length: 9 }, (_, index) => gainAt(index + 1)));
          const { root, gains } = fitColumn(
            pairs.map(([value]) => value),
            labels,
            { ...SMALL, maxLeaves: 2, criterion },
          );
          expect(gains[0]).toBeCloseTo(best, 9);
          const found = "column" in root ? gainAt(root.threshold!) : 0;
          expect(found).toBeCloseTo(best, 9);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("draws shares towards one half by Laplace's rule", () => {
    const model = fitColumn([1, 1, 1, 2], [0, 0, 0, 1], { minLeaf: 1 });
    expect(predictCart(model, [1])).toBeCloseTo(1 / 5, 12);
    expect(predictCart(model, [2])).toBeCloseTo(2 / 3, 12);
    expect(predictCart(model, [1])).toBeGreaterThan(0);
  });

  it("stays a leaf when nothing tells the labels apart", () => {
    const { root } = fitColumn([1, 1, 1, 1, null, null], [0, 1, 0, 1, 0, 1]);
    expect(root).toEqual({ value: 0.5, rows: 6 });
  });

  it("finds rare positives without a threshold of its own", () => {
    const values = Array.from({ length: 1_000 }, (_, index) => Math.floor(index / 5));
    const labels = values.map((value) => (value >= 194 ? 1 : 0));
    expect(splitOf(fitColumn(values, labels)).threshold).toBe(193.5);
  });

  it("takes the first of two equal columns", () => {
    const rows = [1, 2, 3, 4].map((value) => [value, value]);
    const model = mustBeFitted(fitCart(numericRows(rows, 2), [0, 0, 1, 1], SMALL));
    expect(splitOf(model).column).toBe(0);
    expect(model.gains[1]).toBe(0);
  });
});

describe("a missing number", () => {
  it.each<[string, readonly number[], "below" | "above"]>([
    ["low ones", [0, 0, 1, 1, 0, 0], "below"],
    ["high ones", [0, 0, 1, 1, 1, 1], "above"],
  ])("goes with the %s when it fared as they did", (_name, labels, side) => {
    const model = fitColumn([1, 2, 3, 4, null, null], labels);
    expect(splitOf(model)).toMatchObject({ threshold: 2.5, missing: side });
    expect(predictCart(model, [null])).toBe(labels[5]);
    expect(predictCart(model, [Number.NaN])).toBe(labels[5]);
  });

  it("can be what divides the rows: the threshold is then null", () => {
    const model = fitColumn([1, 2, 3, null, null], [0, 0, 0, 1, 1]);
    expect(splitOf(model)).toMatchObject({ threshold: null, missing: "above" });
    expect(predictCart(model, [1e9])).toBe(0);
    expect(cartReasons(model, [null]).steps).toEqual([
      {
        column: 0,
        value: null,
        threshold: null,
        side: "above",
        change: splitOf(model).above.value - model.root.value,
      },
    ]);
  });

  it("goes with most rows when training met none", () => {
    expect(splitOf(fitColumn([1, 2, 3, 9], [0, 0, 0, 1])).missing).toBe("below");
    expect(splitOf(fitColumn([1, 7, 8, 9], [0, 1, 1, 1])).missing).toBe("above");
  });

  it("is told from 255 bins of known numbers", () => {
    const values = [...Array.from({ length: 600 }, (_, index) => index), null, null];
    const model = fitColumn(
      values,
      values.map((value) => (value === null ? 1 : 0)),
    );
    expect(splitOf(model)).toMatchObject({
      threshold: null,
      below: { rows: 600 },
      above: { rows: 2 },
    });
  });
});

describe("a tree for amounts", () => {
  const step = numericRows([[1], [2], [3], [4]], 1);

  it("predicts a clean step exactly", () => {
    const model = mustBeFitted(fitCartAmounts(step, [0, 0, 10, 10], { minLeaf: 1 }));
    expect([1, 2, 3, 4].map((value) => predictCart(model, [value]))).toEqual([0, 0, 10, 10]);
    expect(model.gains[0]).toBeCloseTo(100, 9);
    expect(model.target).toBe("amount");
  });

  it("does not split what differs by rounding only", () => {
    const values = Array.from({ length: 91 }, (_, index) => [index]);
    const amounts = values.map(([value = 0]) => (value < 37 ? 0.1 : value < 70 ? 7.3 : 19.7));
    const model = mustBeFitted(fitCartAmounts(numericRows(values, 1), amounts, { minLeaf: 1 }));
    expect(leavesOf(model.root).map(({ rows }) => rows)).toEqual([37, 33, 21]);
  });

  it("has exact reasons also for amounts of very different size", () => {
    const random = randomFrom(4);
    const values = Array.from({ length: 300 }, () => [random()]);
    const amounts = values.map(([value = 0]) => (random() - 0.3) * Math.exp(20 * value));
    const model = mustBeFitted(fitCartAmounts(numericRows(values, 1), amounts, { minLeaf: 3 }));
    for (const row of values) {
      const { base, prediction, steps } = cartReasons(model, row);
      expect(steps.reduce((sum, { change }) => sum + change, base)).toBe(prediction);
    }
  });

  it.each<[string, readonly number[]]>([
    ["all negative", [-8, -8, -3, -3]],
    ["far from 0", [1.7e12, 1.7e12, 1.7e12 + 8, 1.7e12 + 8]],
    ["tiny", [1e-100, 1e-100, 3e-100, 3e-100]],
    ["huge", [1e139, 1e139, -1e139, -1e139]],
  ])("holds for amounts that are %s", (_name, amounts) => {
    const model = mustBeFitted(fitCartAmounts(step, amounts, { minLeaf: 1 }));
    for (const [place, amount] of amounts.entries())
      expect(Math.abs(predictCart(model, [place + 1]) - amount)).toBeLessThanOrEqual(
        Math.abs(amount) * 2 ** -44,
      );
  });

  it.each<[string, string, readonly number[]]>([
    ["NaN", "NOT_FINITE", [1, 2, Number.NaN, 3]],
    ["infinity", "NOT_FINITE", [1, 2, Infinity, 3]],
    ["an amount whose square overflows", "NOT_FINITE", [1, 2, 1e200, 3]],
    ["one amount for all", "CONSTANT", [2, 2, 2, 2]],
    ["differences whose squares vanish", "CONSTANT", [1e-200, 2e-200, 3e-200, 4e-200]],
    ["too few amounts", "WIDTH", [1, 2]],
  ])("refuses %s with %s", (_name, code, amounts) => {
    expect(codeOf(fitCartAmounts(step, amounts, { minLeaf: 1 }))).toBe(code);
  });
});

describe("what a tree cannot be fitted on", () => {
  const good = made(7);
  const none = { values: new Float64Array(), width: 3 };
  const infinite = tableOf([[1, 2, Infinity], ...good.rows.slice(1)]);
  it.each<[string, string, { table: ReturnType<typeof tableOf>; labels: readonly number[] }]>([
    ["no rows", "EMPTY", { table: none, labels: [] }],
    [
      "fewer rows than two leaves",
      "TOO_FEW",
      { table: tableOf(good.rows.slice(0, 39)), labels: good.labels },
    ],
    ["infinity", "NOT_FINITE", { table: infinite, labels: good.labels }],
    ["too few labels", "WIDTH", { table: tableOf(good.rows), labels: good.labels.slice(1) }],
    ["a label of 2", "LABEL", { table: tableOf(good.rows), labels: [2, ...good.labels.slice(1)] }],
    [
      "a label of NaN",
      "LABEL",
      { table: tableOf(good.rows), labels: [Number.NaN, ...good.labels.slice(1)] },
    ],
    ["only positives", "CONSTANT", { table: tableOf(good.rows), labels: good.labels.map(() => 1) }],
    ["only negatives", "CONSTANT", { table: tableOf(good.rows), labels: good.labels.map(() => 0) }],
  ])("%s: %s", (_name, code, { table, labels }) => {
    expect(codeOf(fitCart(table, labels))).toBe(code);
  });

  it.each<CartLabelOptions>([
    { maxDepth: -1 },
    { maxDepth: 1.5 },
    { maxDepth: 65 },
    { minLeaf: 0 },
    { maxLeaves: 0 },
    { minGain: Number.NaN },
    { smoothing: -1 },
    { smoothing: Infinity },
  ])("options %o", (options) => {
    expect(() => fitCart(tableOf(good.rows), good.labels, options)).toThrow(RangeError);
  });

  it("predicts no row of another width or with an infinite number", () => {
    const model = mustBeFitted(fitCart(tableOf(good.rows), good.labels));
    expect(() => predictCart(model, [1, 2])).toThrow(RangeError);
    expect(() => cartReasons(model, [1, 2, -Infinity])).toThrow(RangeError);
  });
});
