/**
 * Reading back what was decided, one signal or all of a tenant's in (customer, version) order.
 * History is read in keyset pages: each page is its own short statement, because on PGlite a long one would stop everybody.
 */
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { CustomerKey, DecidedWindow, SignalKey, StoredDecision } from "../core/ports.ts";
import type { Reply } from "../core/reply.ts";
import {
  type DecisionRow,
  iso,
  records,
  replyOf,
  type ReplyRow,
  storedDecisionOf,
} from "./rows.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

/**
 * Rows of one page. The page is cut from decisions alone before anything is joined, and each join is asked by key: a planner without statistics
 * (a young table, PGlite) would join whole tables for every page.
 */
const rowsWhere = (condition: RawBuilder<unknown>) => sql<DecisionRow>`
  with d as materialized (
    select d.tenant, d.signal_id, d.customer_id, d.customer_version, d.playbook, d.now, d.facts, d.faults
    from attune.decision d where ${condition})
  select d.tenant, d.signal_id, d.customer_id, d.customer_version, d.playbook, ${iso("d.now")} as now, d.facts, d.faults,
    ${iso("k.now")} as accepted_now, s.body as signal,
    coalesce((select json_agg(p.body order by p.place) from attune.proposal p
      where p.tenant = d.tenant and p.signal_id = d.signal_id), '[]') as proposals,
    t.playbook as settlement_playbook, ${iso("t.now")} as settlement_now, t.entries, t.seqs,
    coalesce((select json_agg(json_build_object('entry', r.entry, 'playbook', r.playbook, 'now', ${iso("r.now")},
        'settled_by', r.settled_by, 'customer_version', r.customer_version) order by r.place)
      from attune.release r where r.tenant = d.tenant and r.signal_id = d.signal_id), '[]') as later
  from d
  cross join lateral (select now from attune.signal_key where tenant = d.tenant and id = d.signal_id limit 1) k
  cross join lateral (select body from attune.signal where tenant = d.tenant and id = d.signal_id limit 1) s
  cross join lateral (select playbook, now, entries, seqs from attune.settlement where tenant = d.tenant and signal_id = d.signal_id limit 1) t
  order by d.customer_id, d.customer_version`;

const placeOf = (tenant: string, customerId: string, seq: number): string =>
  `${tenant}\n${customerId}\n${seq}`;

const repliesOf = async (
  db: Db,
  rows: readonly DecisionRow[],
): Promise<ReadonlyMap<string, Reply>> => {
  const wanted = rows.flatMap(({ tenant, customer_id, seqs, later }) =>
    [...seqs, ...later.flatMap(({ entry }) => entry.seq ?? [])].map((seq) => ({
      tenant,
      customer_id,
      seq,
    })),
  );
  if (wanted.length === 0) return new Map();
  const found = await sql<Omit<ReplyRow, "state">>`
    select r.tenant, r.customer_id, r.seq, r.signal_id, r.rule, r.slot, r.category, r.locale, r.title, r.body, r.handover,
      ${iso("r.at")} as at
    from json_to_recordset(${records(wanted)}) as w(tenant text, customer_id text, seq integer)
    join attune.reply r on r.tenant = w.tenant and r.customer_id = w.customer_id and r.seq = w.seq`.execute(
    db,
  );
  return new Map(
    found.rows.map((row) => [placeOf(row.tenant, row.customer_id, row.seq), replyOf(row)]),
  );
};

const complete = async (
  db: Db,
  rows: readonly DecisionRow[],
): Promise<readonly StoredDecision[]> => {
  const replies = await repliesOf(db, rows);
  return rows.map((row) =>
    storedDecisionOf(row, (seq) => replies.get(placeOf(row.tenant, row.customer_id, seq))),
  );
};

export const decision = async (db: Db, key: SignalKey): Promise<StoredDecision | undefined> => {
  const { rows } = await rowsWhere(
    sql`d.tenant = ${key.tenant} and d.signal_id = ${key.id}`,
  ).execute(db);
  const [found] = await complete(db, rows);
  return found;
};

/**
 * One page in the order of an index. Without statistics a planner takes a tenant for a handful of rows and sorts all of them for every page,
 * which makes a long reading quadratic: 10,000 decisions took 5 s in place of 1.
 */
const cut = async (
  transaction: Db,
  condition: RawBuilder<unknown>,
): Promise<{ readonly rows: readonly DecisionRow[] }> => {
  await sql`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('enable_seqscan', 'off', true)`.execute(transaction);
  return await rowsWhere(condition).execute(transaction);
};

/** Pages of rows, each asked for by the last row of the page before it, until one is not full. */
async function* inPages(
  db: Db,
  pageSize: number,
  pageAfter: (last: DecisionRow | undefined) => RawBuilder<unknown>,
): AsyncGenerator<StoredDecision> {
  let last: DecisionRow | undefined;
  do {
    const condition = sql`${pageAfter(last)} limit ${pageSize}`;
    const { rows } = await db.transaction().execute((transaction) => cut(transaction, condition));
    yield* await complete(db, rows);
    last = rows.length < pageSize ? undefined : rows.at(-1);
  } while (last !== undefined);
}

interface HistoryRequest {
  readonly tenant: string;
  readonly pageSize: number;
  /** Only customers with a signal that counts later. */
  readonly after: string | undefined;
}

/** A scalar subquery with a limit, so that it is asked by index for each customer and not planned as a join over the whole table for each page. */
const livedAfter = (after: string): RawBuilder<unknown> => sql`coalesce((select true
  from attune.decision w where w.tenant = d.tenant and w.customer_id = d.customer_id and w.now > ${after}::timestamptz limit 1), false)`;

/** A signal that is decided while this runs is given if its customer's turn is still to come, and never twice. */
export const history = (
  db: Db,
  { tenant, pageSize, after }: HistoryRequest,
): AsyncGenerator<StoredDecision> => {
  const lived = after === undefined ? sql`true` : livedAfter(after);
  return inPages(db, pageSize, (last) => {
    const next =
      last === undefined
        ? sql`true`
        : sql`(d.customer_id, d.customer_version) > (${last.customer_id}, ${last.customer_version}::integer)`;
    return sql`d.tenant = ${tenant} and ${next} and ${lived} order by d.customer_id, d.customer_version`;
  });
};

/** The window that ends with the newest decided signal. */
export const decidedWithin = async (
  db: Db,
  tenant: string,
  days: number,
): Promise<DecidedWindow | undefined> => {
  const { rows } = await sql<DecidedWindow>`
    with window_of as (select max(now) as until from attune.decision where tenant = ${tenant})
    select ${iso("f.since")} as "from", ${iso("f.until")} as "to", count(*)::integer as signals
    from (select until, until - make_interval(hours => ${days * 24}::integer) as since from window_of) f
    join attune.decision d on d.tenant = ${tenant} and d.now > f.since
    group by f.since, f.until`.execute(db);
  return rows[0];
};

interface CustomerRequest {
  readonly customer: CustomerKey;
  readonly after: number;
  readonly pageSize: number;
}

/** One customer's signals in the order of deciding; one that is decided while this runs comes last. */
export const decisionsOf = (
  db: Db,
  { customer, after, pageSize }: CustomerRequest,
): AsyncGenerator<StoredDecision> =>
  inPages(
    db,
    pageSize,
    (last) => sql`d.tenant = ${customer.tenant} and d.customer_id = ${customer.id}
      and d.customer_version > ${last?.customer_version ?? after}::integer
      order by d.customer_version`,
  );
