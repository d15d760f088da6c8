/**
 * Words and phrases that point at a topic, an intent, a feeling, urgency, abuse or irony, counted by section.
 * They are evidence for the models: what a list says, a model may have learned to doubt.
 */
import { z } from "zod";
import { EMOTIONS, TOPICS } from "../analysis.ts";
import type { Span } from "./normalise.ts";
import type { Token } from "./tokens.ts";
import { longestIn, type Trie, trieOf } from "./trie.ts";
import { stemOf } from "./words.ts";

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
    .record(z.string(), z.array(z.string().min(1).max(64)))
    .refine((cues) => CUE_SECTIONS.every((section) => Object.hasOwn(cues, section)), {
      error: `needs the sections ${CUE_SECTIONS.join(", ")}`,
    }),
  /** Words of one kind: "zip" is a part of clothing, "snapped" is breaking. The models learn what kinds mean together. */
  concepts: z.record(z.string(), z.array(z.string().min(1).max(64))),
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
interface Phrases {
  lists: Lists | null;
  readonly next: Map<string, Phrases>;
}

export interface CueLexicon {
  readonly english: Phrases;
  /** Built when the first Chinese text comes: it takes a third of the time to open the lexicon. */
  readonly chinese: () => Trie<Lists>;
}

const HAN = /\p{Script=Han}/u;

const withOne = (numbers: readonly number[], one: number): readonly number[] =>
  numbers.includes(one) ? numbers : [...numbers, one];

/** With one list more: cue sections are numbered from 0, concepts behind them in the order of the file. */
const withList = (known: Lists | null | undefined, list: number): Lists => {
  const { sections, concepts } = known ?? { sections: [], concepts: [] };
  return list < CUE_SECTIONS.length
    ? { sections: withOne(sections, list), concepts }
    : { sections, concepts: withOne(concepts, list - CUE_SECTIONS.length) };
};

/** The phrases of a file, each with everything that it stands in. */
export const cueLexicon = ({ cues, concepts }: CueFile): CueLexicon => {
  const english: Phrases = { lists: null, next: new Map() };
  const chinese = new Map<string, Lists>();
  const stems = new Map<string, string>();
  const lists = [...CUE_SECTIONS.map((section) => cues[section] ?? []), ...Object.values(concepts)];
  for (const [index, phrases] of lists.entries())
    for (const phrase of phrases) {
      if (HAN.test(phrase)) {
        chinese.set(phrase, withList(chinese.get(phrase), index));
        continue;
      }
      let node = english;
      for (const word of phrase.split(" ")) {
        const stem = stems.get(word) ?? stemOf(word);
        stems.set(word, stem);
        const child = node.next.get(stem) ?? { lists: null, next: new Map() };
        node.next.set(stem, child);
        node = child;
      }
      node.lists = withList(node.lists, index);
    }
  let trie: Trie<Lists> | undefined;
  return { english, chinese: () => (trie ??= trieOf(chinese)) };
};

/** A phrase found, with what it stands in. */
export interface CueHit extends Span, Lists {}

const hitOf = ({ sections, concepts }: Lists, from: number, to: number): CueHit => ({
  from,
  to,
  sections,
  concepts,
});

const englishAt = (
  tokens: readonly Token[],
  at: number,
  { english }: CueLexicon,
): { readonly hit: CueHit; readonly end: number } | null => {
  let node: Phrases | undefined = english;
  let found: { readonly hit: CueHit; readonly end: number } | null = null;
  for (let index = at; ; index += 1) {
    const token = tokens[index];
    if (token === undefined || token.entry === null) return found;
    node = node.next.get(token.entry.stem);
    if (node === undefined) return found;
    if (node.lists !== null)
      found = { hit: hitOf(node.lists, tokens[at]?.from ?? 0, token.to), end: index + 1 };
  }
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
    const found = token.entry === null ? null : englishAt(tokens, index, lexicon);
    if (found === null) index += 1;
    else {
      hits.push(found.hit);
      index = found.end;
    }
  }
  return hits;
};
