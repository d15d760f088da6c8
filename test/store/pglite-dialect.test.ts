import { PGlite } from "@electric-sql/pglite";
import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { pgliteDialect } from "../../src/store/pglite-dialect.ts";

interface Notes {
  note: { text: string };
}

let database: PGlite;
let db: Kysely<Notes>;
beforeAll(async () => {
  database = await PGlite.create();
  db = new Kysely<Notes>({ dialect: pgliteDialect(database) });
  await database.exec("create table note (text text primary key)");
}, 60_000);
beforeEach(() => database.exec("delete from note"));
afterAll(async () => {
  await db.destroy();
  await database.close();
});

const texts = async (): Promise<string[]> =>
  (await db.selectFrom("note").select("text").orderBy("text").execute()).map(({ text }) => text);

test("a rollback takes no statement of another user of the session with it", async () => {
  const reason = new Error("as asked");
  let foreign: Promise<unknown> | undefined;
  const ours = db.transaction().execute(async (transaction) => {
    await transaction.insertInto("note").values({ text: "ours" }).execute();
    foreign = database.query("insert into note values ('theirs, while ours was open')");
    await transaction.insertInto("note").values({ text: "ours too" }).execute();
    throw reason;
  });
  await expect(ours).rejects.toBe(reason);
  await foreign;
  expect(await texts()).toEqual(["theirs, while ours was open"]);
});

test("a commit keeps everything, and the next transaction is a new one", async () => {
  for (const text of ["a", "b"])
    await db
      .transaction()
      .execute((transaction) => transaction.insertInto("note").values({ text }).execute());
  expect(await texts()).toEqual(["a", "b"]);
});

test("a failed statement that its caller swallowed still refuses the commit", async () => {
  const ours = db.transaction().execute(async (transaction) => {
    await transaction.insertInto("note").values({ text: "ours" }).execute();
    await sql`select 1 / 0`.execute(transaction).catch(() => undefined);
  });
  await expect(ours).rejects.toThrow(/abort|rolled back/iu);
  expect(await texts()).toEqual([]);
});

test("transactions wait for each other", async () => {
  const order: string[] = [];
  const run = (name: string) =>
    db.transaction().execute(async (transaction) => {
      order.push(`${name} in`);
      await sql`select 1`.execute(transaction);
      order.push(`${name} out`);
    });
  await Promise.all([run("a"), run("b")]);
  expect(order).toEqual(["a in", "a out", "b in", "b out"]);
});

test("a closed database refuses a transaction instead of waiting for it", async () => {
  const closed = await PGlite.create();
  await closed.close();
  const kysely = new Kysely<Notes>({ dialect: pgliteDialect(closed) });
  await expect(kysely.transaction().execute(async () => 1)).rejects.toThrow(/closed/u);
});

test("changed rows are counted and streams are refused", async () => {
  await db
    .insertInto("note")
    .values([{ text: "a" }, { text: "b" }])
    .execute();
  const [{ numDeletedRows } = { numDeletedRows: 0n }] = await db.deleteFrom("note").execute();
  expect(numDeletedRows).toBe(2n);
  await expect(
    db.selectFrom("note").selectAll().stream()[Symbol.asyncIterator]().next(),
  ).rejects.toThrow(/keyset pages/u);
});
