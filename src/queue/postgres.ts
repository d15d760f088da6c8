/**
 * The queue on PostgreSQL: BullMQ's tables live in the schema `bullmq`, reached through the search_path of a pool of our own.
 * BullMQ cannot load `pg` from native ESM, so it is given this pool; and the `error` listeners on it and on its connections keep a restart of the server from ending the process.
 */
import { createPostgresRelayBackend, type PgPool, Relay as BullRelay, runMigrations } from "bullmq";
import { Pool } from "pg";
import type { Log, Relay } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import type { Backend } from "./backend.ts";
import { settlesWithin, warnOf } from "./patience.ts";
import { backendOnPool, QUEUE_SCHEMA } from "./pool-backend.ts";
import { createSharedRelay } from "./relay.ts";

const CLOSE_MS = 2_000;

const createPool = (url: string, log: Log): Pool => {
  const pool = new Pool({
    connectionString: url,
    /** Each worker and the relay keep one for LISTEN. */
    max: 12,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    options: `-c search_path=${QUEUE_SCHEMA}`,
    application_name: "attune-queue",
  });
  const warn = warnOf(log, "the queue's connection to PostgreSQL has trouble");
  pool.on("error", warn);
  // The pool listens to its idle connections only: one that breaks between two statements would end the process.
  pool.on("connect", (client) => client.on("error", warn));
  return pool;
};

/** A `pg.Pool` is what BullMQ means by `PgPool`; only the overloads of `on` are written differently. */
const asPgPool = (pool: Pool): PgPool => pool as unknown as PgPool;

/** Under an advisory lock: processes that start together wait for each other. */
const migrate = async (pool: Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    client.release();
  }
};

const openRelay = (pool: Pool, log: Log): Promise<Relay> => {
  const relay = new BullRelay({
    connection: asPgPool(pool),
    namespace: "attune",
    backend: createPostgresRelayBackend,
  });
  relay.on("error", warnOf(log, "the relay has trouble"));
  return createSharedRelay(relay, log);
};

/** Opens the queue on PostgreSQL, creating or migrating its schema. Rejects with QUEUE_UNREACHABLE when that fails. */
export const openPostgres = async (url: string, log: Log): Promise<Backend> => {
  const pool = createPool(url, log);
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AttuneError(
      "QUEUE_UNREACHABLE",
      `The queue's tables could not be opened on PostgreSQL: ${reason}`,
      {
        cause: error,
      },
    );
  }
  return backendOnPool(asPgPool(pool), log, {
    openRelay: () => openRelay(pool, log),
    close: async () => void (await settlesWithin(CLOSE_MS, pool.end())),
  });
};
