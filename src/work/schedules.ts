/**
 * Schedules of retraining: planned, listed and ended in the queue, which keeps them for all processes together.
 * The id of one is made of its tenant and tasks, so that planning the same tasks again replaces the older plan instead of training twice.
 */
import { createHash } from "node:crypto";
import { type Fault, quote } from "../core/fault.ts";
import { readRetrain, RETRAIN_JOB } from "../core/job.ts";
import { MODEL_TASKS } from "../core/models/model-file.ts";
import type { SchedulePlan, SignalQueue } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "./tenant.ts";
import { readRetrainRequest } from "./handle-retrain.ts";

/** What to train and when; unread. */
export interface ScheduleRequest {
  /** As of `SchedulePlan`; spaces around and between the fields do not matter. */
  readonly cron: string;
  /** IANA name; UTC when absent. */
  readonly timeZone?: string | undefined;
  /** All that have a model when absent. */
  readonly tasks?: readonly string[] | undefined;
  /** 0..2^31 − 1; 1 when absent. */
  readonly seed?: number | undefined;
  /** Put in force what the gate lets pass; false when absent. */
  readonly promote?: boolean | undefined;
}

/** A schedule of retraining as it stands. */
export interface RetrainSchedule {
  readonly id: string;
  readonly cron: string;
  readonly timeZone: string;
  /** When the next retraining is due; past while it waits for a worker. */
  readonly nextAt: string;
  readonly tasks: readonly string[];
  readonly seed: number;
  readonly promote: boolean;
}

/** Short and without characters that a shell or a URL reads in its own way; names of tasks have no hyphen, so no two lists of them look alike. */
const idOf = (tenant: string, tasks: readonly string[]): string => {
  const id = ["retrain", ...tasks].join("-");
  if (tenant === DEFAULT_TENANT) return id;
  return `${id}-${createHash("sha256").update(tenant).digest("hex").slice(0, 32)}`;
};

/** Faults where the request has its fields, not where the queue has them. */
const refusal = (faults: readonly Fault[]): AttuneError =>
  new AttuneError("INPUT_INVALID", "The retraining cannot be scheduled.", {
    faults: faults.map(({ place, sentence }) => ({
      place: place.replace(/^(?:data|every) › /u, ""),
      sentence,
    })),
  });

const plan = async (queue: SignalQueue, wanted: SchedulePlan): Promise<void> => {
  try {
    await queue.schedule(wanted);
  } catch (error) {
    if (error instanceof AttuneError && error.code === "INPUT_INVALID") throw refusal(error.faults);
    throw error;
  }
};

/** The tenant's schedules of retraining, soonest first. */
export const retrainSchedules = async (
  queue: SignalQueue,
  tenant: string,
): Promise<readonly RetrainSchedule[]> =>
  (await queue.schedules()).flatMap(({ id, cron, timeZone, nextAt, name, data }) => {
    const read = name === RETRAIN_JOB ? readRetrain(data) : undefined;
    if (read?.kind !== "retrain" || read.job.tenant !== tenant) return [];
    const { tasks, seed, promote } = read.job;
    return [{ id, cron, timeZone, nextAt, tasks, seed, promote }];
  });

const scheduleOf = async (
  queue: SignalQueue,
  tenant: string,
  id: string,
): Promise<RetrainSchedule> => {
  const found = (await retrainSchedules(queue, tenant)).find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new AttuneError(
    "NOT_FOUND",
    `No schedule of retraining has the id ${quote(id)}; see attune models schedule.`,
  );
};

/**
 * Plans retraining at every time that a cron expression names, in place of an older plan for the same tasks.
 * Rejects with INPUT_INVALID, quoting what cannot be used; nothing has changed then.
 */
export const scheduleRetraining = async (
  queue: SignalQueue,
  tenant: string,
  { cron, timeZone, tasks = MODEL_TASKS, seed = 1, promote = false }: ScheduleRequest,
): Promise<RetrainSchedule> => {
  const read = readRetrainRequest({ tenant, tasks: [...tasks], seed, promote });
  if (read.kind === "refused") throw refusal(read.faults);
  const ordered = MODEL_TASKS.filter((task) => read.job.tasks.includes(task));
  const id = idOf(tenant, ordered);
  await plan(queue, {
    id,
    every: {
      cron: cron.trim().replaceAll(/\s+/gu, " "),
      ...(timeZone === undefined ? {} : { timeZone }),
    },
    job: { name: RETRAIN_JOB, data: { v: 1, tenant, tasks: ordered, seed, promote } },
  });
  return await scheduleOf(queue, tenant, id);
};

/** Ends a schedule and gives it as it stood; a retraining of it that is due already still runs. Rejects with NOT_FOUND for an id that no schedule of the tenant has. */
export const endRetrainSchedule = async (
  queue: SignalQueue,
  tenant: string,
  id: string,
): Promise<RetrainSchedule> => {
  const found = await scheduleOf(queue, tenant, id);
  await queue.unschedule(id);
  return found;
};
