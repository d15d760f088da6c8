/**
 * Training, told in stages: signals → rows → models, and labelled feedback → text models. Gives files; whoever calls decides where they go.
 * Text is trained first, because the feelings in feedback are features of the customers who said it.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Analysis } from "../core/analysis.ts";
import { buildTrainingRows, cutoffsBetween } from "../core/customers/rows.ts";
import { ordersOf } from "../core/customers/skus.ts";
import { quote } from "../core/fault.ts";
import type { Fitted } from "../core/models/fitted.ts";
import type { HistoryRow } from "../core/models/history-row.ts";
import type { PastOrder } from "../core/models/orders.ts";
import type { ModelTask } from "../core/models/model-file.ts";
import type { TrainingContext } from "../core/models/train-common.ts";
import type { TrainingProgress, TrainingResult } from "../core/models/training.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import type { Feedback, Signal } from "../core/signal.ts";
import { AttuneError } from "../errors.ts";
import { type FixtureTexts, openFixtures } from "./fixtures.ts";
import { type TrainFixturesOptions, usable } from "./training-input.ts";

/** What can be trained from a history, in the order in which it is. */
export const HISTORY_TASKS = [
  "segments",
  "churn",
  "spend",
  "offers",
] as const satisfies readonly ModelTask[];

/** Everything that can be trained. */
const TRAINING_TASKS = ["text", ...HISTORY_TASKS] as const;
export type TrainingTask = (typeof TRAINING_TASKS)[number];

/** How far churn and spend look ahead, and how often a customer is looked at in the past. */
const HORIZON_DAYS = 60;
const EVERY_DAYS = 15;

export interface TrainHistoryOptions {
  readonly seed: number;
  readonly onProgress?: TrainingProgress;
  /** What a text means; without it feedback counts as neutral. */
  readonly analyse?: (feedback: Feedback) => Analysis;
}

/** What the signals come to: customers at cut-offs for what looks at features, orders for what looks at products. */
interface TrainingData {
  readonly rows: readonly HistoryRow[];
  readonly orders: readonly PastOrder[];
}

type Trainer = (data: TrainingData, context: TrainingContext) => Fitted<TrainingResult>;

const onRows =
  (
    train: (rows: readonly HistoryRow[], context: TrainingContext) => Fitted<TrainingResult>,
  ): Trainer =>
  ({ rows }, context) =>
    train(rows, context);

/** Trainers are loaded when they are needed: their packages cost a tenth of a second. */
const TRAINERS: Readonly<Record<ModelTask, () => Promise<Trainer>>> = {
  segments: async () => onRows((await import("../core/models/train-segments.ts")).trainSegments),
  churn: async () => onRows((await import("../core/models/train-churn.ts")).trainChurn),
  spend: async () => onRows((await import("../core/models/train-spend.ts")).trainSpend),
  offers: async () => {
    const { trainOffers } = await import("../core/models/train-offers.ts");
    return ({ orders }, context) => trainOffers(orders, context);
  },
};

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const hashOf = (signals: readonly Signal[]): string => {
  const hash = createHash("sha256");
  for (const signal of signals) hash.update(`${JSON.stringify(signal)}\n`);
  return hash.digest("hex");
};

interface Span {
  readonly from: string;
  readonly to: string;
}

const rowsOf = (
  signals: readonly Signal[],
  { from, to }: Span,
  options: TrainHistoryOptions,
): readonly HistoryRow[] => {
  const cutoffs = cutoffsBetween(
    { from, until: to },
    { horizonDays: HORIZON_DAYS, everyDays: EVERY_DAYS },
  );
  return buildTrainingRows(signals, {
    // Segments are of the customers as they are now, so the end is a cut-off too.
    cutoffs: [...cutoffs, to],
    horizonDays: HORIZON_DAYS,
    until: to,
    ...(options.analyse === undefined ? {} : { analyse: options.analyse }),
  });
};

/** Rows cost a fold over all signals, which offers alone do not need. */
const dataOf = (
  tasks: readonly ModelTask[],
  signals: readonly Signal[],
  { span, options }: { readonly span: Span; readonly options: TrainHistoryOptions },
): TrainingData => ({
  rows: tasks.every((task) => task === "offers") ? [] : rowsOf(signals, span, options),
  orders: tasks.includes("offers") ? ordersOf(signals) : [],
});

/** A shop whose orders name no product can train everything else: among several tasks, offers that have nothing to learn from are passed over and said so. */
const passedOver = (task: ModelTask, sentence: string, seed: number): TrainingResult => ({
  files: {},
  report: { task, rows: 0, seed, scores: [], notes: [`Not trained: ${sentence}.`] },
});

const accept = (task: ModelTask, result: Fitted<TrainingResult>): TrainingResult => {
  if (result.kind === "fitted") return result.value;
  throw new AttuneError(
    "TRAINING_REFUSED",
    `${task} cannot be trained: ${result.sentence} (${result.code})`,
  );
};

/**
 * Models of customers from signals in any order. Equal signals and seed give equal bytes.
 * Rejects with TRAINING_REFUSED where the signals will not do, saying why.
 */
export const trainHistory = async (
  tasks: readonly ModelTask[],
  signals: readonly Signal[],
  options: TrainHistoryOptions,
): Promise<readonly TrainingResult[]> => {
  const ordered = signals.toSorted(
    (left, right) => compare(left.at, right.at) || compare(left.id, right.id),
  );
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined)
    throw new AttuneError("TRAINING_REFUSED", "there are no signals to train from; give a history");
  const span: Span = { from: first.at, to: last.at };
  const wanted = HISTORY_TASKS.filter((task) => tasks.includes(task));
  options.onProgress?.("history", 0, ordered.length);
  const given = dataOf(wanted, ordered, { span, options });
  options.onProgress?.("history", ordered.length, ordered.length);
  const data = hashOf(ordered);
  const results: TrainingResult[] = [];
  for (const [index, task] of wanted.entries()) {
    options.onProgress?.(task, index, wanted.length);
    await setImmediate();
    const trainer = await TRAINERS[task]();
    const command = `attune train ${task} --seed ${options.seed}`;
    const result = trainer(given, {
      ...span,
      data,
      seed: options.seed,
      horizonDays: HORIZON_DAYS,
      command,
    });
    results.push(
      task === "offers" && wanted.length > 1 && result.kind === "refused"
        ? passedOver(task, result.sentence, options.seed)
        : accept(task, result),
    );
  }
  options.onProgress?.("done", wanted.length, wanted.length);
  return results;
};

const analyserOf = async (files: PlaybookFiles): Promise<(feedback: Feedback) => Analysis> => {
  const [{ openTextReader }, { analyse }] = await Promise.all([
    import("../core/text/reader.ts"),
    import("../core/text/analyse.ts"),
  ]);
  const reader = usable(openTextReader(files), "the models that read feedback");
  return ({ text }) => analyse(text, reader, "labels");
};

/** The tasks that a name on the command line stands for, in the order of training; throws USAGE for an unknown one. */
export const tasksNamed = (name: string): readonly TrainingTask[] => {
  if (name === "all") return TRAINING_TASKS;
  const task = TRAINING_TASKS.find((known) => known === name);
  if (task === undefined)
    throw new AttuneError(
      "USAGE",
      `${quote(name)} cannot be trained; choose ${TRAINING_TASKS.join(", ")} or all`,
    );
  return [task];
};

/**
 * Trains from the three fixture files (`readFixtureTexts(folder)`), one result a task, text first.
 * Rejects with INPUT_INVALID for faulty lines and TRAINING_REFUSED where the data will not do.
 */
export const trainFromFixtures = async (
  texts: FixtureTexts,
  tasks: readonly TrainingTask[],
  options: TrainFixturesOptions,
): Promise<readonly TrainingResult[]> => {
  const wanted = HISTORY_TASKS.filter((task) => tasks.includes(task));
  const text = tasks.includes("text")
    ? [await (await import("./train-heads.ts")).trainShippedHeads(texts, options)]
    : [];
  if (wanted.length === 0) return text;
  await setImmediate();
  const { signals } = openFixtures(texts);
  const files = { ...options.files, ...text[0]?.files };
  const { seed, onProgress } = options;
  const history = await trainHistory(wanted, signals, {
    seed,
    analyse: await analyserOf(files),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return [...text, ...history];
};
