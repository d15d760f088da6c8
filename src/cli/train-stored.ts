/** `attune train TASK --store`: trains from what is stored and lists the models beside those in force, with the gate's verdict. */
import { HISTORY_TASKS } from "../work/train.ts";
import type { ModelTask } from "../core/models/model-file.ts";
import { quote } from "../core/fault.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import { connected } from "./connected.ts";
import { retrainedAsText } from "./models-text.ts";
import { showStages } from "./text-models.ts";
import type { Call, Exit } from "./terminal.ts";

export interface TrainStoredOptions {
  /** One of `HISTORY_TASKS`, or `all` of them. */
  readonly task: string;
  readonly seed: number;
  /** Put in force what the gate lets pass. */
  readonly promote: boolean;
}

const tasksOf = (name: string): readonly ModelTask[] => {
  if (name === "all") return HISTORY_TASKS;
  const task = HISTORY_TASKS.find((known) => known === name);
  if (task === undefined)
    throw new AttuneError(
      "USAGE",
      `${quote(name)} is not trained from the store; choose ${HISTORY_TASKS.join(", ")} or all`,
    );
  return [task];
};

/** Exits with 1 where the gate refused a model. */
export const trainStored = async (
  call: Call,
  { task, seed, promote }: TrainStoredOptions,
): Promise<Exit> => {
  const tasks = tasksOf(task);
  const { context, terminal } = call;
  const stages = showStages(terminal);
  try {
    const models = await connected(call, ({ attune }) =>
      attune.retrain(DEFAULT_TENANT, { tasks, seed, promote }, stages.onProgress),
    );
    stages.stop();
    terminal.out(
      context.json ? JSON.stringify({ models }) : retrainedAsText(models, terminal.paint),
    );
    return models.every(({ verdict }) => verdict.kind === "promote") ? 0 : 1;
  } finally {
    stages.stop();
  }
};
