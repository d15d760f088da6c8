/** Keys of memories that outlive a text. */

/** V8 keeps the whole text alive behind a longer piece of it. */
const OWNED_CHARS_MAX = 12;

/** The same characters, cut from a short string of their own. */
export const owned = (word: string): string =>
  word.length > OWNED_CHARS_MAX ? ` ${word}`.slice(1) : word;
