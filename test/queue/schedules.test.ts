import { describe, expect, it } from "vitest";
import type { SchedulePlan } from "../../src/core/ports.ts";
import type { Backend, KeptSchedule } from "../../src/queue/backend.ts";
import { schedule, schedules, unschedule } from "../../src/queue/schedules.ts";

const PLAN: SchedulePlan = {
  id: "a b",
  every: { cron: "0 3 * * *" },
  job: { name: "retrain", data: { tasks: ["churn"], seed: 1 } },
};

const KEPT: KeptSchedule = {
  key: "a%20b",
  name: "retrain",
  pattern: "0 3 * * *",
  tz: "UTC",
  next: 1_800_000_000_000,
  template: { data: { seed: 1, tasks: ["churn"] } },
};

/** A queue that keeps one schedule; `hasJob` tells whether that one's next job is in its place. */
const backendOf = (kept: KeptSchedule | undefined, hasJob = true) => {
  const planned: unknown[] = [];
  const asked: string[] = [];
  const producer = {
    getJobScheduler: () => Promise.resolve(kept),
    getJob: (id: string) => {
      asked.push(id);
      return Promise.resolve(hasJob ? {} : undefined);
    },
    upsertJobScheduler: (...plan: unknown[]) => Promise.resolve(void planned.push(plan)),
    getJobSchedulers: () => Promise.resolve(kept === undefined ? [] : [kept]),
  };
  return { backend: { producer } as unknown as Backend, planned, asked };
};

describe("a plan that is kept already", () => {
  it("is left alone in whatever order its data came back", async () => {
    const { backend, planned, asked } = backendOf(KEPT);
    await schedule(backend, PLAN);
    expect(planned).toEqual([]);
    expect(asked).toEqual(["repeat:a%20b:1800000000000"]);
  });

  it.each([
    ["cron expression", { pattern: "0 4 * * *" }],
    ["time zone", { tz: "Asia/Shanghai" }],
    ["name", { name: "other" }],
    ["data", { template: { data: { seed: 2, tasks: ["churn"] } } }],
    ["lack of data", { template: {} }],
  ])("is planned anew over another %s", async (_what, change) => {
    const { backend, planned } = backendOf({ ...KEPT, ...change });
    await schedule(backend, PLAN);
    expect(planned).toEqual([["a%20b", { pattern: "0 3 * * *", tz: "UTC" }, PLAN.job]]);
  });

  it.each([
    ["lost its next job", KEPT],
    ["never had one", { ...KEPT, next: undefined } as unknown as KeptSchedule],
  ])("is planned anew when it %s, or it would never be due again", async (_what, kept) => {
    const { backend, planned } = backendOf(kept, false);
    await schedule(backend, PLAN);
    expect(planned).toHaveLength(1);
  });
});

describe("what another client planned", () => {
  it("is listed under its own key where that is no encoded id, in UTC unless it says otherwise", async () => {
    const { key: _key, tz: _tz, template: _template, ...rest } = KEPT;
    expect(await schedules(backendOf({ ...rest, key: "50%" }).backend)).toEqual([
      {
        id: "50%",
        cron: "0 3 * * *",
        timeZone: "UTC",
        nextAt: "2027-01-15T08:00:00.000Z",
        name: "retrain",
        data: {},
      },
    ]);
  });

  it("is left out when it has no cron expression", async () => {
    const { pattern: _pattern, ...rest } = KEPT;
    expect(await schedules(backendOf(rest).backend)).toEqual([]);
  });
});

const away = () => Promise.reject(new Error("Connection is closed."));

describe("a queue that is away", () => {
  const backend = {
    producer: {
      getJobScheduler: away,
      removeJobScheduler: away,
      getJobSchedulers: away,
    },
  } as unknown as Backend;

  it.each([
    ["take", () => schedule(backend, PLAN), 'take the schedule "a b"'],
    ["end", () => unschedule(backend, "a b"), 'end the schedule "a b"'],
    ["list", () => schedules(backend), "list its schedules"],
  ])("is said not to %s a schedule", async (_what, act, words) => {
    await expect(act()).rejects.toMatchObject({
      code: "QUEUE_UNREACHABLE",
      message: `The queue did not ${words}: Connection is closed.`,
    });
  });
});
