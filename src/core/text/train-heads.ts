/**
 * Fits the shipped heads: whole texts first, then clauses, which are told what the whole text feels like.
 * Calibration and thresholds come from folds of the training part; the test part is never looked at here.
 */
import { calibrate, type HeldOut } from "./calibrate.ts";
import { type Classifier, marginReader } from "./classifier.ts";
import { type ClassifierCard, writeClassifier } from "./classifier-file.ts";
import { writeClauseDense } from "./aspects.ts";
import { clauseGrams } from "./clause-grams.ts";
import { clausesOf } from "./clauses.ts";
import type { CorpusRow } from "./corpus.ts";
import { LEXICAL_NAMES, writeLexical } from "./dense.ts";
import { type Examples, gramsAt, readExamples } from "./examples.ts";
import { fitClassifier, type FitOptions, type FitTask } from "./fit-classifier.ts";
import { type GramBag, gramCounter, HEAD_GRAM } from "./grams.ts";
import { CLAUSE_DENSE } from "./heads.ts";
import { type ClauseLesson, clauseTasks, type Lesson, textTasks } from "./heads-data.ts";
import type { Span } from "./normalise.ts";
import { originalSpan } from "./normalise.ts";
import { type Reading, readText } from "./reading.ts";
import type { LexiconReader } from "./lexicon-reader.ts";
import { foldsOf } from "./twins.ts";
import type { TrainingProgress } from "../training.ts";

const HEAD_FOLDS = 5;

export interface TrainHeadsOptions {
  readonly seed: number;
  readonly reader: LexiconReader;
  readonly onProgress?: TrainingProgress;
}

/** Grams kept, by file. */
const TEXT_ROWS = 40_000;
const CLAUSE_ROWS = 16_000;

const fitOptions = (seed: number, rowsMax: number): FitOptions => ({
  seed,
  rowsMax,
  share: 1,
  textsMin: 2,
});

const marginsOf = (
  model: Classifier,
  examples: Examples,
  what: { readonly members: readonly number[]; readonly into: Float64Array },
): void => {
  const { members, into } = what;
  const reader = marginReader(model);
  const width = examples.denseNames.length;
  for (const member of members) {
    const grams = gramsAt(examples, member);
    const dense = examples.dense.subarray(member * width, (member + 1) * width);
    into.set(reader.read(grams, dense).values, member * model.columns);
  }
};

export interface CrossFit {
  /** `margins[example × columns + column]`, each by a model that did not see the example's fold; NaN where fold is −1. */
  readonly margins: Float64Array;
  readonly columns: number;
}

/** Margins of the examples with a fold ≥ 0 by models fitted without their fold; others are always in training. */
const crossFit = (
  examples: Examples,
  folds: Int32Array,
  how: {
    readonly tasks: readonly FitTask[];
    readonly options: FitOptions;
    readonly onFold?: (fold: number) => void;
  },
): CrossFit => {
  const columns = how.tasks.reduce((sum, { labels }) => sum + labels.length, 0);
  const margins = new Float64Array(examples.count * columns).fill(NaN);
  for (let fold = 0; fold < HEAD_FOLDS; fold += 1) {
    how.onFold?.(fold);
    const members = Int32Array.from(folds.keys()).filter((index) => folds[index] !== fold);
    const model = fitClassifier(examples, members, how);
    const held = Array.from(folds.keys()).filter((index) => folds[index] === fold);
    marginsOf(model, examples, { members: held, into: margins });
  }
  return { margins, columns };
};

/** What calibration reads: margins of the folds, head by head. */
const heldOutOf = (
  { margins, columns }: CrossFit,
  tasks: readonly FitTask[],
  folds: Int32Array,
): readonly HeldOut[] => {
  let first = 0;
  return tasks.map(({ labels, targets }) => {
    const width = labels.length;
    const members = Array.from(folds.keys()).filter(
      (index) => (folds[index] as number) >= 0 && targets.some((target) => target[index] !== 0),
    );
    const own = new Float64Array(members.length * width);
    const truths = new Int8Array(members.length * width);
    for (const [at, member] of members.entries())
      for (let label = 0; label < width; label += 1) {
        own[at * width + label] = margins[member * columns + first + label] as number;
        truths[at * width + label] = targets[label]?.[member] ?? 0;
      }
    first += width;
    return { margins: own, truths, width };
  });
};

interface FittedHeads {
  readonly model: Classifier;
  readonly cross: CrossFit;
}

const fitted = (
  examples: Examples,
  folds: Int32Array,
  how: {
    readonly tasks: readonly FitTask[];
    readonly options: FitOptions;
    readonly onFold?: (fold: number) => void;
  },
): FittedHeads => {
  const cross = crossFit(examples, folds, how);
  how.onFold?.(HEAD_FOLDS);
  const bare = fitClassifier(examples, Int32Array.from(folds.keys()), how);
  return { model: calibrate(bare, heldOutOf(cross, how.tasks, folds)), cross };
};

/** Opinions whose words begin in a clause, or the clause that holds most of them. */
const lessonOf = (row: CorpusRow, reading: Reading, clause: Span): ClauseLesson => {
  const span = originalSpan(reading.normal, clause);
  const own = row.aspects.filter(
    ({ from, to }) => Math.min(to, span.to) - Math.max(from, span.from) > (to - from) / 3,
  );
  const signs = new Set(own.map(({ polarity }) => polarity));
  const polarity =
    signs.size !== 1 ? 0 : signs.has("positive") ? 1 : signs.has("negative") ? -1 : 0;
  return {
    aspects: new Set(own.map(({ aspect }) => aspect)),
    polarity,
    importance: row.made === true ? 0.5 : 1,
  };
};

const fitClauses = (
  lessons: readonly Lesson[],
  whole: { readonly cross: CrossFit; readonly folds: Int32Array },
  { seed, reader, onProgress }: TrainHeadsOptions,
): FittedHeads => {
  const counter = gramCounter(HEAD_GRAM);
  const dealer = clauseGrams();
  const bags: GramBag[] = [];
  const clauseLessons: ClauseLesson[] = [];
  const folds: number[] = [];
  const dense: Float64Array[] = [];
  for (const [index, { row, knows }] of lessons.entries()) {
    if (row === null || !knows.has("rest")) continue;
    const reading = readText(row.text, reader);
    // Polarity is the first column; made rows have no held-out margin and stand for an undecided text.
    const margin = whole.cross.margins[index * whole.cross.columns] as number;
    const clauses = clausesOf(reading.tokens, reading.marked.marks);
    dealer.deal(counter.count(reading.open, reading.cues), clauses, reading.open.length);
    for (const [at, clause] of clauses.entries()) {
      const into = new Float64Array(CLAUSE_DENSE.length);
      writeClauseDense(reading, clause, { whole: Number.isNaN(margin) ? 0 : margin, into });
      const { size, slots, counts } = dealer.of(at);
      bags.push({ size, slots: slots.slice(0, size), counts: counts.slice(0, size) });
      dense.push(into);
      clauseLessons.push(lessonOf(row, reading, clause));
      folds.push(whole.folds[index] as number);
    }
  }
  const examples = readExamples(
    bags.map(() => ""),
    {
      gramsOf: (_, index) => bags[index] as GramBag,
      denseNames: CLAUSE_DENSE,
      densify: (_, into, index) => into.set(dense[index] as Float64Array),
    },
  );
  return fitted(examples, Int32Array.from(folds), {
    tasks: clauseTasks(clauseLessons),
    options: fitOptions(seed, CLAUSE_ROWS),
    onFold: (fold) => onProgress?.("clauses", fold, HEAD_FOLDS + 1),
  });
};

export interface TrainedHeads {
  readonly heads: Classifier;
  readonly clauses: Classifier;
}

/** Both models. Lessons from public sets and made rows are never held out. */
export const trainHeads = (
  lessons: readonly Lesson[],
  options: TrainHeadsOptions,
): TrainedHeads => {
  const { seed, reader, onProgress } = options;
  const counter = gramCounter(HEAD_GRAM);
  let reading: Reading | undefined;
  const examples = readExamples(
    lessons.map(({ text }) => text),
    {
      gramsOf: (text) => {
        reading = readText(text, reader);
        return counter.count(reading.open, reading.cues);
      },
      denseNames: LEXICAL_NAMES,
      densify: (_, into) => {
        if (reading !== undefined) writeLexical(reading, into);
      },
      onRow: (index) => {
        if (index % 500 === 0) onProgress?.("reading", index, lessons.length);
      },
    },
  );
  const folds = foldsOf(
    lessons.map(({ row }) => row?.group ?? ""),
    { folds: HEAD_FOLDS, seed },
  ).map((fold, index) => (lessons[index]?.row && lessons[index]?.row?.made !== true ? fold : -1));
  const text = fitted(examples, folds, {
    tasks: textTasks(lessons),
    options: fitOptions(seed, TEXT_ROWS),
    onFold: (fold) => onProgress?.("texts", fold, HEAD_FOLDS + 1),
  });
  const clauses = fitClauses(lessons, { cross: text.cross, folds }, options);
  return { heads: text.model, clauses: clauses.model };
};

/** The two files. */
export const writeHeads = (
  { heads, clauses }: TrainedHeads,
  card: ClassifierCard,
): { readonly heads: string; readonly clauses: string } => ({
  heads: writeClassifier(heads, card),
  clauses: writeClassifier(clauses, card),
});
