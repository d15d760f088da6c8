/**
 * Opens the embedded store: PGlite in `<directory>/pg` under the lock `<directory>/lock.json`, or in memory.
 * It survives a killed process. It does not survive a power cut: PGlite runs with fsync off, and its own `relaxedDurability`
 * (not used here) would go further and acknowledge before anything was handed to the system.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import type { Store } from "../core/ports.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import { migrate } from "./migrate.ts";
import { pgliteDialect } from "./pglite-dialect.ts";
import type { Tables } from "./schema.ts";
import { storeOf } from "./store.ts";
import { unpack } from "./tar.ts";
import { template, type TemplateOptions } from "./template.ts";

export interface EmbeddedStore {
  readonly store: Store;
  /** The one PGlite session, shared with the queue; `store.stop()` closes it, so stop the queue before. */
  readonly database: PGlite;
  /** Of the directory (of nothing, in memory). Released by `store.stop()`. */
  readonly lock: DirectoryLock;
}

const UNFINISHED = "pg.new-";

/** Unpacks the template beside its place and moves it there in one step: a start that is killed leaves nothing that looks like a database. */
const prepareDirectory = async (directory: string, options: TemplateOptions): Promise<string> => {
  const path = join(directory, "pg");
  for (const name of await readdir(directory))
    if (name.startsWith(UNFINISHED))
      await rm(join(directory, name), { recursive: true, force: true });
  if (existsSync(path)) return path;
  const unfinished = join(directory, `${UNFINISHED}${randomUUID()}`);
  await unpack(await template(options), unfinished);
  await rename(unfinished, path);
  return path;
};

const openInMemory = async (options: TemplateOptions): Promise<PGlite> => {
  const archive = await template(options);
  return PGlite.create({ dataDir: "memory://", loadDataDir: new Blob([new Uint8Array(archive)]) });
};

const storeOn = async (database: PGlite, lock: DirectoryLock): Promise<EmbeddedStore> => {
  const db = new Kysely<Tables>({ dialect: pgliteDialect(database) });
  await migrate(db);
  const close = async (): Promise<void> => {
    try {
      await db.destroy();
      if (!database.closed) await database.close();
    } finally {
      await lock.release();
    }
  };
  return { store: storeOf(db, close), database, lock };
};

/** Memory is nobody else's. */
const NO_LOCK: DirectoryLock = {
  publishAddress: async () => undefined,
  release: async () => undefined,
};

/** See `openEmbeddedStore`. */
export const openEmbedded = async (
  directory: string,
  options: TemplateOptions,
): Promise<EmbeddedStore> => {
  if (directory === "memory") return storeOn(await openInMemory(options), NO_LOCK);
  const lock = await lockDirectory(directory);
  try {
    return await storeOn(
      await PGlite.create({ dataDir: await prepareDirectory(directory, options) }),
      lock,
    );
  } catch (error) {
    await lock.release();
    throw error;
  }
};
