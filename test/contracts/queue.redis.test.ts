import { Redis } from "ioredis";
import { describe } from "vitest";
import { openQueue } from "../../src/queue/open.ts";
import { redisFor } from "../suites.ts";
import { type QueueHarness, queueContract, relayContract } from "./queue.ts";
import { scheduleContract } from "./queue-schedules.ts";

const NAME = "the queue on Redis";
const url = await redisFor(NAME);

const clear = async (): Promise<void> => {
  const client = new Redis(url ?? "");
  await client.flushdb();
  client.disconnect();
};

const harness = (): QueueHarness => ({
  open: (log) => openQueue({ backend: "redis", url: url ?? "", log }),
  clear,
});

describe.skipIf(url === undefined)("Redis", () => {
  queueContract(NAME, harness);
  scheduleContract(NAME, harness);
  relayContract("the relay on Redis", harness);
});
