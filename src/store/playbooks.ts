/** Playbooks by hash, and which one is live for a tenant. A playbook's row never changes and is never deleted: decisions name it. */
import { createHash } from "node:crypto";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { Publishing } from "../core/ports.ts";
import type { NewPublication } from "../core/publication.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

/** A publication of which nobody said anything. */
const NO_NOTE = {
  kind: "publish",
  by: "",
  message: "",
  change: null,
  undoes: null,
  canary: null,
} as const;

/** Path → hash of the text. */
type Parts = Readonly<Record<string, string>>;

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Texts that are stored already are not sent again: models are megabytes, and most playbooks share theirs. */
const storeFiles = async (db: Db, texts: ReadonlyMap<string, string>): Promise<void> => {
  const known = await db
    .selectFrom("attune.playbook_file as f")
    .select("f.hash")
    .where("f.hash", "in", [...texts.keys(), ""])
    .execute();
  const stored = new Set(known.map(({ hash }) => hash));
  for (const [hash, text] of texts)
    if (!stored.has(hash))
      await db
        .insertInto("attune.playbook_file")
        .values({ hash, text })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
};

/** Stores the texts of files; gives path → hash. */
export const storeParts = async (db: Db, files: PlaybookFiles): Promise<Parts> => {
  const parts = Object.entries(files).map(([path, text]) => [path, hashOf(text), text] as const);
  await storeFiles(db, new Map(parts.map(([, part, text]) => [part, text])));
  return Object.fromEntries(parts.map(([path, part]) => [path, part]));
};

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Adds an entry for the tenant of every row of `changed`, a table of the statement around it with the column `tenant`. */
export const entryFrom = (changed: string, entry: NewPublication): RawBuilder<unknown> => sql`
  insert into attune.publication (tenant, kind, hash, previous, author, message, change, undoes, canary)
  select c.tenant, ${entry.kind}::text, ${entry.hash}::text, ${entry.previous}::text, ${entry.by}::text, ${entry.message}::text,
    ${json(entry.change)}::json, ${entry.undoes}::bigint, ${json(entry.canary)}::json
  from ${sql.ref(changed)} c`;

/** Stores a playbook under its hash, its files first. */
export const storePlaybook = async (db: Db, { hash, files }: Playbook): Promise<void> => {
  const index = JSON.stringify(await storeParts(db, files));
  await sql`
    insert into attune.playbook (hash, parts) values (${hash}, ${index}::json) on conflict do nothing`.execute(
    db,
  );
};

/**
 * The playbook first, so that a tenant never points at one that is not there; then what is live and its entry in the history in one statement.
 * With `over` only if that hash is live still; gives whether the playbook is in force now.
 */
export const publish = async (
  db: Db,
  tenant: string,
  { playbook: content, over, entry }: Publishing & { readonly playbook: Playbook },
): Promise<boolean> => {
  const { hash } = content;
  await storePlaybook(db, content);
  const told: NewPublication = entry ?? {
    ...NO_NOTE,
    hash,
    previous: (await livePlaybookHash(db, tenant)) ?? null,
  };
  await sql`
    with changed as (
      insert into attune.live_playbook as l (tenant, hash) values (${tenant}, ${hash})
      on conflict (tenant) do update set hash = excluded.hash, since = excluded.since
      where l.hash <> excluded.hash and (${over ?? null}::text is null or l.hash = ${over ?? null})
      returning l.tenant
    )
    ${entryFrom("changed", told)}`.execute(db);
  return (await livePlaybookHash(db, tenant)) === hash;
};

interface Row {
  readonly hash: string;
  readonly files: PlaybookFiles | null;
  readonly parts: Parts | null;
}

/** Path → text. */
export const filesOf = async (db: Db, index: Parts): Promise<PlaybookFiles> => {
  const parts = Object.entries(index);
  const stored = await db
    .selectFrom("attune.playbook_file as f")
    .select(["f.hash", "f.text"])
    .where("f.hash", "in", [...parts.map(([, hash]) => hash), ""])
    .execute();
  const texts = new Map(stored.map(({ hash, text }) => [hash, text]));
  return Object.fromEntries(parts.map(([path, hash]) => [path, texts.get(hash) ?? ""]));
};

const playbookOf = async (db: Db, row: Row | undefined): Promise<Playbook | undefined> => {
  if (row === undefined) return undefined;
  return { hash: row.hash, files: row.files ?? (await filesOf(db, row.parts ?? {})) };
};

export const livePlaybook = async (db: Db, tenant: string): Promise<Playbook | undefined> =>
  playbookOf(
    db,
    await db
      .selectFrom("attune.live_playbook as l")
      .innerJoin("attune.playbook as p", "p.hash", "l.hash")
      .select(["p.hash", "p.files", "p.parts"])
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
    db,
    await db
      .selectFrom("attune.playbook as p")
      .select(["p.hash", "p.files", "p.parts"])
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

/** Two tell that a prefix is not enough. */
export const playbookHashes = async (db: Db, prefix: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ readonly hash: string }>`
    select hash from attune.playbook where starts_with(hash, ${prefix}) order by hash limit 2`.execute(
    db,
  );
  return rows.map(({ hash }) => hash);
};
