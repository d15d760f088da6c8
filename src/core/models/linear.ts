/**
 * Linear classifier for text: one L2-regularised logistic regression per label over named sparse features, and its readable file.
 * Labels are independent (several may hold); the probabilities of one text do not sum to 1.
 */
import { z } from "zod";
import { type Checked, faulty, faultsOf, sound } from "../fault.ts";

/** Indices ascending or not, each at most once; values beside them. */
export interface SparseRow {
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

export interface LogisticTask {
  readonly rows: readonly SparseRow[];
  /** 1 where the label holds. */
  readonly targets: Uint8Array;
  readonly dimensions: number;
  /** Inverse strength of the L2 penalty, as in scikit-learn: ½‖w‖² + C Σ loss. */
  readonly c: number;
  /** Weight of a positive row against a negative one. */
  readonly positiveWeight: number;
  readonly iterations: number;
}

export interface LogisticFit {
  readonly weights: Float64Array;
  readonly bias: number;
}

/** 1 ÷ (1 + e^−margin), without overflow. */
export const logistic = (margin: number): number => {
  if (margin >= 0) return 1 / (1 + Math.exp(-margin));
  const power = Math.exp(margin);
  return power / (1 + power);
};

const margin = (row: SparseRow, weights: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < row.indices.length; at += 1)
    sum += (row.values[at] ?? 0) * (weights[row.indices[at] ?? 0] ?? 0);
  return sum;
};

const addRow = (row: SparseRow, factor: number, into: Float64Array): void => {
  for (let at = 0; at < row.indices.length; at += 1) {
    const index = row.indices[at] ?? 0;
    into[index] = (into[index] ?? 0) + factor * (row.values[at] ?? 0);
  }
};

/** Largest eigenvalue of XᵀX (with the bias column) by power iteration; slightly too large, so that steps stay safe. */
const curvature = (rows: readonly SparseRow[], dimensions: number): number => {
  let vector = new Float64Array(dimensions + 1).fill(1);
  let norm = 1;
  for (let round = 0; round < 20; round += 1) {
    const next = new Float64Array(dimensions + 1);
    for (const row of rows) {
      const product = margin(row, vector) + (vector[dimensions] ?? 0);
      addRow(row, product, next);
      next[dimensions] = (next[dimensions] ?? 0) + product;
    }
    norm = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0)) || 1;
    vector = next.map((value) => value / norm);
  }
  return norm * 1.2;
};

const gradient = (task: LogisticTask, point: Float64Array): Float64Array => {
  const slope = Float64Array.from(point);
  const bias = point[task.dimensions] ?? 0;
  for (const [index, row] of task.rows.entries()) {
    const target = task.targets[index] ?? 0;
    const weight = target === 1 ? task.positiveWeight : 1;
    const error = task.c * weight * (logistic(margin(row, point) + bias) - target);
    addRow(row, error, slope);
    slope[task.dimensions] = (slope[task.dimensions] ?? 0) + error;
  }
  return slope;
};

/**
 * Fits one label by accelerated gradient descent (Nesterov; Beck and Teboulle, 2009) with a fixed step.
 * Deterministic: no random start, no random order. The bias is penalised like a weight.
 */
export const fitLogistic = (task: LogisticTask): LogisticFit => {
  const size = task.dimensions + 1;
  const step =
    1 /
    (1 + 0.25 * task.c * Math.max(1, task.positiveWeight) * curvature(task.rows, task.dimensions));
  let current = new Float64Array(size);
  let ahead = new Float64Array(size);
  let pace = 1;
  for (let round = 0; round < task.iterations; round += 1) {
    const slope = gradient(task, ahead);
    const nextPace = (1 + Math.sqrt(1 + 4 * pace * pace)) / 2;
    const next = new Float64Array(size);
    const onward = new Float64Array(size);
    for (let at = 0; at < size; at += 1) {
      next[at] = (ahead[at] ?? 0) - step * (slope[at] ?? 0);
      onward[at] =
        (next[at] ?? 0) + ((pace - 1) / nextPace) * ((next[at] ?? 0) - (current[at] ?? 0));
    }
    current = next;
    ahead = onward;
    pace = nextPace;
  }
  return { weights: current.slice(0, task.dimensions), bias: current[task.dimensions] ?? 0 };
};

const modelCardSchema = z.strictObject({
  /** Fingerprint of the training rows. */
  data: z.string(),
  rows: z.int(),
  seed: z.int(),
  command: z.string(),
  scores: z.array(z.strictObject({ estimator: z.string(), metric: z.string(), value: z.number() })),
  weaknesses: z.array(z.string()),
});

export const linearFileSchema = z
  .strictObject({
    kind: z.literal("linear-classifier", {
      error: 'is not "linear-classifier"; name a file that attune train text wrote',
    }),
    formatVersion: z.literal(1, {
      error: "is a format that this version does not read; run attune train text again",
    }),
    task: z.string(),
    card: modelCardSchema,
    labels: z.array(z.string()).min(1),
    bias: z.array(z.number()),
    /** Name, factor of its value (inverse document frequency), one weight per label. */
    features: z.array(z.tuple([z.string().min(1), z.number(), z.array(z.number())])),
  })
  .superRefine((file, context) => {
    const wrong = (path: (string | number)[], found: number): void => {
      const message = `has ${found} numbers for ${file.labels.length} labels; train again`;
      context.addIssue({ code: "custom", path, message });
    };
    if (file.bias.length !== file.labels.length) wrong(["bias"], file.bias.length);
    const seen = new Set<string>();
    for (const [index, [name, , weights]] of file.features.entries()) {
      if (weights.length !== file.labels.length) wrong(["features", index], weights.length);
      if (seen.has(name))
        context.addIssue({
          code: "custom",
          path: ["features", index],
          message: `"${name}" stands twice; train again`,
        });
      seen.add(name);
    }
  });

export type LinearFile = z.output<typeof linearFileSchema>;

/** The file in memory: feature name → row of the weight table. */
export interface LinearModel {
  readonly labels: readonly string[];
  readonly bias: readonly number[];
  readonly rowOf: ReadonlyMap<string, number>;
  readonly factors: Float64Array;
  /** `weights[row × labels + label]`. */
  readonly weights: Float64Array;
}

export const linearModel = (file: Omit<LinearFile, "card">): LinearModel => {
  const width = file.labels.length;
  const weights = new Float64Array(file.features.length * width);
  for (const [row, feature] of file.features.entries()) weights.set(feature[2], row * width);
  return {
    labels: file.labels,
    bias: file.bias,
    rowOf: new Map(file.features.map(([name], row) => [name, row])),
    factors: Float64Array.from(file.features, ([, factor]) => factor),
    weights,
  };
};

/** A model file's text, read and checked; faults name the file and the feature. */
export const readLinear = (text: string, place: string): Checked<LinearModel> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON (${String(error)}); train again` }]);
  }
  const parsed = linearFileSchema.safeParse(json);
  return parsed.success ? sound(linearModel(parsed.data)) : faulty(faultsOf(parsed.error, place));
};

/** Text of a model file: one feature per line, so that two versions can be compared. */
export const writeLinear = (file: LinearFile): string => {
  const { features, ...head } = file;
  const opening = JSON.stringify(head, null, 2).replace(/\n\}$/u, "");
  const lines = features.map((feature) => `    ${JSON.stringify(feature)}`);
  return `${opening},\n  "features": [\n${lines.join(",\n")}\n  ]\n}\n`;
};

/** Margins of every label for weighted features: bias + Σ value × weight. */
export const margins = (model: LinearModel, row: SparseRow): Float64Array => {
  const width = model.labels.length;
  const sums = new Float64Array(model.bias);
  for (let at = 0; at < row.indices.length; at += 1) {
    const base = (row.indices[at] ?? 0) * width;
    const value = row.values[at] ?? 0;
    for (let label = 0; label < width; label += 1)
      sums[label] = (sums[label] ?? 0) + value * (model.weights[base + label] ?? 0);
  }
  return sums;
};
