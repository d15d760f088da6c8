/**
 * Trains the topic, urgency and polarity models from labelled feedback. Scores come from rows that the scored model did not see (five folds);
 * the files that are written were fitted on all rows.
 */
import { TOPICS } from "../analysis.ts";
import {
  fitLogistic,
  linearModel,
  type LinearFile,
  type LinearModel,
  logistic,
  margins,
  type SparseRow,
  writeLinear,
} from "../models/linear.ts";
import type { TrainingProgress, TrainingResult } from "../models/training.ts";
import { read } from "./analyse.ts";
import { bayesVotes } from "./bayes.ts";
import { type Features, weighted } from "./features.ts";
import type { LabelledFeedback } from "./labelled.ts";
import { fingerprint } from "./lexicon.ts";
import { type LexiconReader, TEXT_FILES } from "./reader.ts";
import { type Judged, scoresOf } from "./scores.ts";
import { POLARITY_LABELS, withLearned } from "./polarity.ts";
import { type Feeling, judge } from "./sentiment.ts";
import { dealFolds } from "./split.ts";
import { isPolar, type Known, openVocabulary } from "./vocabulary.ts";

const FOLDS = 5;
const ITERATIONS = 150;
const COMMAND = "attune train text";
/** Features that fewer rows have are noise at this size of data. */
const ROWS_MIN = 2;
/** Rows of weights that are all smaller than this move no conclusion. */
const WEIGHT_MIN = 0.05;

export interface TrainTextOptions {
  /** Deals the folds; the fit itself needs no chance. */
  readonly seed: number;
  /** Lexicons and settings: `openLexicons(files)`. */
  readonly reader: LexiconReader;
  readonly onProgress?: TrainingProgress;
}

/** One model to fit: its labels, which hold for a row, and how strongly it follows the data. */
interface TextTask {
  readonly name: "topics" | "urgency" | "polarity";
  readonly labels: readonly string[];
  readonly holds: (row: LabelledFeedback, label: string) => boolean;
  /** Inverse strength of the penalty. On the folds 1, 4 and 16 stay within two points of each other; 1 carries further to foreign texts, 4 gives clearer probabilities. */
  readonly c: number;
  readonly balanced: boolean;
  readonly sees: (name: string) => boolean;
}

const leans = (row: LabelledFeedback, label: string): boolean =>
  row.labels.sentiment === "mixed" || row.labels.sentiment.endsWith(label);

const TASKS: readonly TextTask[] = [
  {
    name: "topics",
    labels: TOPICS,
    holds: (row, label) => row.labels.topics.some((topic) => topic === label),
    c: 4,
    balanced: true,
    sees: () => true,
  },
  {
    name: "urgency",
    labels: ["urgent"],
    holds: (row) => row.labels.urgent,
    c: 4,
    balanced: true,
    sees: () => true,
  },
  {
    name: "polarity",
    labels: POLARITY_LABELS,
    holds: leans,
    c: 1,
    balanced: false,
    sees: isPolar,
  },
];

interface Example {
  readonly row: LabelledFeedback;
  readonly features: Features;
  readonly feeling: Feeling;
}

type Body = Omit<LinearFile, "card">;

/** Vocabulary with inverse document frequencies: log(rows ÷ rows with the feature) + 1; lexicon features keep 1. */
const vocabulary = (
  examples: readonly Features[],
): { readonly names: readonly string[]; readonly factors: Float64Array } => {
  const counts = new Map<string, number>();
  for (const features of examples)
    for (const { known } of features) counts.set(known.name, (counts.get(known.name) ?? 0) + 1);
  const kept = [...counts]
    .filter(([name, count]) => count >= ROWS_MIN || name.startsWith("#"))
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  const factors = kept.map(([name, count]) =>
    name.startsWith("#") ? 1 : Math.log(examples.length / count) + 1,
  );
  return { names: kept.map(([name]) => name), factors: Float64Array.from(factors, round3) };
};

const round3 = (value: number): number => Math.round(value * 1_000) / 1_000 + 0;

const fitLabel = (
  task: TextTask,
  label: string,
  data: {
    readonly rows: readonly SparseRow[];
    readonly examples: readonly Example[];
    readonly dimensions: number;
  },
) => {
  const targets = Uint8Array.from(data.examples, ({ row }) => (task.holds(row, label) ? 1 : 0));
  const positives = targets.reduce((sum, target) => sum + target, 0);
  const positiveWeight = task.balanced
    ? Math.min(4, Math.sqrt((targets.length - positives) / Math.max(1, positives)))
    : 1;
  return fitLogistic({
    rows: data.rows,
    targets,
    dimensions: data.dimensions,
    c: task.c,
    positiveWeight,
    iterations: ITERATIONS,
  });
};

const byName =
  (rowOf: ReadonlyMap<string, number>) =>
  ({ name }: Known): number =>
    rowOf.get(name) ?? -1;

const fit = (task: TextTask, examples: readonly Example[]): Body => {
  const seen = examples.map(({ features }) =>
    features.filter(({ known }) => task.sees(known.name)),
  );
  const { names, factors } = vocabulary(seen);
  const rowOf = new Map(names.map((name, index) => [name, index]));
  const rows = seen.map((features) => weighted(features, { rowOf: byName(rowOf), factors }));
  const fits = task.labels.map((label) =>
    fitLabel(task, label, { rows, examples, dimensions: names.length }),
  );
  const features = names.map((name, index): Body["features"][number] => [
    name,
    factors[index] ?? 1,
    fits.map(({ weights }) => round3(weights[index] ?? 0)),
  ]);
  return {
    kind: "linear-classifier",
    formatVersion: 1,
    task: task.name,
    labels: [...task.labels],
    bias: fits.map(({ bias }) => round3(bias)),
    features: features.filter(([, , weights]) =>
      weights.some((weight) => Math.abs(weight) >= WEIGHT_MIN),
    ),
  };
};

const probabilities = (model: LinearModel, features: Features): readonly number[] => {
  const weighing = { rowOf: byName(model.rowOf), factors: model.factors };
  return [...margins(model, weighted(features, weighing))].map(logistic);
};

const topicsFrom = (chances: readonly number[], found: number): readonly string[] => {
  const best = chances.indexOf(Math.max(...chances));
  return TOPICS.filter((_, index) => index === best || (chances[index] ?? 0) >= found);
};

const named = ({ row, features }: Example) => ({
  row,
  features: new Map(features.map((occurrence) => [occurrence.known.name, occurrence])),
});

/** Judges every row of one fold by models that saw the other folds. */
const judgeFold = (
  train: readonly Example[],
  test: readonly Example[],
  options: TrainTextOptions,
): readonly Judged[] => {
  const [topics, urgency, polarity] = TASKS.map((task) => linearModel(fit(task, train)));
  const settings = options.reader.settings.sentiment;
  const votes = bayesVotes(train.map(named), test.map(named), options.seed);
  return test.map((example, index) => {
    const chances = topics === undefined ? [] : probabilities(topics, example.features);
    return {
      row: example.row,
      felt: judge(
        polarity === undefined
          ? example.feeling
          : withLearned(example.feeling, example.features, {
              model: polarity,
              rowOf: byName(polarity.rowOf),
              settings,
            }),
        settings,
        true,
      ).label,
      feltByLexicon: judge(example.feeling, settings, true).label,
      topics: topicsFrom(chances, options.reader.settings.topics.found),
      best: TOPICS[chances.indexOf(Math.max(...chances))] ?? "other",
      urgency: urgency === undefined ? 0 : (probabilities(urgency, example.features)[0] ?? 0),
      bayesTopic: votes[index]?.topic ?? "other",
      bayesUrgency: votes[index]?.urgency ?? 0,
    };
  });
};

const examplesOf = (
  rows: readonly LabelledFeedback[],
  { reader, onProgress }: TrainTextOptions,
): readonly Example[] => {
  const met = openVocabulary();
  return rows.map((row, index) => {
    if (index % 1_000 === 0) onProgress?.("reading", index, rows.length);
    const { features, feeling } = read(row.text, reader, met);
    return { row, features, feeling };
  });
};

const WEAKNESSES = [
  "Trained on a few hundred texts written for attune, not on real traffic: expect lower scores on your own feedback, and train again with it.",
  "Irony without an emoji or a known phrase is often missed.",
  "Topics are judged independently; a text about many things may lose the least mentioned one.",
  "Languages other than English and Chinese get topics from digits and loan words only.",
] as const;

const NOTES = [
  "Every row was judged by models fitted on the other four of five folds; groups and near-twins never stand on both sides.",
  "topics.accuracy: the most probable topic is one of the labelled ones. topics.macroF1: mean F1 over the topics that occur, all topics from the threshold on.",
  "urgency.auc: chance that an urgent text ranks above one that is not. sentiment.sign: right side among texts labelled positive or negative (silence is wrong); sentiment.label: all six labels.",
  "natural's Bayes classifier gives one topic a text and was fitted on at most 600 rows: its time grows with rows times vocabulary.",
] as const;

/**
 * Topic, urgency and polarity models as files (`models/text.topics.json` and its sisters) and their scores beside the baselines.
 * Same rows (in any order), lexicons and seed: same bytes.
 */
export const trainText = (
  rows: readonly LabelledFeedback[],
  options: TrainTextOptions,
): TrainingResult => {
  const ordered = rows.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const examples = examplesOf(ordered, options);
  const folds = dealFolds(ordered, FOLDS, options.seed);
  const judged: Judged[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    options.onProgress?.("judging", fold, FOLDS);
    const train = examples.filter((_, index) => folds[index] !== fold);
    const test = examples.filter((_, index) => folds[index] === fold);
    judged.push(...judgeFold(train, test, options));
  }
  const scores = scoresOf(judged);
  options.onProgress?.("fitting", 0, 1);
  const data = fingerprint(
    ordered.map((row) => JSON.stringify([row.id, row.text, row.labels])).join("\n"),
  );
  const card = {
    data: `fnv1a:${data}`,
    rows: rows.length,
    seed: options.seed,
    command: `${COMMAND} --seed ${options.seed}`,
    weaknesses: [...WEAKNESSES],
  };
  const file = (task: TextTask): string =>
    writeLinear({
      ...fit(task, examples),
      card: {
        ...card,
        scores: scores.filter(({ metric }) =>
          metric.startsWith(task.name === "polarity" ? "sentiment" : task.name),
        ),
      },
    });
  const [topics, urgency, polarity] = TASKS.map(file);
  options.onProgress?.("fitting", 1, 1);
  return {
    files: {
      [TEXT_FILES.topics]: topics ?? "",
      [TEXT_FILES.urgency]: urgency ?? "",
      [TEXT_FILES.polarity]: polarity ?? "",
    },
    report: { task: "text", rows: rows.length, seed: options.seed, scores, notes: [...NOTES] },
  };
};
