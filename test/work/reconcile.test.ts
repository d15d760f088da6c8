import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewJob, Store } from "../../src/core/ports.ts";
import { jobOf } from "../../src/work/jobs.ts";
import { openReconciler, reconcile, type ReconcilerOptions } from "../../src/work/reconcile.ts";
import { condition, deferred } from "../contracts/queue.ts";
import { until } from "../faults/load.ts";
import {
  complaint,
  keyOf,
  lostConnection,
  openRoom,
  type Room,
  SHIPPED,
  statesOf,
  workersOf,
} from "./room.ts";

let room: Room;
beforeEach(async () => {
  room = await openRoom();
  await room.store.publish("default", SHIPPED);
});
afterEach(() => room.stop());

const HOUR_MS = 3_600_000;

const optionsOf = (changes: Partial<ReconcilerOptions> = {}): ReconcilerOptions => ({
  store: room.store,
  queue: room.queue,
  log: room.log,
  intervalMs: 1,
  afterMs: 0,
  onRound: () => undefined,
  ...changes,
});

describe("a round", () => {
  it("queues what has waited too long, so that it is decided", async () => {
    const signals = [complaint(), complaint()];
    await room.store.accept(signals);
    expect(await reconcile(optionsOf())).toBe(2);
    const workers = workersOf(room);
    await workers.start();
    await until(
      () => statesOf(room.store, signals),
      (states) => states.every((state) => state === "decided"),
      15_000,
    );
    await workers.stop(5_000);
    expect(await reconcile(optionsOf())).toBe(0);
  });

  it("queues a backlog in batches of one tenant and clock, page after page, until it is told to stop", async () => {
    const backlog = [
      ...Array.from({ length: 620 }, () => complaint()),
      ...Array.from({ length: 3 }, () => ({ ...complaint(), clock: "signal" as const })),
    ];
    for (let from = 0; from < backlog.length; from += 200)
      await room.store.accept(backlog.slice(from, from + 200));
    const added: NewJob[] = [];
    const queue = {
      ...room.queue,
      add: async (jobs: readonly NewJob[]) => void added.push(...jobs),
    };
    const options = { ...optionsOf({ queue }), afterMs: 0 };
    expect(await reconcile({ ...options, isStopped: () => true })).toBe(500);
    expect(added.every(({ name }) => name === "batch")).toBe(true);
    expect(added.length).toBeLessThanOrEqual(4);
    const before = added.length;
    expect(await reconcile(options)).toBeGreaterThanOrEqual(123);
    expect(added.length).toBeGreaterThan(before);
    const clocks = added.flatMap(({ data }) => data["clock"]);
    expect(clocks).toContain("signal");
    const workers = workersOf(room);
    await room.queue.add(added);
    await workers.start();
    await until(
      () => statesOf(room.store, backlog),
      (states) => states.every((state) => state === "decided"),
      60_000,
    );
    await workers.stop(5_000);
  }, 90_000);

  it("sets aside an accepted signal that can no longer be read, and queues its neighbour", async () => {
    const [strange, good] = [complaint(), complaint()];
    const signal = { ...strange.signal, at: "+010000-01-01T13:59:59.000Z" };
    await room.store.accept([{ ...strange, signal }, good]);
    expect(await reconcile(optionsOf())).toBe(1);
    expect(await room.store.signalState(keyOf(strange))).toBe("dead");
    expect(await room.store.signalState(keyOf(good))).toBe("accepted");
    expect(await room.store.deadLetters(10)).toMatchObject([
      {
        ...keyOf(strange),
        reason: "invalid",
        detail: expect.stringContaining("signal › at") as string,
      },
    ]);
  });

  it("leaves what has not waited long enough", async () => {
    await room.store.accept([complaint()]);
    expect(await reconcile(optionsOf({ afterMs: HOUR_MS }))).toBe(0);
    expect(await room.queue.counts()).toMatchObject({ waiting: 0 });
  });

  it("adds nothing for a signal whose job still waits", async () => {
    const one = complaint();
    await room.store.accept([one]);
    await room.queue.add([jobOf(one)]);
    expect(await reconcile(optionsOf())).toBe(1);
    expect(await room.queue.counts()).toMatchObject({ waiting: 1 });
  });

  it("keeps the instant that a signal was accepted with", async () => {
    const [byDatabase, bySignal] = [complaint(), { ...complaint(), clock: "signal" as const }];
    await room.store.accept([byDatabase, bySignal]);
    const added: NewJob[] = [];
    const queue = {
      ...room.queue,
      add: async (jobs: readonly NewJob[]) => void added.push(...jobs),
    };
    await reconcile(optionsOf({ queue }));
    const clocks = added.map(({ id, data }) => [id, data["clock"]]);
    expect(clocks).toContainEqual([jobOf(byDatabase).id, "database"]);
    expect(clocks).toContainEqual([jobOf(bySignal).id, "signal"]);
  });
});

describe("the reconciler", () => {
  it("survives a round that fails and looks again", async () => {
    const one = complaint();
    await room.store.accept([one]);
    const queued = condition<readonly NewJob[]>("a later round queues the signal");
    let rounds = 0;
    const store: Store = {
      ...room.store,
      takeOverdue: (olderThanMs, limit) => {
        rounds += 1;
        return rounds === 1
          ? Promise.reject(lostConnection())
          : room.store.takeOverdue(olderThanMs, limit);
      },
    };
    const queue = { ...room.queue, add: async (jobs: readonly NewJob[]) => queued.meet(jobs) };
    const reconciler = openReconciler(optionsOf({ store, queue }));
    reconciler.start();
    expect(await queued.met).toEqual([jobOf(one)]);
    await reconciler.stop();
    expect(room.said).toContainEqual({
      level: "warn",
      sentence: expect.stringContaining("the next round tries again") as string,
      details: { reason: lostConnection().message },
    });
  });

  it("calls before each round, also when the call fails", async () => {
    const twice = condition<void>("two rounds begin");
    let rounds = 0;
    const onRound = (): void => {
      rounds += 1;
      if (rounds === 2) twice.meet();
      throw new Error("nobody listens");
    };
    const reconciler = openReconciler(optionsOf({ onRound }));
    reconciler.start();
    await twice.met;
    await reconciler.stop();
    expect(room.said.at(-1)).toMatchObject({ details: { reason: "nobody listens" } });
  });

  it("never runs two rounds at once, and ends the running one before it has stopped", async () => {
    const begun = condition<void>("a round runs");
    const gate = deferred<readonly never[]>();
    let asked = 0;
    const store: Store = {
      ...room.store,
      takeOverdue: () => {
        asked += 1;
        begun.meet();
        return gate.promise;
      },
    };
    const reconciler = openReconciler(optionsOf({ store }));
    reconciler.start();
    await begun.met;
    let stopped = false;
    const stopping = reconciler.stop().then(() => (stopped = true));
    await room.store.counts();
    expect([stopped, asked]).toEqual([false, 1]);
    gate.resolve([]);
    await stopping;
    expect([stopped, asked]).toEqual([true, 1]);
  });

  it("may be stopped before it is started, and twice, and stays stopped", async () => {
    const store: Store = {
      ...room.store,
      takeOverdue: () => Promise.reject(new Error("a stopped reconciler asked")),
    };
    const reconciler = openReconciler(optionsOf({ store }));
    await reconciler.stop();
    reconciler.start();
    await reconciler.stop();
    await room.store.counts();
    expect(room.said).toEqual([]);
  });

  it("starts one chain of rounds however often it is started", async () => {
    const begun = condition<void>("a round runs");
    const gate = deferred<readonly never[]>();
    let asked = 0;
    const store: Store = {
      ...room.store,
      takeOverdue: () => {
        asked += 1;
        begun.meet();
        return gate.promise;
      },
    };
    const reconciler = openReconciler(optionsOf({ store }));
    reconciler.start();
    reconciler.start();
    await begun.met;
    await room.store.counts();
    expect(asked).toBe(1);
    gate.resolve([]);
    await reconciler.stop();
  });
});

describe("workers", () => {
  it("decide what the queue forgot, by rounds of their own", async () => {
    const one = complaint();
    await room.store.accept([one]);
    const workers = workersOf(room, { reconcileIntervalMs: 1, reconcileAfterMs: 0 });
    await workers.start();
    await until(
      () => room.store.signalState(keyOf(one)),
      (state) => state === "decided",
      15_000,
    );
    await workers.stop(5_000);
    await workers.stop(5_000);
    expect(await room.store.counts()).toMatchObject({ accepted: 0, decided: 1 });
  });

  it("may be stopped before they start", async () => {
    const workers = workersOf(room);
    await workers.stop(100);
    expect(await room.queue.counts()).toMatchObject({ active: 0 });
  });
});
