/** Keys by which near-twins find each other without comparing every pair. */
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
