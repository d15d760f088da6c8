/**
 * What the schedules of every queue must do, whatever it stands on; run by one test file per deployment.
 * The schedules are due every second, so that a test waits for a few of them at most; what must not be due in a test is yearly.
 */
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { JobOutcome, QueueJob, SchedulePlan, SignalQueue } from "../../src/core/ports.ts";
import {
  collector,
  condition,
  deferred,
  HASTY,
  OPTIONS,
  type QueueHarness,
  silent,
} from "./queue.ts";

const SECONDLY = "* * * * * *";
const YEARLY = "0 3 1 1 *";

const plan = (id: string, cron: string, more: Partial<SchedulePlan> = {}): SchedulePlan => ({
  id,
  every: { cron },
  job: { name: "retrain", data: { tenant: "shop", tasks: ["churn", "spend"], seed: 7 } },
  ...more,
});

const idsOf = (jobs: readonly QueueJob[]): readonly string[] => jobs.map(({ id }) => id);

/** The only schedule, once its next job is due. */
const due = async (queue: SignalQueue): Promise<string> => {
  const [only] = await queue.schedules();
  const nextAt = only?.nextAt ?? "";
  await wait(Math.max(0, Date.parse(nextAt) - Date.now()) + 20);
  return nextAt;
};

export const scheduleContract = (name: string, harness: () => QueueHarness): void => {
  describe(`the schedules of ${name}`, () => {
    const opened: Awaited<ReturnType<QueueHarness["open"]>>[] = [];
    const open = async (): Promise<SignalQueue> => {
      const one = await harness().open(silent);
      opened.push(one);
      return one.queue;
    };
    const stopAll = async (): Promise<void> => {
      for (const { queue, relay } of opened.splice(0)) {
        await relay.stop();
        await queue.stop();
      }
    };
    afterEach(async () => {
      await stopAll();
      await harness().clear();
    });

    it("make a job for every time, each with the name and the data planned", async () => {
      const queue = await open();
      const { handle, all } = collector(3);
      await queue.consume(handle, OPTIONS).start();
      const { job } = plan("each second", SECONDLY);
      await queue.schedule(plan("each second", SECONDLY));
      const jobs = await all;
      for (const taken of jobs) expect(taken).toMatchObject({ ...job, recoveries: 0, retries: 0 });
      expect(new Set(idsOf(jobs)).size).toBe(3);
      expect(await queue.counts()).toMatchObject({ failed: 0 });
    });

    it("are listed as they were planned, soonest first, under ids of any characters", async () => {
      const queue = await open();
      expect(await queue.schedules()).toEqual([]);
      await queue.schedule(
        plan("a:b:c:d:* *", YEARLY, { every: { cron: YEARLY, timeZone: "Asia/Shanghai" } }),
      );
      await queue.schedule(plan("100% 每天", "@daily", { job: { name: "retrain", data: {} } }));
      const [daily, yearly] = await queue.schedules();
      expect(daily).toEqual({
        id: "100% 每天",
        cron: "@daily",
        timeZone: "UTC",
        nextAt: expect.stringMatching(/T00:00:00\.000Z$/u) as string,
        name: "retrain",
        data: {},
      });
      expect(yearly).toEqual({
        id: "a:b:c:d:* *",
        cron: YEARLY,
        timeZone: "Asia/Shanghai",
        nextAt: expect.stringMatching(/-12-31T19:00:00\.000Z$/u) as string,
        ...plan("", YEARLY).job,
      });
      expect(await queue.counts()).toMatchObject({ delayed: 2 });
    });

    it("are replaced by another plan under their id, with its job", async () => {
      const queue = await open();
      await queue.schedule(plan("nightly", YEARLY));
      await queue.schedule(
        plan("nightly", YEARLY, { job: { name: "retrain", data: { seed: 8 } } }),
      );
      await queue.schedule(plan("nightly", "30 4 * * *", { job: { name: "other", data: {} } }));
      expect(await queue.schedules()).toMatchObject([
        { id: "nightly", cron: "30 4 * * *", name: "other", data: {} },
      ]);
      expect(await queue.counts()).toMatchObject({ delayed: 1 });
    });

    it("end with their next job, and say whether they stood", async () => {
      const queue = await open();
      await queue.schedule(plan("ended", YEARLY));
      await queue.schedule(plan("left", YEARLY));
      expect(await queue.unschedule("ended")).toBe(true);
      expect(await queue.unschedule("ended")).toBe(false);
      expect(await queue.schedules()).toMatchObject([{ id: "left" }]);
      expect(await queue.counts()).toMatchObject({ waiting: 0, delayed: 1 });
      await queue.schedule(plan("ended", YEARLY));
      expect(await queue.schedules()).toHaveLength(2);
    });

    it("are the same for processes that plan at once", async () => {
      const [one, two] = [await open(), await open()];
      const { handle, jobs, all } = collector(3);
      await Promise.all([one, two].map((queue) => queue.schedule(plan("shared", SECONDLY))));
      await Promise.all([one, two].map((queue) => queue.consume(handle, OPTIONS).start()));
      await two.schedule(plan("shared", SECONDLY));
      await all;
      expect(await one.schedules()).toHaveLength(1);
      expect(new Set(idsOf(jobs)).size).toBe(jobs.length);
    });

    it("outlive their process; what was due meanwhile is one job", async () => {
      const first = await open();
      await first.schedule(plan("lasting", SECONDLY));
      const nextAt = await due(first);
      await stopAll();
      const second = await open();
      expect(await second.schedules()).toMatchObject([{ id: "lasting", nextAt }]);
      await wait(1_100);
      const { handle, all } = collector(2);
      await second.consume(handle, OPTIONS).start();
      expect(new Set(idsOf(await all)).size).toBe(2);
      const [{ nextAt: later } = { nextAt: "" }] = await second.schedules();
      expect(Date.parse(later)).toBeGreaterThan(Date.parse(nextAt) + 1_000);
    });

    it("keep a due job that waits for a worker when they are planned again", async () => {
      const queue = await open();
      await queue.schedule(plan("again", SECONDLY));
      const nextAt = await due(queue);
      await queue.schedule(plan("again", SECONDLY));
      expect(await queue.schedules()).toMatchObject([{ nextAt }]);
      expect(await queue.counts()).toMatchObject({ delayed: 1, waiting: 0 });
    });

    it("neither lose nor double a job whose worker dies, and go on", async () => {
      const queue = await open();
      const taken = condition<QueueJob>("the worker that dies takes a job");
      const never = deferred<JobOutcome>();
      const dying = queue.consume(
        (one) => {
          taken.meet(one);
          return never.promise;
        },
        { ...HASTY, concurrency: 1 },
      );
      await dying.start();
      await queue.schedule(plan("fateful", SECONDLY));
      const { id } = await taken.met;
      await dying.stop(0);
      const { handle, all } = collector(4);
      await queue.consume(handle, HASTY).start();
      const jobs = await all;
      expect(jobs.filter((one) => one.id === id)).toMatchObject([{ recoveries: 1, retries: 0 }]);
      expect(new Set(idsOf(jobs)).size).toBe(4);
      never.resolve({ kind: "done" });
    });

    it("bring a job back that asked for a retry, and go on meanwhile", async () => {
      const queue = await open();
      const seen: QueueJob[] = [];
      const again = condition<void>("the first job comes back");
      const handle = (one: QueueJob): Promise<JobOutcome> => {
        seen.push(one);
        if (one.id !== seen[0]?.id) return Promise.resolve({ kind: "done" });
        if (one.retries === 1) again.meet();
        return Promise.resolve(
          one.retries === 1
            ? { kind: "done" }
            : { kind: "retry", delayMs: 1_200, reason: "not yet" },
        );
      };
      await queue.consume(handle, OPTIONS).start();
      await queue.schedule(plan("patient", SECONDLY));
      await again.met;
      const others = seen.filter(({ id }) => id !== seen[0]?.id);
      expect(others.length).toBeGreaterThan(0);
      expect(new Set(idsOf(others)).size).toBe(others.length);
    });

    it.each([
      ["61 * * * *", 'every › cron: "61 * * * *" is not a cron expression: Constraint error'],
      ["banana", 'every › cron: "banana" is not a cron expression: it has 1 fields; write five'],
      ["5", 'every › cron: "5" is not a cron expression: it has 1 fields; write five'],
      ["", 'every › cron: "" is not a cron expression: it has 0 fields; write five'],
      ["0 3 * * 1 2027 *", "it has 7 fields"],
      ["0 0 30 2 *", 'every › cron: "0 0 30 2 *" is not a cron expression'],
      ["@sometimes", 'every › cron: "@sometimes" is not a cron expression'],
    ])("refuse %j before anything is stored", async (cron, sentence) => {
      const queue = await open();
      await queue.schedule(plan("kept", YEARLY));
      await expect(queue.schedule(plan("kept", cron))).rejects.toMatchObject({
        code: "INPUT_INVALID",
        message: expect.stringContaining(sentence) as string,
      });
      expect(await queue.schedules()).toMatchObject([{ cron: YEARLY }]);
    });

    it("refuse an id and a time zone that cannot be used, both at once", async () => {
      const queue = await open();
      const every = { cron: YEARLY, timeZone: "Mars/Olympus" };
      await expect(queue.schedule(plan("\ud800", YEARLY, { every }))).rejects.toMatchObject({
        code: "INPUT_INVALID",
        faults: [
          { place: "id" },
          {
            place: "every › timeZone",
            sentence: expect.stringContaining('"Mars/Olympus" is not a time zone') as string,
          },
        ],
      });
      expect(await queue.unschedule("\ud800")).toBe(false);
      expect(await queue.schedules()).toEqual([]);
    });
  });
};
