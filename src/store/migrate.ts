/**
 * Brings the schema up to date. Several processes may start at once: Kysely's migrator holds an advisory lock,
 * and a process that finds every migration recorded does not even ask for it.
 */
import { type Kysely, type Migration, Migrator, sql } from "kysely";
import { TABLES } from "./migrations/0001-tables.ts";
import { PLAYBOOK_FILES } from "./migrations/0002-playbook-files.ts";
import { MODELS } from "./migrations/0003-models.ts";
import { WAITING } from "./migrations/0004-waiting.ts";
import { PUBLICATIONS } from "./migrations/0005-publications.ts";
import { SCHEMA, type Tables } from "./schema.ts";

/** Every migration by name, as its statements, in the order in which they run. Add one; never edit one that was released. */
export const MIGRATIONS: Readonly<Record<string, readonly string[]>> = {
  "0001-tables": TABLES,
  "0002-playbook-files": PLAYBOOK_FILES,
  "0003-models": MODELS,
  "0004-waiting": WAITING,
  "0005-publications": PUBLICATIONS,
};

const migrationOf = (statements: readonly string[]): Migration => ({
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});

const migrations = (): Record<string, Migration> =>
  Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, statements]) => [name, migrationOf(statements)]),
  );

const upToDate = async (db: Kysely<Tables>): Promise<boolean> => {
  const known = await sql<{
    found: boolean;
  }>`select to_regclass('attune.kysely_migration') is not null as found`.execute(db);
  if (known.rows[0]?.found !== true) return false;
  const applied = await sql<{
    name: string;
  }>`select name from attune.kysely_migration order by name`.execute(db);
  return applied.rows.map((row) => row.name).join() === Object.keys(MIGRATIONS).toSorted().join();
};

/** Runs the missing migrations; rejects with the migrator's error, and then none of this call has run. */
export const migrate = async (db: Kysely<Tables>): Promise<void> => {
  if (await upToDate(db)) return;
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations() },
    migrationTableSchema: SCHEMA,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error("a migration failed", { cause: error });
};
