/** Near-duplicates among texts: what must not stand on both sides of a split, and how many of a split do. */
import { fingerprint } from "./lexicon.ts";
import { twinKeys } from "./split.ts";

/** Share of common 3-grams from which two texts are twins. */
const ALIKE = 0.8;
const CHARS_MAX = 2_000;

const grams = (text: string): ReadonlySet<string> => {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .slice(0, CHARS_MAX);
  const found = new Set<string>([plain.slice(0, 3)]);
  for (let at = 1; at + 3 <= plain.length; at += 1) found.add(plain.slice(at, at + 3));
  return found;
};

const areTwins = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean => {
  let both = 0;
  for (const gram of left) if (right.has(gram)) both += 1;
  return both >= ALIKE * (left.size + right.size - both);
};

/** For each text the first one of its family; texts of one family are near-duplicates, directly or through others. */
export const familiesOf = (texts: readonly string[]): Int32Array => {
  const parent = Int32Array.from(texts, (_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at] as number;
    parent[index] = at;
    return at;
  };
  const shapes = texts.map(grams);
  const owner = new Map<string, number>();
  for (const [index, text] of texts.entries())
    for (const key of twinKeys(text)) {
      const other = owner.get(key);
      if (other === undefined) owner.set(key, index);
      else if (
        areTwins(shapes[other] as ReadonlySet<string>, shapes[index] as ReadonlySet<string>)
      ) {
        const [left, right] = [root(other), root(index)];
        parent[Math.max(left, right)] = Math.min(left, right);
      }
    }
  return parent.map((_, index) => root(index));
};

/** A fold (0 … folds − 1) for every text by a hash of its family (or of the group that is given), so that twins stay together. */
export const foldsOf = (
  names: readonly string[],
  how: { readonly folds: number; readonly seed: number },
): Int32Array =>
  Int32Array.from(
    names,
    (name) => Number.parseInt(fingerprint(`${how.seed}\t${name}`), 16) % how.folds,
  );

/** Share of the texts outside `inTrain` that have a twin inside it, 0..1. */
export const leakOf = (families: Int32Array, inTrain: (index: number) => boolean): number => {
  const trained = new Set<number>();
  for (const [index, family] of families.entries()) if (inTrain(index)) trained.add(family);
  let [outside, leaked] = [0, 0];
  for (const [index, family] of families.entries()) {
    if (inTrain(index)) continue;
    outside += 1;
    if (trained.has(family)) leaked += 1;
  }
  return outside === 0 ? 0 : leaked / outside;
};
