/**
 * Linear classifiers over hashed grams, several heads on one table: a gram's row holds one small integer per label of every head.
 * What `margins` gives is overwritten by the next call: copy what you keep.
 */
import type { GramBag } from "./grams.ts";

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
  readonly read: (grams: Readonly<GramBag>, dense: Float64Array) => Margins;
}

const logs = Float64Array.from({ length: 64 }, (_, count) => 1 + Math.log(Math.max(1, count)));

/** 1 + ln(count). */
export const termWeight = (count: number): number =>
  count < 64 ? (logs[count] as number) : 1 + Math.log(count);

/** Values of grams are whole numbers of 1/64, at most this: 256 of them times 127 stay below 2^25. */
const VALUE_STEPS = 64;
const VALUE_MAX = 1023;
const GRAMS_AT_ONCE = 256;
/** Labels summed side by side in local variables: seven of them fit the registers. */
const BLOCK = 7;

/** What a gram counts in a text, in 1/64. */
export const gramValue = (count: number, factor: number): number =>
  Math.min(VALUE_MAX, Math.round(termWeight(count) * factor * VALUE_STEPS));

/** Σ value × weight of one block of labels over the grams `from … to`, added to `sums`. Whole numbers: exact in any order. */
const addBlock = (
  table: Int8Array,
  grams: {
    readonly offsets: Int32Array;
    readonly values: Int32Array;
    readonly from: number;
    readonly to: number;
  },
  into: { readonly sums: Float64Array; readonly block: number },
): void => {
  const { offsets, values, from, to } = grams;
  const { sums, block } = into;
  let [a, b, c, d, e, f, g] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = from; at < to; at += 1) {
    const base = (offsets[at] as number) + block;
    const value = values[at] as number;
    a = (a + Math.imul(value, table[base] as number)) | 0;
    b = (b + Math.imul(value, table[base + 1] as number)) | 0;
    c = (c + Math.imul(value, table[base + 2] as number)) | 0;
    d = (d + Math.imul(value, table[base + 3] as number)) | 0;
    e = (e + Math.imul(value, table[base + 4] as number)) | 0;
    f = (f + Math.imul(value, table[base + 5] as number)) | 0;
    g = (g + Math.imul(value, table[base + 6] as number)) | 0;
  }
  let at = block;
  for (const sum of [a, b, c, d, e, f, g]) {
    sums[at] = (sums[at] as number) + sum;
    at += 1;
  }
};

/**
 * A classifier's tables in the order of the slots, small enough for the processor's near caches: reading a text meets two hundred slots at random.
 * Word `w` of `words` has a bit for each of 32 slots at `2w`, and at `2w + 1` how many rows stand before them (a rank index; Jacobson, 1989).
 */
interface Packed {
  readonly words: Int32Array;
  readonly factors: Float32Array;
  /** Value of a gram that stands once in its text: nearly every one does. */
  readonly once: Uint16Array;
  /** Padded to whole blocks. */
  readonly weights: Int8Array;
}

const packed = (model: Classifier, width: number): Packed => {
  const { columns, rowOf, factors, weights } = model;
  const rows = factors.length;
  const own: Packed = {
    words: new Int32Array(rowOf.length >> 4),
    factors: new Float32Array(rows),
    once: new Uint16Array(rows),
    weights: new Int8Array(rows * width),
  };
  let rank = 0;
  for (let slot = 0; slot < rowOf.length; slot += 1) {
    const word = (slot >> 5) << 1;
    if ((slot & 31) === 0) own.words[word + 1] = rank;
    const row = rowOf[slot] as number;
    if (row < 0) continue;
    own.words[word] = (own.words[word] as number) | (1 << (slot & 31));
    const factor = factors[row] as number;
    own.factors[rank] = factor;
    own.once[rank] = gramValue(1, factor);
    for (let column = 0; column < columns; column += 1)
      own.weights[rank * width + column] = weights[row * columns + column] as number;
    rank += 1;
  }
  return own;
};

/** Bits that are set, by adding up ever wider fields. */
const bitsIn = (word: number): number => {
  let sums = word - ((word >>> 1) & 0x55555555);
  sums = (sums & 0x33333333) + ((sums >>> 2) & 0x33333333);
  return Math.imul((sums + (sums >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** Row of a slot in the packed tables, −1 where the slot is not known. */
const rankOf = (words: Int32Array, slot: number): number => {
  const word = (slot >> 5) << 1;
  const bits = words[word] as number;
  const bit = 1 << (slot & 31);
  return (bits & bit) === 0 ? -1 : (words[word + 1] as number) + bitsIn(bits & (bit - 1));
};

/** A reader with memory of its own. */
export const marginReader = (model: Classifier): MarginReader => {
  const { columns, scales, bias } = model;
  const width = Math.ceil(columns / BLOCK) * BLOCK;
  const { words, factors, once, weights } = packed(model, width);
  const sums = new Float64Array(width);
  const margins: Margins = { values: new Float64Array(columns), known: 0, scale: 0 };
  let offsets = new Int32Array(512);
  let values = new Int32Array(512);
  /** Offsets and values of the grams that the model knows. */
  const weigh = ({
    size,
    slots,
    counts,
  }: Readonly<GramBag>): { known: number; squares: number } => {
    let [known, squares] = [0, 0];
    for (let at = 0; at < size; at += 1) {
      const row = rankOf(words, slots[at] as number);
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
        values = new Int32Array(grams.size * 2);
      }
      sums.fill(0);
      const { known, squares } = weigh(grams);
      for (let from = 0; from < known; from += GRAMS_AT_ONCE) {
        const to = Math.min(known, from + GRAMS_AT_ONCE);
        for (let block = 0; block < width; block += BLOCK)
          addBlock(weights, { offsets, values, from, to }, { sums, block });
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
