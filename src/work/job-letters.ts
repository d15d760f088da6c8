/** Dead letters of whole jobs and of what could not be read in them. */
import { createHash } from "node:crypto";
import { faultsAsText } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import { type RefusedItem, RETRAIN_JOB } from "../core/job.ts";
import type { Log, QueueJob, Store } from "../core/ports.ts";
import { idSchema } from "../core/signal.ts";

export interface LetterParts {
  readonly store: Pick<Store, "bury">;
  readonly log: Log;
}

export interface Refusal {
  readonly tenant: string;
  readonly job: QueueJob;
  /** Place of the item in its job. */
  readonly index: number;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * Kept under the job's name, not the signal's: the same signal, corrected and sent again, must find its id free.
 * What came is part of the name, because a queue that counts its jobs begins anew when it forgets.
 */
export const letterId = (job: QueueJob, index: number, payload: JsonObject): string => {
  const hash = hashOf(JSON.stringify(payload));
  // A job that somebody else queued may have any text as its id, also one that the store cannot hold.
  const name = idSchema.safeParse(job.id).success ? job.id : hashOf(job.id);
  return `job:${name}#${index}:${hash.slice(0, 12)}`;
};

/** Sets an item aside that could not be read, with its faults. */
export const buryRefused = async (
  { store, log }: LetterParts,
  item: RefusedItem,
  { tenant, job, index }: Refusal,
): Promise<void> => {
  const detail = faultsAsText(item.faults);
  const id = letterId(job, index, item.payload);
  await store.bury({ tenant, id, reason: "invalid", detail, payload: item.payload });
  const what = job.name === RETRAIN_JOB ? "a job" : "a signal";
  log("warn", `${what} could not be read and was set aside`, { tenant, letter: id, detail });
};
