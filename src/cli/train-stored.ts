/** `attune train TASK --store`: trains from what is stored and lists the models beside those in force, with the gate's verdict. */
import { HISTORY_TASKS } from "../work/train.ts";
import type { ModelTask } from "../core/models/model-file.ts";
import { quote } from "../core/fault.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import { connected } from "./connected.ts";
import { writeWhole } from "./files.ts";
import { retrainedAsText } from "./models-text.ts";
import { driftInForce, trainedPage } from "./stored-page.ts";
import { showStages } from "./text-models.ts";
import type { Call, Exit } from "./terminal.ts";

export interface TrainStoredOptions {
  /** One of `HISTORY_TASKS`, or `all` of them. */
  readonly task: string;
  readonly seed: number;
  /** Put in force what the gate lets pass. */
  readonly promote: boolean;
  /** File for a page about what was trained. */
  readonly html?: string | undefined;
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
  { task, seed, promote, html }: TrainStoredOptions,
): Promise<Exit> => {
  const tasks = tasksOf(task);
  const { context, terminal } = call;
  const stages = showStages(terminal);
  try {
    const models = await connected(call, async ({ attune }) => {
      const drift = html === undefined ? [] : await driftInForce(attune, tasks);
      const request = { tasks, seed, promote };
      const trained = await attune.retrain(DEFAULT_TENANT, request, stages.onProgress);
      if (html !== undefined) writeWhole(html, await trainedPage(attune, trained, drift));
      return trained;
    });
    stages.stop();
    terminal.out(
      context.json
        ? JSON.stringify({ models, ...(html === undefined ? {} : { files: [html] }) })
        : `${retrainedAsText(models, terminal.paint)}${html === undefined ? "" : `\n\nwrote ${html}`}`,
    );
    return models.every(({ verdict }) => verdict.kind === "promote") ? 0 : 1;
  } finally {
    stages.stop();
  }
};
