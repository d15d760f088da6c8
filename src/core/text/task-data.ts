/** What an analyst's model is trained on: texts read into grams and, where they may pay, into the lexicons' and the prior's features. */
import type { TrainingProgress } from "../training.ts";
import { densifier, PRIOR_NAMES } from "./classify.ts";
import { type Examples, readExamples } from "./examples.ts";
import { gramCounter, TASK_GRAM } from "./grams.ts";
import type { LabelledText, LabelledTexts } from "./labels-file.ts";
import { normalise } from "./normalise.ts";
import type { TextReader } from "./reader.ts";
import { familiesOf, foldsOf } from "./twins.ts";

/** Folds that texts are dealt into; the first is held out. */
export const TASK_FOLDS = 5;
/** Grams × labels that one fit may cost for choices to be tried: about a second. */
export const TRY_WORK = 60_000_000;

export interface DataOptions {
  readonly seed: number;
  readonly reader: TextReader;
  /** `auto` tries the shipped feelings as features and keeps them if they help; `on` always, for few labels. */
  readonly prior: "auto" | "on";
  readonly onProgress?: TrainingProgress;
}

/** The texts of a task, read once: labels, grams and dense features, folds that keep twins together. */
export interface TaskData {
  readonly rows: readonly LabelledText[];
  readonly kind: LabelledTexts["kind"];
  readonly labels: readonly string[];
  readonly examples: Examples;
  readonly folds: Int32Array;
  readonly families: Int32Array;
}

/** More texts than these have taught the grams what lexicons know, and reading them with lexicons would take most of the time. */
const DENSE_TEXTS_MAX = 30_000;
/** Grams of a text for each of its characters, roughly. */
const GRAMS_A_CHAR = 2;

/** Whether lexicons and prior are worth reading: not where one fit alone takes long, unless they are asked for. */
const wantsDense = (
  rows: readonly LabelledText[],
  labels: number,
  prior: DataOptions["prior"],
): boolean => {
  const chars = rows.reduce((sum, { text }) => sum + text.length, 0);
  const work = chars * GRAMS_A_CHAR * (labels === 2 ? 1 : labels);
  return prior === "on" || (rows.length <= DENSE_TEXTS_MAX && work <= TRY_WORK);
};

/** Reads every text once. */
export const taskDataOf = ({ rows, kind }: LabelledTexts, options: DataOptions): TaskData => {
  const { reader, seed, onProgress } = options;
  const families = familiesOf(rows.map(({ text }) => text));
  const names = rows.map(
    ({ group }, index) => group ?? rows[families[index] as number]?.text ?? "",
  );
  const labels = [...new Set(rows.flatMap((row) => row.labels))].toSorted();
  const denseNames = wantsDense(rows, labels.length, options.prior) ? PRIOR_NAMES : [];
  const densify = densifier(denseNames, reader);
  const counter = gramCounter(TASK_GRAM);
  const examples = readExamples(
    rows.map(({ text }) => text),
    {
      gramsOf: (text) => counter.count(normalise(text, reader.simplified).text),
      denseNames,
      densify,
      onRow: (index) => {
        if (index % 500 === 0) onProgress?.("reading", index, rows.length);
      },
    },
  );
  return {
    rows,
    kind,
    labels,
    examples,
    folds: foldsOf(names, { folds: TASK_FOLDS, seed }),
    families,
  };
};

/** The examples with the first dense features only. */
export const narrowed = (examples: Examples, names: readonly string[]): Examples => {
  const wide = examples.denseNames.length;
  const dense = new Float64Array(examples.count * names.length);
  for (let row = 0; row < examples.count; row += 1)
    dense.set(examples.dense.subarray(row * wide, row * wide + names.length), row * names.length);
  return { ...examples, denseNames: names, dense };
};
