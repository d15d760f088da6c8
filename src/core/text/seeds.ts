/**
 * Topic words of the lexicons, ready to be found: English phrases by their stems, last stem first, and Chinese words by their characters.
 * What they find are features with names that begin with "#".
 */
import { type Trie, trieOf } from "./trie.ts";
import { stemOf } from "./words.ts";

/** A tree of stems read backwards: `names` are the features of the phrase that ends here. */
export interface SeedPhrases {
  names: readonly string[];
  readonly before: Map<string, SeedPhrases>;
}

/** Topic words: stems joined by blanks, or Chinese words → names of the features that they support. */
export interface Seeds {
  readonly english: ReadonlyMap<string, readonly string[]>;
  readonly phrases: SeedPhrases;
  readonly chinese: Trie<readonly string[]>;
}

export type TopicWords = Readonly<Record<string, readonly string[]>>;

const phrasesOf = (english: ReadonlyMap<string, readonly string[]>): SeedPhrases => {
  const root: SeedPhrases = { names: [], before: new Map() };
  for (const [phrase, names] of english) {
    let node = root;
    for (const stem of phrase.split(" ").toReversed()) {
      const child = node.before.get(stem) ?? { names: [], before: new Map() };
      node.before.set(stem, child);
      node = child;
    }
    node.names = names;
  }
  return root;
};

/** Seeds from lexicon sections: section name → words; each becomes the feature `#section`. */
export const seedsOf = (sections: readonly TopicWords[]): Seeds => {
  const english = new Map<string, readonly string[]>();
  const chinese = new Map<string, readonly string[]>();
  for (const [section, words] of sections.flatMap((group) => Object.entries(group)))
    for (const word of words) {
      const isHan = /\p{Script=Han}/u.test(word);
      const key = isHan ? word : word.split(" ").map(stemOf).join(" ");
      const into = isHan ? chinese : english;
      const names = into.get(key) ?? [];
      if (!names.includes(`#${section}`)) into.set(key, [...names, `#${section}`]);
    }
  return { english, phrases: phrasesOf(english), chinese: trieOf(chinese) };
};
