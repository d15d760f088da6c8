/**
 * Servers for test files: a fresh database in the run's shared server, or a server of the suite's own to kill.
 * `undefined` means that the server is not installed: skip the suite (`describe.skipIf(url === undefined)`); the run's closing line names it. With ATTUNE_REQUIRE_ALL_SUITES=1 a missing server rejects instead.
 */
import { inject } from "vitest";
import type { DeskRequest } from "./global-setup.ts";
import {
  INSTALL_COMMAND,
  type PostgresOptions,
  type RedisOptions,
  type Server,
  startPostgres,
  startRedis,
} from "./servers.ts";

const ask = async (request: DeskRequest): Promise<string | undefined> => {
  const answer = await fetch(inject("serverDesk"), {
    method: "POST",
    body: JSON.stringify(request),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the test run's ${request.want} did not start: ${text}`);
  const reply: unknown = JSON.parse(text);
  return (reply as { readonly url?: string }).url;
};

const present = <T>(suite: string, server: T | undefined): T | undefined => {
  if (server === undefined && process.env["ATTUNE_REQUIRE_ALL_SUITES"] === "1")
    throw new Error(
      `"${suite}" cannot run and ATTUNE_REQUIRE_ALL_SUITES is 1; run ${INSTALL_COMMAND}`,
    );
  return server;
};

const own = async (suite: string, server: Server | undefined): Promise<Server | undefined> => {
  if (server === undefined) await ask({ want: "nothing", suite });
  return present(suite, server);
};

/** Address of a fresh, empty PostgreSQL database, for `suite` alone. */
export const postgresFor = async (suite: string): Promise<string | undefined> =>
  present(suite, await ask({ want: "postgres", suite }));

/** Address of an empty Redis database, for `suite` alone. */
export const redisFor = async (suite: string): Promise<string | undefined> =>
  present(suite, await ask({ want: "redis", suite }));

/** A PostgreSQL that `suite` may kill and restart; the suite stops it. */
export const ownPostgresFor = async (
  suite: string,
  options?: PostgresOptions,
): Promise<Server | undefined> => own(suite, await startPostgres(options));

/** A Redis that `suite` may kill and restart; the suite stops it. */
export const ownRedisFor = async (
  suite: string,
  options?: RedisOptions,
): Promise<Server | undefined> => own(suite, await startRedis(options));
