/**
 * Everything that the lexicons know about one English word, looked up once and remembered.
 * The memory is bounded and changes how fast an answer comes, never which.
 */
import stemmer from "natural/lib/natural/stemmers/porter_stemmer.js";
import type { Lexicon, Role, RolePhrases } from "./lexicon.ts";

/** What a single word does, and whether its letters were drawn out: sooo. */
export interface WordRole {
  readonly role: Role;
  readonly drawnOut: boolean;
}

/** What is known about one word or number. */
export interface WordEntry {
  readonly stem: string;
  readonly role: WordRole | undefined;
  /** English phrases that begin with this word. */
  readonly begins: RolePhrases | undefined;
  /** Proves English. */
  readonly isFunctionWord: boolean;
  /** Supports that a text is English. */
  readonly isEnglish: boolean;
}

/** Entries by word as it stands in a normalised text; any text has one. */
export interface WordBook {
  readonly entry: (word: string) => WordEntry;
}

const ENTRIES_MAX = 20_000;
/** V8 keeps the whole text alive behind a longer piece of it. */
const OWNED_CHARS_MAX = 12;

/** The same characters, cut from a short string of their own. */
const owned = (word: string): string =>
  word.length > OWNED_CHARS_MAX ? ` ${word}`.slice(1) : word;

/** Porter's stem (1980) of a lower-case word of at most 64 characters. */
export const stemOf = (word: string): string =>
  /^[a-z']+$/u.test(word) ? stemmer.stem(word.replace(/'s$/u, "")) : word;

/** The entry for a word, or for the word with its drawn-out letters shortened to two, then to one. */
const roleOfWord = (text: string, lexicon: Lexicon): WordRole | undefined => {
  const role = lexicon.roles.get(text);
  if (role !== undefined) return { role, drawnOut: false };
  if (!/(.)\1\1/u.test(text)) return undefined;
  const short =
    lexicon.roles.get(text.replace(/(.)\1{2,}/gu, "$1$1")) ??
    lexicon.roles.get(text.replace(/(.)\1{2,}/gu, "$1"));
  return short === undefined ? undefined : { role: short, drawnOut: true };
};

/** What entries are made from. */
export interface WordSources {
  readonly english: Lexicon;
  readonly chinese: Lexicon;
  readonly functionWords: ReadonlySet<string>;
}

const entryOf = (word: string, from: WordSources): WordEntry => {
  const stem = stemOf(word);
  // The Chinese lexicon has Latin entries, too: yyds, 12315.
  const latin = from.chinese.roles.get(word);
  return {
    stem,
    role:
      roleOfWord(word, from.english) ??
      (latin === undefined ? undefined : { role: latin, drawnOut: false }),
    begins: from.english.phrases.get(word),
    isFunctionWord: from.functionWords.has(word),
    isEnglish: from.english.roles.has(word),
  };
};

/** A book that fills itself as words come, up to `ENTRIES_MAX` of them. */
export const wordBook = (from: WordSources): WordBook => {
  const entries = new Map<string, WordEntry>();
  return {
    entry: (word) => {
      const known = entries.get(word);
      if (known !== undefined) return known;
      if (entries.size >= ENTRIES_MAX) entries.clear();
      const name = owned(word);
      const entry = entryOf(name, from);
      entries.set(name, entry);
      return entry;
    },
  };
};
