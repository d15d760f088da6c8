/**
 * Lexicon files and what they become in memory: one Map per language from a word or phrase to what it does to the feeling of a clause.
 * Words come from customers, so nothing here looks a word up in a plain object: "constructor" must find nothing.
 */
import english from "sentiment/languages/en/index.js";
import { z } from "zod";
import { type Checked, type Fault, faulty, quote, sound } from "../fault.ts";
import { phraseList } from "./phrase-list.ts";
import { type Trie, trieOf } from "./trie.ts";

const word = z.string().min(1).max(64);
const factors = z.record(word, z.number().min(0.1).max(3));
const valence = z.partialRecord(
  z.enum(["-5", "-4", "-3", "-2", "-1", "0", "1", "2", "3", "4", "5"], {
    error: "is not a valence; use a whole number from -5 to 5",
  }),
  phraseList,
);

const shared = {
  kind: z.literal("lexicon"),
  formatVersion: z.literal(1),
  note: z.string(),
  valence,
  /** What a negator weighs by itself when no word stands in its reach ("can't", "没"). */
  negators: z.record(word, z.number().min(-5).max(0)),
  degrees: factors,
  /** Degree words that follow: 慢死了, slow as hell. */
  degreesAfter: factors,
  contrasts: phraseList,
  concessions: phraseList,
  /** Words that carry a negation on: "not friendly or helpful". */
  linkers: phraseList,
};

export const englishSchema = z.strictObject({
  ...shared,
  language: z.literal("en"),
  base: z.strictObject({ list: z.literal("AFINN-165"), words: z.int(), fingerprint: z.string() }),
  /** Words that are common in English and rare in its neighbours. */
  functionWords: phraseList,
});

export const chineseSchema = z.strictObject({
  ...shared,
  language: z.literal("zh"),
  /** Pairs of one traditional and one simplified character. */
  traditional: z.array(
    z
      .string()
      .refine(
        (pair) => Array.from(pair).length === 2,
        "is not a pair of one traditional and one simplified character",
      ),
  ),
  /** Characters that may follow a one-character word inside a longer jieba word: 慢了, 贵啊. */
  particles: z.array(z.string().length(1)),
});

export const emojiSchema = z.strictObject({
  kind: z.literal("emoji-lexicon"),
  formatVersion: z.literal(1),
  note: z.string(),
  valence,
});

export type EnglishFile = z.output<typeof englishSchema>;
export type ChineseFile = z.output<typeof chineseSchema>;

/** What a word does. `shield` keeps the shorter words inside it from counting. */
export type Role =
  | { readonly kind: "valence"; readonly value: number }
  | { readonly kind: "negator"; readonly residue: number }
  | { readonly kind: "degree"; readonly factor: number }
  | { readonly kind: "degreeAfter"; readonly factor: number }
  | { readonly kind: "contrast" | "concession" | "shield" };

/** A tree of words: `role` is undefined where no entry ends. */
export interface RolePhrases {
  role: Role | undefined;
  readonly next: Map<string, RolePhrases>;
}

/** Roles by word or phrase, and what finds the longest entry at a place: English ones word by word, Chinese ones unit by unit. */
export interface Lexicon {
  readonly roles: ReadonlyMap<string, Role>;
  readonly phrases: ReadonlyMap<string, RolePhrases>;
  /** Built when the first text asks: English never does. */
  readonly units: () => Trie<Role>;
  readonly linkers: ReadonlySet<string>;
}

/** 32-bit FNV-1a of UTF-16 units, as eight hexadecimal digits. */
export const fingerprint = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
};

/** The AFINN list of the `sentiment` package, if it is still the one that the lexicon file was written over. */
const baseValences = (file: EnglishFile, place: string): Checked<ReadonlyMap<string, number>> => {
  const entries = Object.entries(english.labels);
  const found = fingerprint(entries.map(([entry, value]) => `${entry}\t${value}\n`).join(""));
  if (entries.length === file.base.words && found === file.base.fingerprint)
    return sound(new Map(entries));
  const sentence = `the sentiment package ships ${entries.length} words with fingerprint ${quote(found)}, but the file expects ${file.base.words} with ${quote(file.base.fingerprint)}; install the package version in package-lock.json or update the file`;
  return faulty([{ place: `${place} › base`, sentence }]);
};

type Put = (word: string, role: Role, section: string) => void;

const putAll = (file: EnglishFile | ChineseFile, put: Put): void => {
  for (const [value, list] of Object.entries(file.valence))
    for (const entry of list)
      put(
        entry,
        value === "0" ? { kind: "shield" } : { kind: "valence", value: Number(value) },
        `valence.${value}`,
      );
  for (const [entry, residue] of Object.entries(file.negators))
    put(entry, { kind: "negator", residue }, "negators");
  for (const [entry, factor] of Object.entries(file.degrees))
    put(entry, { kind: "degree", factor }, "degrees");
  for (const [entry, factor] of Object.entries(file.degreesAfter))
    put(entry, { kind: "degreeAfter", factor }, "degreesAfter");
  for (const entry of file.contrasts) put(entry, { kind: "contrast" }, "contrasts");
  for (const entry of file.concessions) put(entry, { kind: "concession" }, "concessions");
};

/** Entries of several words as a tree from the first word on; entries of one word are looked up in the roles. */
const phrasesOf = (roles: ReadonlyMap<string, Role>): ReadonlyMap<string, RolePhrases> => {
  const first = new Map<string, RolePhrases>();
  for (const [entry, role] of roles) {
    const pieces = entry.split(" ");
    if (pieces.length < 2) continue;
    let nodes = first;
    for (const [index, piece] of pieces.entries()) {
      const node: RolePhrases = nodes.get(piece) ?? { role: undefined, next: new Map() };
      nodes.set(piece, node);
      if (index === pieces.length - 1) node.role = role;
      nodes = node.next;
    }
  }
  return first;
};

const indexed = (roles: ReadonlyMap<string, Role>, linkers: readonly string[]): Lexicon => {
  let units: Trie<Role> | undefined;
  return {
    roles,
    phrases: phrasesOf(roles),
    units: () => (units ??= trieOf(roles)),
    linkers: new Set(linkers),
  };
};

const rolesOf = (file: EnglishFile | ChineseFile, place: string): Checked<Map<string, Role>> => {
  const roles = new Map<string, Role>();
  const sections = new Map<string, string>();
  const faults: Fault[] = [];
  putAll(file, (entry, role, section) => {
    const other = sections.get(entry);
    if (other === undefined) {
      roles.set(entry, role);
      sections.set(entry, section);
    } else
      faults.push({
        place: `${place} › ${section}`,
        sentence: `${quote(entry)} stands in ${other} already; keep one of them`,
      });
  });
  return faults.length > 0 ? faulty(faults) : sound(roles);
};

/** English roles: the file's own, over AFINN's. */
export const englishLexicon = (file: EnglishFile, place: string): Checked<Lexicon> => {
  const own = rolesOf(file, place);
  const base = baseValences(file, place);
  if (own.kind === "faulty" || base.kind === "faulty")
    return faulty([
      ...(own.kind === "faulty" ? own.faults : []),
      ...(base.kind === "faulty" ? base.faults : []),
    ]);
  for (const [entry, value] of base.value)
    if (!own.value.has(entry)) own.value.set(entry, { kind: "valence", value });
  return sound(indexed(own.value, file.linkers));
};

/** Chinese roles; entries are matched character by character. */
export const chineseLexicon = (file: ChineseFile, place: string): Checked<Lexicon> => {
  const roles = rolesOf(file, place);
  return roles.kind === "faulty" ? roles : sound(indexed(roles.value, file.linkers));
};
