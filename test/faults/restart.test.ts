/** The embedded deployment killed again and again: PGlite's directory, the lock, the queue in it and the reconciler together lose nothing. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { conclude } from "../../src/work/conclude.ts";
import { openWorkers } from "../../src/work/workers.ts";
import { expectSoundInboxes, until } from "./load.ts";
import { openParts } from "./parts.ts";

const LONG = process.env["ATTUNE_LONG_FAULTS"] === "1";
const KILLS = LONG ? 10 : 3;
const SHARE = 100;
const SHORT = {
  ATTUNE_LOCK_MS: "1000",
  ATTUNE_STALLED_MS: "300",
  ATTUNE_RECONCILE_MS: "500",
  ATTUNE_RECONCILE_AFTER_MS: "1000",
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
});

/** Starts the process with its share and kills it once it has accepted `killAfter` signals of it. */
const runAndKill = async (environment: NodeJS.ProcessEnv, killAfter: number): Promise<void> => {
  const child: ChildProcess & { stdout: NonNullable<ChildProcess["stdout"]> } = spawn(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "embedded-worker.ts")],
    { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout }))
    if (line === "all accepted" || Number(/^accepted (\d+)$/u.exec(line)?.[1] ?? 0) >= killAfter)
      child.kill("SIGKILL");
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
};

it(
  `loses nothing and answers nothing twice over ${KILLS} kills of the embedded process`,
  { timeout: 300_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "attune-faults-"));
    stops.push(() => rm(directory, { recursive: true, force: true }));
    const environment = {
      ...SHORT,
      ATTUNE_DATA: join(directory, "data"),
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
    };
    for (let run = 0; run < KILLS; run += 1) {
      const share = `${run * SHARE}-${(run + 1) * SHARE}`;
      await runAndKill(
        { ...environment, FAULTS_SHARE: share },
        run * SHARE + 20 + ((run * 37) % 80),
      );
    }

    const config = readConfig(environment);
    const parts = await openParts(config);
    stops.push(() => parts.stop());
    const workers = openWorkers({ ...config, ...parts, conclude });
    stops.push(() => workers.stop(5000));
    await workers.start();
    const counts = await until(
      () => parts.store.counts(),
      ({ accepted, decided }) => accepted === 0 && decided > 0,
      60_000,
    );
    expect(counts.deadLetters).toBe(0);
    expect(counts.decided).toBeGreaterThanOrEqual(KILLS * 20);
    expect(await expectSoundInboxes(parts.store)).toBe(counts.replies);
  },
);
