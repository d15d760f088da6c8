/** Playbooks by hash, and which one is live for a tenant. A playbook's row never changes and is never deleted: decisions name it. */
import { type Kysely, sql } from "kysely";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

/** One statement, so that a tenant never points at a playbook that is not there. */
export const publish = async (db: Db, tenant: string, { hash, files }: Playbook): Promise<void> => {
  await sql`
    with stored as (
      insert into attune.playbook (hash, files) values (${hash}, ${JSON.stringify(files)}::json) on conflict do nothing
    )
    insert into attune.live_playbook as l (tenant, hash) values (${tenant}, ${hash})
    on conflict (tenant) do update set hash = excluded.hash, since = excluded.since where l.hash <> excluded.hash`.execute(
    db,
  );
};

const playbookOf = (
  row: { hash: string; files: PlaybookFiles } | undefined,
): Playbook | undefined => (row === undefined ? undefined : { hash: row.hash, files: row.files });

export const livePlaybook = async (db: Db, tenant: string): Promise<Playbook | undefined> =>
  playbookOf(
    await db
      .selectFrom("attune.live_playbook as l")
      .innerJoin("attune.playbook as p", "p.hash", "l.hash")
      .select(["p.hash", "p.files"])
      .where("l.tenant", "=", tenant)
      .executeTakeFirst(),
  );

export const livePlaybookHash = async (db: Db, tenant: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom("attune.live_playbook as l")
    .select("l.hash")
    .where("l.tenant", "=", tenant)
    .executeTakeFirst();
  return row?.hash;
};

export const playbook = async (db: Db, hash: string): Promise<Playbook | undefined> =>
  playbookOf(
    await db
      .selectFrom("attune.playbook as p")
      .select(["p.hash", "p.files"])
      .where("p.hash", "=", hash)
      .executeTakeFirst(),
  );

export const tenants = async (db: Db): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom("attune.live_playbook as l")
    .select("l.tenant")
    .orderBy("l.tenant")
    .execute();
  return rows.map((row) => row.tenant);
};
