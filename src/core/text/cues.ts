/**
 * Words and phrases that point at a topic, an intent, a feeling, urgency, abuse or irony, counted by section.
 * They are evidence for the models: what a list says, a model may have learned to doubt.
 */
import { z } from "zod";
import { EMOTIONS, TOPICS } from "../analysis.ts";
import type { Span } from "./normalise.ts";
import { phraseList } from "./phrase-list.ts";
import type { Token } from "./tokens.ts";
import { longestIn, type Trie, trieOf } from "./trie.ts";
import { stemOf } from "./stemmer.ts";

/** The sections of the file's `cues`, in the order of their features. */
export const CUE_SECTIONS: readonly string[] = [
  ...TOPICS.map((topic) => `topic.${topic}`),
  "intent.question",
  "intent.request",
  "intent.threat_to_leave",
  "intent.wish",
  ...EMOTIONS.filter((emotion) => emotion !== "none").map((emotion) => `emotion.${emotion}`),
  "urgent",
  "abuse",
  "irony",
];

export const cueSchema = z.strictObject({
  kind: z.literal("cue-lexicon"),
  formatVersion: z.literal(1),
  note: z.string(),
  cues: z
    .record(z.string(), phraseList)
    .refine((cues) => CUE_SECTIONS.every((section) => Object.hasOwn(cues, section)), {
      error: `needs the sections ${CUE_SECTIONS.join(", ")}`,
    }),
  /** Words of one kind: "zip" is a part of clothing, "snapped" is breaking. The models learn what kinds mean together. */
  concepts: z.record(z.string(), phraseList),
});
export type CueFile = z.output<typeof cueSchema>;

/** What a phrase stands in. */
interface Lists {
  /** Cue sections that it stands in. */
  readonly sections: readonly number[];
  /** Concepts that it belongs to, by their number in the file. */
  readonly concepts: readonly number[];
}

/** A tree of stems: `lists` are those of the phrase that ends here. */
export interface CuePhrases {
  lists: Lists | null;
  next: Map<string, CuePhrases> | null;
}

export interface CueLexicon {
  /** Phrases by their first stem. */
  readonly english: ReadonlyMap<string, CuePhrases>;
  /** Built when the first Chinese text comes: it takes a third of the time to open the lexicon. */
  readonly chinese: () => Trie<Lists>;
}

/** Scripts that are not written in words begin here. */
const WORDLESS_FROM = 0x2e80;

const isChinese = (phrase: string): boolean => {
  for (let at = 0; at < phrase.length; at += 1)
    if (phrase.charCodeAt(at) >= WORDLESS_FROM) return true;
  return false;
};

const withOne = (numbers: readonly number[], one: number): readonly number[] =>
  numbers.includes(one) ? numbers : [...numbers, one];

/** Of one list alone: cue sections are numbered from 0, concepts behind them in the order of the file. */
const listsOf = (list: number): Lists =>
  list < CUE_SECTIONS.length
    ? { sections: [list], concepts: [] }
    : { sections: [], concepts: [list - CUE_SECTIONS.length] };

/** With what one list more says; nearly every phrase stands in one alone, and all of these share it. */
const joined = (known: Lists | null | undefined, own: Lists): Lists =>
  known === null || known === undefined
    ? own
    : {
        sections: own.sections.reduce(withOne, known.sections),
        concepts: own.concepts.reduce(withOne, known.concepts),
      };

const childOf = (nodes: Map<string, CuePhrases>, stem: string): CuePhrases => {
  const known = nodes.get(stem);
  if (known !== undefined) return known;
  const child: CuePhrases = { lists: null, next: null };
  nodes.set(stem, child);
  return child;
};

/** The phrases of a file, each with everything that it stands in. */
export const cueLexicon = ({ cues, concepts }: CueFile): CueLexicon => {
  const english = new Map<string, CuePhrases>();
  const chinese: (readonly [string, Lists])[] = [];
  const lists = [...CUE_SECTIONS.map((section) => cues[section] ?? []), ...Object.values(concepts)];
  for (const [index, phrases] of lists.entries()) {
    const own = listsOf(index);
    for (const phrase of phrases) {
      if (isChinese(phrase)) {
        chinese.push([phrase, own]);
        continue;
      }
      const [first = "", ...others] = phrase.split(" ");
      let node = childOf(english, stemOf(first));
      for (const word of others)
        node = childOf((node.next ??= new Map<string, CuePhrases>()), stemOf(word));
      node.lists = joined(node.lists, own);
    }
  }
  const chineseTrie = (): Trie<Lists> => {
    const listed = new Map<string, Lists>();
    for (const [phrase, own] of chinese) listed.set(phrase, joined(listed.get(phrase), own));
    return trieOf(listed);
  };
  let trie: Trie<Lists> | undefined;
  return { english, chinese: () => (trie ??= chineseTrie()) };
};

/** A phrase found, with what it stands in. */
export interface CueHit extends Span, Lists {}

const hitOf = ({ sections, concepts }: Lists, from: number, to: number): CueHit => ({
  from,
  to,
  sections,
  concepts,
});

interface EnglishHit {
  readonly hit: CueHit;
  /** Index of the token behind it. */
  readonly end: number;
}

const englishAt = (
  tokens: readonly Token[],
  at: number,
  begins: CuePhrases | undefined,
): EnglishHit | null => {
  let node = begins;
  let lists: Lists | null = null;
  let end = at;
  for (let index = at + 1; node !== undefined; index += 1) {
    if (node.lists !== null) {
      lists = node.lists;
      end = index;
    }
    const stem = tokens[index]?.entry?.stem;
    node = stem === undefined ? undefined : node.next?.get(stem);
  }
  if (lists === null) return null;
  return { hit: hitOf(lists, tokens[at]?.from ?? 0, tokens[end - 1]?.to ?? 0), end };
};

/** Longest phrases from left to right, without overlaps. Linear time: phrases are short. */
export const findCues = (
  open: string,
  tokens: readonly Token[],
  lexicon: CueLexicon,
): readonly CueHit[] => {
  const hits: CueHit[] = [];
  let free = 0;
  for (let index = 0; index < tokens.length;) {
    const token = tokens[index] as Token;
    if (token.kind === "han") {
      for (let at = Math.max(token.from, free); at < token.to;) {
        const found = longestIn(lexicon.chinese(), open, at);
        if (found === undefined) at += 1;
        else {
          hits.push(hitOf(found.value, at, found.to));
          at = found.to;
          free = at;
        }
      }
      index += 1;
      continue;
    }
    const begins = token.entry?.cues;
    const found = begins === undefined ? null : englishAt(tokens, index, begins);
    if (found === null) index += 1;
    else {
      hits.push(found.hit);
      index = found.end;
    }
  }
  return hits;
};
