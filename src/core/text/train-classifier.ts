/**
 * Trains a text classifier of an analyst's own labels: chooses the few things that can be chosen on held-out texts, calibrates there,
 * and says where more labels would help. Near-duplicates never stand on both sides. Same rows and seed: same bytes.
 */
import { bayesAccuracy } from "./bayes.ts";
import { calibrate, type HeldOut } from "./calibrate.ts";
import { type Classifier, marginReader, probabilities } from "./classifier.ts";
import { writeClassifier } from "./classifier-file.ts";
import { PRIOR_NAMES } from "./classify.ts";
import { LEXICAL_NAMES } from "./dense.ts";
import { type Examples, gramsAt } from "./examples.ts";
import { fitClassifier, type FitTask } from "./fit-classifier.ts";
import type { LabelledTexts } from "./labels-file.ts";
import { type Curve, curveOf } from "./learning-curve.ts";
import { fingerprint } from "./lexicon.ts";
import { type Answered, type Evaluation, evaluateAnswers } from "./scoring.ts";
import {
  type DataOptions,
  narrowed,
  TASK_FOLDS,
  type TaskData,
  taskDataOf,
  TRY_WORK,
} from "./task-data.ts";
import { foldsOf, leakOf } from "./twins.ts";

export interface TrainClassifierOptions extends DataOptions {
  /** Name of the task, as the analyst calls it. */
  readonly task: string;
  readonly command: string;
}

/** What was chosen on held-out texts. */
export interface Choice {
  readonly cost: number;
  readonly balance: number;
  readonly features: "grams" | "grams and lexicons" | "grams, lexicons and prior";
  readonly ratios: number;
}

export interface ClassifierReport {
  readonly task: string;
  readonly rows: number;
  readonly labels: number;
  readonly seed: number;
  readonly choice: Choice;
  readonly heldOut: Evaluation;
  readonly baselines: { readonly constant: number; readonly naturalBayes: number | null };
  readonly curve: Curve;
  /** Share of held-out texts that would have a twin in training under a random split, 0..1. */
  readonly leak: number;
  readonly warnings: readonly string[];
  readonly bytes: number;
}

export interface TrainedClassifier {
  readonly file: string;
  readonly model: Classifier;
  readonly report: ClassifierReport;
}

/** The weights of a file stay below this, so that it stays below 8 MB as base64. */
const TABLE_BYTES = 5_500_000;
/** Enough to tell which grams matter. */
const RANKING_ROUNDS = 5;
const FEATURES: Readonly<Record<Choice["features"], readonly string[]>> = {
  grams: [],
  "grams and lexicons": LEXICAL_NAMES,
  "grams, lexicons and prior": PRIOR_NAMES,
};

const taskOf = (
  data: TaskData,
  name: string,
  { cost, balance, features, ratios }: Choice,
): FitTask => ({
  name,
  labels: data.labels,
  kind: data.kind,
  targets: data.labels.map((label) =>
    Int8Array.from(data.rows, (row) => (row.labels.includes(label) ? 1 : -1)),
  ),
  cost,
  balance,
  ratios,
  usesDense: features !== "grams",
});

interface Fit {
  readonly model: Classifier;
  readonly held: HeldOut;
}

/** Margins of the members, as calibration and scoring read them. */
const heldOutBy = (
  model: Classifier,
  data: TaskData,
  held: { readonly examples: Examples; readonly members: readonly number[] },
): HeldOut => {
  const { examples, members } = held;
  const reader = marginReader(model);
  const width = data.labels.length;
  const denseWidth = examples.denseNames.length;
  const margins = new Float64Array(members.length * width);
  const truths = new Int8Array(members.length * width);
  for (const [at, member] of members.entries()) {
    const grams = gramsAt(examples, member);
    const dense = examples.dense.subarray(member * denseWidth, (member + 1) * denseWidth);
    margins.set(reader.read(grams, dense).values, at * width);
    for (const [label, name] of data.labels.entries())
      truths[at * width + label] = data.rows[member]?.labels.includes(name) === true ? 1 : -1;
  }
  return { margins, truths, width };
};

const membersOf = (data: TaskData, keep: (fold: number) => boolean): readonly number[] =>
  Array.from(data.folds.keys()).filter((index) => keep(data.folds[index] as number));

interface FitHow {
  readonly choice: Choice;
  readonly members: readonly number[];
  readonly rowsMax: number;
  readonly share: number;
}

const fitOnce = (
  data: TaskData,
  options: TrainClassifierOptions,
  { choice, members, rowsMax, share }: FitHow,
): Classifier =>
  fitClassifier(narrowed(data.examples, FEATURES[choice.features]), Int32Array.from(members), {
    tasks: [taskOf(data, options.task, choice)],
    options: { seed: options.seed, rowsMax, share, textsMin: 1, rankingRounds: RANKING_ROUNDS },
  });

/** Answers of a head for held-out margins. */
const answersOf = (
  model: Classifier,
  held: HeldOut,
  labels: readonly string[],
): readonly Answered[] => {
  const [head] = model.heads;
  const answers: Answered[] = [];
  if (head === undefined) return answers;
  for (let at = 0; at < held.margins.length; at += held.width) {
    const margins = held.margins.subarray(at, at + held.width);
    const each = probabilities(head, margins);
    const truth = labels.filter((_, label) => held.truths[at + label] === 1);
    const best = each.reduce(
      (most, chance, index) => (chance > (each[most] as number) ? index : most),
      0,
    );
    answers.push(
      head.kind === "one"
        ? {
            truth,
            said: [labels[best] as string],
            confidence: each[best] as number,
            inScope: Math.max(...margins) >= head.scopeFrom,
          }
        : severalAnswer(each, { truth, labels, thresholds: head.thresholds }),
    );
  }
  return answers;
};

const severalAnswer = (
  each: readonly number[],
  {
    truth,
    labels,
    thresholds,
  }: {
    readonly truth: readonly string[];
    readonly labels: readonly string[];
    readonly thresholds: readonly number[];
  },
): Answered => {
  const said = labels.filter(
    (_, label) => (each[label] as number) >= (thresholds[label] as number),
  );
  const confidence = each.reduce(
    (all, chance, label) => all * (chance >= (thresholds[label] as number) ? chance : 1 - chance),
    1,
  );
  return { truth, said, confidence, inScope: said.length > 0 };
};

const choicesFor = (data: TaskData, options: TrainClassifierOptions): readonly Choice[] => {
  const base: Choice = {
    cost: 1,
    balance: 0,
    ratios: 0,
    features: options.prior === "on" ? "grams, lexicons and prior" : "grams",
  };
  const work = data.examples.slots.length * (data.labels.length === 2 ? 1 : data.labels.length);
  if (work > TRY_WORK) return [base];
  const families: readonly Choice["features"][] =
    options.prior === "on"
      ? ["grams, lexicons and prior"]
      : data.examples.denseNames.length === 0
        ? ["grams"]
        : ["grams", "grams and lexicons", "grams, lexicons and prior"];
  const ratios = data.labels.length === 2 ? [0, 0.5] : [0];
  return families.flatMap((features) =>
    ratios.map((ratio) => ({ ...base, features, ratios: ratio })),
  );
};

interface Tried {
  readonly choice: Choice;
  readonly accuracy: number;
}

/** Accuracy and macro-F1 together: a choice that buys accuracy with the rare labels is none. */
const merit = ({ accuracy, macroF1 }: Evaluation): number => accuracy + macroF1 / 4;

const choose = (data: TaskData, options: TrainClassifierOptions): Choice => {
  const held = membersOf(data, (fold) => fold === 0);
  const members = membersOf(data, (fold) => fold !== 0);
  const tried: Tried[] = [];
  const attempt = (choice: Choice): number => {
    const model = fitOnce(data, options, { choice, members, rowsMax: Infinity, share: 1 });
    const examples = narrowed(data.examples, FEATURES[choice.features]);
    const own = heldOutBy(model, data, { examples, members: held });
    const accuracy = merit(evaluateAnswers(answersOf(calibrate(model, [own]), own, data.labels)));
    tried.push({ choice, accuracy });
    return accuracy;
  };
  const choices = choicesFor(data, options);
  const [first] = choices;
  if (first === undefined || choices.length === 1) return first as Choice;
  for (const [index, choice] of choices.entries()) {
    options.onProgress?.("choosing", index, choices.length + 3);
    attempt(choice);
  }
  const best = (): Tried =>
    tried.reduce((most, one) => (one.accuracy > most.accuracy + 1e-9 ? one : most));
  for (const change of [{ cost: 0.4 }, { cost: 2 }, { balance: 0.5, cost: 0.3 }]) {
    options.onProgress?.("choosing", tried.length, choices.length + 3);
    attempt({ ...best().choice, ...change });
  }
  return best().choice;
};

/** Warnings that an analyst must read before believing a figure. */
const warningsOf = (data: TaskData, leak: number): readonly string[] => {
  const warnings: string[] = [];
  const split = data.rows.some((row) => row.split !== null);
  const given = split
    ? leakOf(data.families, (index) => data.rows[index]?.split === "train")
    : leak;
  if (given >= 0.05)
    warnings.push(
      split
        ? `your split leaks: ${Math.round(given * 100)} % of the texts outside "train" have a twin in train; twins were kept together here`
        : `a random split of these texts would leak: ${Math.round(given * 100)} % of its test texts would have a twin in train; twins were kept together here`,
    );
  for (const label of data.labels) {
    const count = data.rows.filter((row) => row.labels.includes(label)).length;
    if (count < 8) warnings.push(`"${label}" has ${count} texts only; its figures mean little`);
  }
  return warnings.slice(0, 20);
};

const constantAccuracy = (data: TaskData): number => {
  const counts = new Map<string, number>();
  for (const { labels } of data.rows) {
    const key = labels.join("\t");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / data.rows.length;
};

const finalFit = (
  data: TaskData,
  options: TrainClassifierOptions,
  choice: Choice,
): Fit & { readonly answers: readonly Answered[] } => {
  const held = membersOf(data, (fold) => fold === 0);
  const seen = membersOf(data, (fold) => fold !== 0);
  const rowsMax = Math.floor(TABLE_BYTES / (data.labels.length + 3));
  const examples = narrowed(data.examples, FEATURES[choice.features]);
  options.onProgress?.("measuring", 0, 2);
  const partial = fitOnce(data, options, { choice, members: seen, rowsMax: Infinity, share: 1 });
  const own = heldOutBy(partial, data, { examples, members: held });
  const answers = answersOf(calibrate(partial, [own]), own, data.labels);
  options.onProgress?.("fitting", 0, 1);
  const whole = fitOnce(data, options, {
    choice,
    members: Array.from(data.folds.keys()),
    rowsMax,
    share: data.labels.length > 2 ? 0.6 : 1,
  });
  return { model: calibrate(whole, [own]), held: own, answers };
};

/** Everything at once: the file, the model and the report. Rows need at least two labels. */
export const trainClassifier = (
  texts: LabelledTexts,
  options: TrainClassifierOptions,
): TrainedClassifier => {
  const data = taskDataOf(texts, options);
  const choice = choose(data, options);
  const fit = finalFit(data, options, choice);
  const heldOut = evaluateAnswers(fit.answers);
  const half = fitHalf(data, options, choice);
  const leak = randomLeak(data);
  const text = data.rows
    .map((row) => JSON.stringify([row.text, row.labels]))
    .toSorted()
    .join("\n");
  const baselines = {
    constant: Math.round(constantAccuracy(data) * 1e4) / 1e4,
    naturalBayes: data.kind === "one" ? bayesAccuracy(data.rows, data.folds, options.seed) : null,
  };
  const scores = [
    { estimator: "linear", metric: "accuracy", value: heldOut.accuracy },
    { estimator: "linear", metric: "macroF1", value: heldOut.macroF1 },
    { estimator: "linear", metric: "calibrationError", value: heldOut.calibrationError },
    { estimator: "baseline: constant", metric: "accuracy", value: baselines.constant },
  ];
  const file = writeClassifier(fit.model, {
    sources: [
      {
        name: options.task,
        licence: "the analyst's own data",
        rows: data.rows.length,
        data: `fnv1a:${fingerprint(text)}`,
      },
    ],
    seed: options.seed,
    command: options.command,
    scores,
    weaknesses: [
      `measured on ${fit.answers.length} held-out texts of the same source; expect less elsewhere`,
    ],
  });
  options.onProgress?.("fitting", 1, 1);
  return {
    file,
    model: fit.model,
    report: {
      task: options.task,
      rows: data.rows.length,
      labels: data.labels.length,
      seed: options.seed,
      choice,
      heldOut,
      baselines,
      curve: curveOf(half, heldOut, data.rows.length),
      leak: Math.round(leak * 1e4) / 1e4,
      warnings: warningsOf(data, leak),
      bytes: file.length,
    },
  };
};

/** Share of a random fifth that has a twin in the rest. */
const randomLeak = (data: TaskData): number => {
  const chance = foldsOf(
    data.rows.map((_, index) => String(index)),
    { folds: TASK_FOLDS, seed: 7 },
  );
  return leakOf(data.families, (index) => chance[index] !== 0);
};

/** The same measured with half of the training texts: the other point of the learning curve. */
const fitHalf = (data: TaskData, options: TrainClassifierOptions, choice: Choice): Evaluation => {
  options.onProgress?.("measuring", 1, 2);
  const held = membersOf(data, (fold) => fold === 0);
  const members = membersOf(data, (fold) => fold === 1 || fold === 2);
  const model = fitOnce(data, options, { choice, members, rowsMax: Infinity, share: 1 });
  const examples = narrowed(data.examples, FEATURES[choice.features]);
  const own = heldOutBy(model, data, { examples, members: held });
  return evaluateAnswers(answersOf(calibrate(model, [own]), own, data.labels));
};
