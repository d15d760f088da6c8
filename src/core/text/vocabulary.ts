/**
 * The features that somebody asks about, by what they are made of: words, pairs of stems, pairs of Chinese characters, names that begin with "#".
 * The vocabulary of a reader knows the features of its three models, so that the rest is never named; the one for training learns what it meets.
 */
import type { LinearModel } from "../models/linear.ts";

/** One feature and its row in each model's table, −1 where a model does not know it. */
export interface Known {
  readonly id: number;
  readonly name: string;
  /** From a lexicon ("#…"): keeps its own scale. */
  readonly lexical: boolean;
  readonly topics: number;
  readonly urgency: number;
  readonly polarity: number;
}

/** Undefined: nobody asks about it. */
export interface Vocabulary {
  /** Ids are below this; a vocabulary that learns begins with 0. */
  readonly size: number;
  readonly word: (word: string) => Known | undefined;
  readonly pair: (stem: string, next: string) => Known | undefined;
  readonly characters: (first: number, second: number) => Known | undefined;
  readonly named: (name: string) => Known | undefined;
}

/** Words and topic words only: pairs would name the same place twice, and the lexicons' own sums are in the score already. */
export const isPolar = (name: string): boolean =>
  name.startsWith("w:") || (name.startsWith("#") && !/^#(?:posi|nega)tive$/u.test(name));

type Models = Readonly<Record<"topics" | "urgency" | "polarity", LinearModel>>;

const knownIn = (models: Models): readonly Known[] => {
  const { topics, urgency, polarity } = models;
  const names = new Set([
    ...topics.rowOf.keys(),
    ...urgency.rowOf.keys(),
    ...polarity.rowOf.keys(),
  ]);
  return [...names].map((name, id) => ({
    id,
    name,
    lexical: name.startsWith("#"),
    topics: topics.rowOf.get(name) ?? -1,
    urgency: urgency.rowOf.get(name) ?? -1,
    polarity: isPolar(name) ? (polarity.rowOf.get(name) ?? -1) : -1,
  }));
};

const characterKey = (first: number, second: number): number => (first << 16) | second;

/** The vocabulary of three trained models. */
export const vocabularyOf = (models: Models): Vocabulary => {
  const words = new Map<string, Known>();
  const pairs = new Map<string, Map<string, Known>>();
  const characters = new Map<number, Known>();
  const named = new Map<string, Known>();
  const all = knownIn(models);
  for (const known of all) {
    const rest = known.name.slice(2);
    if (known.lexical) named.set(known.name, known);
    else if (known.name.startsWith("w:")) words.set(rest, known);
    else if (known.name.startsWith("b:")) {
      const [stem = "", next = ""] = rest.split(" ");
      const nexts = pairs.get(stem) ?? new Map<string, Known>();
      pairs.set(stem, nexts.set(next, known));
    } else if (known.name.startsWith("c:"))
      characters.set(characterKey(rest.charCodeAt(0), rest.charCodeAt(1)), known);
  }
  return {
    size: all.length,
    word: (word) => words.get(word),
    pair: (stem, next) => pairs.get(stem)?.get(next),
    characters: (first, second) => characters.get(characterKey(first, second)),
    named: (name) => named.get(name),
  };
};

/** A vocabulary that knows every feature from the moment it meets it; for training, one per run. */
export const openVocabulary = (): Vocabulary => {
  const met = new Map<string, Known>();
  const named = (name: string): Known => {
    const known = met.get(name);
    if (known !== undefined) return known;
    const lexical = name.startsWith("#");
    const fresh = { id: met.size, name, lexical, topics: -1, urgency: -1, polarity: -1 };
    met.set(name, fresh);
    return fresh;
  };
  return {
    size: 0,
    word: (word) => named(`w:${word}`),
    pair: (stem, next) => named(`b:${stem} ${next}`),
    characters: (first, second) => named(`c:${String.fromCharCode(first, second)}`),
    named,
  };
};
