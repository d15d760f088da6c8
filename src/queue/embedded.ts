/**
 * The queue in the embedded database: PGlite dressed as the pool that BullMQ's PostgreSQL backend expects.
 * PGlite is one session for everybody: its search_path belongs to the queue (the store names its schema in every statement), and a BEGIN sent as a plain query would take other people's statements in, so it is refused.
 */
import { EventEmitter } from "node:events";
import {
  type PgNotification,
  type PgPool,
  type PgPoolClient,
  type PgQueryable,
  type PgQueryResult,
  runMigrations,
} from "bullmq";
import type { Log } from "../core/ports.ts";
import type { Backend } from "./backend.ts";
import { backendOnPool, QUEUE_SCHEMA } from "./pool-backend.ts";
import { createLocalRelay } from "./relay.ts";

/** What a statement of PGlite gives. */
interface EmbeddedRows<Row> {
  rows: Row[];
  affectedRows?: number;
}

interface EmbeddedSession {
  query<Row>(text: string, params?: unknown[]): Promise<EmbeddedRows<Row>>;
  /** Several statements without parameters. */
  exec(text: string): Promise<unknown>;
}

/** The part of a PGlite instance that the queue uses. */
export interface EmbeddedDatabase extends EmbeddedSession {
  /** Nobody else's statement runs until `work` is settled. */
  transaction<T>(work: (session: EmbeddedSession) => Promise<T>): Promise<T>;
  /** Hears every NOTIFY of a channel that the session listens to; the result ends it. */
  onNotification(listener: (channel: string, payload: string) => void): () => void;
}

const TRANSACTION_CONTROL = /^\s*(begin|start\s+transaction|commit|end|rollback|savepoint)\b/iu;

const resultOf = <Row>({ rows, affectedRows }: EmbeddedRows<Row>): PgQueryResult<Row> => ({
  rows,
  rowCount: affectedRows ?? rows.length,
});

/** Each statement is a transaction of its own: PGlite lets it wait for a running `transaction`. */
const statement = async <Row>(
  database: EmbeddedDatabase,
  text: string,
  params: readonly unknown[] = [],
): Promise<PgQueryResult<Row>> => {
  if (TRANSACTION_CONTROL.test(text))
    throw new Error(
      `the embedded queue got "${text.slice(0, 40)}": one shared session allows no open transaction`,
    );
  return resultOf(await database.query<Row>(text, [...params]));
};

/** BullMQ's LISTEN statements go through as they are; whatever the session hears reaches every client. */
const createClient = (database: EmbeddedDatabase): PgPoolClient => {
  const emitter = new EventEmitter().setMaxListeners(0);
  const forget = database.onNotification((channel, payload) => {
    emitter.emit("notification", { channel, payload } satisfies PgNotification);
  });
  return Object.assign(emitter, {
    query: <Row>(text: string, params?: readonly unknown[]) =>
      statement<Row>(database, text, params),
    release: forget,
  });
};

const createPool = (database: EmbeddedDatabase): PgPool =>
  Object.assign(new EventEmitter().setMaxListeners(0), {
    query: <Row>(text: string, params?: readonly unknown[]) =>
      statement<Row>(database, text, params),
    connect: () => Promise.resolve(createClient(database)),
    end: () => Promise.resolve(),
  });

/** BullMQ's migrator brackets itself with BEGIN and COMMIT; here PGlite's own transaction is the bracket. */
const migrate = (database: EmbeddedDatabase): Promise<unknown> =>
  database.transaction((session) => {
    const client: PgQueryable = {
      query: async <Row>(text: string, params?: readonly unknown[]) => {
        if (TRANSACTION_CONTROL.test(text)) return { rows: [] };
        if (params !== undefined) return resultOf(await session.query<Row>(text, [...params]));
        const results = await session.exec(text);
        return resultOf<Row>(lastOf(results));
      },
    };
    return runMigrations(client, QUEUE_SCHEMA);
  });

const lastOf = <Row>(results: unknown): EmbeddedRows<Row> =>
  (Array.isArray(results) ? (results.at(-1) as EmbeddedRows<Row> | undefined) : undefined) ?? {
    rows: [],
  };

/** Opens the queue in an open PGlite, creating or migrating its schema. The database stays the caller's: `close` leaves it open. */
export const openEmbedded = async (database: EmbeddedDatabase, log: Log): Promise<Backend> => {
  await migrate(database);
  await database.exec(`SET search_path TO ${QUEUE_SCHEMA}`);
  return backendOnPool(createPool(database), log, {
    openRelay: () => Promise.resolve(createLocalRelay()),
    close: () => Promise.resolve(),
  });
};
