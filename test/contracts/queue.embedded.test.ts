import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll } from "vitest";
import { openQueue } from "../../src/queue/open.ts";
import { type QueueHarness, queueContract } from "./queue.ts";
import { scheduleContract } from "./queue-schedules.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(() => database.close());

const NAME = "the queue in the embedded database";
const harness = (): QueueHarness => ({
  open: (log) => openQueue({ backend: "embedded", database, log }),
  clear: async () =>
    void (await database.exec(
      "delete from bullmq.job; delete from bullmq.event; delete from bullmq.meta; delete from bullmq.scheduler",
    )),
});

queueContract(NAME, harness);
scheduleContract(NAME, harness);
