/**
 * The prepared database: what `initdb` and the store's migrations leave (the queue's take 90 ms and are left to it), kept as one archive in a cache directory and unpacked for every new store.
 * Creating it takes seconds and 770 MB, unpacking it a fraction of a second; where the cache cannot be written it is simply made anew.
 */
import { createHash, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import { migrate, MIGRATIONS } from "./migrate.ts";
import { pgliteDialect } from "./pglite-dialect.ts";
import type { Tables } from "./schema.ts";

export interface TemplateOptions {
  /** Where archives are kept; `~/.cache/attune` unless told. */
  readonly cacheDirectory?: string;
}

/** Version of the package that writes the data directory. */
const pgliteVersion = async (): Promise<string> => {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const manifest = join(dirname(entry), "..", "package.json");
  return (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;
};

const archivePath = async ({ cacheDirectory }: TemplateOptions): Promise<string> => {
  const content = JSON.stringify([await pgliteVersion(), MIGRATIONS]);
  const name = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return join(cacheDirectory ?? join(homedir(), ".cache", "attune"), `database-${name}.tar`);
};

const build = async (): Promise<Buffer> => {
  const database = await PGlite.create({ dataDir: "memory://" });
  try {
    await migrate(new Kysely<Tables>({ dialect: pgliteDialect(database) }));
    await database.exec("checkpoint");
    const archive = await database.dumpDataDir("none");
    return Buffer.from(await archive.arrayBuffer());
  } finally {
    await database.close();
  }
};

/** Whole or not at all: other processes may read or write the same archive now. */
const keep = async (path: string, archive: Buffer): Promise<void> => {
  const file = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(file, archive);
    await rename(file, path);
  } catch {
    // An unwritable or full cache costs the next start its time, nothing else.
    await rm(file, { force: true }).catch(() => undefined);
  }
};

/** The archive of a prepared database, from the cache or made (and cached) now. */
export const template = async (options: TemplateOptions): Promise<Buffer> => {
  const path = await archivePath(options);
  try {
    return await readFile(path);
  } catch {
    const archive = await build();
    await keep(path, archive);
    return archive;
  }
};
