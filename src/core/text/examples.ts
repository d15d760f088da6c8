/** Texts as rows of gram slots, side by side in typed arrays: what classifiers are fitted on. */
import { termWeight } from "./classifier.ts";
import type { GramBag } from "./grams.ts";

/** Text `i` has the entries `starts[i] … starts[i + 1]` of `slots` and `weights` (1 + ln count), and `dense[i × width …]`. */
export interface Examples {
  readonly count: number;
  readonly starts: Int32Array;
  readonly slots: Int32Array;
  readonly weights: Float32Array;
  readonly denseNames: readonly string[];
  readonly dense: Float64Array;
}

export interface ReadExamplesOptions {
  /** The grams of a text; asked before its dense features, and copied. */
  readonly gramsOf: (text: string, index: number) => Readonly<GramBag>;
  readonly denseNames: readonly string[];
  /** Writes the dense features of a text into `into`. */
  readonly densify: (text: string, into: Float64Array, index: number) => void;
  readonly onRow?: (index: number) => void;
}

const withRoom = <A extends Int32Array | Float32Array>(array: A, size: number): A => {
  if (array.length >= size) return array;
  const Kind = array.constructor as new (length: number) => A;
  const next = new Kind(Math.max(size, array.length * 2));
  next.set(array);
  return next;
};

/** Reads every text once. Memory: about eight bytes a gram. */
export const readExamples = (
  texts: readonly string[],
  { gramsOf, denseNames, densify, onRow }: ReadExamplesOptions,
): Examples => {
  const starts = new Int32Array(texts.length + 1);
  const width = denseNames.length;
  const dense = new Float64Array(texts.length * width);
  let slots = new Int32Array(1 << 16);
  let weights = new Float32Array(1 << 16);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    onRow?.(index);
    const grams = gramsOf(text, index);
    slots = withRoom(slots, end + grams.size);
    weights = withRoom(weights, end + grams.size);
    for (let at = 0; at < grams.size; at += 1) {
      slots[end] = grams.slots[at] as number;
      weights[end] = termWeight(grams.counts[at] as number);
      end += 1;
    }
    starts[index + 1] = end;
    if (width > 0) densify(text, dense.subarray(index * width, (index + 1) * width), index);
  }
  return {
    count: texts.length,
    starts,
    slots: slots.slice(0, end),
    weights: weights.slice(0, end),
    denseNames,
    dense,
  };
};

/** The grams of one text again, as margins are read from them: slots and counts, no places. */
export const gramsAt = ({ starts, slots, weights }: Examples, index: number): GramBag => {
  const [from, to] = [starts[index] as number, starts[index + 1] as number];
  return {
    size: to - from,
    slots: slots.subarray(from, to),
    counts: weights.subarray(from, to).map((weight) => Math.round(Math.exp(weight - 1))),
  };
};
