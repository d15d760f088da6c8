/**
 * Trains models of customers from what is stored, in a thread of its own, and lists them beside the models in force with the gate's verdict.
 * Nothing is put in force here unless the request says so, and then only what the gate lets pass.
 */
import { Worker } from "node:worker_threads";
import type { Fault } from "../core/fault.ts";
import type { ModelTask } from "../core/models/model-file.ts";
import type {
  TrainingProgress,
  TrainingReport,
  TrainingResult,
  Verdict,
} from "../core/training.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import type { Log, Relay, Store } from "../core/ports.ts";
import type { Signal } from "../core/signal.ts";
import { AttuneError, type ErrorCode } from "../errors.ts";
import { idInForce, liveOf, modelIdOf, promote } from "./models.ts";
import type { ModelDrift } from "./train.ts";

export interface RetrainRequest {
  readonly tasks: readonly ModelTask[];
  readonly seed: number;
  /** Put in force what the gate lets pass. */
  readonly promote: boolean;
}

/** What became of one task. */
export interface RetrainedModel {
  readonly task: ModelTask;
  readonly id: string;
  readonly report: TrainingReport;
  readonly verdict: Verdict;
  readonly isPromoted: boolean;
}

/** Without tasks, drift is asked for. */
export interface ThreadRequest {
  readonly signals: readonly Signal[];
  readonly tasks: readonly ModelTask[] | null;
  readonly options: { readonly seed: number; readonly files: PlaybookFiles };
}

export type ThreadAnswer =
  | {
      readonly kind: "progress";
      readonly stage: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: "trained"; readonly results: readonly TrainingResult[] }
  | { readonly kind: "drift"; readonly drift: readonly ModelDrift[] }
  | {
      readonly kind: "refused";
      readonly code: ErrorCode;
      readonly sentence: string;
      readonly faults: readonly Fault[];
    };

/** In a build the thread is a file of it. From sources (tests, `npm run dev`) it must first learn to read TypeScript. */
const openThread = (workerData: ThreadRequest): Worker => {
  if (!import.meta.url.endsWith(".ts"))
    return new Worker(new URL("./train-thread.js", import.meta.url), { workerData });
  const source = JSON.stringify(new URL("./train-thread.ts", import.meta.url).href);
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  return new Worker(
    `import(${loader}).then(({ register }) => { register(); return import(${source}); });`,
    { eval: true, workerData },
  );
};

type Ending = Exclude<ThreadAnswer, { kind: "progress" | "refused" }>;

/** What the thread says last. Rejects as `trainFromSignals` does, and when the thread dies. */
const askThread = (request: ThreadRequest, onProgress?: TrainingProgress): Promise<Ending> =>
  new Promise((resolve, reject) => {
    const thread = openThread(request);
    thread.on("message", (message: ThreadAnswer) => {
      if (message.kind === "progress") onProgress?.(message.stage, message.done, message.total);
      else if (message.kind === "refused")
        reject(new AttuneError(message.code, message.sentence, { faults: message.faults }));
      else resolve(message);
    });
    thread.on("error", reject);
    // Settled long before, unless the thread ended without an answer.
    thread.on("exit", (code) => reject(new Error(`the training thread ended with ${code}`)));
  });

/** Signals as they counted: one that claims to be later than its acceptance happened at its acceptance. */
const storedSignals = async (store: Store, tenant: string): Promise<readonly Signal[]> => {
  const signals: Signal[] = [];
  for await (const { accepted } of store.history(tenant)) {
    const { signal, now } = accepted;
    signals.push(Date.parse(signal.at) > Date.parse(now) ? { ...signal, at: now } : signal);
  }
  return signals;
};

export interface RetrainParts {
  readonly store: Store;
  readonly relay: Relay;
  readonly log: Log;
}

const NO_GATE: Verdict = { kind: "promote", against: null, reasons: [] };

/** Trains every task asked for; rejects with TRAINING_REFUSED where what is stored will not do. */
export const retrain = async (
  parts: RetrainParts,
  tenant: string,
  {
    tasks,
    seed,
    promote: isPromoting,
    onProgress,
  }: RetrainRequest & { readonly onProgress?: TrainingProgress },
): Promise<readonly RetrainedModel[]> => {
  const { store, log } = parts;
  const { files } = await liveOf(store, tenant);
  const signals = await storedSignals(store, tenant);
  const request = { signals, tasks, options: { seed, files } };
  const ending = await askThread(request, onProgress);
  const models: RetrainedModel[] = [];
  for (const result of ending.kind === "trained" ? ending.results : []) {
    const task = result.report.task as ModelTask;
    // Offers of a shop whose orders name no product.
    if (Object.keys(result.files).length === 0) continue;
    const id = modelIdOf(result.files);
    const verdict: Verdict = { ...NO_GATE, ...result.verdict, against: idInForce(files, task) };
    const { report } = result;
    await store.addModel(tenant, id, { task, files: result.files, report, verdict });
    const isPromoted = isPromoting && verdict.kind === "promote" && verdict.against !== id;
    if (isPromoted) await promote(parts, tenant, { task, id, force: false });
    log("info", "a model was trained", {
      tenant,
      task,
      model: id,
      verdict: verdict.kind,
      promoted: isPromoted,
    });
    models.push({ task, id, report, verdict, isPromoted });
  }
  return models;
};

/** How far customers and topics have moved since each model in force was trained. Rejects with TRAINING_REFUSED where nothing is stored. */
export const drift = async (store: Store, tenant: string): Promise<readonly ModelDrift[]> => {
  const { files } = await liveOf(store, tenant);
  const signals = await storedSignals(store, tenant);
  const ending = await askThread({ signals, tasks: null, options: { seed: 1, files } });
  return ending.kind === "drift" ? ending.drift : [];
};
