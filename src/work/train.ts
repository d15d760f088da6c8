/**
 * Training, told in stages: signals → rows → models, and labelled feedback → text models. Gives files; whoever calls decides where they go.
 * Text is trained first, because the feelings in feedback are features of the customers who said it.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Analysis } from "../core/analysis.ts";
import { addDays } from "../core/customers/instant.ts";
import { buildTrainingRows, cutoffsBetween } from "../core/customers/rows.ts";
import { ordersOf } from "../core/customers/skus.ts";
import { quote } from "../core/fault.ts";
import type { Fitted } from "../core/models/fitted.ts";
import type { DriftReport } from "../core/models/drift.ts";
import { modelDrift } from "../core/models/model-drift.ts";
import type { HistoryRow } from "../core/models/history-row.ts";
import { type ModelOf, modelPath, type ModelTask, readModel } from "../core/models/model-file.ts";
import type { PastOrder } from "../core/models/orders.ts";
import type { Watched } from "../core/models/watch.ts";
import type { TrainingContext } from "../core/models/train-common.ts";
import type { TrainingProgress, TrainingResult } from "../core/training.ts";
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

/** How far churn and spend look ahead unless told otherwise, and how often a customer is looked at in the past. */
const HORIZON_DAYS = 60;
const EVERY_DAYS = 15;

/** Drift compares what customers wrote about in so many days before the end, whatever the horizon. */
const TOPIC_DAYS = 60;

export interface TrainHistoryOptions {
  readonly seed: number;
  /** How far churn and spend look ahead: 60 days unless told otherwise. */
  readonly horizonDays?: number | undefined;
  /** Arguments that name the data, for the command on the card; none for the fixtures. */
  readonly source?: string;
  readonly onProgress?: TrainingProgress;
  /** What a text means; without it feedback counts as neutral. */
  readonly analyse?: (feedback: Feedback) => Analysis;
  /** Where the models of before stand: new segments that continue theirs keep the names. */
  readonly files?: PlaybookFiles;
}

/** What the signals come to: customers at cut-offs for what looks at features, orders for what looks at products. */
interface TrainingData {
  readonly rows: readonly HistoryRow[];
  readonly orders: readonly PastOrder[];
  /** Where the models of before stand. */
  readonly files: PlaybookFiles;
}

type Trainer = (data: TrainingData, context: TrainingContext) => Fitted<TrainingResult>;

/** The model of before; a file that cannot be read is as none, because the new one is there to replace it. */
const modelBefore = <Task extends ModelTask>(
  task: Task,
  files: PlaybookFiles,
): ModelOf[Task] | undefined => {
  const text = files[modelPath(task)];
  const read = text === undefined ? undefined : readModel(task, text);
  return read?.kind === "sound" ? read.value : undefined;
};

/** The model of before as a rival: one that looks further ahead, or less far, answers another question. */
const rivalBefore = <Task extends "churn" | "spend">(
  task: Task,
  files: PlaybookFiles,
  horizonDays: number,
): ModelOf[Task] | undefined => {
  const model = modelBefore(task, files);
  return model?.horizonDays === horizonDays ? model : undefined;
};

/** Trainers are loaded when they are needed: their packages cost a tenth of a second. */
const TRAINERS: Readonly<Record<ModelTask, () => Promise<Trainer>>> = {
  segments: async () => {
    const { trainSegments } = await import("../core/models/train-segments.ts");
    return ({ rows, files }, context) =>
      trainSegments(rows, context, modelBefore("segments", files));
  },
  churn: async () => {
    const { trainChurn } = await import("../core/models/train-churn.ts");
    return ({ rows, files }, context) =>
      trainChurn(rows, context, rivalBefore("churn", files, context.horizonDays));
  },
  spend: async () => {
    const { trainSpend } = await import("../core/models/train-spend.ts");
    return ({ rows, files }, context) =>
      trainSpend(rows, context, rivalBefore("spend", files, context.horizonDays));
  },
  offers: async () => {
    const { trainOffers } = await import("../core/models/train-offers.ts");
    return ({ orders }, context) => trainOffers(orders, context);
  },
};

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const inOrder = (signals: readonly Signal[]): readonly Signal[] =>
  signals.toSorted((left, right) => compare(left.at, right.at) || compare(left.id, right.id));

const hashOf = (signals: readonly Signal[]): string => {
  const hash = createHash("sha256");
  for (const signal of signals) hash.update(`${JSON.stringify(signal)}\n`);
  return hash.digest("hex");
};

interface Span {
  readonly from: string;
  readonly to: string;
}

interface History {
  readonly rows: readonly HistoryRow[];
  /** Customers at the end, and what they wrote about in the last days before it. */
  readonly watched: Watched;
}

const historyOf = (
  signals: readonly Signal[],
  span: Span & { readonly cutoffs: readonly string[] },
  options: TrainHistoryOptions,
): History => {
  const { to, cutoffs } = span;
  const topics: string[] = [];
  const recent = addDays(to, -TOPIC_DAYS);
  const { analyse, horizonDays = HORIZON_DAYS } = options;
  const rows = buildTrainingRows(signals, {
    // Segments and drift are of the customers as they are now, so the end is a cut-off too.
    cutoffs: [...cutoffs, to],
    horizonDays,
    until: to,
    ...(analyse === undefined
      ? {}
      : {
          analyse: (feedback) => {
            const analysis = analyse(feedback);
            const [main] = analysis.topics;
            if (feedback.at >= recent && main !== undefined) topics.push(main.label);
            return analysis;
          },
        }),
  });
  const customers = rows.filter(({ at }) => at === to).map(({ features }) => features);
  return { rows, watched: { customers, topics } };
};

const cutoffsOf = ({ from, to }: Span, horizonDays: number): readonly string[] =>
  cutoffsBetween({ from, until: to }, { horizonDays, everyDays: EVERY_DAYS });

/** A shop whose orders name no product can train everything else: among several tasks, offers that have nothing to learn from are passed over and said so. */
const passedOver = (task: ModelTask, sentence: string, seed: number): TrainingResult => ({
  files: {},
  report: { task, rows: 0, seed, scores: [], notes: [`Not trained: ${sentence}.`] },
});

const acceptOf =
  ({ seed, isAlone }: { readonly seed: number; readonly isAlone: boolean }) =>
  (task: ModelTask, result: Fitted<TrainingResult>): TrainingResult => {
    if (result.kind === "fitted") return result.value;
    if (task === "offers" && !isAlone) return passedOver(task, result.sentence, seed);
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
  const ordered = inOrder(signals);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined)
    throw new AttuneError("TRAINING_REFUSED", "there are no signals to train from; give a history");
  const span: Span = { from: first.at, to: last.at };
  const wanted = HISTORY_TASKS.filter((task) => tasks.includes(task));
  options.onProgress?.("history", 0, ordered.length);
  const { seed, horizonDays = HORIZON_DAYS, source = "" } = options;
  const cutoffs = cutoffsOf(span, horizonDays);
  const { rows, watched } = historyOf(ordered, { ...span, cutoffs }, options);
  const orders = wanted.includes("offers") ? ordersOf(ordered) : [];
  const given: TrainingData = { rows, orders, files: options.files ?? {} };
  options.onProgress?.("history", ordered.length, ordered.length);
  const data = hashOf(ordered);
  const accept = acceptOf({ seed, isAlone: wanted.length === 1 });
  const results: TrainingResult[] = [];
  for (const [index, task] of wanted.entries()) {
    options.onProgress?.(task, index, wanted.length);
    await setImmediate();
    const trainer = await TRAINERS[task]();
    const command = `attune train ${task}${source} --seed ${seed}`;
    const context = { ...span, data, seed, horizonDays, command, watched };
    results.push(accept(task, trainer(given, context)));
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

/** The same for what is trained from a history alone; `origin` says where from, for the error. */
export const historyTasksNamed = (name: string, origin: string): readonly ModelTask[] => {
  if (name === "all") return HISTORY_TASKS;
  const task = HISTORY_TASKS.find((known) => known === name);
  if (task === undefined)
    throw new AttuneError(
      "USAGE",
      `${quote(name)} is not trained from ${origin}; choose ${HISTORY_TASKS.join(", ")} or all`,
    );
  return [task];
};

/** Models of customers from signals, feedback read by the text models of `files`. As `trainHistory`; results in the order of `HISTORY_TASKS`. */
export const trainFromSignals = async (
  signals: readonly Signal[],
  tasks: readonly ModelTask[],
  options: Omit<TrainHistoryOptions, "analyse" | "files"> & { readonly files: PlaybookFiles },
): Promise<readonly TrainingResult[]> =>
  trainHistory(tasks, signals, { ...options, analyse: await analyserOf(options.files) });

/** Models of customers' features. */
const WATCHED_TASKS = ["segments", "churn", "spend"] as const satisfies readonly ModelTask[];

/** Drift of one model; `refusal` says why it cannot be told. */
export interface ModelDrift {
  readonly task: ModelTask;
  readonly report: DriftReport | null;
  readonly refusal: string | null;
}

/** How far customers and topics have moved since the models of `files` were trained. Rejects with TRAINING_REFUSED where there are no signals. */
export const driftFromSignals = async (
  signals: readonly Signal[],
  files: PlaybookFiles,
): Promise<readonly ModelDrift[]> => {
  const ordered = inOrder(signals);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined)
    throw new AttuneError("TRAINING_REFUSED", "there are no signals to compare; wait for some");
  const span = { from: first.at, to: last.at, cutoffs: [] };
  const analyse = await analyserOf(files);
  const { watched } = historyOf(ordered, span, { seed: 1, analyse });
  return WATCHED_TASKS.flatMap((task): readonly ModelDrift[] => {
    const model = modelBefore(task, files);
    if (model === undefined) return [];
    const drift = modelDrift(model, watched);
    return [
      drift.kind === "fitted"
        ? { task, report: drift.value, refusal: null }
        : { task, report: null, refusal: drift.sentence },
    ];
  });
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
  const { seed, horizonDays, onProgress } = options;
  const history = await trainHistory(wanted, signals, {
    seed,
    horizonDays,
    ...(horizonDays === undefined ? {} : { source: ` --horizon ${horizonDays}` }),
    files,
    analyse: await analyserOf(files),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return [...text, ...history];
};
