/** Opens the store: PostgreSQL by URL, or PGlite in a directory or in memory. The one door of this room. */
import type { EmbeddedStore } from "./embedded.ts";
import type { PostgresOptions, PostgresStore } from "./postgres.ts";
import type { TemplateOptions } from "./template.ts";

/** A migrated store on a server. Rejects with STORE_UNREACHABLE when it does not answer. */
export const openPostgresStore = async (
  url: string,
  options: PostgresOptions = {},
): Promise<PostgresStore> => {
  const { openPostgres } = await import("./postgres.ts");
  return openPostgres(url, options);
};

/** A migrated store in `directory`, or gone when it stops if that is "memory". Rejects with STORE_LOCKED while a process holds the directory. */
export const openEmbeddedStore = async (
  directory: string,
  options: TemplateOptions = {},
): Promise<EmbeddedStore> => {
  const { openEmbedded } = await import("./embedded.ts");
  return openEmbedded(directory, options);
};
