/**
 * Finds the longest entry of a word list that begins at a place in a text, unit by unit, without cutting the text into pieces.
 * Steps are UTF-16 units, so offsets need no translation.
 */

/** `value` is undefined where no entry ends. */
export interface Trie<T> {
  value: T | undefined;
  readonly next: Map<number, Trie<T>>;
}

/** The tree of these entries; of two equal ones the later counts. */
export const trieOf = <T>(entries: Iterable<readonly [string, T]>): Trie<T> => {
  const root: Trie<T> = { value: undefined, next: new Map() };
  for (const [entry, value] of entries) {
    let node = root;
    for (let at = 0; at < entry.length; at += 1) {
      const unit = entry.charCodeAt(at);
      let child = node.next.get(unit);
      if (child === undefined) {
        child = { value: undefined, next: new Map() };
        node.next.set(unit, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
};

/** The value of the longest entry that stands in `text` at `from`, and where it ends; undefined if none does. */
export const longestIn = <T>(
  trie: Trie<T>,
  text: string,
  from: number,
): { readonly value: T; readonly to: number } | undefined => {
  let node = trie.next.get(text.charCodeAt(from));
  if (node === undefined) return undefined;
  let value: T | undefined;
  let to = from;
  for (let at = from + 1; node !== undefined; at += 1) {
    if (node.value !== undefined) {
      value = node.value;
      to = at;
    }
    node = at < text.length ? node.next.get(text.charCodeAt(at)) : undefined;
  }
  return value === undefined ? undefined : { value, to };
};
