/**
 * Everything that the lexicons know about one English word, looked up once and remembered.
 * The memory is bounded and changes how fast an answer comes, never which.
 */
import type { ChineseCutter } from "./chinese.ts";
import type { CueLexicon, CuePhrases } from "./cues.ts";
import type { Lexicon, Role, RolePhrases } from "./lexicon.ts";
import { owned } from "./owned.ts";
import { stemOf } from "./stemmer.ts";

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
  /** Cues that begin with this word's stem. */
  readonly cues: CuePhrases | undefined;
  /** Proves English. */
  readonly isFunctionWord: boolean;
  /** Supports that a text is English. */
  readonly isEnglish: boolean;
}

/** Entries by word as it stands in a normalised text (any word has one), and the borders of Chinese words. */
export interface WordBook {
  readonly entry: (word: string) => WordEntry;
  /** Where Chinese words begin. */
  readonly borders: ChineseCutter;
}

const ENTRIES_MAX = 20_000;
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
  readonly cues: CueLexicon;
  readonly borders: ChineseCutter;
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
    cues: from.cues.english.get(stem),
    isFunctionWord: from.functionWords.has(word),
    isEnglish: from.english.roles.has(word),
  };
};

/** A book that fills itself as words come, up to `ENTRIES_MAX` of them. */
export const wordBook = (from: WordSources): WordBook => {
  const entries = new Map<string, WordEntry>();
  return {
    borders: from.borders,
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
