/**
 * Deals labelled feedback into folds: by a hash of the group, evenly within each language and main topic, near-twins always together.
 * A fold is what a model has not seen; the same rows and seed give the same folds in any order of rows.
 */
import type { LabelledFeedback } from "./labelled.ts";
import { fingerprint } from "./lexicon.ts";

const HASHES = 24;
const BAND = 3;

const seeded = (text: string, salt: number): number =>
  Number.parseInt(fingerprint(`${salt}\t${text}`), 16);

/** Character 3-grams of letters and digits: what two near-twins share. */
const shingles = (text: string): ReadonlySet<string> => {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .slice(0, 2_000);
  const grams = new Set<string>([plain.slice(0, 3)]);
  for (let at = 1; at + 3 <= plain.length; at += 1) grams.add(plain.slice(at, at + 3));
  return grams;
};

/** Keys that texts with a large common share of 3-grams have in common (MinHash with bands; Broder, 1997). */
export const twinKeys = (text: string): readonly string[] => {
  const grams = [...shingles(text)].map((gram) => seeded(gram, 0));
  const smallest = Array.from({ length: HASHES }, (_, index) => {
    const factor = Math.imul(2 * index + 1, 0x9e3779b1) | 1;
    let least = 0xffffffff;
    for (const gram of grams) {
      const mixed = Math.imul(gram ^ (gram >>> 15), factor);
      least = Math.min(least, (mixed ^ (mixed >>> 13)) >>> 0);
    }
    return least;
  });
  return Array.from(
    { length: HASHES / BAND },
    (_, band) => `${band}:${smallest.slice(band * BAND, band * BAND + BAND).join(",")}`,
  );
};

/** Groups joined where two texts are near-twins: row index → representative. */
const families = (rows: readonly LabelledFeedback[]): readonly number[] => {
  const parent = rows.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at] ?? at;
    parent[index] = at;
    return at;
  };
  const owner = new Map<string, number>();
  for (const [index, row] of rows.entries())
    for (const key of [`group ${row.group}`, ...twinKeys(row.text)]) {
      const other = owner.get(key);
      if (other === undefined) owner.set(key, index);
      else {
        const [left, right] = [root(other), root(index)];
        parent[Math.max(left, right)] = Math.min(left, right);
      }
    }
  return rows.map((_, index) => root(index));
};

/** The fold (0 … folds − 1) of every row. */
export const dealFolds = (
  rows: readonly LabelledFeedback[],
  folds: number,
  seed: number,
): readonly number[] => {
  const family = families(rows);
  const names = new Map<number, string>();
  for (const [index, row] of rows.entries()) {
    const root = family[index] ?? index;
    const least = names.get(root) ?? row.id;
    names.set(root, row.id < least ? row.id : least);
  }
  const strata = new Map<
    string,
    { readonly family: number; readonly hash: number; readonly name: string }[]
  >();
  for (const [index, row] of rows.entries()) {
    if (family[index] !== index) continue;
    const stratum = `${row.lang} ${row.labels.topics[0] ?? ""} ${String(row.labels.urgent)}`;
    const name = names.get(index) ?? row.id;
    const members = strata.get(stratum) ?? [];
    members.push({ family: index, hash: seeded(name, seed), name });
    strata.set(stratum, members);
  }
  const foldOf = new Map<number, number>();
  let next = 0;
  for (const [, members] of [...strata].toSorted(([left], [right]) => (left < right ? -1 : 1)))
    for (const member of members.toSorted(
      (left, right) => left.hash - right.hash || (left.name < right.name ? -1 : 1),
    )) {
      foldOf.set(member.family, next % folds);
      next += 1;
    }
  return family.map((root) => foldOf.get(root) ?? 0);
};
