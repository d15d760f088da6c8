import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { openQueue } from "../../src/queue/open.ts";
import { silent } from "../contracts/queue.ts";
import { ownPostgresFor, postgresFor } from "../suites.ts";
import { outageSuite } from "./outage.ts";

const server = await ownPostgresFor("outages of the queue on PostgreSQL");

describe.skipIf(server === undefined)("PostgreSQL", () => {
  outageSuite("postgres", () => Promise.resolve(server));

  it("is migrated by four processes that start together, into the schema bullmq alone", async () => {
    const url = (await postgresFor("migration of the queue on PostgreSQL")) ?? "";
    const opened = await Promise.all(
      [1, 2, 3, 4].map(() => openQueue({ backend: "postgres", url, log: silent })),
    );
    for (const { queue, relay } of opened) {
      await relay.stop();
      await queue.stop();
    }
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ schema: string }>(
      "select distinct table_schema as schema from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')",
    );
    await client.end();
    expect(rows).toEqual([{ schema: "bullmq" }]);
  });
});
