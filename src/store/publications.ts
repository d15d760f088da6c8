/**
 * The history of what was put in force, and the canary of a tenant.
 * Every change of what decides and its entry in the history are one statement; a canary ends once, whoever ends it.
 */
import { type Kysely, type RawBuilder, sql } from "kysely";
import type {
  Canary,
  CanaryFigures,
  CanaryTally,
  RunningCanary,
  SideFigures,
} from "../core/canary.ts";
import { CANARY_SIDES, OFTEN_REPLIES } from "../core/canary.ts";
import type { Playbook } from "../core/playbook.ts";
import type { CanaryOf } from "../core/ports.ts";
import type { NewPublication, Publication } from "../core/publication.ts";
import { entryFrom, storePlaybook } from "./playbooks.ts";
import { iso, records } from "./rows.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

interface PublicationRow extends Omit<Publication, "by"> {
  readonly author: string;
}

/** Newest first. */
export const publications = async (
  db: Db,
  tenant: string,
  limit: number,
): Promise<readonly Publication[]> => {
  const found = await sql<PublicationRow>`
    select p.place::float8 as place, p.kind, p.hash, p.previous, p.author, p.message, p.change, p.undoes::float8 as undoes, p.canary,
      ${iso("p.at")} as at
    from attune.publication p where p.tenant = ${tenant} order by p.place desc limit ${limit}`.execute(
    db,
  );
  return found.rows.map(({ author, ...row }) => ({ ...row, by: author }));
};

interface Begun {
  readonly canary: Canary;
  readonly playbook: Playbook;
}

/** Gives whether it began: a tenant has one canary at most. */
export const beginCanary = async (
  db: Db,
  tenant: string,
  { canary: begun, playbook, entry }: Begun & { readonly entry: NewPublication },
): Promise<boolean> => {
  await storePlaybook(db, playbook);
  const { id, hash, percent, salt, replyFactor, by, message } = begun;
  await sql`
    with begun as (
      insert into attune.canary (tenant, id, hash, percent, salt, reply_factor, author, message)
      values (${tenant}, ${id}, ${hash}, ${percent}, ${salt}, ${replyFactor}, ${by}, ${message})
      on conflict (tenant) do nothing returning tenant
    )
    ${entryFrom("begun", entry)}`.execute(db);
  return (await canary(db, tenant))?.id === id;
};

interface CanaryRow extends Omit<RunningCanary, "by"> {
  readonly tenant: string;
  readonly author: string;
}

const canariesWhere = async (
  db: Db,
  condition: RawBuilder<unknown>,
): Promise<readonly CanaryOf[]> => {
  const found = await sql<CanaryRow>`
    select c.tenant, c.id, c.hash, c.percent, c.salt, c.reply_factor as "replyFactor", c.author, c.message, ${iso("c.since")} as since
    from attune.canary c where ${condition} order by c.tenant`.execute(db);
  return found.rows.map(({ tenant, author, ...row }) => ({
    tenant,
    canary: { ...row, by: author },
  }));
};

export const canary = async (db: Db, tenant: string): Promise<RunningCanary | undefined> =>
  (await canariesWhere(db, sql`c.tenant = ${tenant}`))[0]?.canary;

export const canaries = (db: Db): Promise<readonly CanaryOf[]> => canariesWhere(db, sql`true`);

/** Lets the canary go on with another candidate; gives whether it ran still. */
export const changeCanary = async (
  db: Db,
  tenant: string,
  { id, playbook }: { readonly id: string; readonly playbook: Playbook },
): Promise<boolean> => {
  await storePlaybook(db, playbook);
  const changed = await sql`
    update attune.canary set hash = ${playbook.hash} where tenant = ${tenant} and id = ${id} returning tenant`.execute(
    db,
  );
  return changed.rows.length === 1;
};

/** Gives whether it was this call that ended it. With the kind `promoted` the entry's playbook is live from then on. */
export const endCanary = async (
  db: Db,
  tenant: string,
  { id, entry }: { readonly id: string; readonly entry: NewPublication },
): Promise<boolean> => {
  const promoted = entry.kind === "promoted";
  const ended = await sql`
    with ended as (
      delete from attune.canary where tenant = ${tenant} and id = ${id} returning tenant
    ), gone as (
      delete from attune.canary_customer u using ended where u.canary = ${id}
    ), promoted as (
      update attune.live_playbook l set hash = ${entry.hash}, since = statement_timestamp()
      from ended where ${promoted}::boolean and l.tenant = ended.tenant
    ), told as (
      ${entryFrom("ended", entry)}
    )
    select tenant from ended`.execute(db);
  return ended.rows.length === 1;
};

/**
 * Adds up what happened to customers of canaries that run. Feedback that came first says nothing of the trial, so it is no complaint.
 * In key order, so that overlapping groups wait for each other and never in a ring.
 */
export const tally = async (db: Db, tallies: readonly CanaryTally[]): Promise<void> => {
  if (tallies.length === 0) return;
  const rows = tallies.map(({ customerId, isFirstNegative, negatives, ...rest }) => ({
    ...rest,
    customer_id: customerId,
    negatives,
    first: negatives - (isFirstNegative ? 1 : 0),
  }));
  await sql`
    insert into attune.canary_customer as u (canary, tenant, customer_id, side, signals, replies, faults, complaints)
    select t.canary, t.tenant, t.customer_id, t.side, t.signals, t.replies, t.faults, case when k.known then t.negatives else t.first end
    from json_to_recordset(${records(rows)}) as t(
      canary text, tenant text, customer_id text, side text, signals integer, replies integer, faults integer, negatives integer, first integer)
    join attune.canary c on c.id = t.canary
    cross join lateral (
      select exists (select from attune.canary_customer x where x.canary = t.canary and x.tenant = t.tenant and x.customer_id = t.customer_id) as known
    ) k
    order by t.canary, t.tenant collate "C", t.customer_id collate "C"
    on conflict (canary, tenant, customer_id) do update set
      signals = u.signals + excluded.signals, replies = u.replies + excluded.replies,
      faults = u.faults + excluded.faults, complaints = u.complaints + excluded.complaints`.execute(
    db,
  );
};

const NOTHING: SideFigures = {
  customers: 0,
  signals: 0,
  replies: 0,
  faulty: 0,
  answered: 0,
  answeredOften: 0,
  complained: 0,
};

/** Reads a row for each customer of the canary: seconds on tens of millions. */
export const canaryFigures = async (db: Db, id: string): Promise<CanaryFigures> => {
  const found = await sql<SideFigures & { readonly side: string }>`
    select u.side, count(*)::float8 as customers, sum(u.signals)::float8 as signals, sum(u.replies)::float8 as replies,
      count(*) filter (where u.faults > 0)::float8 as faulty, count(*) filter (where u.replies > 0)::float8 as answered,
      count(*) filter (where u.replies >= ${OFTEN_REPLIES}::integer)::float8 as "answeredOften",
      count(*) filter (where u.complaints > 0)::float8 as complained
    from attune.canary_customer u where u.canary = ${id} group by u.side`.execute(db);
  const of = (wanted: string): SideFigures => {
    const row = found.rows.find(({ side }) => side === wanted);
    if (row === undefined) return NOTHING;
    const { side: _side, ...figures } = row;
    return figures;
  };
  const [live, candidate] = CANARY_SIDES;
  return { live: of(live), candidate: of(candidate) };
};
