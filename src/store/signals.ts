/**
 * Signals on their way in and on their way out: accepted, overdue, suspected, dead.
 * A key is the truth about a signal's state; the signal's own row only holds what came.
 */
import { type Kysely, sql } from "kysely";
import type {
  DeadLetter,
  IncomingSignal,
  SignalKey,
  SignalState,
  StoreCounts,
} from "../core/ports.ts";
import type { Signal } from "../core/signal.ts";
import { DATABASE_NOW, firstByKey, iso, records } from "./rows.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

/** One statement: keys that are new (or only suspected so far), and the signals of exactly those. */
export const accept = async (db: Db, incoming: readonly IncomingSignal[]): Promise<void> => {
  if (incoming.length === 0) return;
  const first = [
    ...firstByKey(incoming, ({ tenant, signal }) => ({ tenant, id: signal.id })).values(),
  ];
  const wanted = records(
    first.map(({ tenant, signal, clock }) => ({
      tenant,
      id: signal.id,
      customer_id: signal.customerId,
      at: clock === "signal" ? signal.at : null,
      body: signal,
    })),
  );
  await sql`
    with i as materialized (
      select * from json_to_recordset(${wanted}) as i(tenant text, id text, customer_id text, at timestamptz, body json)
    ), keys as (
      insert into attune.signal_key as k (tenant, id, now, waits_since, state)
      select i.tenant, i.id, least(i.at, ${DATABASE_NOW}), ${DATABASE_NOW}, 'accepted' from i
      order by i.tenant collate "C", i.id collate "C"
      on conflict (tenant, id) do update set now = excluded.now, waits_since = excluded.waits_since, state = 'accepted'
        where k.state = 'claimed'
      returning k.tenant, k.id
    )
    insert into attune.signal (tenant, id, customer_id, body)
    select i.tenant, i.id, i.customer_id, i.body from i join keys using (tenant, id)
    on conflict do nothing`.execute(db);
};

/** A decided signal is not buried: its replies are out already. */
export const bury = async (db: Db, letter: DeadLetter): Promise<void> => {
  await sql`
    with keys as (
      insert into attune.signal_key as k (tenant, id, now, waits_since, state)
      values (${letter.tenant}, ${letter.id}, ${DATABASE_NOW}, ${DATABASE_NOW}, 'dead')
      on conflict (tenant, id) do update set state = 'dead', now = coalesce(k.now, excluded.now) where k.state in ('accepted', 'claimed')
      returning k.tenant, k.id
    )
    insert into attune.dead_letter (tenant, id, reason, detail, payload)
    select keys.tenant, keys.id, ${letter.reason}::text, ${letter.detail}::text, ${JSON.stringify(letter.payload)}::json from keys
    on conflict do nothing`.execute(db);
};

/** A key that is not known yet is stored with its count alone; its `now` stays open. */
export const suspect = async (db: Db, key: SignalKey): Promise<number> => {
  const counted = await sql<{ attempts: number }>`
    insert into attune.signal_key as k (tenant, id, now, waits_since, state, attempts)
    values (${key.tenant}, ${key.id}, null, ${DATABASE_NOW}, 'claimed', 1)
    on conflict (tenant, id) do update set attempts = k.attempts + 1
    returning k.attempts`.execute(db);
  return counted.rows[0]?.attempts ?? 1;
};

/** Never below zero; a key that is not there is left alone. */
export const acquit = async (db: Db, key: SignalKey): Promise<void> => {
  await sql`
    update attune.signal_key set attempts = attempts - 1
    where tenant = ${key.tenant} and id = ${key.id} and attempts > 0`.execute(db);
};

/**
 * Only what was accepted with its content can be queued again; a key without a signal has a job that carries it.
 * Taking one begins its wait anew, so that the next call finds others, and rows that another process takes are passed over.
 */
export const takeOverdue = async (
  db: Db,
  olderThanMs: number,
  limit: number,
): Promise<readonly IncomingSignal[]> => {
  const waiting = await sql<{ tenant: string; now: string; body: Signal }>`
    with due as materialized (
      select k.tenant, k.id, k.now, k.waits_since from attune.signal_key k
      where k.state = 'accepted' and k.waits_since <= statement_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'
      order by k.waits_since, k.tenant, k.id
      limit ${limit}
      for update skip locked
    ), taken as (
      update attune.signal_key k set waits_since = ${DATABASE_NOW} from due
      where k.tenant = due.tenant and k.id = due.id
    )
    select due.tenant, ${iso("due.now")} as now, s.body
    from due join attune.signal s on s.tenant = due.tenant and s.id = due.id
    order by due.waits_since, due.tenant, due.id`.execute(db);
  // `now` is fixed already; a signal whose `now` is its own `at` was accepted by either clock with the same effect.
  return waiting.rows.map(({ tenant, now, body }) => ({
    tenant,
    signal: body,
    clock: now === body.at ? "signal" : "database",
  }));
};

export const signalState = async (db: Db, key: SignalKey): Promise<SignalState> => {
  const row = await db
    .selectFrom("attune.signal_key as k")
    .select("k.state")
    .where("k.tenant", "=", key.tenant)
    .where("k.id", "=", key.id)
    .executeTakeFirst();
  return row === undefined || row.state === "claimed" ? "unknown" : row.state;
};

/** Newest first. */
export const deadLetters = async (db: Db, limit: number): Promise<readonly DeadLetter[]> => {
  const rows = await db
    .selectFrom("attune.dead_letter as l")
    .select(["l.tenant", "l.id", "l.reason", "l.detail", "l.payload"])
    .orderBy("l.place", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ tenant, id, reason, detail, payload }) => ({
    tenant,
    id,
    reason,
    detail,
    payload,
  }));
};

/** `accepted` counts the signals that wait for a decision. */
export const counts = async (db: Db): Promise<StoreCounts> => {
  const found = await sql<StoreCounts>`
    select
      (select count(*)::float8 from attune.signal_key where state = 'accepted') as "accepted",
      (select count(*)::float8 from attune.decision) as "decided",
      (select count(*)::float8 from attune.reply) as "replies",
      (select count(*)::float8 from attune.dead_letter) as "deadLetters",
      (select count(*)::float8 from attune.customer) as "customers",
      (select count(*)::float8 from attune.waiting) as "waiting"`.execute(db);
  const [
    { accepted, decided, replies, deadLetters: buried, customers, waiting } = {
      accepted: 0,
      decided: 0,
      replies: 0,
      deadLetters: 0,
      customers: 0,
      waiting: 0,
    },
  ] = found.rows;
  return { accepted, decided, replies, deadLetters: buried, customers, waiting };
};
