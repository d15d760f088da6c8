import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIMITS } from "../../src/core/limits.ts";
import type { NewJob } from "../../src/core/ports.ts";
import { AttuneError } from "../../src/errors.ts";
import type { EnqueueRequest } from "../../src/work/attune.ts";
import { enqueueSignals } from "../../src/work/enqueue.ts";
import { batchJobs, jobOf } from "../../src/work/jobs.ts";
import { reconcile } from "../../src/work/reconcile.ts";
import { until } from "../faults/load.ts";
import {
  complaint,
  fresh,
  keyOf,
  openRoom,
  type Room,
  SHIPPED,
  statesOf,
  workersOf,
} from "./room.ts";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
  await room.store.publish("default", SHIPPED);
});
afterAll(() => room.stop());

const request = (signals: readonly unknown[], changes: Partial<EnqueueRequest> = {}) => ({
  tenant: "default",
  clock: "database" as const,
  signals,
  ...changes,
});

/** The room's queue, which remembers what it was given. */
const watched = () => {
  const added: NewJob[] = [];
  const queue: Room["queue"] = {
    ...room.queue,
    add: async (jobs) => {
      added.push(...jobs);
      await room.queue.add(jobs);
    },
  };
  return { added, parts: { store: room.store, queue, log: room.log } };
};

const queueAway = (): Room["queue"] => ({
  ...room.queue,
  add: () => Promise.reject(new AttuneError("QUEUE_UNREACHABLE", "The queue is away")),
});

describe("enqueue", () => {
  it("takes the good signals and names the place of every fault of the others", async () => {
    const [one, two] = [complaint(), complaint()];
    const signals = [
      one.signal,
      { ...complaint().signal, rating: 0, at: "yesterday" },
      two.signal,
      { kind: "feedbak" },
      null,
    ];
    const { parts } = watched();
    const receipt = await enqueueSignals(parts, request(signals));
    expect(receipt.accepted).toEqual([one.signal.id, two.signal.id]);
    expect(receipt.refused.map(({ index }) => index)).toEqual([1, 3, 4]);
    expect(receipt.refused.flatMap(({ faults }) => faults.map(({ place }) => place))).toEqual([
      "signals[1] › at",
      "signals[1] › rating",
      "signals[3] › kind",
      "signals[4]",
    ]);
    expect(receipt.refused[0]?.faults).toContainEqual({
      place: "signals[1] › rating",
      sentence: "is below 1; ratings run from 1 to 5",
    });
    expect(await statesOf(room.store, [one, two])).toEqual(["accepted", "accepted"]);
  });

  it("refuses the second of two customers' signals that share an id, and takes a repeated one", async () => {
    const one = complaint();
    const other = { ...complaint().signal, id: one.signal.id };
    const { parts } = watched();
    const receipt = await enqueueSignals(parts, request([one.signal, other, one.signal]));
    expect(receipt.accepted).toEqual([one.signal.id, one.signal.id]);
    expect(receipt.refused).toMatchObject([
      {
        index: 1,
        faults: [
          {
            place: "signals[1] › id",
            sentence: expect.stringContaining(other.customerId) as string,
          },
        ],
      },
    ]);
  });

  it("asks neither store nor queue when nothing is left", async () => {
    const { added, parts } = watched();
    const before = await room.store.counts();
    expect(await enqueueSignals(parts, request([{}]))).toMatchObject({ accepted: [] });
    expect(await enqueueSignals(parts, request([]))).toEqual({ accepted: [], refused: [] });
    expect(added).toEqual([]);
    expect(await room.store.counts()).toEqual(before);
  });

  it("stores before it queues, so that a worker always finds what was accepted", async () => {
    const one = complaint();
    const queue: Room["queue"] = {
      ...room.queue,
      add: async () => {
        expect(await room.store.signalState(keyOf(one))).toBe("accepted");
      },
    };
    await enqueueSignals({ store: room.store, queue, log: room.log }, request([one.signal]));
    expect(await room.store.signalState(keyOf(one))).toBe("accepted");
    expect.assertions(2);
  });

  it("queues nothing that could not be stored", async () => {
    const { added, parts } = watched();
    const store = {
      ...room.store,
      accept: () => Promise.reject(new AttuneError("STORE_UNREACHABLE", "away")),
    };
    await expect(
      enqueueSignals({ ...parts, store }, request([complaint().signal])),
    ).rejects.toMatchObject({ code: "STORE_UNREACHABLE" });
    expect(added).toEqual([]);
  });

  it("refuses a request that is too large as a whole, with its size", async () => {
    const signals = Array.from({ length: LIMITS.batchSignals + 1 }, () => complaint());
    const { parts } = watched();
    await expect(
      enqueueSignals(parts, request(signals.map(({ signal }) => signal))),
    ).rejects.toMatchObject({
      code: "INPUT_INVALID",
      faults: [
        {
          place: "signals",
          sentence: `holds ${signals.length} signals; send at most ${LIMITS.batchSignals} at once`,
        },
      ],
    });
    expect(new Set(await statesOf(room.store, signals))).toEqual(new Set(["unknown"]));
  });

  it("takes a request of the largest size in one job", async () => {
    const signals = Array.from({ length: LIMITS.batchSignals }, () => complaint().signal);
    const { added, parts } = watched();
    const { accepted } = await enqueueSignals(parts, request(signals));
    expect(accepted).toEqual(signals.map(({ id }) => id));
    expect(added.map(({ name }) => name)).toEqual(["batch"]);
  });

  it("decides an id once that is sent twice, in one request and again later", async () => {
    const one = complaint();
    const { parts } = watched();
    const { accepted } = await enqueueSignals(parts, request([one.signal, one.signal]));
    expect(accepted).toEqual([one.signal.id, one.signal.id]);
    await enqueueSignals(parts, request([one.signal]));
    const workers = workersOf(room);
    await workers.start();
    try {
      await until(
        () => room.queue.counts(),
        ({ waiting, active, delayed }) => waiting + active + delayed === 0,
        15_000,
      );
    } finally {
      await workers.stop(5_000);
    }
    const customer = { tenant: "default", id: one.signal.customerId };
    expect((await room.store.customer(customer))?.version).toBe(1);
    expect(await room.store.inbox(customer, { after: 0, limit: 10 })).toHaveLength(1);
  });

  it("keeps tenants apart", async () => {
    const shop = fresh("shop");
    const one = complaint({}, shop);
    const { parts } = watched();
    await enqueueSignals(parts, request([one.signal], { tenant: shop }));
    expect(await statesOf(room.store, [one, complaint({ id: one.signal.id })])).toEqual([
      "accepted",
      "unknown",
    ]);
  });
});

describe("while the queue is away", () => {
  it("signals are accepted all the same, and decided once the reconciler queues them", async () => {
    const signals = [complaint(), complaint()];
    const down = { store: room.store, queue: queueAway(), log: room.log };
    const receipt = await enqueueSignals(down, request(signals.map(({ signal }) => signal)));
    expect(receipt.accepted).toEqual(signals.map(({ signal }) => signal.id));
    expect(room.said.at(-1)).toMatchObject({
      level: "warn",
      details: { signals: 2, reason: "The queue is away" },
    });
    expect(await statesOf(room.store, signals)).toEqual(["accepted", "accepted"]);
    await expect(reconcile({ ...down, afterMs: 0 })).rejects.toMatchObject({
      code: "QUEUE_UNREACHABLE",
    });
    const workers = workersOf(room);
    await workers.start();
    try {
      expect(await reconcile({ ...down, queue: room.queue, afterMs: 0 })).toBeGreaterThanOrEqual(2);
      await until(
        () => statesOf(room.store, signals),
        (states) => states.every((state) => state === "decided"),
        20_000,
      );
    } finally {
      await workers.stop(5_000);
    }
  });
});

describe("jobs", () => {
  it("hold a rest of one as a single job, named for its kind", () => {
    const signals = [complaint(), complaint(), complaint()];
    const jobs = batchJobs(signals, 2);
    expect(jobs.map(({ name }) => name)).toEqual(["batch", "feedback"]);
    expect(jobs[1]).toEqual(jobOf(signals[2] ?? complaint()));
    expect(batchJobs([], 2)).toEqual([]);
  });

  it("have ids that tell apart what tenants and signals may be called", () => {
    const [one, other] = [complaint({ id: 'b","c' }, "a"), complaint({ id: "c" }, 'a","b')];
    expect(jobOf(one).id).not.toBe(jobOf(other).id);
    expect(jobOf(one).id).toBe(jobOf(complaint({ id: 'b","c' }, "a")).id);
  });
});
