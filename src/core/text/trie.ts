/**
 * Finds the longest entry of a word list that begins at a place in a text, unit by unit, without cutting the text into pieces.
 * Steps are UTF-16 units, so offsets need no translation.
 */

/** `value` is undefined where no entry ends, `next` null where none goes on. */
export interface TrieNode<T> {
  value: T | undefined;
  next: Map<number, TrieNode<T>> | null;
}

/** Nodes by first unit: most places of a text begin no entry, and an array says so sooner than a map. */
export interface Trie<T> {
  readonly roots: readonly (TrieNode<T> | undefined)[];
}

const UNITS = 0x1_0000;

/** The tree of these entries; of two equal ones the later counts. An empty one is no entry. */
export const trieOf = <T>(entries: Iterable<readonly [string, T]>): Trie<T> => {
  const roots = Array.from<TrieNode<T> | undefined>({ length: UNITS });
  for (const [entry, value] of entries) {
    if (entry === "") continue;
    let node = (roots[entry.charCodeAt(0)] ??= { value: undefined, next: null });
    for (let at = 1; at < entry.length; at += 1) {
      const unit = entry.charCodeAt(at);
      const next: Map<number, TrieNode<T>> = (node.next ??= new Map<number, TrieNode<T>>());
      let child = next.get(unit);
      if (child === undefined) {
        child = { value: undefined, next: null };
        next.set(unit, child);
      }
      node = child;
    }
    node.value = value;
  }
  return { roots };
};

/** The node of the entries that begin with the unit at `from`. */
export const rootAt = <T>(
  { roots }: Trie<T>,
  text: string,
  from: number,
): TrieNode<T> | undefined => (from < text.length ? roots[text.charCodeAt(from)] : undefined);

/** The node that the unit at `at` leads to. */
export const nextAt = <T>(node: TrieNode<T>, text: string, at: number): TrieNode<T> | undefined =>
  node.next === null || at >= text.length ? undefined : node.next.get(text.charCodeAt(at));

/** The value of the longest entry that stands in `text` at `from`, and where it ends; undefined if none does. */
export const longestIn = <T>(
  trie: Trie<T>,
  text: string,
  from: number,
): { readonly value: T; readonly to: number } | undefined => {
  let node = rootAt(trie, text, from);
  if (node === undefined) return undefined;
  let value: T | undefined;
  let to = from;
  for (let at = from + 1; node !== undefined; at += 1) {
    if (node.value !== undefined) {
      value = node.value;
      to = at;
    }
    node = nextAt(node, text, at);
  }
  return value === undefined ? undefined : { value, to };
};
