/**
 * What every queue must do, whatever it stands on; run by one test file per deployment.
 * Tests wait for what a handler reports, never for time to pass; `LIMIT_MS` only turns a hang into a failure that names its condition.
 */
import { afterEach, describe, expect, it } from "vitest";
import type {
  ConsumerOptions,
  JobOutcome,
  Log,
  NewJob,
  QueueJob,
  Relay,
  SignalQueue,
} from "../../src/core/ports.ts";

/** One process's view of a queue. Several openers of one harness share the queue. */
interface OpenedQueue {
  readonly queue: SignalQueue;
  readonly relay: Relay;
}

export interface QueueHarness {
  /** Opens the queue as a process would; the first call of a test gets an empty one. */
  open(log: Log): Promise<OpenedQueue>;
  /** After each test, when every opened queue has stopped. */
  clear(): Promise<void>;
}

export const OPTIONS: ConsumerOptions = {
  concurrency: 4,
  lockDurationMs: 10_000,
  stalledIntervalMs: 5_000,
};
/** A lock short enough that a dead worker's jobs come back within the test. */
export const HASTY: ConsumerOptions = {
  concurrency: 4,
  lockDurationMs: 400,
  stalledIntervalMs: 200,
};
export const silent: Log = () => undefined;

const LIMIT_MS = 10_000;

/** A condition with a name, met by a handler. */
export interface Condition<T> {
  readonly met: Promise<T>;
  meet(value: T): void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
export const deferred = <T>() => {
  let settle: { resolve: (value: T) => void; reject: (reason: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return {
    promise,
    resolve: (value: T) => settle?.resolve(value),
    reject: (reason: Error) => settle?.reject(reason),
  };
};

export const condition = <T>(name: string, limitMs = LIMIT_MS): Condition<T> => {
  const { promise, resolve, reject } = deferred<T>();
  const timer = setTimeout(() => reject(new Error(`not met in ${limitMs} ms: ${name}`)), limitMs);
  promise.then(
    () => clearTimeout(timer),
    () => undefined,
  );
  return { met: promise, meet: resolve };
};

export const job = (id: string, data: NewJob["data"] = {}): NewJob => ({
  id,
  name: "feedback",
  data: { n: id, ...data },
});
const DONE: JobOutcome = { kind: "done" };

/** A handler that collects jobs and meets its condition once `count` have come. */
export const collector = (count: number, outcome: (taken: QueueJob) => JobOutcome = () => DONE) => {
  const jobs: QueueJob[] = [];
  const all = condition<readonly QueueJob[]>(`${count} jobs handled`);
  const handle = (taken: QueueJob): Promise<JobOutcome> => {
    jobs.push(taken);
    if (jobs.length === count) all.meet(jobs);
    return Promise.resolve(outcome(taken));
  };
  return { jobs, handle, all: all.met };
};

/** The names that `job` put into the data, as text. */
const named = (jobs: readonly QueueJob[]): readonly string[] =>
  jobs.map(({ data }) => (data as { n: string }).n);

/** Resolves when the queue holds nothing that waits or runs; asks again after every turn of the event loop that an answer takes. */
export const drained = async (queue: SignalQueue, limitMs = LIMIT_MS): Promise<void> => {
  const until = performance.now() + limitMs;
  for (;;) {
    const { waiting, active, delayed } = await queue.counts();
    if (waiting + active + delayed === 0) return;
    if (performance.now() > until) throw new Error(`not met in ${limitMs} ms: the queue is empty`);
  }
};

const ODD_IDS = [
  "plain",
  "123",
  "0",
  "-1",
  "a:b:c",
  ":",
  "repeat:x",
  "客户-反馈",
  "🙂",
  "a b",
  '["default","f1"]',
  "x".repeat(200),
  "__proto__",
  "{attune}",
  "quote'\"\\",
  "a/../b",
  "%s",
  "null",
];

export const queueContract = (name: string, harness: () => QueueHarness): void => {
  describe(`the contract of ${name}`, () => {
    const opened: OpenedQueue[] = [];
    const openAnother = async (log: Log = silent): Promise<OpenedQueue> => {
      const one = await harness().open(log);
      opened.push(one);
      return one;
    };

    afterEach(async () => {
      for (const { queue, relay } of opened.splice(0)) {
        await relay.stop();
        await queue.stop();
      }
      await harness().clear();
    });

    it("hands jobs over in the order in which they were added", async () => {
      const { queue } = await openAnother();
      await queue.add([job("a"), job("b")]);
      await queue.add([job("c")]);
      await queue.add([job("d"), job("e")]);
      const { handle, all } = collector(5);
      await queue.consume(handle, { ...OPTIONS, concurrency: 1 }).start();
      expect(named(await all)).toEqual(["a", "b", "c", "d", "e"]);
    });

    it("gives the handler the name and the data as they were added, and no recoveries", async () => {
      const { queue } = await openAnother();
      const data = { v: 1, signal: { text: '退款 "now" 🙂', list: [1, null, true, { deep: [] }] } };
      await queue.add([{ id: "one", name: "event", data }]);
      const { handle, all } = collector(1);
      await queue.consume(handle, OPTIONS).start();
      const [taken] = await all;
      expect(taken).toMatchObject({ name: "event", data, recoveries: 0, retries: 0 });
    });

    it("does not add an id that is queued already, neither later nor inside one call", async () => {
      const { queue } = await openAnother();
      await queue.add([job("a"), job("a"), job("b")]);
      await queue.add([job("b"), job("a")]);
      expect(await queue.counts()).toMatchObject({ waiting: 2 });
      const { jobs, handle, all } = collector(2);
      await queue.consume(handle, { ...OPTIONS, concurrency: 1 }).start();
      await all;
      await drained(queue);
      expect(named(jobs)).toEqual(["a", "b"]);
    });

    it("takes an id again once its job is done", async () => {
      const { queue } = await openAnother();
      const { handle, all } = collector(2);
      await queue.consume(handle, OPTIONS).start();
      await queue.add([job("again")]);
      await drained(queue);
      await queue.add([job("again")]);
      expect(named(await all)).toEqual(["again", "again"]);
    });

    it("takes ids of any characters and keeps them apart", async () => {
      const { queue } = await openAnother();
      await queue.add(ODD_IDS.map((id) => job(id)));
      const { handle, all } = collector(ODD_IDS.length);
      await queue.consume(handle, OPTIONS).start();
      const taken = await all;
      expect(named(taken).toSorted()).toEqual(ODD_IDS.toSorted());
      expect(new Set(taken.map(({ id }) => id)).size).toBe(ODD_IDS.length);
    });

    it("takes 1,200 jobs at once and one job of 200 signals", async () => {
      const { queue } = await openAnother();
      const signals = Array.from({ length: 200 }, (_, index) => ({
        id: `s${index}`,
        text: "好".repeat(500),
      }));
      await queue.add([{ id: "batch", name: "batch", data: { n: "batch", signals } }]);
      await queue.add(Array.from({ length: 1_200 }, (_, index) => job(`j${index}`)));
      expect(await queue.counts()).toMatchObject({ waiting: 1_201 });
      const { handle, all } = collector(1_201);
      await queue.consume(handle, { ...OPTIONS, concurrency: 50 }).start();
      const taken = await all;
      expect(taken[0]?.data).toEqual({ n: "batch", signals });
      expect(new Set(named(taken)).size).toBe(1_201);
    });

    it("leaves nothing behind when jobs are done", async () => {
      const { queue } = await openAnother();
      const { handle } = collector(3);
      await queue.consume(handle, OPTIONS).start();
      await queue.add([job("a"), job("b"), job("c")]);
      await drained(queue);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    });

    it("wakes an idle consumer by a notification, not by its poll", async () => {
      const { queue } = await openAnother();
      let added = 0;
      const picked: number[] = [];
      let next = condition<void>("the idle consumer takes a job");
      const handle = (): Promise<JobOutcome> => {
        picked.push(performance.now() - added);
        next.meet();
        return Promise.resolve(DONE);
      };
      await queue.consume(handle, OPTIONS).start();
      for (const id of ["zeroth", "first", "second", "third"]) {
        await drained(queue);
        next = condition<void>(`the idle consumer takes the ${id} job`);
        added = performance.now();
        await queue.add([job(id)]);
        await next.met;
      }
      // The first job may find a consumer that does not wait yet: it does not count. Of the other three, two must be quick:
      // a busy machine can hold up a notification, but a poll comes five seconds after the wait began, every time.
      const [, median] = picked.slice(1).toSorted((left, right) => left - right);
      expect(median).toBeLessThan(2_500);
    });

    it("brings a job back that asked for a retry, as often as it asks", async () => {
      const { queue } = await openAnother();
      let times = 0;
      const settled = condition<QueueJob>("the third attempt");
      const handle = (taken: QueueJob): Promise<JobOutcome> => {
        times += 1;
        if (times < 3)
          return Promise.resolve({ kind: "retry", delayMs: 30, reason: "the database is away" });
        settled.meet(taken);
        return Promise.resolve(DONE);
      };
      await queue.consume(handle, OPTIONS).start();
      await queue.add([job("retried")]);
      expect(await settled.met).toMatchObject({
        data: { n: "retried" },
        recoveries: 0,
        retries: 2,
      });
      await drained(queue);
      expect(await queue.counts()).toMatchObject({ failed: 0 });
    });

    it("counts a job that waits for its retry as delayed", async () => {
      const { queue } = await openAnother();
      const { handle, all } = collector(1, () => ({
        kind: "retry",
        delayMs: 60_000,
        reason: "later",
      }));
      const consumer = queue.consume(handle, OPTIONS);
      await consumer.start();
      await queue.add([job("later")]);
      await all;
      await consumer.stop();
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 1, failed: 0 });
    });

    it("brings a job back whose handler threw, and lets its neighbours through", async () => {
      const { queue } = await openAnother();
      let thrown = 0;
      const settled = condition<void>("the job that threw is handled");
      const { handle: collect, all } = collector(2);
      const handle = (taken: QueueJob): Promise<JobOutcome> => {
        if ((taken.data as { n: string }).n !== "throws") return collect(taken);
        thrown += 1;
        if (thrown === 1) return Promise.reject(new Error("a bug"));
        settled.meet();
        return Promise.resolve(DONE);
      };
      await queue.consume(handle, OPTIONS).start();
      await queue.add([job("throws"), job("a"), job("b")]);
      // Two jobs may be fetched side by side: only that both come is promised here.
      expect(named(await all).toSorted()).toEqual(["a", "b"]);
      await settled.met;
      await drained(queue);
      expect(await queue.counts()).toMatchObject({ failed: 0 });
    });

    it("lets go of a hanging handler at the deadline; its job is recovered elsewhere and says so", async () => {
      const { queue } = await openAnother();
      const hanging = condition<void>("the handler hangs");
      const neverEnding = deferred<JobOutcome>();
      const first = queue.consume(() => {
        hanging.meet();
        return neverEnding.promise;
      }, HASTY);
      await first.start();
      await queue.add([job("hangs")]);
      await hanging.met;
      const before = performance.now();
      await first.stop(100);
      expect(performance.now() - before).toBeGreaterThanOrEqual(99);
      const { handle, all } = collector(1);
      await queue.consume(handle, HASTY).start();
      const [taken] = await all;
      expect(taken).toMatchObject({ data: { n: "hangs" }, recoveries: 1, retries: 0 });
      await drained(queue);
      neverEnding.resolve(DONE);
    });

    it("counts every recovery, and never fails a job for them", async () => {
      const { queue } = await openAnother();
      await queue.add([job("fateful")]);
      const seen: number[] = [];
      for (let time = 0; time < 3; time += 1) {
        const taken = condition<QueueJob>(`the job is taken for the ${time + 1}. time`);
        const dying = queue.consume((one) => {
          taken.meet(one);
          return new Promise<JobOutcome>(() => undefined);
        }, HASTY);
        await dying.start();
        seen.push((await taken.met).recoveries);
        await dying.stop(0);
      }
      const { handle, all } = collector(1);
      await queue.consume(handle, HASTY).start();
      seen.push(...(await all).map(({ recoveries }) => recoveries));
      expect(seen).toEqual([0, 1, 2, 3]);
      expect(await queue.counts()).toMatchObject({ failed: 0 });
    });

    it("lets running jobs end before it stops, and takes no more", async () => {
      const { queue } = await openAnother();
      const started = condition<void>("the first job runs");
      const gate = deferred<JobOutcome>();
      const names: unknown[] = [];
      const consumer = queue.consume(
        (taken) => {
          names.push(...named([taken]));
          started.meet();
          return gate.promise;
        },
        { ...OPTIONS, concurrency: 1 },
      );
      await consumer.start();
      await queue.add([job("running"), job("left")]);
      await started.met;
      const stopped = consumer.stop();
      gate.resolve(DONE);
      await stopped;
      expect(names).toEqual(["running"]);
      expect(await queue.counts()).toMatchObject({ waiting: 1, active: 0 });
    });

    it("may be stopped before it is started, twice, and while it starts", async () => {
      const { queue, relay } = await openAnother();
      const { handle, jobs } = collector(1);
      const never = queue.consume(handle, OPTIONS);
      await never.stop();
      await never.start();
      const twice = queue.consume(handle, OPTIONS);
      const starting = twice.start();
      await Promise.all([twice.stop(), twice.stop()]);
      await starting;
      await twice.stop();
      await queue.add([job("left")]);
      expect(jobs).toEqual([]);
      expect(await queue.counts()).toMatchObject({ waiting: 1 });
      await relay.stop();
      await relay.stop();
      await queue.stop();
      await queue.stop();
    });

    it("shares the work between two consumers, each job once", async () => {
      const [one, two] = [await openAnother(), await openAnother()];
      const ids = Array.from({ length: 60 }, (_, index) => `shared${index}`);
      const { handle, all } = collector(ids.length);
      await one.queue.consume(handle, OPTIONS).start();
      await two.queue.consume(handle, OPTIONS).start();
      await one.queue.add(ids.map((id) => job(id)));
      expect(named(await all).toSorted()).toEqual(ids.toSorted());
    });
  });
};

/** For deployments of several processes: wake-ups cross from one opener to the other, and come home too. */
export const relayContract = (name: string, harness: () => QueueHarness): void => {
  describe(`the contract of ${name}`, () => {
    it("carries a wake-up to every process, the announcer included", async () => {
      const [one, two] = [await harness().open(silent), await harness().open(silent)];
      const home = condition<string>("the announcer hears itself");
      const away = condition<string>("the other process hears");
      one.relay.onPlaybook((tenant) => home.meet(tenant));
      two.relay.onPlaybook((tenant) => away.meet(tenant));
      await one.relay.announcePlaybook("商店 > *.a");
      expect(await Promise.all([home.met, away.met])).toEqual(["商店 > *.a", "商店 > *.a"]);
      for (const { queue, relay } of [one, two]) {
        await relay.stop();
        await queue.stop();
      }
      await harness().clear();
    });
  });
};
