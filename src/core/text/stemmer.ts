/**
 * Porter's stemmer (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980), over code units with the two rules
 * that he changed later ("-bli", "-logi"). natural's stemmer, the one that it is compared with, tries every rule of a step in turn and takes ten times as long.
 */

const A = 97;
const E = 101;
const I = 105;
const O = 111;
const U = 117;
const Y = 121;

const isPlainVowel = (code: number): boolean =>
  code === A || code === E || code === I || code === O || code === U;

/** "y" is a vowel behind a consonant: "syzygy" has three. */
const isVowel = (word: string, at: number): boolean => {
  const code = word.charCodeAt(at);
  return isPlainVowel(code) || (code === Y && at > 0 && !isVowel(word, at - 1));
};

/** Porter's m of the first `end` letters: how often a consonant follows a vowel. */
const measure = (word: string, end: number): number => {
  let count = 0;
  let wasVowel = false;
  for (let at = 0; at < end; at += 1) {
    const code = word.charCodeAt(at);
    const vowel: boolean = isPlainVowel(code) || (code === Y && at > 0 && !wasVowel);
    if (wasVowel && !vowel) count += 1;
    wasVowel = vowel;
  }
  return count;
};

const hasVowel = (word: string, end: number): boolean => {
  for (let at = 0; at < end; at += 1) if (isVowel(word, at)) return true;
  return false;
};

const endsDouble = (word: string): boolean => {
  const last = word.length - 1;
  return last > 0 && word[last] === word[last - 1] && !isVowel(word, last);
};

/** Consonant, vowel, consonant other than w, x, y: "hop", not "how". */
const endsShort = (word: string, end: number): boolean => {
  if (end < 3 || "wxy".includes(word[end - 1] ?? "")) return false;
  return !isVowel(word, end - 1) && isVowel(word, end - 2) && !isVowel(word, end - 3);
};

const without = (word: string, units: number): string => word.slice(0, word.length - units);

const plural = (word: string): string => {
  if (!word.endsWith("s") || word.endsWith("ss")) return word;
  return word.endsWith("sses") || word.endsWith("ies") ? without(word, 2) : without(word, 1);
};

/** What "-ed" and "-ing" leave gets its "e" back, or loses a doubled consonant: "hoping" is "hope", "hopping" is "hop". */
const mended = (word: string): string => {
  if (word.endsWith("at") || word.endsWith("bl") || word.endsWith("iz")) return `${word}e`;
  if (endsDouble(word)) return "lsz".includes(word.at(-1) ?? "") ? word : without(word, 1);
  return measure(word, word.length) === 1 && endsShort(word, word.length) ? `${word}e` : word;
};

const past = (word: string): string => {
  if (word.endsWith("eed")) return measure(word, word.length - 3) > 0 ? without(word, 1) : word;
  const units = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
  if (units === 0 || !hasVowel(word, word.length - units)) return word;
  return mended(without(word, units));
};

const lastY = (word: string): string =>
  word.endsWith("y") && hasVowel(word, word.length - 1) ? `${without(word, 1)}i` : word;

type Rule = readonly [suffix: string, instead: string];

/** Rules by the last letter of their ending: most words have none to try. */
type Rules = ReadonlyMap<number, readonly Rule[]>;

/** Of several endings that fit, the longest counts: they stand in this order. */
const rules = (pairs: string): Rules => {
  const sorted = pairs
    .split(" ")
    .map((pair): Rule => {
      const [suffix = "", instead = ""] = pair.split(">");
      return [suffix, instead];
    })
    .toSorted(([left], [right]) => right.length - left.length);
  const byLast = new Map<number, Rule[]>();
  for (const rule of sorted) {
    const last = rule[0].charCodeAt(rule[0].length - 1);
    byLast.set(last, [...(byLast.get(last) ?? []), rule]);
  }
  return byLast;
};

const DOUBLE_SUFFIXES = rules(
  "ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble logi>log",
);
const SUFFIXES = rules("icate>ic ative> alize>al iciti>ic ical>ic ful> ness>");
const LAST_SUFFIXES = rules(
  "al> ance> ence> er> ic> able> ible> ant> ement> ment> ent> sion>s tion>t ou> ism> ate> iti> ous> ive> ize>",
);

/** The longest ending that fits is replaced, if what stands before it measures more than `above`. */
const replaced = (word: string, list: Rules, above: number): string => {
  const fitting = list.get(word.charCodeAt(word.length - 1));
  if (fitting === undefined) return word;
  for (const [suffix, instead] of fitting) {
    if (!word.endsWith(suffix)) continue;
    const stem = without(word, suffix.length);
    // Of "-sion" and "-tion" the first letter stays and is measured with the stem.
    const kept = suffix.length === 4 && suffix.endsWith("ion") ? stem + instead : stem;
    return measure(kept, kept.length) > above ? stem + instead : word;
  }
  return word;
};

const lastE = (word: string): string => {
  if (!word.endsWith("e")) return word;
  const end = word.length - 1;
  const m = measure(word, end);
  return m > 1 || (m === 1 && !endsShort(word, end)) ? without(word, 1) : word;
};

const lastL = (word: string): string =>
  word.endsWith("ll") && measure(word, word.length) > 1 ? without(word, 1) : word;

/** Stem of a lower-case English word of letters; shorter than three it stays as it is. */
export const porterStem = (word: string): string => {
  if (word.length < 3) return word;
  const bare = lastY(past(plural(word)));
  const stem = replaced(
    replaced(replaced(bare, DOUBLE_SUFFIXES, 0), SUFFIXES, 0),
    LAST_SUFFIXES,
    1,
  );
  return lastL(lastE(stem));
};

const LETTERS = /^[a-z']+$/u;

/** Porter's stem of a word as it stands in a normalised text, without a possessive; words with other characters than letters stay. */
export const stemOf = (word: string): string =>
  LETTERS.test(word) ? porterStem(word.endsWith("'s") ? without(word, 2) : word) : word;
