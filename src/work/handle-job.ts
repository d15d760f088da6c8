/**
 * What happens to one job: read it, send its signals down the lanes, and say whether it is done.
 * A job that comes back from a dead worker is under suspicion: its signals are then decided one by one with nothing else under way,
 * and a signal that has taken its worker down `ATTEMPTS_ALONE` times on its own is dead-lettered, so that its neighbours never are.
 */
import { readJob, RETRAIN_JOB } from "../core/job.ts";
import type { IncomingSignal, JobOutcome, QueueJob, SignalKey } from "../core/ports.ts";
import { deadLetterOf } from "./dead-letter.ts";
import { decideGroup, type Decider } from "./decide.ts";
import { openRetrainHandler, type Retrain } from "./handle-retrain.ts";
import { buryRefused } from "./job-letters.ts";
import type { Lanes } from "./lanes.ts";
import { isTransient } from "../core/transient.ts";

/** How often a suspected signal is tried alone before it is dead-lettered: its three recoveries. */
const ATTEMPTS_ALONE = 3;

/** How long a job waits after the world broke under it. */
const RETRY_MS = 1000;

export interface JobHandlerOptions {
  readonly decider: Decider;
  readonly lanes: Lanes;
  /** Without it every `retrain` job fails. */
  readonly retrain?: Retrain;
}

/** The attempt did not take the worker down: without this, an outage would bury the innocent as poison. */
const acquit = async (decider: Decider, key: SignalKey): Promise<void> => {
  try {
    await decider.store.acquit(key);
  } catch (error) {
    decider.log("warn", "an attempt at a suspected signal could not be taken back", {
      tenant: key.tenant,
      signal: key.id,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
};

const decideSuspect = async (decider: Decider, incoming: IncomingSignal): Promise<void> => {
  const { tenant, signal } = incoming;
  const key = { tenant, id: signal.id };
  if ((await decider.store.signalState(key)) !== "accepted") return;
  const attempts = await decider.store.suspect(key);
  if (attempts > ATTEMPTS_ALONE) {
    const sentence = `its worker died ${ATTEMPTS_ALONE} times while this signal was decided alone`;
    await decider.store.bury(deadLetterOf(incoming, "poison", sentence));
    decider.log("error", "a signal that takes its worker down was set aside", {
      tenant,
      signal: signal.id,
    });
    return;
  }
  try {
    await decideGroup(decider, [incoming]);
  } catch (error) {
    await acquit(decider, key);
    throw error;
  }
};

const decideSuspects = async (
  decider: Decider,
  signals: readonly IncomingSignal[],
): Promise<void> => {
  // Accepting first fixes each signal's `now` and makes the attempts countable.
  await decider.store.accept(signals);
  for (const incoming of signals) await decideSuspect(decider, incoming);
};

const handle = async ({ decider, lanes }: JobHandlerOptions, job: QueueJob): Promise<void> => {
  const { tenant, clock, items } = readJob(job.name, job.data);
  for (const [index, item] of items.entries())
    if (item.kind === "refused") await buryRefused(decider, item, { tenant, job, index });
  const signals = items.flatMap((item) =>
    item.kind === "signal" ? [{ tenant, signal: item.signal, clock }] : [],
  );
  if (signals.length === 0) return;
  if (job.recoveries > 0) return await lanes.alone(() => decideSuspects(decider, signals));
  // Every signal is waited for, also after one was stopped: a job must not come back while a part of it still runs.
  const ends = await Promise.allSettled(signals.map((incoming) => lanes.submit(incoming)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
};

const notAvailable: Retrain = () =>
  Promise.reject(new Error("retraining is not available in this process"));

/** Handles a job; never rejects. What broke is logged and the job comes back. A `retrain` job runs beside the lanes. */
export const openJobHandler = (
  options: JobHandlerOptions,
): ((job: QueueJob) => Promise<JobOutcome>) => {
  const { store, log } = options.decider;
  const handleRetrain = openRetrainHandler({
    store,
    log,
    retrain: options.retrain ?? notAvailable,
  });
  return async (job) => {
    try {
      if (job.name === RETRAIN_JOB) return await handleRetrain(job);
      await handle(options, job);
      return { kind: "done" };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(isTransient(error) ? "warn" : "error", "a job comes back later", { job: job.id, reason });
      return { kind: "retry", delayMs: RETRY_MS, reason };
    }
  };
};
