/** What the store knows of a model, for its HTML page: whether it is in force, what the gate said of it against which champion, and what moved since. */
import { faultsAsText } from "../core/fault.ts";
import { MODEL_TASKS, type Model, modelPath, readModel } from "../core/models/model-file.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import { AttuneError } from "../errors.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import {
  type ModelAsked,
  type ModelEntry,
  modelIdOf,
  type ModelsOverview,
} from "../work/models.ts";
import type { ModelDrift } from "../work/train.ts";
import { modelPage } from "./model-page.ts";
import type { ShownModel } from "./model-section.ts";
import { shortId } from "./models-text.ts";

/** Drift of every model in force. Where it cannot be told of any, each says why. */
export const driftInForce = async (
  attune: Attune,
  tasks: readonly Model["task"][],
): Promise<readonly ModelDrift[]> => {
  // Offers look at products, which no reference describes.
  if (tasks.every((task) => task === "offers")) return [];
  try {
    return await attune.drift(DEFAULT_TENANT);
  } catch (error) {
    if (!(error instanceof AttuneError) || error.code !== "TRAINING_REFUSED") throw error;
    const refusal = error.message;
    return tasks.flatMap((task) => (task === "offers" ? [] : [{ task, report: null, refusal }]));
  }
};

/** What the gate compared it with, and whether that is still in force. */
const comparedWith = ({ verdict, task }: ModelEntry, inForce: string | null): string => {
  const { against } = verdict;
  const before =
    against === null
      ? `When it was trained, no ${task} model was in force.`
      : `Compared with ${shortId(against)}, in force when it was trained.`;
  return against === inForce
    ? before
    : `${before} ${inForce === null ? "None" : shortId(inForce)} is in force now: train again to compare with that.`;
};

/** The model of a task in its files. Throws NOT_FOUND without one and PLAYBOOK_INVALID with one that cannot be read. */
export const modelIn = (files: PlaybookFiles, name: string): Model => {
  const task = MODEL_TASKS.find((known) => known === name);
  const text = task === undefined ? undefined : files[modelPath(task)];
  if (task === undefined || text === undefined)
    throw new AttuneError("NOT_FOUND", `There is no model for "${name}".`);
  const read = readModel(task, text);
  if (read.kind === "sound") return read.value;
  throw new AttuneError(
    "PLAYBOOK_INVALID",
    `The model cannot be read: ${faultsAsText(read.faults)}`,
  );
};

interface Known {
  readonly overview: ModelsOverview;
  /** Of the models that are in force, or were before training. */
  readonly drift: readonly ModelDrift[];
}

/** A model with what the store knows of it. */
const shownOf = (files: PlaybookFiles, task: string, { overview, drift }: Known): ShownModel => {
  const model = modelIn(files, task);
  const id = modelIdOf(files);
  const inForce = overview.inForce[task] ?? null;
  const isInForce = inForce === id;
  const entry = overview.trained.find((one) => one.task === task && one.id === id);
  const trained = entry === undefined ? "" : `, trained on ${entry.trainedAt.slice(0, 10)},`;
  const moved = drift.find((one) => one.task === task);
  return {
    model,
    standing: `Model ${shortId(id)}${trained} is ${isInForce ? "" : "not "}in force.`,
    verdict: entry?.verdict,
    // A model in force was compared with what it replaced.
    comparedWith:
      entry === undefined
        ? undefined
        : comparedWith(entry, isInForce ? entry.verdict.against : inForce),
    drift: moved === undefined ? undefined : { ...moved, isOfChampion: !isInForce },
  };
};

/** The page of one stored model, with drift of what is in force for its task. */
export const shownPage = async (
  attune: Attune,
  files: PlaybookFiles,
  task: string,
): Promise<string> => {
  const drift = await driftInForce(attune, [modelIn(files, task).task]);
  const overview = await attune.models(DEFAULT_TENANT);
  return modelPage({
    title: `The ${task} model ${shortId(modelIdOf(files))}`,
    models: [shownOf(files, task, { overview, drift })],
  });
};

/** The page of models that were just trained; `drift` is of before. */
export const trainedPage = async (
  attune: Attune,
  trained: readonly ModelAsked[],
  drift: readonly ModelDrift[],
): Promise<string> => {
  const overview = await attune.models(DEFAULT_TENANT);
  const models: ShownModel[] = [];
  for (const asked of trained) {
    const files = await attune.modelFiles(DEFAULT_TENANT, asked);
    models.push(shownOf(files, asked.task, { overview, drift }));
  }
  return modelPage({ title: "Models of customers, trained from the store", models });
};

export interface Compared {
  readonly task: string;
  readonly challenger: PlaybookFiles;
  /** Empty where there is none. */
  readonly champion: PlaybookFiles;
}

/** The page of a challenger beside what it was compared with. */
export const comparedPage = async (
  attune: Attune,
  { task, challenger, champion }: Compared,
): Promise<string> => {
  const isAlone = Object.keys(champion).length === 0;
  const drift = isAlone ? [] : await driftInForce(attune, [modelIn(champion, task).task]);
  const overview = await attune.models(DEFAULT_TENANT);
  const first = shownOf(challenger, task, { overview, drift: [] });
  const title = `${task}: challenger ${shortId(modelIdOf(challenger))}`;
  if (isAlone)
    return modelPage({
      title: `${title}, no champion`,
      models: [{ ...first, role: "challenger" }],
    });
  // Its own verdict is about what it once replaced.
  const { verdict: _verdict, ...second } = shownOf(champion, task, { overview, drift });
  return modelPage({
    title: `${title} beside champion ${shortId(modelIdOf(champion))}`,
    isComparison: true,
    models: [
      { ...first, role: "challenger" },
      { ...second, role: "champion" },
    ],
  });
};
