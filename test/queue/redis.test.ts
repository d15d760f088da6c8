import { describe, expect, it } from "vitest";
import { openQueue } from "../../src/queue/open.ts";
import { condition, OPTIONS, job } from "../contracts/queue.ts";
import { ownRedisFor } from "../suites.ts";
import { outageSuite } from "./outage.ts";

const server = await ownRedisFor("outages of the queue on Redis", { appendOnly: true });

it("is not reached, and says where without the password, whatever that holds", async () => {
  const opening = openQueue({
    backend: "redis",
    url: "redis://name:half@other-half@127.0.0.1:1/0",
    log: () => undefined,
  });
  await expect(opening).rejects.toMatchObject({
    code: "QUEUE_UNREACHABLE",
    message: expect.stringMatching(
      /^Redis at redis:\/\/127\.0\.0\.1:1\/0 did not answer/u,
    ) as string,
  });
});

describe.skipIf(server === undefined)("Redis", () => {
  outageSuite("redis", () => Promise.resolve(server));

  it("is warned about when it may evict jobs", async () => {
    const evicting = await ownRedisFor("eviction on Redis", { maxmemoryPolicy: "allkeys-lru" });
    const said: unknown[] = [];
    const { queue, relay } = await openQueue({
      backend: "redis",
      url: evicting?.url ?? "",
      log: (level, sentence, details) => said.push([level, sentence, details]),
    });
    await relay.stop();
    await queue.stop();
    await evicting?.stop();
    expect(said).toEqual([
      ["warn", expect.stringContaining("noeviction"), { policy: "allkeys-lru" }],
    ]);
  });

  it("keeps every key under one hash tag", async () => {
    const own = await ownRedisFor("keys on Redis");
    const { queue, relay } = await openQueue({
      backend: "redis",
      url: own?.url ?? "",
      log: () => undefined,
    });
    const taken = condition<void>("a job");
    await queue.add([job("a"), job("b")]);
    await queue
      .consume(() => {
        taken.meet();
        return Promise.resolve({ kind: "retry", delayMs: 60_000, reason: "" });
      }, OPTIONS)
      .start();
    await taken.met;
    await relay.announcePlaybook("default");
    const { Redis } = await import("ioredis");
    const client = new Redis(own?.url ?? "");
    const keys = await client.keys("*");
    client.disconnect();
    await relay.stop();
    await queue.stop();
    await own?.stop();
    expect(keys.length).toBeGreaterThan(4);
    expect(keys.filter((key) => !key.startsWith("{attune}:"))).toEqual([]);
  });
});
