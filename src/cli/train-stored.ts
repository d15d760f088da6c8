/** `attune train TASK --store`: trains from what is stored and lists the models beside those in force, with the gate's verdict. */
import { DEFAULT_TENANT } from "../work/attune.ts";
import { historyTasksNamed } from "../work/train.ts";
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

/** Exits with 1 where the gate refused a model. */
export const trainStored = async (
  call: Call,
  { task, seed, promote }: TrainStoredOptions,
): Promise<Exit> => {
  const tasks = historyTasksNamed(task, "the store");
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
