/** Opens the store on a PostgreSQL server. Pool and connections have an `error` listener: without both a restart of the server kills the process. */
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import type { Store } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import { migrate } from "./migrate.ts";
import type { Tables } from "./schema.ts";
import { storeOf } from "./store.ts";
import { isTransient } from "../core/transient.ts";

export interface PostgresOptions {
  /** Connections at most; 8 unless told. */
  readonly poolSize?: number;
}

export interface PostgresStore {
  readonly store: Store;
}

const POOL_SIZE = 8;
const CONNECT_TIMEOUT_MS = 10_000;

/** The server's place without user and password. */
const place = (url: string): string => {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    return "the address given";
  }
};

const openPool = (url: string, options: PostgresOptions): Pool => {
  const pool = new Pool({
    connectionString: url,
    max: options.poolSize ?? POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "attune",
  });
  // A connection that breaks is dropped by the pool; the statement that needed it, or the next one, fails for its caller to see.
  // The pool listens to idle connections only: one that breaks while a group computes between two statements would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
};

/** See `openPostgresStore`. */
export const openPostgres = async (
  url: string,
  options: PostgresOptions,
): Promise<PostgresStore> => {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(url, options) }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    if (!isTransient(error)) throw error;
    throw new AttuneError(
      "STORE_UNREACHABLE",
      `PostgreSQL at ${place(url)} cannot be reached: ${String(error)}`,
      { cause: error },
    );
  }
  return { store: storeOf(db, () => db.destroy()) };
};
