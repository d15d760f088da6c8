/**
 * What the three deployments offer to the rest of this room, and the settings that they share.
 * Only the part of BullMQ's classes that is used is named here, so that the Redis and PostgreSQL variants have one type.
 */
import type { Job, JobSchedulerJson, KeepJobs } from "bullmq";
import type { JsonObject } from "../core/json.ts";
import type { ConsumerOptions, Relay } from "../core/ports.ts";

/** The part of a BullMQ job that a consumer reads. */
export type TakenJob = Pick<
  Job<unknown>,
  "id" | "name" | "data" | "attemptsStarted" | "stalledCounter" | "moveToDelayed"
>;

export type Processor = (job: TakenJob, token?: string) => Promise<void>;

interface BulkJob {
  readonly name: string;
  readonly data: JsonObject;
  readonly opts: { readonly jobId: string };
}

/** What BullMQ keeps of a schedule; one that another client planned may lack any of it. */
export type KeptSchedule = Pick<
  JobSchedulerJson<unknown>,
  "key" | "name" | "pattern" | "tz" | "next" | "template"
>;

/** A BullMQ `Queue`. */
interface Producer {
  addBulk(jobs: BulkJob[]): Promise<unknown>;
  upsertJobScheduler(
    key: string,
    repeat: { readonly pattern: string; readonly tz: string },
    template: { readonly name: string; readonly data: JsonObject },
  ): Promise<unknown>;
  removeJobScheduler(key: string): Promise<boolean>;
  getJobScheduler(key: string): Promise<KeptSchedule | undefined>;
  getJobSchedulers(start: number, end: number, asc: boolean): Promise<KeptSchedule[]>;
  getJob(id: string): Promise<unknown>;
  getJobCounts(
    ...types: ("waiting" | "prioritized" | "active" | "delayed" | "failed")[]
  ): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** A BullMQ `Worker` that was made without `autorun`. */
export interface Taker {
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  /** Takes no more jobs and waits for the running ones. */
  pause(): Promise<void>;
  close(force: true): Promise<void>;
}

/** A worker and the end of the connections that it alone uses. */
export interface OpenTaker {
  readonly taker: Taker;
  release(): Promise<void>;
}

export interface Backend {
  readonly producer: Producer;
  openTaker(processor: Processor, options: ConsumerOptions): OpenTaker;
  openRelay(): Promise<Relay>;
  /** Ends the connections; what is still under way is let go. */
  close(): Promise<void>;
}

/** BullMQ's events are not read by us: a short stream serves whoever looks at a dashboard. */
const EVENTS_KEPT = 1_000;

/** Kept for a look, and bounded: the tables say what became of a signal. Also so that a foreign job, which brings no options, leaves nothing behind. */
const KEEP_FAILED: KeepJobs = { age: 7 * 24 * 3_600, count: 10_000 };

/**
 * Options of every job. Attempts do not run out: whatever ends a job by an error that BullMQ met itself
 * (a server that restarts between our answer and its commit) brings it back after a second.
 */
export const PRODUCER_SETTINGS = {
  streams: { events: { maxLen: EVENTS_KEPT } },
  defaultJobOptions: {
    removeOnComplete: true,
    removeOnFail: KEEP_FAILED,
    attempts: 1_000_000,
    backoff: { type: "fixed", delay: 1_000 },
  },
};

/** Settings of a worker. BullMQ fails a job after one stall by default, innocent or not; here the handler judges, by `recoveries`. */
export const takerSettings = (options: ConsumerOptions) => ({
  autorun: false,
  concurrency: options.concurrency,
  lockDuration: options.lockDurationMs,
  stalledInterval: options.stalledIntervalMs,
  maxStalledCount: 1_000_000,
  removeOnComplete: { count: 0 },
  removeOnFail: KEEP_FAILED,
  /** Seconds of an idle wait before it looks anyway; the notification comes long before. */
  drainDelay: 5,
  /** Milliseconds between looks while the server is away. */
  runRetryDelay: 500,
});
