/**
 * The baseline beside every text model: `natural`'s naive Bayes classifier on the same stems and words. Used in training only.
 * Its labels become property names inside the package, so only labels that attune knows are ever passed.
 */
import BayesClassifier from "natural/lib/natural/classifiers/bayes_classifier.js";
import { TOPICS } from "../analysis.ts";
import type { LabelledFeedback } from "./labelled.ts";
import { fingerprint } from "./lexicon.ts";

/** Its time grows with rows × vocabulary. */
const ROWS_MAX = 600;
/** The package's default of 1 lets small classes win almost always (topic accuracy 0.22 instead of 0.36 on the fixtures); a baseline should be at its best. */
const SMOOTHING = 0.05;

interface BayesExample {
  readonly row: LabelledFeedback;
  /** By name. */
  readonly features: ReadonlyMap<string, unknown>;
}

export interface BayesVote {
  readonly topic: string;
  /** Probability of "urgent" among the two classes, 0..1. */
  readonly urgency: number;
}

/** Single words only, as the package's own tokenizer would give, but with Chinese ones. */
const wordsOf = ({ features }: BayesExample): readonly string[] =>
  [...features.keys()].filter((name) => name.startsWith("w:") || name.startsWith("c:"));

const sample = (examples: readonly BayesExample[], seed: number): readonly BayesExample[] =>
  examples
    .map((example) => ({ example, rank: fingerprint(`${seed} ${example.row.id}`) }))
    .toSorted((left, right) => (left.rank < right.rank ? -1 : 1))
    .slice(0, ROWS_MAX)
    .map(({ example }) => example);

const fitted = (
  examples: readonly BayesExample[],
  labelsOf: (row: LabelledFeedback) => readonly string[],
): BayesClassifier => {
  const classifier = new BayesClassifier(undefined, SMOOTHING);
  for (const example of examples)
    for (const label of labelsOf(example.row)) classifier.addDocument([...wordsOf(example)], label);
  classifier.train();
  return classifier;
};

/** What the baseline says of every test example after seeing (a sample of) the training examples. */
export const bayesVotes = (
  train: readonly BayesExample[],
  test: readonly BayesExample[],
  seed: number,
): readonly BayesVote[] => {
  const known = sample(train, seed);
  if (known.length === 0) return test.map(() => ({ topic: "other", urgency: 0 }));
  const topics = fitted(known, (row) =>
    row.labels.topics.filter((topic) => TOPICS.includes(topic)),
  );
  const urgency = fitted(known, (row) => [row.labels.urgent ? "urgent" : "calm"]);
  return test.map((example) => {
    const words = wordsOf(example);
    const classes = urgency.getClassifications(words);
    const total = classes.reduce((sum, { value }) => sum + value, 0) || 1;
    const urgent = classes.find(({ label }) => label === "urgent")?.value ?? 0;
    return {
      topic: topics.getClassifications(words)[0]?.label ?? "other",
      urgency: urgent / total,
    };
  });
};
