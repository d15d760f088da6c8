import { Client } from "pg";
import { describe } from "vitest";
import { openQueue } from "../../src/queue/open.ts";
import { postgresFor } from "../suites.ts";
import { type QueueHarness, queueContract, relayContract } from "./queue.ts";
import { scheduleContract } from "./queue-schedules.ts";

const NAME = "the queue on PostgreSQL";
const url = await postgresFor(NAME);

const clear = async (): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    "delete from bullmq.job; delete from bullmq.event; delete from bullmq.meta; delete from bullmq.scheduler",
  );
  await client.end();
};

const harness = (): QueueHarness => ({
  open: (log) => openQueue({ backend: "postgres", url: url ?? "", log }),
  clear,
});

describe.skipIf(url === undefined)("PostgreSQL", () => {
  queueContract(NAME, harness);
  scheduleContract(NAME, harness);
  relayContract("the relay on PostgreSQL", harness);
});
