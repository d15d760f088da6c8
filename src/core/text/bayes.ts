/**
 * The baseline beside every text model: `natural`'s naive Bayes classifier on words and, for Chinese, character pairs. Used in training only.
 * Its labels become property names inside the package, so it is given numbers in their place.
 */
import BayesClassifier from "natural/lib/natural/classifiers/bayes_classifier.js";
import { fingerprint } from "./lexicon.ts";

/** Its time grows with rows × vocabulary, and with the number of labels for every answer. */
const TRAIN_MAX = 800;
const TEST_MAX = 200;
const LABELS_MAX = 30;
/** The package's default of 1 lets small classes win almost always; a baseline should be at its best. */
const SMOOTHING = 0.05;

/** Words, and pairs of Han characters: the package's own tokenizer would drop the latter. */
export const bayesWords = (text: string): readonly string[] => {
  const words: string[] = [];
  for (const [piece] of text.toLowerCase().matchAll(/\p{Script=Han}+|[\p{L}\p{N}']+/gu))
    if (/\p{Script=Han}/u.test(piece))
      for (let at = 0; at < piece.length; at += 1) words.push(`w${piece.slice(at, at + 2)}`);
    else words.push(`w${piece}`);
  return words;
};

const sampled = (indices: readonly number[], most: number, seed: number): readonly number[] =>
  indices
    .map((index) => ({ index, rank: fingerprint(`${seed} ${index}`) }))
    .toSorted((left, right) => (left.rank < right.rank ? -1 : 1))
    .slice(0, most)
    .map(({ index }) => index);

/** Accuracy on a sample of fold 0 after seeing a sample of the others; null where the package would take minutes. */
export const bayesAccuracy = (
  rows: readonly { readonly text: string; readonly labels: readonly string[] }[],
  folds: Int32Array,
  seed: number,
): number | null => {
  const labels = [...new Set(rows.flatMap((row) => row.labels))].toSorted();
  if (labels.length > LABELS_MAX) return null;
  const indices = Array.from(folds.keys());
  const classifier = new BayesClassifier(undefined, SMOOTHING);
  const train = sampled(
    indices.filter((index) => folds[index] !== 0),
    TRAIN_MAX,
    seed,
  );
  const test = sampled(
    indices.filter((index) => folds[index] === 0),
    TEST_MAX,
    seed,
  );
  const nameOf = (index: number): string => `l${labels.indexOf(rows[index]?.labels[0] ?? "")}`;
  for (const index of train) {
    const words = bayesWords(rows[index]?.text ?? "");
    if (words.length > 0) classifier.addDocument([...words], nameOf(index));
  }
  classifier.train();
  let right = 0;
  for (const index of test) {
    const [best] = classifier.getClassifications([...bayesWords(rows[index]?.text ?? "")]);
    if (best?.label === nameOf(index)) right += 1;
  }
  return test.length === 0 ? null : Math.round((right / test.length) * 1e4) / 1e4;
};
