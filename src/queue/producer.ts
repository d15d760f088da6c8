/**
 * The port `SignalQueue` over any backend. An id may be any text: it is hashed here.
 * A rejected `add` says nothing about which of its jobs were taken; sending all of them again with the same ids is always right.
 */
import type {
  Consumer,
  ConsumerOptions,
  Log,
  NewJob,
  QueueCounts,
  SignalQueue,
} from "../core/ports.ts";
import type { Backend } from "./backend.ts";
import { createConsumer, type Handle } from "./consumer.ts";
import { jobIdOf } from "./job-id.ts";
import { schedule, schedules, unschedule } from "./schedules.ts";
import { unreachable } from "./unreachable.ts";

/** Jobs in one statement or script; bounds how long it holds the server. */
const ADD_AT_ONCE = 500;

const add = async (backend: Backend, jobs: readonly NewJob[]): Promise<void> => {
  try {
    for (let from = 0; from < jobs.length; from += ADD_AT_ONCE)
      await backend.producer.addBulk(
        jobs
          .slice(from, from + ADD_AT_ONCE)
          .map(({ id, name, data }) => ({ name, data, opts: { jobId: jobIdOf(id) } })),
      );
  } catch (error) {
    throw unreachable(`The queue did not take ${jobs.length} job(s)`, error);
  }
};

const counts = async (backend: Backend): Promise<QueueCounts> => {
  try {
    const found = await backend.producer.getJobCounts(
      "waiting",
      "prioritized",
      "active",
      "delayed",
      "failed",
    );
    const of = (state: string): number => found[state] ?? 0;
    return {
      waiting: of("waiting") + of("prioritized"),
      active: of("active"),
      delayed: of("delayed"),
      failed: of("failed"),
    };
  } catch (error) {
    throw unreachable("The queue did not answer", error);
  }
};

/** The queue over an open backend, which it ends with itself. */
export const createQueue = (backend: Backend, log: Log): SignalQueue => {
  const consumers: Consumer[] = [];
  let stopping: Promise<void> | undefined;
  return {
    add: (jobs) => add(backend, jobs),
    schedule: (plan) => schedule(backend, plan),
    unschedule: (id) => unschedule(backend, id),
    schedules: () => schedules(backend),
    counts: () => counts(backend),
    consume: (handle: Handle, options: ConsumerOptions) => {
      const consumer = createConsumer({ backend, handle, options, log });
      consumers.push(consumer);
      return consumer;
    },
    stop: () =>
      (stopping ??= (async () => {
        await Promise.all(consumers.map((consumer) => consumer.stop()));
        await backend.close();
      })()),
  };
};
