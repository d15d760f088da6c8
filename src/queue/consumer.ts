/**
 * Takes jobs and hands them over. A job leaves the queue only when its handler says `done`;
 * `retry` and exceptions put it back with a delay and never use up attempts. What cannot even be put back is recovered when its lock lapses.
 */
import { DelayedError } from "bullmq";
import type { Consumer, ConsumerOptions, JobOutcome, Log, QueueJob } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import type { Backend, OpenTaker, Processor, TakenJob } from "./backend.ts";
import { settlesWithin } from "./patience.ts";

export type Handle = (job: QueueJob) => Promise<JobOutcome>;

const STOP_DEADLINE_MS = 10_000;
/** For ending connections of a server that no longer answers. */
const RELEASE_MS = 2_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Starts that were neither the first nor a recovery. */
const retriesOf = ({ attemptsStarted, stalledCounter }: TakenJob): number =>
  Math.max(0, attemptsStarted - stalledCounter - 1);

/** 1 s, doubled with every retry, at most a minute. */
const backoffMs = (job: TakenJob): number =>
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** retriesOf(job));

const ask = async (handle: Handle, job: TakenJob): Promise<JobOutcome> => {
  const { id = "", name, data, stalledCounter } = job;
  try {
    return await handle({ id, name, data, recoveries: stalledCounter, retries: retriesOf(job) });
  } catch (error) {
    return { kind: "retry", delayMs: backoffMs(job), reason: reasonOf(error) };
  }
};

/** What BullMQ runs for a job. Throws `DelayedError` only, which tells BullMQ that the job is no longer its worker's. */
export const processorOf =
  (handle: Handle, log: Log): Processor =>
  async (job, token) => {
    const outcome = await ask(handle, job);
    if (outcome.kind === "done") return;
    log("debug", "a job is put back", {
      job: job.id ?? "",
      reason: outcome.reason,
      delayMs: outcome.delayMs,
    });
    try {
      await job.moveToDelayed(Date.now() + outcome.delayMs, token);
    } catch (error) {
      log("warn", "a job could not be put back; it is recovered when its lock lapses", {
        job: job.id ?? "",
        reason: reasonOf(error),
      });
    }
    throw new DelayedError();
  };

export interface ConsumerParts {
  readonly backend: Backend;
  readonly handle: Handle;
  readonly options: ConsumerOptions;
  readonly log: Log;
}

interface Ending {
  readonly open: OpenTaker;
  readonly running: boolean;
  readonly log: Log;
}

/** Waits for running jobs up to the deadline, then ends everything by force: also when the server no longer answers. */
const end = async ({ open, running, log }: Ending, deadlineMs: number): Promise<void> => {
  const { taker } = open;
  // BullMQ's close() cannot be forced once it waits: pausing is what waits here, and closing is forced at once.
  // A worker that is closed before it is ready leaves a connection behind; one that runs is paused before it can take another job.
  const ended = running ? taker.pause() : taker.waitUntilReady();
  if (!(await settlesWithin(deadlineMs, ended)))
    log("warn", "running jobs did not end in time; they are recovered elsewhere", { deadlineMs });
  await settlesWithin(RELEASE_MS, taker.close(true));
  await settlesWithin(RELEASE_MS, open.release());
};

/** A consumer that is not started yet. `start` rejects with QUEUE_UNREACHABLE when the server refuses it. */
export const createConsumer = ({ backend, handle, options, log }: ConsumerParts): Consumer => {
  let open: OpenTaker | undefined;
  let running = false;
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  const isStopping = (): boolean => stopping !== undefined;

  const start = async (): Promise<void> => {
    if (isStopping()) return;
    open = backend.openTaker(processorOf(handle, log), options);
    try {
      await open.taker.waitUntilReady();
    } catch (error) {
      if (isStopping()) return;
      await end({ open, running, log }, 0);
      throw new AttuneError(
        "QUEUE_UNREACHABLE",
        `The queue's worker could not start: ${reasonOf(error)}`,
        { cause: error },
      );
    }
    // A stop may have come while the server was awaited.
    if (isStopping()) return;
    running = true;
    open.taker
      .run()
      .catch((error: unknown) =>
        log("error", "the queue's worker ended", { reason: reasonOf(error) }),
      );
  };

  return {
    start: () => (starting ??= start()),
    stop: (deadlineMs = STOP_DEADLINE_MS) =>
      (stopping ??= (async () => {
        if (open !== undefined) await end({ open, running, log }, deadlineMs);
      })()),
  };
};
