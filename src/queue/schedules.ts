/**
 * Schedules over BullMQ's job schedulers, which keep one job ahead of each: a worker that takes it plans the next.
 * Planning anew deletes that job even when it is due and waits for a worker, so a plan that stands as given is not touched.
 */
import { isDeepStrictEqual } from "node:util";
import { getNextMillis } from "bullmq";
import { type Fault, quote } from "../core/fault.ts";
import type { JsonObject } from "../core/json.ts";
import type { Schedule, SchedulePlan } from "../core/ports.ts";
import { idSchema } from "../core/signal.ts";
import { AttuneError } from "../errors.ts";
import type { Backend, KeptSchedule } from "./backend.ts";
import { unreachable } from "./unreachable.ts";

const UTC = "UTC";

/** Without colons, which would let the key of one schedule be the key of another one's job. */
const keyOf = (id: string): string => encodeURIComponent(id);

/** A schedule that somebody else planned may have any key. */
const idOf = (key: string): string => {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
};

const HOW_TO =
  'write five fields (minute, hour, day of month, month, day of week), such as "0 3 * * 1" for Mondays at three';

/** BullMQ's parser fills in missing fields in silence, and "5" would mean every Friday; the fields are counted here. */
const cronFault = (cron: string): string | undefined => {
  const fields = cron.split(/\s+/u).filter((field) => field !== "").length;
  if (fields !== 5 && fields !== 6 && !/^@\w+$/u.test(cron))
    return `${quote(cron)} is not a cron expression: it has ${fields} fields; ${HOW_TO}`;
  try {
    if (getNextMillis(Date.now(), { pattern: cron, tz: UTC }) !== undefined) return undefined;
    return `${quote(cron)} is a cron expression that is never due; ${HOW_TO}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${quote(cron)} is not a cron expression: ${reason}; ${HOW_TO}`;
  }
};

const faultsOfPlan = ({ id, every }: SchedulePlan): readonly Fault[] => {
  const faults: Fault[] = [];
  const parsed = idSchema.safeParse(id);
  if (!parsed.success)
    faults.push({ place: "id", sentence: parsed.error.issues[0]?.message ?? "is not an id" });
  const cron = cronFault(every.cron);
  if (cron !== undefined) faults.push({ place: "every › cron", sentence: cron });
  if (every.timeZone !== undefined && !isTimeZone(every.timeZone))
    faults.push({
      place: "every › timeZone",
      sentence: `${quote(every.timeZone)} is not a time zone; give an IANA name such as "Europe/Berlin"`,
    });
  return faults;
};

const dataOf = ({ template }: KeptSchedule): JsonObject =>
  (template?.data as JsonObject | undefined) ?? {};

/** As the plan was given, with its next job in its place: a queue that lost the job would never plan another. */
const stands = async (
  { producer }: Backend,
  key: string,
  { every, job }: SchedulePlan,
): Promise<boolean> => {
  const kept = await producer.getJobScheduler(key);
  return (
    kept !== undefined &&
    kept.pattern === every.cron &&
    kept.tz === (every.timeZone ?? UTC) &&
    kept.name === job.name &&
    isDeepStrictEqual(dataOf(kept), job.data) &&
    (await producer.getJob(`repeat:${key}:${kept.next ?? ""}`)) !== undefined
  );
};

const ATTEMPTS = 3;

/** Plans it; again where another process planned the same at this moment, whose job then bears the name of ours. */
const upsert = async (backend: Backend, key: string, plan: SchedulePlan): Promise<void> => {
  const { every, job } = plan;
  const repeat = { pattern: every.cron, tz: every.timeZone ?? UTC };
  for (let attempt = 1; !(await stands(backend, key, plan)); attempt += 1) {
    try {
      await backend.producer.upsertJobScheduler(key, repeat, job);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
};

/** See `SignalQueue.schedule`. */
export const schedule = async (backend: Backend, plan: SchedulePlan): Promise<void> => {
  const faults = faultsOfPlan(plan);
  if (faults.length > 0)
    throw new AttuneError("INPUT_INVALID", `The schedule ${quote(plan.id)} is refused:`, {
      faults,
    });
  const { id } = plan;
  try {
    await upsert(backend, keyOf(id), plan);
  } catch (error) {
    throw unreachable(`The queue did not take the schedule ${quote(id)}`, error);
  }
};

/** See `SignalQueue.unschedule`. */
export const unschedule = async ({ producer }: Backend, id: string): Promise<boolean> => {
  try {
    return await producer.removeJobScheduler(keyOf(id.toWellFormed()));
  } catch (error) {
    throw unreachable(`The queue did not end the schedule ${quote(id)}`, error);
  }
};

/** See `SignalQueue.schedules`; what somebody else planned by intervals instead of a cron expression is left out. */
export const schedules = async ({ producer }: Backend): Promise<readonly Schedule[]> => {
  try {
    const kept = await producer.getJobSchedulers(0, -1, true);
    return kept.flatMap((one) =>
      one.pattern === undefined || one.next === undefined
        ? []
        : [
            {
              id: idOf(one.key),
              cron: one.pattern,
              timeZone: one.tz ?? UTC,
              nextAt: new Date(one.next).toISOString(),
              name: one.name,
              data: dataOf(one),
            },
          ],
    );
  } catch (error) {
    throw unreachable("The queue did not list its schedules", error);
  }
};
