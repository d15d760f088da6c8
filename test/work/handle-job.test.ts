import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IncomingSignal, JobOutcome, QueueJob, Store } from "../../src/core/ports.ts";
import type { Signal } from "../../src/core/signal.ts";
import { conclude, type Conclude } from "../../src/work/conclude.ts";
import { decideGroup } from "../../src/work/decide.ts";
import { openJobHandler } from "../../src/work/handle-job.ts";
import { jobOf } from "../../src/work/jobs.ts";
import { openLanes } from "../../src/work/lanes.ts";
import { condition, deferred } from "../contracts/queue.ts";
import { until } from "../faults/load.ts";
import {
  complaint,
  deciderOf,
  fresh,
  keyOf,
  lostConnection,
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

interface Worker {
  readonly store?: Store;
  readonly conclude?: Conclude;
}

/** A handler with lanes of its own: another call is another worker process. */
const workerOf = (worker: Worker = {}, base: Room = room) => {
  const decider = deciderOf(base, worker);
  const lanes = openLanes({
    lanes: 1,
    groupMax: 100,
    decide: (group) => decideGroup(decider, group),
  });
  return openJobHandler({ decider, lanes });
};

const single = (one: IncomingSignal, recoveries = 0): QueueJob => ({
  ...jobOf(one),
  id: fresh("job"),
  recoveries,
  retries: 0,
});

const batch = (signals: readonly unknown[], recoveries = 0): QueueJob => ({
  id: fresh("job"),
  name: "batch",
  data: { v: 1, signals },
  recoveries,
  retries: 0,
});

const bodies = (incoming: readonly IncomingSignal[]): readonly Signal[] =>
  incoming.map(({ signal }) => signal);

const letters = async (id: string) =>
  (await room.store.deadLetters(500)).filter((letter) => letter.id.includes(id));

const DONE: JobOutcome = { kind: "done" };

describe("a job", () => {
  it("of one signal decides it", async () => {
    const one = complaint();
    expect(await workerOf()(single(one))).toEqual(DONE);
    expect(await room.store.signalState(keyOf(one))).toBe("decided");
  });

  it("that comes a second time changes nothing", async () => {
    const one = complaint();
    await workerOf()(single(one));
    const stored = JSON.stringify(await room.store.decision(keyOf(one)));
    expect(await workerOf()(single(one))).toEqual(DONE);
    expect(await workerOf()(single(one, 1))).toEqual(DONE);
    expect(JSON.stringify(await room.store.decision(keyOf(one)))).toBe(stored);
    const inbox = await room.store.inbox(
      { tenant: "default", id: one.signal.customerId },
      { after: 0, limit: 10 },
    );
    expect(inbox).toHaveLength(1);
  });

  it("takes its tenant and its clock from the envelope", async () => {
    const shop = fresh("shop");
    const one = complaint({}, shop);
    const job = {
      ...single(one),
      data: { v: 1, tenant: shop, clock: "signal", signal: one.signal },
    };
    expect(await workerOf()(job)).toEqual(DONE);
    expect((await room.store.decision(keyOf(one)))?.decision.now).toBe(one.signal.at);
  });

  it("with a signal that cannot be read sets that one aside and decides its neighbours", async () => {
    const [first, bad, last] = [complaint(), complaint(), complaint()];
    const job = batch([first.signal, { ...bad.signal, rating: 9, text: 7 }, last.signal]);
    expect(await workerOf()(job)).toEqual(DONE);
    expect(await statesOf(room.store, [first, bad, last])).toEqual([
      "decided",
      "unknown",
      "decided",
    ]);
    const [letter] = await letters(`job:${job.id}`);
    expect(letter).toMatchObject({
      id: expect.stringMatching(/#1:[0-9a-f]{12}$/u) as string,
      reason: "invalid",
      payload: { id: bad.signal.id, rating: 9, text: 7 },
    });
    expect(letter?.detail.split("\n").toSorted()).toEqual([
      "signals[1] › rating: is above 5; ratings run from 1 to 5",
      expect.stringMatching(/^signals\[1\] › text: .+/u),
    ]);
  });

  it("finds the id of a refused signal free once that was corrected", async () => {
    const one = complaint();
    await workerOf()(batch([{ ...one.signal, rating: 0 }]));
    expect(await workerOf()(single(one))).toEqual(DONE);
    expect(await room.store.signalState(keyOf(one))).toBe("decided");
  });

  it.each([
    ["feedback", { v: 2, signal: {} }, /^data › v: is not a known version; say "v": 1$/u],
    ["event", "not even an object", /^data: .+/u],
    ["batch", { v: 1, signals: [] }, /^data › signals: is empty; send 1 to 200 signals$/u],
    ["feedbak", {}, /^job: the name "feedbak" is not known; did you mean "feedback"\?/u],
    ["event", null, /^data: .+/u],
  ])("named %s that holds %j is kept whole with its reason, once", async (name, data, detail) => {
    const job: QueueJob = { id: fresh("job"), name, data, recoveries: 0, retries: 0 };
    expect(await workerOf()(job)).toEqual(DONE);
    expect(await workerOf()({ ...job, recoveries: 1 })).toEqual(DONE);
    const found = await letters(`job:${job.id}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      id: expect.stringMatching(/#0:[0-9a-f]{12}$/u) as string,
      tenant: "default",
      reason: "invalid",
    });
    expect(found[0]?.detail).toMatch(detail);
  });
});

describe("a retrain job", () => {
  const retrain: QueueJob = {
    id: "nightly",
    name: "retrain",
    data: { tasks: ["churn"] },
    recoveries: 0,
    retries: 0,
  };

  it("fails where nobody retrains, and is tried again", async () => {
    expect(await workerOf()(retrain)).toEqual({
      kind: "retry",
      delayMs: 30_000,
      reason: "Error: retraining is not available in this process",
    });
  });

  it("comes back when its dead letter cannot be written", async () => {
    const store = { ...room.store, bury: () => Promise.reject(lostConnection()) };
    expect(await workerOf({ store })({ ...retrain, data: null })).toEqual({
      kind: "retry",
      delayMs: 1_000,
      reason: lostConnection().message,
    });
  });
});

describe("a job that somebody else queued", () => {
  it.each([["nul\0"], ["line\nfeed"], ["\ud800"], ["long".repeat(1_000)]])(
    "under an id that no store can hold is set aside all the same (%#)",
    async (id) => {
      const data = { from: fresh("backend") };
      const worker = workerOf();
      expect(await worker({ id, name: "feedback", data, recoveries: 0, retries: 0 })).toEqual(DONE);
      const found = (await room.store.deadLetters(500)).filter(
        ({ payload }) => payload["from"] === data.from,
      );
      expect(found).toMatchObject([
        { id: expect.stringMatching(/^job:[0-9a-f]{64}#0:[0-9a-f]{12}$/u) as string },
      ]);
    },
  );
});

const away = () => Promise.reject(lostConnection());

describe("a job in a broken world", () => {
  it.each([
    ["new", 0],
    ["recovered", 2],
  ])("(%s) comes back, and nobody is set aside", async (_name, recoveries) => {
    const one = complaint();
    const store = { ...room.store, group: away };
    const outcome = await workerOf({ store })(single(one, recoveries));
    expect(outcome).toEqual({
      kind: "retry",
      delayMs: expect.any(Number) as number,
      reason: "connect ECONNREFUSED 127.0.0.1:5432",
    });
    expect(await letters(one.signal.id)).toEqual([]);
    expect(await workerOf()(single(one, recoveries))).toEqual(DONE);
    expect(await room.store.signalState(keyOf(one))).toBe("decided");
  });

  it("comes back when not even the dead letter can be written", async () => {
    const job = { ...single(complaint()), name: "nothing" };
    const store = { ...room.store, bury: away };
    expect(await workerOf({ store })(job)).toMatchObject({ kind: "retry" });
    expect(await workerOf()(job)).toEqual(DONE);
    expect(await letters(`job:${job.id}`)).toHaveLength(1);
  });

  it("comes back only when all of its signals have ended", async () => {
    const signals = [complaint(), complaint()];
    const second = deferred<void>();
    const running = condition<void>("the second group runs");
    let ended = false;
    let groups = 0;
    const handler = openJobHandler({
      decider: deciderOf(room),
      lanes: openLanes({
        lanes: 1,
        groupMax: 1,
        decide: () => {
          groups += 1;
          if (groups === 1) return Promise.reject(lostConnection());
          running.meet();
          return second.promise;
        },
      }),
    });
    const outcome = handler(batch(bodies(signals))).then((found) => {
      ended = true;
      return found;
    });
    await running.met;
    await room.store.counts();
    expect(ended).toBe(false);
    second.resolve();
    expect(await outcome).toMatchObject({ kind: "retry", reason: lostConnection().message });
  });

  it("comes back until a playbook is published, and is then decided", async () => {
    const empty = await openRoom();
    const workers = workersOf(empty);
    try {
      const one = complaint();
      await workers.start();
      await empty.queue.add([jobOf(one)]);
      await until(
        async () => empty.said,
        (said) => said.some(({ sentence }) => sentence === "a job comes back later"),
        10_000,
      );
      expect(await statesOf(empty.store, [one])).toEqual(["unknown"]);
      await empty.store.publish("default", SHIPPED);
      await until(
        () => empty.store.signalState(keyOf(one)),
        (state) => state === "decided",
        10_000,
      );
      expect(await empty.store.deadLetters(10)).toEqual([]);
      expect(
        empty.said.find(({ sentence }) => sentence === "a job comes back later"),
      ).toMatchObject({
        level: "warn",
        details: { reason: 'No playbook is published for tenant "default".' },
      });
    } finally {
      await workers.stop(5_000);
      await empty.stop();
    }
  });
});

/** A worker that dies once the attempt at the signal is counted, as one does that is killed while deciding it. */
const dying = (id: string) => {
  const died = condition<void>(`a worker dies of ${id}`);
  const store: Store = {
    ...room.store,
    suspect: async (key) => {
      const attempts = await room.store.suspect(key);
      if (key.id !== id) return attempts;
      died.meet();
      return await new Promise<never>(() => undefined);
    },
  };
  return { store, died: died.met };
};

describe("a job that came back from a dead worker", () => {
  it("waits until nothing else runs, and counts the attempt before it decides", async () => {
    const [innocent, suspect] = [complaint(), complaint()];
    const order: string[] = [];
    const gate = deferred<void>();
    const begun = condition<void>("the innocent group runs");
    const store: Store = {
      ...room.store,
      suspect: async (key) => {
        const attempts = await room.store.suspect(key);
        order.push(`attempt ${attempts} counted`);
        return attempts;
      },
      group: async (work) => {
        const place = order.filter((line) => line.endsWith("begins")).length + 1;
        order.push(`group ${place} begins`);
        begun.meet();
        await gate.promise;
        const result = await room.store.group(work);
        order.push(`group ${place} ends`);
        return result;
      },
    };
    const handler = workerOf({ store });
    const first = handler(single(innocent));
    await begun.met;
    const second = handler(single(suspect, 1));
    // The store answers in turn: a suspect that did not wait would have been counted by its third question.
    for (let question = 0; question < 10; question += 1) await room.store.counts();
    expect(order).toEqual(["group 1 begins"]);
    gate.resolve();
    expect(await Promise.all([first, second])).toEqual([DONE, DONE]);
    expect(order).toEqual([
      "group 1 begins",
      "group 1 ends",
      "attempt 1 counted",
      "group 2 begins",
      "group 2 ends",
    ]);
    expect(await statesOf(room.store, [innocent, suspect])).toEqual(["decided", "decided"]);
  });

  it("is set aside as poison after three deaths alone, and its neighbours are decided", async () => {
    const signals = [complaint(), complaint(), complaint()];
    const poison = signals[1];
    for (let recoveries = 1; recoveries <= 3; recoveries += 1) {
      const { store, died } = dying(poison?.signal.id ?? "");
      void workerOf({ store })(batch(bodies(signals), recoveries));
      await died;
      expect(await statesOf(room.store, signals)).toEqual(["decided", "accepted", "accepted"]);
    }
    expect(await workerOf()(batch(bodies(signals), 4))).toEqual(DONE);
    expect(await statesOf(room.store, signals)).toEqual(["decided", "dead", "decided"]);
    expect(await letters(poison?.signal.id ?? "")).toEqual([
      {
        tenant: "default",
        id: poison?.signal.id,
        reason: "poison",
        detail: "its worker died 3 times while this signal was decided alone",
        payload: poison?.signal,
      },
    ]);
  });

  it("is not set aside when it succeeds at the third attempt", async () => {
    const one = complaint();
    for (let recoveries = 1; recoveries <= 2; recoveries += 1) {
      const { store, died } = dying(one.signal.id);
      void workerOf({ store })(single(one, recoveries));
      await died;
    }
    expect(await workerOf()(single(one, 3))).toEqual(DONE);
    expect(await room.store.signalState(keyOf(one))).toBe("decided");
    expect(await letters(one.signal.id)).toEqual([]);
  });

  it("is not set aside however often the world breaks under it: only deaths count", async () => {
    const one = complaint();
    const store: Store = { ...room.store, group: () => Promise.reject(lostConnection()) };
    const handler = workerOf({ store });
    for (let time = 0; time < 6; time += 1)
      expect(await handler(single(one, 1))).toMatchObject({ kind: "retry" });
    expect(await workerOf()(single(one, 1))).toEqual(DONE);
    expect(await room.store.signalState(keyOf(one))).toBe("decided");
    expect(await letters(one.signal.id)).toEqual([]);
  });

  it("tells the first failure even when the attempt cannot be taken back", async () => {
    const one = complaint();
    const store: Store = {
      ...room.store,
      group: () => Promise.reject(lostConnection()),
      acquit: () => Promise.reject(new Error("Connection terminated unexpectedly")),
    };
    expect(await workerOf({ store })(single(one, 1))).toMatchObject({
      kind: "retry",
      reason: lostConnection().message,
    });
    expect(await room.store.suspect(keyOf(one))).toBe(2);
  });

  it("sets a signal aside as a fault when it throws instead of dying", async () => {
    const one = complaint();
    const broken: Conclude = (accepted, customer, playbook) => {
      if (accepted.signal.id === one.signal.id) throw new RangeError("too deep");
      return conclude(accepted, customer, playbook);
    };
    expect(await workerOf({ conclude: broken })(single(one, 1))).toEqual(DONE);
    expect(await letters(one.signal.id)).toMatchObject([
      { reason: "fault", detail: "RangeError: too deep" },
    ]);
  });
});
