/** A Redis that forgets everything in mid-run: what HTTP and the CLI accepted stands in the tables, and the reconciler queues it again. */
import { Redis } from "ioredis";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { conclude } from "../../src/work/conclude.ts";
import { enqueueSignals } from "../../src/work/enqueue.ts";
import { playbookOf, readPlaybookFiles } from "../../src/work/publish.ts";
import { openWorkers } from "../../src/work/workers.ts";
import { ownRedisFor, postgresFor } from "../suites.ts";
import { expectSoundInboxes, feedbackSignals, until } from "./load.ts";
import { openParts } from "./parts.ts";

const databaseUrl = await postgresFor("a flushed Redis");
const redis = databaseUrl === undefined ? undefined : await ownRedisFor("a flushed Redis");
const SIGNALS = 1000;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
  await redis?.stop();
});

it.skipIf(redis === undefined)(
  "loses none of the accepted signals when Redis is flushed twice",
  { timeout: 120_000 },
  async () => {
    const config = readConfig({
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis?.url,
      ATTUNE_LOCK_MS: "2000",
      ATTUNE_STALLED_MS: "500",
      ATTUNE_RECONCILE_MS: "300",
      ATTUNE_RECONCILE_AFTER_MS: "500",
    });
    const parts = await openParts(config);
    stops.push(() => parts.stop());
    await parts.store.publish(
      "default",
      playbookOf(readPlaybookFiles(join(import.meta.dirname, "../.."))),
    );
    const admin = new Redis(redis?.url ?? "");
    stops.push(async () => admin.disconnect());
    const workers = openWorkers({ ...config, ...parts, conclude });
    stops.push(() => workers.stop(5000));

    const signals = feedbackSignals("flush", SIGNALS).map(({ signal }) => signal);
    const send = async (from: number, to: number) => {
      for (let index = from; index < to; index += 50)
        await enqueueSignals(parts, {
          tenant: "default",
          clock: "database",
          signals: signals.slice(index, index + 50),
        });
    };
    await send(0, SIGNALS / 2);
    // Nothing has been taken yet: all that was queued is forgotten.
    await admin.flushall();
    await workers.start();
    await send(SIGNALS / 2, SIGNALS);
    await admin.flushall();

    const counts = await until(
      () => parts.store.counts(),
      ({ accepted }) => accepted === 0,
      60_000,
    );
    expect(counts).toMatchObject({ decided: SIGNALS, deadLetters: 0 });
    expect(await expectSoundInboxes(parts.store)).toBe(counts.replies);
  },
);
