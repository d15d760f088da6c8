/** Replays signals through the real queue, workers and embedded store, and gives every decision and inbox as the bytes that were written. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import type { Signal } from "../../src/core/signal.ts";
import { conclude } from "../../src/work/conclude.ts";
import { batchJobs } from "../../src/work/jobs.ts";
import { playbookOf, readPlaybookFiles } from "../../src/work/publish.ts";
import { openWorkers } from "../../src/work/workers.ts";
import { until } from "../faults/load.ts";
import { openParts } from "../faults/parts.ts";

export const HOME = join(import.meta.dirname, "../..");

export interface ReplayOptions {
  readonly signals: readonly Signal[];
  readonly concurrency: number;
  /** Signals in one job. */
  readonly jobSize: number;
}

/** Signal id → decision and settlement as JSON; customer id → inbox as JSON. */
export interface Replayed {
  readonly decisions: ReadonlyMap<string, string>;
  readonly inboxes: ReadonlyMap<string, string>;
}

const collect = async (
  store: Awaited<ReturnType<typeof openParts>>["store"],
  signals: readonly Signal[],
): Promise<Replayed> => {
  const decisions = new Map<string, string>();
  for await (const { decision, settlement } of store.history("default"))
    decisions.set(decision.signalId, JSON.stringify({ decision, settlement }));
  const inboxes = new Map<string, string>();
  for (const id of new Set(signals.map(({ customerId }) => customerId)))
    inboxes.set(
      id,
      JSON.stringify(await store.inbox({ tenant: "default", id }, { after: 0, limit: 500 })),
    );
  return { decisions, inboxes };
};

export const replay = async ({
  signals,
  concurrency,
  jobSize,
}: ReplayOptions): Promise<Replayed> => {
  const directory = await mkdtemp(join(tmpdir(), "attune-golden-"));
  const config = readConfig({
    ATTUNE_DATA: join(directory, "data"),
    ATTUNE_CONCURRENCY: String(concurrency),
  });
  const parts = await openParts(config);
  const workers = openWorkers({ ...config, ...parts, conclude });
  try {
    await parts.store.publish("default", playbookOf(readPlaybookFiles(HOME)));
    const incoming = signals.map((signal) => ({
      tenant: "default",
      clock: "signal" as const,
      signal,
    }));
    await parts.queue.add(batchJobs(incoming, jobSize));
    await workers.start();
    await until(
      () => parts.store.counts(),
      ({ decided, deadLetters }) => decided + deadLetters === signals.length,
      120_000,
    );
    return await collect(parts.store, signals);
  } finally {
    await workers.stop(5000);
    await parts.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
