/** `attune train TASK --store`: trains from what is stored and lists the models beside those in force, with the gate's verdict. */
import { DEFAULT_TENANT } from "../work/attune.ts";
import { historyTasksNamed } from "../work/train.ts";
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

/** Exits with 1 where the gate refused a model. */
export const trainStored = async (
  call: Call,
  { task, seed, promote, html }: TrainStoredOptions,
): Promise<Exit> => {
  const tasks = historyTasksNamed(task, "the store");
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
