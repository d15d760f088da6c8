import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbedded } from "../../src/queue/embedded.ts";
import { openQueue, type OpenQueue } from "../../src/queue/open.ts";
import { collector, drained, job, OPTIONS, silent } from "../contracts/queue.ts";

describe("the queue beside the store in one PGlite", () => {
  let database: PGlite;
  let open: OpenQueue;

  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec("create schema attune; create table attune.fact (id int primary key)");
    open = await openQueue({ backend: "embedded", database, log: silent });
  });
  afterAll(async () => {
    await open.relay.stop();
    await open.queue.stop();
    await database.close();
  });

  it("keeps a job that was added while the store's transaction was rolled back", async () => {
    const order: string[] = [];
    let added: Promise<void> | undefined;
    const storing = database.transaction(async (session) => {
      await session.query("insert into attune.fact values (1)");
      // Not awaited: nobody may wait for the queue inside a transaction.
      added = open.queue.add([job("kept")]).then(() => void order.push("added"));
      await session.query("insert into attune.fact values (2)");
      await session.query("select pg_sleep(0.02)");
      order.push("rolled back");
      throw new Error("the store gives up");
    });
    await expect(storing).rejects.toThrow("the store gives up");
    await added;
    expect(order).toEqual(["rolled back", "added"]);
    expect(await open.queue.counts()).toMatchObject({ waiting: 1 });
    expect((await database.query("select id from attune.fact")).rows).toEqual([]);
    const { handle, all } = collector(1);
    const consumer = open.queue.consume(handle, OPTIONS);
    await consumer.start();
    await all;
    await consumer.stop();
  });

  it("handles every job once while the store rolls back beside it", async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `beside${index}`);
    const { handle, jobs, all } = collector(ids.length);
    const consumer = open.queue.consume(handle, { ...OPTIONS, concurrency: 16 });
    await consumer.start();
    let rolledBack = 0;
    const storing = (async () => {
      for (let round = 0; jobs.length < ids.length && round < 5_000; round += 1)
        await database
          .transaction(async (session) => {
            await session.query("insert into attune.fact values ($1)", [round]);
            throw new Error("rolled back");
          })
          .catch(() => (rolledBack += 1));
    })();
    for (const id of ids) await open.queue.add([job(id)]);
    await all;
    await storing;
    await drained(open.queue);
    await consumer.stop();
    expect(rolledBack).toBeGreaterThan(10);
    expect(jobs.map(({ data }) => (data as { n: string }).n).toSorted()).toEqual(ids.toSorted());
    expect((await database.query("select id from attune.fact")).rows).toEqual([]);
  });

  it("takes the session's search_path, and qualified statements of the store do not notice", async () => {
    const { rows } = await database.query<{ path: string }>(
      "select current_setting('search_path') as path",
    );
    expect(rows).toEqual([{ path: "bullmq" }]);
    await database.transaction(async (session) => {
      await session.query("insert into attune.fact values (7)");
      await session.query("delete from attune.fact where id = 7");
    });
  });

  it("opens again on the same data, as after a restart", async () => {
    await open.queue.add([job("lasting")]);
    const again = await openQueue({ backend: "embedded", database, log: silent });
    expect(await again.queue.counts()).toMatchObject({ waiting: 1 });
    await again.relay.stop();
    await again.queue.stop();
  });

  it("tells its own process of a new playbook, and nobody after it has stopped", async () => {
    const one = await openQueue({ backend: "embedded", database, log: silent });
    const heard: string[] = [];
    one.relay.onPlaybook((tenant) => heard.push(tenant));
    await one.relay.announcePlaybook("default");
    await one.relay.stop();
    await one.relay.announcePlaybook("late");
    await one.queue.stop();
    expect(heard).toEqual(["default"]);
  });

  it.each(["BEGIN", " begin;", "COMMIT", "ROLLBACK", "START TRANSACTION", "savepoint a"])(
    "refuses %j as a plain statement, which would take the store's statements in",
    async (text) => {
      const backend = await openEmbedded(database, silent);
      const pool = (
        backend.producer as unknown as {
          opts: { connection: { query(text: string): Promise<unknown> } };
        }
      ).opts.connection;
      await expect(pool.query(text)).rejects.toThrow("one shared session");
      await backend.close();
    },
  );
});
