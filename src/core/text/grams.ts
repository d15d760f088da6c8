/**
 * Hashed n-grams of a normalised text, one recipe for English and Chinese: token 1–3-grams with borders, and character grams of up to five units inside words.
 * The arrays of a `Grams` are reused by the next text: read what you need before you count again.
 */
import { classOf, DIGIT, HIGH, MARK, SKIP, WORD } from "./unit-classes.ts";

/** Slots of the hash space: 2^18. Fewer cost accuracy (2^16: −0.4 points), more bring none. */
export const GRAM_SLOTS = 1 << 18;
const SHIFT = 32 - 18;

/** Longer words are cut there: nobody's vocabulary, somebody's attack. */
const WORD_UNITS_MAX = 40;
const GRAM_MAX = 5;
/** Longer numbers are somebody's own: only their length, up to `NUMBER_UNITS_MAX`, says something. */
const NUMBER_UNITS = 4;
const NUMBER_UNITS_MAX = 12;

const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const BORDER_UNIT = 0x5f;
const APOSTROPHE = 0x27;

/** Steps of the mixing function that is known as MurmurHash3's finaliser. */
const finish = (hash: number): number => {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> SHIFT;
};

const START = finish(0x5bd1e995) | 1;
const END = finish(0x27d4eb2f) | 2;
const SINGLE = 0x1b873593;
const INSIDE = 0x2545f491;
const CONCEPT = 0x6c8e9cf5;

/** FNV-1a, one step. */
const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, PRIME);
const pairOf = (before: number, hash: number): number => step(Math.imul(before, 0x9e3779b1), hash);
const tripleOf = (earlier: number, pair: number): number =>
  step(Math.imul(earlier, 0x85ebca77), pair);

/** Distinct slots in `slots[0 … size)`, how often each occurs in `counts`. */
export interface GramBag {
  size: number;
  slots: Int32Array;
  counts: Float32Array;
}

/** The distinct grams of the text counted last, and every place where one stands. Offsets are UTF-16 units of the normalised text, half-open. */
export interface Grams extends GramBag {
  /** Places in `at[0 … places)`: the index into `slots`, and the units. A gram with a border covers the border's neighbour only. */
  places: number;
  at: Int32Array;
  from: Int32Array;
  to: Int32Array;
  /** Tokens of the text: token `i` is `tokenFrom[i] … tokenTo[i]`. */
  tokens: number;
  tokenFrom: Int32Array;
  tokenTo: Int32Array;
}

/** A stretch of the text that belongs to concepts, by their numbers. */
export interface ConceptHit {
  readonly from: number;
  readonly to: number;
  readonly concepts: readonly number[];
}

/** Counts the grams of one text after the other into the same arrays. Concepts count as grams of their own, alone and in pairs of neighbours. */
export interface GramCounter {
  readonly count: (text: string, hits?: readonly ConceptHit[]) => Grams;
}

/**
 * Grams in the making. `table` finds a slot among the distinct ones, by open addressing: index + 1, 0 where nothing stands. For a short text it has
 * a few thousand places, which the processor's first cache holds; one place for every slot took a fifth of the time to read a text.
 */
interface Counting extends Grams {
  table: Int32Array;
  /** Places of the table that are in use, less one: a power of two less one. */
  mask: number;
  hashes: Int32Array;
  /** Units of the shortest character gram. */
  readonly shortest: number;
}

/** The index of a slot among the distinct ones; a new one is added. */
const indexOf = (into: Counting, slot: number): number => {
  const { table, mask, slots } = into;
  for (let probe = slot & mask; ; probe = (probe + 1) & mask) {
    const known = (table[probe] as number) - 1;
    if (known >= 0 && slots[known] !== slot) continue;
    if (known >= 0) return known;
    const index = into.size;
    table[probe] = index + 1;
    slots[index] = slot;
    into.counts[index] = 0;
    into.size = index + 1;
    return index;
  }
};

// oxlint-disable-next-line max-params -- an object for every gram would be hundreds of allocations a text
const put = (into: Counting, hash: number, from: number, to: number): void => {
  const index = indexOf(into, finish(hash));
  (into.counts[index] as number)++;
  const place = into.places;
  into.at[place] = index;
  into.from[place] = from;
  into.to[place] = to;
  into.places = place + 1;
};

const grown = (array: Int32Array, size: number): Int32Array =>
  array.length >= size ? array : new Int32Array(Math.max(size, array.length * 2));

/** Room for the grams of a text of `units`; nothing is kept, so this comes first. */
const reserve = (into: Counting, units: number): void => {
  const most = units * 6 + 16;
  if (into.slots.length < most) {
    into.slots = grown(into.slots, most);
    into.counts = new Float32Array(into.slots.length);
  }
  into.at = grown(into.at, most);
  into.from = grown(into.from, most);
  into.to = grown(into.to, most);
  into.tokenFrom = grown(into.tokenFrom, units + 2);
  into.tokenTo = grown(into.tokenTo, units + 2);
  into.hashes = grown(into.hashes, units + 2);
  const places = 1 << (32 - Math.clz32(most));
  if (into.table.length < places) into.table = new Int32Array(places);
  else into.table.fill(0, 0, places);
  into.mask = places - 1;
};

/** Character grams of a word with its borders: "_word_". */
// oxlint-disable-next-line max-params -- an object for every gram would be hundreds of allocations a text
const putInside = (into: Counting, text: string, from: number, to: number): void => {
  if (to - from < 2) return;
  for (let start = from - 1; start <= to + 1 - into.shortest; start += 1) {
    let hash = INSIDE;
    const last = Math.min(start + GRAM_MAX, to + 1);
    for (let at = start; at < last; at += 1) {
      hash = step(hash, at < from || at >= to ? BORDER_UNIT : text.charCodeAt(at));
      if (at - start + 1 >= into.shortest)
        put(into, hash, start < from ? from : start, at + 1 > to ? to : at + 1);
    }
  }
};

const joinsWord = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  const kind = classOf(code);
  if (kind === WORD || kind === DIGIT) return true;
  return code === APOSTROPHE && at + 1 < text.length && classOf(text.charCodeAt(at + 1)) === WORD;
};

// oxlint-disable-next-line max-params -- an object for every gram would be hundreds of allocations a text
const addToken = (into: Counting, hash: number, from: number, to: number): number => {
  into.hashes[into.tokens] = hash;
  into.tokenFrom[into.tokens] = from;
  into.tokenTo[into.tokens] = to;
  into.tokens += 1;
  return to;
};

const addWord = (into: Counting, text: string, from: number): number => {
  let hash = step(BASIS, text.charCodeAt(from));
  let to = from + 1;
  for (; to < text.length && joinsWord(text, to); to += 1)
    if (to - from < WORD_UNITS_MAX) hash = step(hash, text.charCodeAt(to));
  putInside(into, text, from, Math.min(to, from + WORD_UNITS_MAX));
  return addToken(into, hash, from, to);
};

const addNumber = (into: Counting, text: string, from: number): number => {
  let hash = step(BASIS, text.charCodeAt(from));
  let to = from + 1;
  for (; to < text.length && classOf(text.charCodeAt(to)) === DIGIT; to += 1)
    hash = step(hash, text.charCodeAt(to));
  if (to - from > NUMBER_UNITS)
    hash = step(BASIS, 0x30) + (Math.min(to - from, NUMBER_UNITS_MAX) << 8);
  return addToken(into, hash, from, to);
};

/** Repeated marks are one: "!!!" says no more than "!!". */
const addMark = (into: Counting, text: string, from: number): number => {
  const code = text.charCodeAt(from);
  let hash = step(BASIS, code);
  let to = from + 1;
  while (to < text.length && text.charCodeAt(to) === code) to += 1;
  if (to - from > 1) hash = step(hash, Math.min(to - from, 3));
  return addToken(into, hash, from, to);
};

/** A Han character, or an emoji and its like of two units. */
const addCharacter = (into: Counting, text: string, from: number): number => {
  const code = text.charCodeAt(from);
  const hash = step(BASIS, code);
  const next = text.charCodeAt(from + 1);
  // Half a pair stands alone; NaN behind the end is no half either.
  if (classOf(code) !== HIGH || !(next >= 0xdc00 && next <= 0xdfff))
    return addToken(into, hash, from, from + 1);
  return addToken(into, step(hash, next), from, from + 2);
};

const scan = (into: Counting, text: string): void => {
  for (let at = 0; at < text.length;)
    switch (classOf(text.charCodeAt(at))) {
      case SKIP:
        at += 1;
        break;
      case WORD:
        at = addWord(into, text, at);
        break;
      case DIGIT:
        at = addNumber(into, text, at);
        break;
      case MARK:
        at = addMark(into, text, at);
        break;
      default:
        at = addCharacter(into, text, at);
    }
};

/** Token grams that end with each token, then those that end with the border. */
const join = (into: Counting): void => {
  const { tokens, tokenFrom, tokenTo, hashes } = into;
  let [earlier, before] = [0, START];
  let [earlierFrom, beforeFrom] = [0, 0];
  for (let index = 0; index < tokens; index += 1) {
    const hash = hashes[index] as number;
    const from = tokenFrom[index] as number;
    const to = tokenTo[index] as number;
    if (index === 0) beforeFrom = from;
    put(into, step(hash, SINGLE), from, to);
    const pair = pairOf(before, hash);
    put(into, pair, beforeFrom, to);
    if (index > 0) put(into, tripleOf(earlier, pair), earlierFrom, to);
    [earlier, before] = [before, hash];
    [earlierFrom, beforeFrom] = [beforeFrom, from];
  }
  if (tokens === 0) return;
  const to = tokenTo[tokens - 1] as number;
  const end = pairOf(before, END);
  put(into, end, beforeFrom, to);
  if (tokens > 1) put(into, tripleOf(earlier, end), earlierFrom, to);
};

/** Concepts that stand further apart than this are not neighbours. */
const NEAR_UNITS = 24;

const joinConcepts = (into: Counting, hits: readonly ConceptHit[]): void => {
  let before: ConceptHit | undefined;
  for (const hit of hits) {
    for (const concept of hit.concepts) {
      const own = step(CONCEPT, concept);
      put(into, own, hit.from, hit.to);
      if (before === undefined || hit.from - before.to > NEAR_UNITS) continue;
      for (const other of before.concepts) put(into, pairOf(own, other), before.from, hit.to);
    }
    if (hit.concepts.length > 0) before = hit;
  }
};

/** Most concepts of a phrase; a pair of phrases gives at most the square of it. */
const CONCEPT_PLACES = 4;

/** Units of the shortest character gram of a model that somebody trains: three tell alike labels apart (banking77: +0.3 points over four). */
export const TASK_GRAM = 3;
/** Of the shipped heads: without three they read a third fewer grams, and topics and intent a little better. */
export const HEAD_GRAM = 4;

/** A counter with memory of its own. A model reads texts as those were counted that it was fitted on. */
export const gramCounter = (shortest: number): GramCounter => {
  const into: Counting = {
    table: new Int32Array(4096),
    mask: 0,
    shortest,
    hashes: new Int32Array(256),
    size: 0,
    slots: new Int32Array(1024),
    counts: new Float32Array(1024),
    places: 0,
    at: new Int32Array(2048),
    from: new Int32Array(2048),
    to: new Int32Array(2048),
    tokens: 0,
    tokenFrom: new Int32Array(256),
    tokenTo: new Int32Array(256),
  };
  return {
    count: (text, hits = []) => {
      into.size = 0;
      into.places = 0;
      into.tokens = 0;
      reserve(into, text.length + hits.length * CONCEPT_PLACES);
      scan(into, text);
      join(into);
      joinConcepts(into, hits);
      return into;
    },
  };
};
