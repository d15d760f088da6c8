import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll } from "vitest";
import { openQueue } from "../../src/queue/open.ts";
import { queueContract } from "./queue.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(() => database.close());

queueContract("the queue in the embedded database", () => ({
  open: (log) => openQueue({ backend: "embedded", database, log }),
  clear: async () =>
    void (await database.exec(
      "delete from bullmq.job; delete from bullmq.event; delete from bullmq.meta",
    )),
}));
