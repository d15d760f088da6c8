/**
 * Promise 1 under kill -9: whatever dies, every accepted signal is decided once and answered at most once.
 * Locks are shortened by configuration so that a run takes seconds; ATTUNE_LONG_FAULTS=1 runs the full counts.
 */
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { jobOf } from "../../src/work/jobs.ts";
import { playbookOf, readPlaybookFiles } from "../../src/work/publish.ts";
import { postgresFor, redisFor } from "../suites.ts";
import { startFleet } from "./fleet.ts";
import { expectSoundInboxes, feedbackSignals, until } from "./load.ts";
import { openParts, type OpenParts } from "./parts.ts";

const HOME = join(import.meta.dirname, "../..");
const LONG = process.env["ATTUNE_LONG_FAULTS"] === "1";
const SHORT_LOCKS = {
  ATTUNE_LOCK_MS: "2000",
  ATTUNE_STALLED_MS: "500",
  ATTUNE_RECONCILE_MS: "2000",
  ATTUNE_RECONCILE_AFTER_MS: "8000",
};

const postgresUrl = await postgresFor("faults on PostgreSQL");
const redisUrl = await redisFor("faults on Redis and PostgreSQL");

interface Setting {
  readonly name: string;
  readonly environment: () => Promise<NodeJS.ProcessEnv>;
  readonly present: boolean;
}

const SETTINGS: readonly Setting[] = [
  {
    name: "PostgreSQL alone",
    present: postgresUrl !== undefined,
    environment: async () => ({
      ...SHORT_LOCKS,
      DATABASE_URL: await postgresFor("faults"),
      REDIS_URL: undefined,
    }),
  },
  {
    name: "Redis and PostgreSQL",
    present: postgresUrl !== undefined && redisUrl !== undefined,
    environment: async () => ({
      ...SHORT_LOCKS,
      DATABASE_URL: await postgresFor("faults"),
      REDIS_URL: await redisFor("faults"),
    }),
  },
];

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
});

const openAt = async (environment: NodeJS.ProcessEnv): Promise<OpenParts> => {
  const parts = await openParts(readConfig(environment));
  stops.push(() => parts.stop());
  await parts.store.publish("default", playbookOf(readPlaybookFiles(HOME)));
  return parts;
};

const fleetAt = async (size: number, environment: NodeJS.ProcessEnv) => {
  const fleet = await startFleet(size, environment);
  stops.push(() => fleet.stop());
  return fleet;
};

/** Seeded, so that a failing run can be run again. */
const dice = (seed: number) => {
  let state = seed;
  return (sides: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % sides;
  };
};

describe.each(SETTINGS)("on $name", ({ present, environment }) => {
  const signalCount = LONG ? 2000 : 600;
  const kills = LONG ? 20 : 5;

  it.skipIf(!present)(
    `decides ${signalCount} signals once each while workers are killed ${kills} times`,
    { timeout: 300_000 },
    async () => {
      const servers = await environment();
      const { store, queue } = await openAt(servers);
      const signals = feedbackSignals("kill", signalCount);
      const fleet = await fleetAt(2, servers);
      const roll = dice(7);
      await queue.add(signals.slice(0, signalCount / 2).map(jobOf));
      for (let round = 0; round < kills; round += 1) {
        const from = signalCount / 2 + Math.floor((round * signalCount) / 2 / kills);
        const to = signalCount / 2 + Math.floor(((round + 1) * signalCount) / 2 / kills);
        await queue.add(signals.slice(from, to).map(jobOf));
        await until(
          () => store.counts(),
          ({ decided }) => decided >= Math.min(from / 2, round * 10),
          60_000,
        );
        await fleet.kill(roll(2));
      }
      const counts = await until(
        () => store.counts(),
        ({ decided, deadLetters }) => decided + deadLetters >= signalCount,
        120_000,
      );
      expect(counts).toMatchObject({ decided: signalCount, deadLetters: 0 });
      expect(await expectSoundInboxes(store)).toBe(counts.replies);
      expect(counts.replies).toBeGreaterThan(0);
    },
  );

  it.skipIf(!present)(
    "isolates a signal that kills its worker and decides its 400 neighbours",
    { timeout: 300_000 },
    async () => {
      const servers = await environment();
      const { store, queue } = await openAt(servers);
      const [poison] = feedbackSignals("poison", 1);
      const neighbours = feedbackSignals("neighbour", 400);
      if (poison === undefined) throw new Error("no poison");
      const fleet = await fleetAt(2, servers);
      await queue.add([...neighbours.slice(0, 200), poison, ...neighbours.slice(200)].map(jobOf));
      const counts = await until(
        () => store.counts(),
        ({ decided, deadLetters }) => decided >= 400 && deadLetters >= 1,
        120_000,
      );
      expect(counts).toMatchObject({ decided: 400, deadLetters: 1 });
      expect(await store.deadLetters(10)).toMatchObject([{ id: "poison-0", reason: "poison" }]);
      // The first death, and one for each of the three recoveries.
      expect(fleet.crashes()).toBe(4);
    },
  );
});
