/**
 * End to end: from jobs waiting in the queue to committed replies, in items per second, beside the same run with an empty story
 * and beside bare BullMQ whose jobs do nothing. Read the ratios: all three run in one process, one after another, on the same servers.
 *
 *   npm run bench:pipeline                    every deployment whose server is installed
 *   npm run bench:pipeline -- --items 5000    how many signals a run has (default 10,000)
 *   npm run bench:pipeline -- --only redis    one deployment: pglite, redis or postgres
 */
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "../src/config.ts";
import { LIMITS } from "../src/core/limits.ts";
import type { ConsumerOptions, IncomingSignal } from "../src/core/ports.ts";
import { feedbackSchema } from "../src/core/signal.ts";
import { conclude, type Conclude } from "../src/work/conclude.ts";
import { readFixtures } from "../src/work/fixtures.ts";
import { batchJobs } from "../src/work/jobs.ts";
import { playbookOf, readPlaybookFiles } from "../src/work/publish.ts";
import { openWorkers } from "../src/work/workers.ts";
import { openParts, type OpenParts } from "../test/faults/parts.ts";
import { INSTALL_COMMAND, startPostgres, startRedis } from "../test/servers.ts";

const HOME = join(import.meta.dirname, "..");
const JOB_SIZES = [1, 50, LIMITS.batchSignals] as const;
const CUSTOMERS = 1000;

/** What an analysis, a history and rules would cost nothing: the same rows are written, without a reply. */
const empty: Conclude = (accepted, customer, playbook) => {
  const { tenant, signal, now } = accepted;
  const known = { ...customer, version: customer.version + 1 };
  const ids = { tenant, customerId: signal.customerId, playbook: playbook.hash, now };
  return {
    decided: {
      accepted,
      decision: {
        ...ids,
        signalId: signal.id,
        customerVersion: known.version,
        facts: {},
        proposals: [],
        faults: [],
      },
      settlement: { ...ids, entries: [], replies: [] },
    },
    customer: known,
  };
};

const signalsFor = (run: string, count: number): readonly IncomingSignal[] => {
  const { feedback } = readFixtures(join(HOME, "fixtures"));
  return Array.from({ length: count }, (_, index) => ({
    tenant: "default",
    clock: "database" as const,
    signal: feedbackSchema.parse({
      ...feedback[index % feedback.length],
      id: `${run}-${index}`,
      customerId: `customer-${index % CUSTOMERS}`,
    }),
  }));
};

const WORK = {
  concurrency: 50,
  lockDurationMs: 12_000,
  stalledIntervalMs: 5000,
  reconcileIntervalMs: 60_000,
  reconcileAfterMs: 600_000,
  releaseIntervalMs: 1_000,
};

const seconds = async (work: () => Promise<void>): Promise<number> => {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
};

interface Run {
  /** With `name` it keeps the ids of two runs on one database apart. */
  readonly deployment: string;
  readonly name: string;
  readonly jobSize: number;
  readonly items: number;
}

const addAll = async (
  parts: OpenParts,
  { deployment, name, jobSize, items }: Run,
): Promise<number> => {
  const jobs = batchJobs(signalsFor(`${deployment}-${name}-${jobSize}`, items), jobSize);
  return await seconds(async () => {
    for (let from = 0; from < jobs.length; from += 200)
      await parts.queue.add(jobs.slice(from, from + 200));
  });
};

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 5);
  });

/** Counting rows costs the server as much as writing them, so the tables are asked only once every signal was concluded. */
const decideAll = async (parts: OpenParts, run: Run, story: Conclude): Promise<number> => {
  await addAll(parts, run);
  const before = (await parts.store.counts()).decided;
  let concluded = 0;
  const counted: Conclude = (accepted, customer, playbook) => {
    concluded += 1;
    return story(accepted, customer, playbook);
  };
  const workers = openWorkers({ ...WORK, ...parts, conclude: counted });
  const took = await seconds(async () => {
    await workers.start();
    while (concluded < run.items) await pause();
    while ((await parts.store.counts()).decided - before < run.items) await pause();
  });
  await workers.stop(5000);
  return run.items / took;
};

const doNothing = async (parts: OpenParts, run: Run): Promise<number> => {
  await addAll(parts, run);
  const jobs = Math.ceil(run.items / run.jobSize);
  let handled = 0;
  const finished = new EventEmitter();
  const options: ConsumerOptions = WORK;
  const consumer = parts.queue.consume(async () => {
    handled += 1;
    if (handled === jobs) finished.emit("all");
    return { kind: "done" };
  }, options);
  const took = await seconds(async () => {
    await Promise.all([once(finished, "all"), consumer.start()]);
  });
  await consumer.stop(5000);
  return run.items / took;
};

const whole = (value: number): string => Math.round(value).toLocaleString("en").padStart(9);

const measure = async (deployment: string, parts: OpenParts, items: number): Promise<void> => {
  await parts.store.publish("default", playbookOf(readPlaybookFiles(HOME)));
  await decideAll(
    parts,
    { deployment, name: "warm", jobSize: 50, items: Math.min(2000, items) },
    conclude,
  );
  for (const jobSize of JOB_SIZES) {
    const count = jobSize === 1 ? Math.ceil(items / 4) : items;
    const full = await decideAll(
      parts,
      { deployment, name: "full", jobSize, items: count },
      conclude,
    );
    const bare = await decideAll(
      parts,
      { deployment, name: "empty", jobSize, items: count },
      empty,
    );
    const noop = await doNothing(parts, { deployment, name: "noop", jobSize, items: count });
    process.stdout.write(
      `${deployment.padEnd(20)} ${String(jobSize).padStart(5)} ${whole(full)} ${whole(bare)} ${whole(noop)}     ${(full / bare).toFixed(2)}\n`,
    );
  }
  await parts.stop();
};

const embedded = async (items: number): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), "attune-bench-"));
  await measure(
    "PGlite",
    await openParts(readConfig({ ATTUNE_DATA: join(directory, "data") })),
    items,
  );
  await rm(directory, { recursive: true, force: true });
};

const onServers = async (wanted: ReadonlySet<string>, items: number): Promise<void> => {
  const postgres = await startPostgres({ durable: true });
  const redis = await startRedis({ appendOnly: true });
  if (postgres === undefined || redis === undefined) {
    process.stdout.write(`PostgreSQL or Redis is not installed: run ${INSTALL_COMMAND}\n`);
  } else {
    const both = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    if (wanted.has("redis"))
      await measure("Redis + PostgreSQL", await openParts(readConfig(both)), items);
    if (wanted.has("postgres"))
      await measure(
        "PostgreSQL alone",
        await openParts(readConfig({ DATABASE_URL: postgres.url })),
        items,
      );
  }
  await redis?.stop();
  await postgres?.stop();
};

const { values } = parseArgs({
  options: { items: { type: "string", default: "10000" }, only: { type: "string" } },
});
const items = Number(values.items);
const wanted = new Set(values.only === undefined ? ["pglite", "redis", "postgres"] : [values.only]);
process.stdout.write(
  "deployment            items/job  attune/s   empty/s   no-op/s  attune/empty\n",
);
if (wanted.has("pglite")) await embedded(items);
if (wanted.has("redis") || wanted.has("postgres")) await onServers(wanted, items);
