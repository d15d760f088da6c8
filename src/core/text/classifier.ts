/**
 * Linear classifiers over hashed grams, several heads on one table: a gram's row holds one small integer per label of every head.
 * What `margins` gives is overwritten by the next call: copy what you keep.
 */
import type { Grams } from "./grams.ts";

/** A group of labels that were trained together. */
export interface Head {
  readonly name: string;
  readonly labels: readonly string[];
  /** `one`: exactly one label holds, and probabilities sum to 1. `several`: each is judged alone. */
  readonly kind: "one" | "several";
  /** Column of its first label. */
  readonly first: number;
  /** Margins are divided by this before they become probabilities; fitted on rows that the model did not see. */
  readonly temperature: number;
  /** `several`: probability from which each label is found. */
  readonly thresholds: readonly number[];
  /** `one`: largest margin below which a text is out of scope; −Infinity where none was fitted. */
  readonly scopeFrom: number;
}

export interface Classifier {
  readonly heads: readonly Head[];
  readonly columns: number;
  /** Row of each gram slot, −1 where the gram is not known. */
  readonly rowOf: Int32Array;
  /** Factor of each row's value: inverse document frequency. */
  readonly factors: Float32Array;
  /** `weights[row × columns + column] × scales[column]` is the weight. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly bias: Float32Array;
  /** Names of the dense features, and `denseWeights[feature × columns + column]`. */
  readonly dense: readonly string[];
  readonly denseWeights: Float32Array;
}

/** What one text gives; all arrays belong to the reader and are used again. */
export interface Margins {
  readonly values: Float64Array;
  /** Share of the text's grams that the model knows, 0..1. */
  known: number;
  /** 1 ÷ length of the grams' values. */
  scale: number;
}

export interface MarginReader {
  readonly read: (grams: Pick<Grams, "size" | "slots" | "counts">, dense: Float64Array) => Margins;
}

const logs = Float64Array.from({ length: 64 }, (_, count) => 1 + Math.log(Math.max(1, count)));

/** 1 + ln(count). */
export const termWeight = (count: number): number =>
  count < 64 ? (logs[count] as number) : 1 + Math.log(count);

/** Values of grams are whole numbers of 1/64, at most this: 256 of them times 127 stay below 2^25. */
const VALUE_STEPS = 64;
const VALUE_MAX = 1023;
const GRAMS_AT_ONCE = 256;
/** Two weights share one double: the sum of the first stays below half of this, the second counts in multiples of it. */
const LANE = 2 ** 26;
/** Doubles summed side by side in local variables: seven of them fit the registers (3.7 µs for 200 grams and 42 labels; one array of sums takes 14.5). */
const BLOCK = 7;

/** What a gram counts in a text, in 1/64. */
export const gramValue = (count: number, factor: number): number =>
  Math.min(VALUE_MAX, Math.round(termWeight(count) * factor * VALUE_STEPS));

/** Rows of weights, two in each double, padded to whole blocks. */
const packed = ({ weights, columns }: Classifier, width: number): Float64Array => {
  const rows = columns === 0 ? 0 : weights.length / columns;
  const table = new Float64Array(rows * width);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const at = row * width + (column >> 1);
      const weight = weights[row * columns + column] as number;
      table[at] = (table[at] as number) + (column & 1 ? weight * LANE : weight);
    }
  return table;
};

/** Σ value × weight of one block of doubles over the grams `from … to`, added to `sums`. Whole numbers: exact in any order. */
const addBlock = (
  table: Float64Array,
  grams: {
    readonly offsets: Int32Array;
    readonly values: Float64Array;
    readonly from: number;
    readonly to: number;
  },
  into: { readonly sums: Float64Array; readonly block: number },
): void => {
  const { offsets, values, from, to } = grams;
  let [a, b, c, d, e, f, g] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = from; at < to; at += 1) {
    const base = (offsets[at] as number) + into.block;
    const value = values[at] as number;
    a += value * (table[base] as number);
    b += value * (table[base + 1] as number);
    c += value * (table[base + 2] as number);
    d += value * (table[base + 3] as number);
    e += value * (table[base + 4] as number);
    f += value * (table[base + 5] as number);
    g += value * (table[base + 6] as number);
  }
  const { sums } = into;
  let at = into.block * 2;
  for (const sum of [a, b, c, d, e, f, g]) {
    const high = Math.round(sum / LANE);
    sums[at] = (sums[at] as number) + sum - high * LANE;
    sums[at + 1] = (sums[at + 1] as number) + high;
    at += 2;
  }
};

/** Row + 1 of each slot, 0 for none, in half the memory where it fits: the table is read at random, two hundred times a text. */
const compactRows = (rowOf: Int32Array, count: number): Uint16Array | Int32Array =>
  count < 0xffff ? Uint16Array.from(rowOf, (row) => row + 1) : rowOf.map((row) => row + 1);

/** A reader with memory of its own. */
export const marginReader = (model: Classifier): MarginReader => {
  const { columns, rowOf, factors, scales, bias } = model;
  const width = Math.ceil(columns / 2 / BLOCK) * BLOCK;
  const table = packed(model, width);
  const sums = new Float64Array(width * 2);
  // Nearly every gram of a text stands in it once.
  const once = Uint16Array.from(factors, (factor) => gramValue(1, factor));
  const rows = compactRows(rowOf, factors.length);
  const margins: Margins = { values: new Float64Array(columns), known: 0, scale: 0 };
  let offsets = new Int32Array(512);
  let values = new Float64Array(512);
  /** Offsets and values of the grams that the model knows. */
  const weigh = ({
    size,
    slots,
    counts,
  }: Pick<Grams, "size" | "slots" | "counts">): { known: number; squares: number } => {
    let [known, squares] = [0, 0];
    for (let at = 0; at < size; at += 1) {
      const row = (rows[slots[at] as number] as number) - 1;
      if (row < 0) continue;
      const count = counts[at] as number;
      const value = count === 1 ? (once[row] as number) : gramValue(count, factors[row] as number);
      squares += value * value;
      offsets[known] = row * width;
      values[known] = value;
      known += 1;
    }
    return { known, squares };
  };
  return {
    read: (grams, dense) => {
      if (offsets.length < grams.size) {
        offsets = new Int32Array(grams.size * 2);
        values = new Float64Array(grams.size * 2);
      }
      sums.fill(0);
      const { known, squares } = weigh(grams);
      for (let from = 0; from < known; from += GRAMS_AT_ONCE) {
        const to = Math.min(known, from + GRAMS_AT_ONCE);
        for (let block = 0; block < width; block += BLOCK)
          addBlock(table, { offsets, values, from, to }, { sums, block });
      }
      margins.known = grams.size === 0 ? 0 : known / grams.size;
      margins.scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      const own = margins.values;
      for (let column = 0; column < columns; column += 1)
        own[column] =
          (sums[column] as number) * margins.scale * (scales[column] as number) +
          (bias[column] as number);
      addDense(model, dense, own);
      return margins;
    },
  };
};

const addDense = (
  { columns, denseWeights }: Classifier,
  dense: Float64Array,
  into: Float64Array,
): void => {
  for (let feature = 0; feature < dense.length; feature += 1) {
    const value = dense[feature] as number;
    if (value === 0) continue;
    const base = feature * columns;
    for (let column = 0; column < columns; column += 1)
      into[column] = (into[column] as number) + value * (denseWeights[base + column] as number);
  }
};

/** 1 ÷ (1 + e^−x), without overflow. */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
};

/** Probabilities of a head's labels from its margins: softmax or one by one. */
export const probabilities = (head: Head, margins: Float64Array): readonly number[] => {
  const own = head.labels.map(
    (_, index) => (margins[head.first + index] as number) / head.temperature,
  );
  if (head.kind === "several") return own.map(sigmoid);
  const most = Math.max(...own);
  const powers = own.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};
