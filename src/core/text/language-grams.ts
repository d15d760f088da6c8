/**
 * Hashed character 1–4-grams of words with their borders, the only thing that the language model sees.
 * Scripts that belong to one language of ours have none: they need no model.
 */

/** Slots of the hash space. */
export const LANGUAGE_SLOTS = 1 << 14;
const SHIFT = 32 - 14;

/** Longer words are cut there. */
const WORD_UNITS_MAX = 40;
/** Most grams that one word has. */
export const WORD_GRAMS_MAX = 4 * (WORD_UNITS_MAX + 1);

const BORDER = 0x5f;

/** Which of the scripts that several languages share a lower-case letter is of. */
export type SharedScript = "latn" | "cyrl";

/** Letters of the shared scripts, in ranges from … to; × and ÷ stand between Latin letters. */
const RANGES: readonly (readonly [number, number, SharedScript])[] = [
  [0x41, 0x5a, "latn"],
  [0x61, 0x7a, "latn"],
  [0xc0, 0xd6, "latn"],
  [0xd8, 0xf6, "latn"],
  [0xf8, 0x24f, "latn"],
  [0x400, 0x52f, "cyrl"],
  [0x1e00, 0x1eff, "latn"],
];
const CODES = ["latn", "cyrl"] as const;
const NO_SCRIPT = 2;

const SCRIPT_OF = new Uint8Array(0x1f00).fill(NO_SCRIPT);
for (const [from, to, script] of RANGES) SCRIPT_OF.fill(CODES.indexOf(script), from, to + 1);

/** Null for letters of other scripts and everything else. Composed letters only, as in a normalised text. */
export const sharedScript = (code: number): SharedScript | null =>
  code < SCRIPT_OF.length ? (CODES[SCRIPT_OF[code] ?? NO_SCRIPT] ?? null) : null;

const finish = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> SHIFT;
};

/**
 * Writes the slots of the grams of a word, letters in lower case, behind `into[at]`; gives the end. `into` must have `WORD_GRAMS_MAX` places left.
 * An apostrophe is a border: what French and Italian join with it are words. A letter drawn out, as in goooood, counts twice at most.
 */
export const writeWordGrams = (word: string, into: Int32Array, at: number): number => {
  let next = at;
  // The three units before; 0 stands before the border and ends longer grams.
  let [first, second, third] = [0, 0, BORDER];
  const end = Math.min(word.length, WORD_UNITS_MAX);
  for (let index = 0; index <= end; index += 1) {
    const code = index < end ? word.charCodeAt(index) : BORDER;
    const unit = sharedScript(code) === null ? BORDER : code;
    const isAgain = unit === third && (unit === BORDER || unit === second);
    if (isAgain) continue;
    let hash = Math.imul(unit ^ 0x2545f491, 0x01000193);
    if (unit !== BORDER) into[next++] = finish(hash);
    hash = Math.imul(hash ^ third, 0x01000193);
    into[next++] = finish(hash);
    if (second !== 0) {
      hash = Math.imul(hash ^ second, 0x01000193);
      into[next++] = finish(hash);
      if (first !== 0) into[next++] = finish(Math.imul(hash ^ first, 0x01000193));
    }
    if (unit === BORDER) [first, second, third] = [0, 0, BORDER];
    else [first, second, third] = [second, third, unit];
  }
  return next;
};
