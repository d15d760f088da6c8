import { Client } from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { openPostgresStore } from "../../src/store/open.ts";
import { isTransient } from "../../src/core/transient.ts";
import { aFeedback, incoming } from "../builders.ts";
import { ownPostgresFor, postgresFor } from "../suites.ts";

test("a server that cannot be reached is named without its password", async () => {
  const opening = openPostgresStore("postgres://somebody:secret@127.0.0.1:1/shop");
  const error = await opening.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "STORE_UNREACHABLE" });
  expect(String(error)).toContain("127.0.0.1:1/shop");
  expect(String(error)).not.toContain("secret");
  expect(isTransient(error)).toBe(true);
});

const url = await postgresFor("migrations by several processes at once");
describe.skipIf(url === undefined)("several processes that start at once", () => {
  test("migrate once, and each finds every table", async () => {
    const opened = await Promise.all(
      Array.from({ length: 6 }, () => openPostgresStore(url ?? "", { poolSize: 2 })),
    );
    const counts = await Promise.all(opened.map(({ store }) => store.counts()));
    expect(new Set(counts.map((count) => JSON.stringify(count))).size).toBe(1);
    await Promise.all(opened.map(({ store }) => store.stop()));
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      "select table_schema from information_schema.tables where table_name = 'kysely_migration'",
    );
    await client.end();
    expect(rows).toEqual([{ table_schema: "attune" }]);
  });
});

const server = await ownPostgresFor("the store through a restart of PostgreSQL");
describe.skipIf(server === undefined)("a restart of PostgreSQL", () => {
  afterAll(() => server?.stop());

  test("fails the statements of its duration as transient and is over after it", async () => {
    const { store } = await openPostgresStore(server?.url ?? "");
    await store.accept([incoming(aFeedback())]);
    const failing = store
      .group(async (transaction) => {
        await transaction.lockCustomers([{ tenant: "default", id: "customer-1" }]);
        await server?.kill();
        await transaction.claim([incoming(aFeedback())]);
      })
      .catch((error: unknown) => error);
    expect(isTransient(await failing)).toBe(true);
    expect(isTransient(await store.counts().catch((error: unknown) => error))).toBe(true);
    await server?.restart();
    expect(await store.counts()).toMatchObject({ accepted: 1, customers: 0 });
    await store.stop();
  }, 60_000);
});
