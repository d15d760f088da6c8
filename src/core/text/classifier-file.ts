/**
 * The file of a text classifier: JSON with a readable head and card, and tables of bytes as base64.
 * Nothing in it runs; a broken file is refused with the place of the fault.
 */
import { z } from "zod";
import { fromBase64, toBase64 } from "../base64.ts";
import { type Checked, faulty, faultsOf, sound } from "../fault.ts";
import type { Classifier, Head } from "./classifier.ts";
import { GRAM_SLOTS } from "./grams.ts";

export const cardSchema = z.strictObject({
  /** What it was trained on, with licence and number of rows. */
  sources: z.array(
    z.strictObject({ name: z.string(), licence: z.string(), rows: z.int(), data: z.string() }),
  ),
  /** Fingerprints of the corrections that were trained on: the layer leaves them out. */
  absorbed: z.array(z.string()).optional(),
  seed: z.int(),
  command: z.string(),
  scores: z.array(z.strictObject({ estimator: z.string(), metric: z.string(), value: z.number() })),
  weaknesses: z.array(z.string()),
});
export type ClassifierCard = z.output<typeof cardSchema>;

const headSchema = z.strictObject({
  name: z.string().min(1),
  labels: z.array(z.string().min(1).max(200)).min(1),
  kind: z.enum(["one", "several"]),
  temperature: z.number().positive(),
  thresholds: z.array(z.number()),
  /** Null: every text is in scope. */
  scopeFrom: z.number().nullable(),
  bias: z.array(z.number()),
  scales: z.array(z.number().nonnegative()),
});

export const classifierFileSchema = z.strictObject({
  kind: z.literal("text-classifier", {
    error: 'is not "text-classifier"; name a file that attune train text wrote',
  }),
  formatVersion: z.literal(1, {
    error: "is a format that this version does not read; train again",
  }),
  card: cardSchema,
  heads: z.array(headSchema).min(1),
  dense: z.array(z.strictObject({ name: z.string(), weights: z.array(z.number()) })),
  rows: z.int().nonnegative(),
  /** Gaps between the ascending slots, as LEB128 bytes. */
  slots: z.string(),
  /** Factors in steps of 1/16, one byte a row. */
  factors: z.string(),
  /** Signed bytes, row by row. */
  weights: z.string(),
});
export type ClassifierFile = z.output<typeof classifierFileSchema>;

/** Factors are kept in steps of this: nobody's score changes by it. */
export const FACTOR_STEP = 1 / 16;

/** Ascending whole numbers as LEB128 gaps. */
const packSlots = (slots: readonly number[]): Uint8Array => {
  const bytes: number[] = [];
  let before = -1;
  for (const slot of slots) {
    let gap = slot - before - 1;
    before = slot;
    while (gap > 127) {
      bytes.push((gap & 127) | 128);
      gap >>>= 7;
    }
    bytes.push(gap);
  }
  return Uint8Array.from(bytes);
};

const unpackSlots = (bytes: Uint8Array, rows: number): Int32Array | null => {
  const rowOf = new Int32Array(GRAM_SLOTS).fill(-1);
  let at = 0;
  let slot = -1;
  for (let row = 0; row < rows; row += 1) {
    let gap = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at];
      if (byte === undefined || shift > 21) return null;
      at += 1;
      gap |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    slot += gap + 1;
    if (slot >= GRAM_SLOTS) return null;
    rowOf[slot] = row;
  }
  return at === bytes.length ? rowOf : null;
};

interface Tables {
  readonly rowOf: Int32Array;
  readonly factors: Float32Array;
  readonly weights: Int8Array;
}

const tablesOf = (file: ClassifierFile, columns: number): Tables | string => {
  const [slots, factors, weights] = [file.slots, file.factors, file.weights].map(fromBase64);
  if (!slots || !factors || !weights) return "holds a table that is not base64";
  const rowOf = unpackSlots(slots, file.rows);
  if (rowOf === null) return `names other slots than ${file.rows} rows need`;
  if (factors.length !== file.rows || weights.length !== file.rows * columns)
    return `holds ${factors.length} factors and ${weights.length} weights for ${file.rows} rows of ${columns} labels`;
  const own = new Float32Array(factors.length);
  for (let row = 0; row < own.length; row += 1) own[row] = (factors[row] as number) * FACTOR_STEP;
  return {
    rowOf,
    factors: own,
    weights: new Int8Array(weights.buffer, weights.byteOffset, weights.length),
  };
};

const headsOf = (file: ClassifierFile): readonly Head[] => {
  let first = 0;
  return file.heads.map((head) => {
    const { name, labels, kind, temperature, thresholds, scopeFrom } = head;
    const own: Head = {
      name,
      labels,
      kind,
      first,
      temperature,
      thresholds,
      scopeFrom: scopeFrom ?? -Infinity,
    };
    first += labels.length;
    return own;
  });
};

const widthFault = (file: ClassifierFile, columns: number): string | undefined => {
  const head = file.heads.find(
    ({ labels, bias, scales, thresholds }) =>
      [bias, scales, thresholds].some(({ length }) => length !== labels.length) ||
      new Set(labels).size !== labels.length,
  );
  if (head !== undefined) return `head "${head.name}" has other figures than labels`;
  const dense = file.dense.find(({ weights }) => weights.length !== columns);
  return dense === undefined
    ? undefined
    : `dense feature "${dense.name}" has ${dense.weights.length} weights for ${columns} labels`;
};

/** The classifier of a parsed file, or what does not fit together in it. */
const classifierOf = (file: ClassifierFile, place: string): Checked<Classifier> => {
  const columns = file.heads.reduce((sum, { labels }) => sum + labels.length, 0);
  const fault = widthFault(file, columns);
  const tables = fault ?? tablesOf(file, columns);
  if (typeof tables === "string")
    return faulty([{ place, sentence: `${tables}; train again or restore the file` }]);
  const denseWeights = new Float32Array(file.dense.length * columns);
  for (const [index, { weights }] of file.dense.entries())
    denseWeights.set(weights, index * columns);
  return sound({
    heads: headsOf(file),
    columns,
    ...tables,
    scales: Float32Array.from(file.heads.flatMap(({ scales }) => scales)),
    bias: Float32Array.from(file.heads.flatMap(({ bias }) => bias)),
    dense: file.dense.map(({ name }) => name),
    denseWeights,
  });
};

/** A classifier and its card from the text of a file. */
export const readClassifier = (
  text: string,
  place: string,
): Checked<{ readonly model: Classifier; readonly card: ClassifierCard }> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON (${String(error)}); train again` }]);
  }
  const parsed = classifierFileSchema.safeParse(json);
  if (!parsed.success) return faulty(faultsOf(parsed.error, place));
  const model = classifierOf(parsed.data, place);
  return model.kind === "sound" ? sound({ model: model.value, card: parsed.data.card }) : model;
};

const rounded = (value: number): number => Number(value.toPrecision(6));

const columnsOf = ({ first, labels }: Head, table: Float32Array): number[] =>
  Array.from(table.subarray(first, first + labels.length), rounded);

/** The text of a file; equal models give equal bytes. */
export const writeClassifier = (model: Classifier, card: ClassifierCard): string => {
  const { columns } = model;
  const slots: number[] = [];
  const order: number[] = [];
  for (let slot = 0; slot < GRAM_SLOTS; slot += 1) {
    const row = model.rowOf[slot] as number;
    if (row < 0) continue;
    slots.push(slot);
    order.push(row);
  }
  const weights = new Int8Array(order.length * columns);
  for (const [at, row] of order.entries())
    weights.set(model.weights.subarray(row * columns, (row + 1) * columns), at * columns);
  const file: ClassifierFile = {
    kind: "text-classifier",
    formatVersion: 1,
    card,
    heads: model.heads.map((head) => ({
      name: head.name,
      labels: [...head.labels],
      kind: head.kind,
      temperature: rounded(head.temperature),
      thresholds: head.thresholds.map(rounded),
      scopeFrom: Number.isFinite(head.scopeFrom) ? rounded(head.scopeFrom) : null,
      bias: columnsOf(head, model.bias),
      scales: columnsOf(head, model.scales),
    })),
    dense: model.dense.map((name, index) => ({
      name,
      weights: Array.from(
        model.denseWeights.subarray(index * columns, (index + 1) * columns),
        rounded,
      ),
    })),
    rows: order.length,
    slots: toBase64(packSlots(slots)),
    factors: toBase64(
      Uint8Array.from(order, (row) => Math.round((model.factors[row] as number) / FACTOR_STEP)),
    ),
    weights: toBase64(new Uint8Array(weights.buffer)),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
};
