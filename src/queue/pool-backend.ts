/** BullMQ's PostgreSQL backend over a pool: a real one (`postgres.ts`) or the embedded database dressed as one (`embedded.ts`). */
import { createPostgresBackend, type PgPool, Queue, Worker } from "bullmq";
import { QUEUE_NAME } from "../core/job.ts";
import type { Log } from "../core/ports.ts";
import { type Backend, PRODUCER_SETTINGS, takerSettings } from "./backend.ts";
import { settlesWithin, warnOf } from "./patience.ts";

/** Schema of BullMQ's tables; ours are in `attune`. */
export const QUEUE_SCHEMA = "bullmq";

const CLOSE_MS = 2_000;

/** The queue over anything that behaves like a `pg.Pool` whose statements see the schema `bullmq`, migrated. */
export const backendOnPool = (
  pool: PgPool,
  log: Log,
  parts: Pick<Backend, "openRelay" | "close">,
): Backend => {
  const producer = new Queue(
    QUEUE_NAME,
    { ...PRODUCER_SETTINGS, connection: pool },
    createPostgresBackend,
  );
  producer.on("error", warnOf(log, "the queue has trouble"));
  return {
    producer,
    openTaker: (processor, options) => {
      const settings = { ...takerSettings(options), connection: pool };
      const taker = new Worker(QUEUE_NAME, processor, settings, createPostgresBackend);
      taker.on("error", warnOf(log, "the queue's worker has trouble"));
      return { taker, release: () => Promise.resolve() };
    },
    openRelay: parts.openRelay,
    close: async () => {
      await settlesWithin(CLOSE_MS, producer.close());
      await parts.close();
    },
  };
};
