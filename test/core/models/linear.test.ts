import { describe, expect, it } from "vitest";
import {
  fitLogistic,
  type LinearFile,
  linearModel,
  logistic,
  margins,
  readLinear,
  type SparseRow,
  writeLinear,
} from "../../../src/core/models/linear.ts";

const sparse = (...values: readonly number[]): SparseRow => {
  const indices = values.map((_, index) => index).filter((index) => values[index] !== 0);
  return {
    indices: Int32Array.from(indices),
    values: Float64Array.from(indices, (index) => values[index] ?? 0),
  };
};

const file: LinearFile = {
  kind: "linear-classifier",
  formatVersion: 1,
  task: "test",
  card: { data: "d", rows: 2, seed: 1, command: "c", scores: [], weaknesses: [] },
  labels: ["a", "b"],
  bias: [0.5, -0.5],
  features: [
    ["w:x", 2, [1, -1]],
    ["__proto__", 1, [0.25, 0]],
  ],
};

const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);

describe("logistic regression", () => {
  const rows = [sparse(1, 0), sparse(1, 0.2), sparse(0, 1), sparse(0.1, 1)];
  const targets = Uint8Array.from([1, 1, 0, 0]);
  const task = { rows, targets, dimensions: 2, c: 5, positiveWeight: 1, iterations: 400 };

  it("separates what can be separated", () => {
    const { weights, bias } = fitLogistic(task);
    const chance = (x: number, y: number): number =>
      logistic((weights[0] ?? 0) * x + (weights[1] ?? 0) * y + bias);
    expect(chance(1, 0)).toBeGreaterThan(0.7);
    expect(chance(0, 1)).toBeLessThan(0.3);
  });

  it("ends where the gradient of its penalised loss vanishes", () => {
    const { weights, bias } = fitLogistic(task);
    const point = [...weights, bias];
    const dense = [
      [1, 0, 1],
      [1, 0.2, 1],
      [0, 1, 1],
      [0.1, 1, 1],
    ];
    const errors = dense.map((x, row) => task.c * (logistic(dot(x, point)) - (targets[row] ?? 0)));
    const slope = point.map(
      (value, column) =>
        value +
        dot(
          errors,
          dense.map((x) => x[column] ?? 0),
        ),
    );
    for (const value of slope) expect(Math.abs(value)).toBeLessThan(1e-6);
  });

  it("forgets the first fit in the second and repeats itself to the bit", () => {
    const first = fitLogistic(task);
    fitLogistic({ ...task, targets: Uint8Array.from([0, 0, 1, 1]) });
    expect(fitLogistic(task)).toEqual(first);
  });

  it("leans further to positives that weigh more, and less with a stronger penalty", () => {
    expect(fitLogistic({ ...task, positiveWeight: 4 }).bias).toBeGreaterThan(
      fitLogistic(task).bias,
    );
    expect(Math.abs(fitLogistic({ ...task, c: 0.1 }).weights[0] ?? 9)).toBeLessThan(
      Math.abs(fitLogistic(task).weights[0] ?? 0),
    );
  });

  it("fits no rows to nothing", () =>
    expect(fitLogistic({ ...task, rows: [], targets: new Uint8Array(0) })).toEqual({
      weights: new Float64Array(2),
      bias: 0,
    }));

  it("does not overflow", () =>
    expect([logistic(-1e6), logistic(1e6), logistic(0)]).toEqual([0, 1, 0.5]));
});

describe("a linear model file", () => {
  it("reads what it writes, one feature a line, also one named __proto__", () => {
    const text = writeLinear(file);
    expect(JSON.parse(text)).toEqual(file);
    expect(text).toContain('\n    ["w:x",2,[1,-1]],\n');
    const model = readLinear(text, "models/x.json");
    expect(model).toEqual({ kind: "sound", value: linearModel(file) });
    expect(linearModel(file).rowOf.get("__proto__")).toBe(1);
    expect(linearModel(file).rowOf.get("constructor")).toBeUndefined();
  });

  it("sums bias and weighted features per label", () => {
    expect([...margins(linearModel(file), sparse(2, 4))]).toEqual([3.5, -2.5]);
  });

  it("is refused with every fault and its place", () => {
    const broken = { ...file, kind: "tree", bias: [1], features: [["w:x", 1, [1]]] };
    const read = readLinear(JSON.stringify(broken), "models/x.json");
    expect(read.kind === "faulty" && read.faults.map(({ place }) => place)).toContain(
      "models/x.json › kind",
    );
    expect(readLinear("nonsense", "models/x.json")).toMatchObject({
      kind: "faulty",
      faults: [{ place: "models/x.json" }],
    });
  });
});
