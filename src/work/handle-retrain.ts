/**
 * What happens to a `retrain` job: read it, train, and say whether it is done. It touches no lane, so signals are decided while it trains.
 * One training at a time in a process: the others are put back to wait their turn, or they would fill the places of signal jobs for hours.
 */
import { didYouMean, quote } from "../core/fault.ts";
import { readRetrain, type RefusedItem, refusedJob, type RetrainJob } from "../core/job.ts";
import { MODEL_TASKS, type ModelTask } from "../core/models/model-file.ts";
import type { DeadLetter, JobOutcome, QueueJob } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import { sentenceOf } from "./dead-letter.ts";
import { buryRefused, letterId, type LetterParts } from "./job-letters.ts";
import type { RetrainRequest } from "./retrain.ts";

/** Trains models of a tenant and lists them, or puts them in force where the request and the gate say so. */
export type Retrain = (request: RetrainRequest & { readonly tenant: string }) => Promise<void>;

export interface RetrainHandlerParts extends LetterParts {
  readonly retrain: Retrain;
}

const RETRIES = 3;
/** Quadrupled with every retry: half a minute, two, eight. */
const FIRST_RETRY_MS = 30_000;
const TURN_MS = 30_000;
const TURNS_KEPT = 1_000;

/** Deploys take a long training back too: only a job that was taken back oftener is thought to take its worker down. */
const RECOVERIES = 10;

const DONE: JobOutcome = { kind: "done" };

type Request = Parameters<Retrain>[0];

const isTask = (name: string): name is ModelTask =>
  (MODEL_TASKS as readonly string[]).includes(name);

/** The data of a `retrain` job whose tasks all have a model, or refused with every fault. Never throws. */
export const readRetrainRequest = (
  data: unknown,
): { kind: "retrain"; job: Request } | RefusedItem => {
  const reading = readRetrain(data);
  if (reading.kind === "refused") return reading;
  const { tasks, ...rest } = reading.job;
  const faults = tasks.flatMap((name, index) =>
    isTask(name)
      ? []
      : [
          {
            place: `data › tasks[${index}]`,
            sentence: `${quote(name)} is no task with a model${didYouMean(name, MODEL_TASKS)}; choose ${MODEL_TASKS.join(", ")}`,
          },
        ],
  );
  if (faults.length > 0) return refusedJob(data, faults);
  return { kind: "retrain", job: { ...rest, tasks: tasks.filter(isTask) } };
};

const payloadOf = ({ tenant, tasks, seed, promote }: RetrainJob): DeadLetter["payload"] => ({
  tenant,
  tasks: [...tasks],
  seed,
  promote,
});

interface Running {
  readonly jobId: string;
  readonly request: string;
}

interface Failure {
  readonly job: QueueJob;
  readonly request: Request;
  readonly reason: DeadLetter["reason"];
  readonly detail: string;
}

const setAside = async (
  { store, log }: LetterParts,
  { job, request, reason, detail }: Failure,
): Promise<JobOutcome> => {
  const payload = payloadOf(request);
  const { tenant } = request;
  const id = letterId(job, 0, payload);
  await store.bury({ tenant, id, reason, detail, payload });
  log("error", "a retraining was set aside", { tenant, letter: id, detail });
  return DONE;
};

/** A refused training would be refused again: more data, not another attempt, mends it. */
const isFinal = (error: unknown, failures: number): boolean =>
  failures > RETRIES || (error instanceof AttuneError && error.code === "TRAINING_REFUSED");

/** What becomes of a job whose training failed for the `failures`-th time. */
const afterFailure = (
  parts: LetterParts,
  { job, request, error }: { job: QueueJob; request: Request; error: unknown },
  failures: number,
): Promise<JobOutcome> => {
  const detail = sentenceOf(error);
  if (isFinal(error, failures)) return setAside(parts, { job, request, reason: "fault", detail });
  parts.log("warn", "a retraining failed and is tried again", { job: job.id, failures, detail });
  const delayMs = FIRST_RETRY_MS * 4 ** Math.max(0, failures - 1);
  return Promise.resolve({ kind: "retry", delayMs, reason: detail });
};

/** How often jobs waited for their turn: none of their failures, though the queue counts both as retries. */
const openTurns = () => {
  const turns = new Map<string, number>();
  return {
    of: (jobId: string): number => turns.get(jobId) ?? 0,
    wait: (jobId: string): void => {
      // Those that another process took in the end are never told to us.
      if (turns.size >= TURNS_KEPT) turns.clear();
      turns.set(jobId, (turns.get(jobId) ?? 0) + 1);
    },
    forget: (jobId: string): void => void turns.delete(jobId),
  };
};

/**
 * Handles `retrain` jobs. A failed one comes back three times, half a minute to eight minutes later, and is then dead-lettered with its reason.
 * One that asks for what is being trained just now is done: a schedule that is faster than its training must not pile up. Rejects only when the store does.
 */
export const openRetrainHandler = (
  parts: RetrainHandlerParts,
): ((job: QueueJob) => Promise<JobOutcome>) => {
  const turns = openTurns();
  let running: Running | undefined;

  const waitTurn = (job: QueueJob, request: string, current: Running): JobOutcome => {
    // The very job that runs here comes too when its lock lapsed: it must stay in the queue until it has ended.
    if (current.request !== request || current.jobId === job.id) {
      turns.wait(job.id);
      return { kind: "retry", delayMs: TURN_MS, reason: "another retraining is under way" };
    }
    const sentence = "a retraining is under way already; the job that asks for the same is done";
    parts.log("info", sentence, { job: job.id });
    return DONE;
  };

  const train = async (job: QueueJob, request: Request): Promise<JobOutcome> => {
    const failures = job.retries - turns.of(job.id) + 1;
    let outcome: JobOutcome = DONE;
    try {
      await parts.retrain(request);
    } catch (error) {
      outcome = await afterFailure(parts, { job, request, error }, failures);
    }
    if (outcome.kind === "done") turns.forget(job.id);
    return outcome;
  };

  return async (job) => {
    const reading = readRetrainRequest(job.data);
    if (reading.kind === "refused") {
      await buryRefused(parts, reading, { tenant: "default", job, index: 0 });
      return DONE;
    }
    const request = reading.job;
    if (job.recoveries > RECOVERIES) {
      const detail = `its worker died or was stopped ${job.recoveries} times while it trained`;
      return await setAside(parts, { job, request, reason: "poison", detail });
    }
    const text = JSON.stringify(payloadOf(request));
    if (running !== undefined) return waitTurn(job, text, running);
    running = { jobId: job.id, request: text };
    try {
      return await train(job, request);
    } finally {
      running = undefined;
    }
  };
};
