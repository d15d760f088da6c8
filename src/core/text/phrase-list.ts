/** Lists of words and phrases in lexicon files, checked as a whole: a schema for each of thirty thousand entries took a tenth of the start-up. */
import { z } from "zod";

const PHRASE_CHARS_MAX = 64;

const isPhrase = (entry: unknown): boolean =>
  typeof entry === "string" && entry.length > 0 && entry.length <= PHRASE_CHARS_MAX;

export const phraseList = z.custom<readonly string[]>(
  (list) => Array.isArray(list) && list.every(isPhrase),
  { error: `is not a list of phrases of 1 to ${PHRASE_CHARS_MAX} characters; correct it` },
);
