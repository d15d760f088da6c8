/**
 * Proposals that wait for their time: reading those of customers, putting others in their place, and finding who is due.
 * Rows of a customer change only in a transaction that holds the customer's row.
 */
import { type Kysely, sql } from "kysely";
import type { Customer } from "../core/customer.ts";
import type { SettlementEntry, WaitingProposal } from "../core/decision.ts";
import type { CustomerKey, DueCustomer } from "../core/ports.ts";
import { type CustomerRow, customerOf, DATABASE_NOW, iso, keyText, records } from "./rows.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

interface WaitingRow extends CustomerKey {
  readonly body: WaitingProposal;
}

/** Customers with what waits of them; those who have nothing waiting (nearly all) cost no question. */
export const withWaiting = async (
  db: Db,
  rows: readonly CustomerRow[],
): Promise<readonly Customer[]> => {
  const asked = rows.filter(({ waiting }) => waiting > 0);
  if (asked.length === 0) return rows.map((row) => customerOf(row));
  const keys = records(asked.map(({ tenant, id }) => ({ tenant, id })));
  const found = await sql<WaitingRow>`
    select w.tenant, w.customer_id as id, w.body
    from json_to_recordset(${keys}) as k(tenant text, id text)
    join attune.waiting w on w.tenant = k.tenant and w.customer_id = k.id
    order by w.tenant, w.customer_id, w.signal_id, w.rule collate "C"`.execute(db);
  const byCustomer = new Map<string, WaitingProposal[]>();
  for (const row of found.rows) {
    const known = byCustomer.get(keyText(row));
    if (known === undefined) byCustomer.set(keyText(row), [row.body]);
    else known.push(row.body);
  }
  return rows.map((row) => customerOf(row, byCustomer.get(keyText(row))));
};

/** A customer whose waiting proposals changed, and the instant at which it was settled last. */
export interface Changed {
  readonly customer: Customer;
  readonly now: string;
}

/**
 * The rows of these customers as their `waiting` says, in place of those that were there.
 * The clock of a replayed stream stands at `now`: what is due so much later wakes so much later than the database's time.
 */
export const writeWaiting = async (db: Db, changed: readonly Changed[]): Promise<void> => {
  if (changed.length === 0) return;
  const keys = records(changed.map(({ customer: { tenant, id } }) => ({ tenant, id })));
  await sql`
    delete from attune.waiting w using json_to_recordset(${keys}) as k(tenant text, id text)
    where w.tenant = k.tenant and w.customer_id = k.id`.execute(db);
  const rows = changed.flatMap(({ customer: { tenant, id, waiting }, now }) =>
    waiting.map((body) => ({
      tenant,
      customer_id: id,
      signal_id: body.proposal.signalId,
      rule: body.proposal.rule,
      body,
      due_at: body.dueAt,
      now,
      replayed: body.replayed === true,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into attune.waiting (tenant, customer_id, signal_id, rule, body, wake_at)
    select w.tenant, w.customer_id, w.signal_id, w.rule, w.body,
      case when w.replayed then statement_timestamp() + (w.due_at - w.now) else w.due_at end
    from json_to_recordset(${records(rows)}) as w(
      tenant text, customer_id text, signal_id text, rule text, body json, due_at timestamptz, now timestamptz, replayed boolean)`.execute(
    db,
  );
};

/** What became of a proposal that had waited. */
export interface Release {
  readonly tenant: string;
  readonly customerId: string;
  readonly customerVersion: number;
  readonly settledBy: string | null;
  readonly playbook: string;
  readonly now: string;
  readonly entry: SettlementEntry;
}

export const writeReleases = async (db: Db, releases: readonly Release[]): Promise<void> => {
  if (releases.length === 0) return;
  const rows = releases.map((release) => ({
    tenant: release.tenant,
    customer_id: release.customerId,
    customer_version: release.customerVersion,
    signal_id: release.entry.signalId,
    settled_by: release.settledBy,
    playbook: release.playbook,
    now: release.now,
    entry: release.entry,
  }));
  await sql`
    insert into attune.release (tenant, customer_id, customer_version, signal_id, settled_by, playbook, now, entry)
    select r.tenant, r.customer_id, r.customer_version, r.signal_id, r.settled_by, r.playbook, r.now, r.entry
    from json_to_recordset(${records(rows)}) as r(
      tenant text, customer_id text, customer_version integer, signal_id text, settled_by text, playbook text, now timestamptz,
      entry json)`.execute(db);
};

/** Rows looked at for each customer wanted: most have one or two that are due. */
const ROWS_EACH = 4;

/**
 * A replayed proposal is settled at its own instant, which may lie long back; any other at the database's time.
 * Only the rows that have waited longest are looked at: at the end of quiet hours hundreds of thousands may come due at once.
 */
export const dueCustomers = async (db: Db, limit: number): Promise<readonly DueCustomer[]> => {
  const due = await sql<DueCustomer>`
    select f.tenant, f.id, ${iso("f.now")} as now from (
      select w.tenant, w.customer_id as id, min(w.wake_at) as woke,
        min(case when w.body->>'replayed' = 'true' then (w.body->>'dueAt')::timestamptz else ${DATABASE_NOW} end) as now
      from (
        select * from attune.waiting where wake_at <= statement_timestamp() order by wake_at limit ${ROWS_EACH * limit}
      ) w
      group by w.tenant, w.customer_id
      order by woke, w.tenant, w.customer_id
      limit ${limit}
    ) f`.execute(db);
  return due.rows;
};
