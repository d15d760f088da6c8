import { describe, expect, it } from "vitest";
import type { DeadLetter, JobOutcome, QueueJob } from "../../src/core/ports.ts";
import { AttuneError } from "../../src/errors.ts";
import { openRetrainHandler, type Retrain } from "../../src/work/handle-retrain.ts";
import { jobOf } from "../../src/work/jobs.ts";
import { condition, deferred } from "../contracts/queue.ts";
import { until } from "../faults/load.ts";
import { complaint, keyOf, lostConnection, openRoom, SHIPPED, workersOf } from "./room.ts";

const DONE: JobOutcome = { kind: "done" };

const job = (id: string, changes: Partial<QueueJob> = {}): QueueJob => ({
  id,
  name: "retrain",
  data: { tenant: "shop", tasks: ["churn"], seed: 7, promote: true },
  recoveries: 0,
  retries: 0,
  ...changes,
});

/** A handler over a store that remembers its dead letters. */
const handlerOf = (retrain: Retrain) => {
  const letters: DeadLetter[] = [];
  const said: string[] = [];
  const store = { bury: (letter: DeadLetter) => Promise.resolve(void letters.push(letter)) };
  const handle = openRetrainHandler({
    store,
    log: (level, sentence) => void said.push(`${level}: ${sentence}`),
    retrain,
  });
  return { handle, letters, said };
};

const failing =
  (fault: Error): Retrain =>
  () =>
    Promise.reject(fault);

describe("a retrain job", () => {
  it("is handed over as it was read, and done when the training is", async () => {
    const asked: object[] = [];
    const { handle, letters } = handlerOf((request) => Promise.resolve(void asked.push(request)));
    expect(await handle(job("one"))).toEqual(DONE);
    expect(await handle(job("two", { data: { tasks: ["spend", "spend"] } }))).toEqual(DONE);
    expect(asked).toEqual([
      { tenant: "shop", tasks: ["churn"], seed: 7, promote: true },
      { tenant: "default", tasks: ["spend"], seed: 1, promote: false },
    ]);
    expect(letters).toEqual([]);
  });

  it("that was taken back from a dead worker is run again", async () => {
    let runs = 0;
    const { handle } = handlerOf(() => Promise.resolve(void (runs += 1)));
    expect(await handle(job("one", { recoveries: 3 }))).toEqual(DONE);
    expect(runs).toBe(1);
  });

  it("is set aside as poison when it was taken back more than ten times", async () => {
    const { handle, letters } = handlerOf(() => Promise.reject(new Error("not to be run")));
    expect(await handle(job("one", { recoveries: 11 }))).toEqual(DONE);
    expect(letters).toMatchObject([
      {
        tenant: "shop",
        reason: "poison",
        detail: "its worker died or was stopped 11 times while it trained",
      },
    ]);
  });

  it.each([
    [{ tasks: [] }, "data › tasks: is empty; name at least one model to train"],
    [null, "data: "],
    [
      { tasks: ["chrun"], tenant: "shop" },
      'data › tasks[0]: "chrun" is no task with a model; did you mean "churn"?; choose',
    ],
    [{ tasks: ["churn"], promot: true }, 'did you mean "promote"?'],
  ])("that holds %j is set aside as invalid", async (data, detail) => {
    const { handle, letters, said } = handlerOf(failing(new Error("not to be run")));
    expect(await handle(job("bad", { data }))).toEqual(DONE);
    expect(letters).toMatchObject([{ tenant: "default", reason: "invalid" }]);
    expect(letters[0]?.id).toMatch(/^job:bad#0:[0-9a-f]{12}$/u);
    expect(letters[0]?.detail).toContain(detail);
    expect(said).toEqual(["warn: a job could not be read and was set aside"]);
  });
});

describe("a retraining that fails", () => {
  it("comes back three times, ever later, and is then set aside with its reason", async () => {
    const { handle, letters, said } = handlerOf(failing(new RangeError("too deep\0")));
    const outcomes: JobOutcome[] = [];
    for (let retries = 0; retries < 4; retries += 1)
      outcomes.push(await handle(job("one", { retries })));
    const reason = "RangeError: too deep";
    expect(outcomes).toEqual([
      { kind: "retry", delayMs: 30_000, reason },
      { kind: "retry", delayMs: 120_000, reason },
      { kind: "retry", delayMs: 480_000, reason },
      DONE,
    ]);
    expect(letters).toMatchObject([
      {
        tenant: "shop",
        reason: "fault",
        detail: reason,
        payload: { tenant: "shop", tasks: ["churn"], seed: 7, promote: true },
      },
    ]);
    expect(said.at(-1)).toBe("error: a retraining was set aside");
    expect(said.slice(0, 3)).toEqual(
      Array.from({ length: 3 }, () => "warn: a retraining failed and is tried again"),
    );
  });

  it("for want of data is set aside at once", async () => {
    const { handle, letters } = handlerOf(
      failing(new AttuneError("TRAINING_REFUSED", "there are no signals to train from")),
    );
    expect(await handle(job("one"))).toEqual(DONE);
    expect(letters).toMatchObject([
      { reason: "fault", detail: "AttuneError: there are no signals to train from" },
    ]);
  });

  it("rejects when its dead letter cannot be written", async () => {
    const handle = openRetrainHandler({
      store: { bury: () => Promise.reject(lostConnection()) },
      log: () => undefined,
      retrain: failing(new Error("a bug")),
    });
    await expect(handle(job("one", { retries: 3 }))).rejects.toThrow("ECONNREFUSED");
    // Nothing is under way any more.
    expect(await handle(job("two"))).toMatchObject({ kind: "retry", reason: "Error: a bug" });
  });
});

/** A handler whose first training runs until `finish` is called. */
const busy = (later: Retrain) => {
  const gate = deferred<void>();
  let runs = 0;
  const parts = handlerOf((request) => {
    runs += 1;
    return runs === 1 ? gate.promise : later(request);
  });
  const first = parts.handle(job("first"));
  return { ...parts, finish: () => (gate.resolve(), first), runs: () => runs };
};
describe("a retrain job that comes while another is trained", () => {
  const other = { tenant: "other", tasks: ["churn"] };

  it("waits for its turn, which counts as no failure", async () => {
    const { handle, finish, letters } = busy(failing(new Error("a bug")));
    for (let retries = 0; retries < 5; retries += 1)
      expect(await handle(job("second", { data: other, retries }))).toEqual({
        kind: "retry",
        delayMs: 30_000,
        reason: "another retraining is under way",
      });
    expect(await finish()).toEqual(DONE);
    for (let retries = 5; retries < 8; retries += 1)
      expect(await handle(job("second", { data: other, retries }))).toMatchObject({
        kind: "retry",
        reason: "Error: a bug",
      });
    expect(await handle(job("second", { data: other, retries: 8 }))).toEqual(DONE);
    expect(letters).toHaveLength(1);
  });

  it("is done when it asks for the same, unless it is the same job taken back", async () => {
    const { handle, finish, runs } = busy(() => Promise.resolve());
    expect(await handle(job("second"))).toEqual(DONE);
    expect(await handle(job("first", { recoveries: 1 }))).toMatchObject({ kind: "retry" });
    await finish();
    expect(runs()).toBe(1);
  });

  it("forgets the turns of jobs that never came back, but not its own", async () => {
    const { handle, finish } = busy(failing(new Error("a bug")));
    for (let index = 0; index < 1_000; index += 1)
      await handle(job(`gone${index}`, { data: other }));
    await handle(job("kept", { data: other, retries: 0 }));
    await finish();
    expect(await handle(job("kept", { data: other, retries: 1 }))).toMatchObject({
      kind: "retry",
      delayMs: 30_000,
    });
  });
});

describe("a worker with a retraining under way", () => {
  it("decides signals meanwhile, and takes the schedule's job", async () => {
    const room = await openRoom();
    await room.store.publish("default", SHIPPED);
    const begun = condition<object>("the scheduled training begins");
    const gate = deferred<void>();
    const workers = workersOf(room, {
      retrain: (request) => {
        begun.meet(request);
        return gate.promise;
      },
    });
    try {
      await workers.start();
      const data = { tenant: "default", tasks: ["segments"], seed: 3, promote: true };
      const every = { cron: "* * * * * *" };
      await room.queue.schedule({ id: "nightly", every, job: { name: "retrain", data } });
      expect(await begun.met).toEqual(data);
      await room.queue.unschedule("nightly");
      const one = complaint();
      await room.queue.add([jobOf(one)]);
      await until(
        () => room.store.signalState(keyOf(one)),
        (state) => state === "decided",
        10_000,
      );
      gate.resolve();
      await until(
        () => room.queue.counts(),
        ({ active }) => active === 0,
        10_000,
      );
      expect(await room.store.deadLetters(10)).toEqual([]);
    } finally {
      gate.resolve();
      await workers.stop(5_000);
      await room.stop();
    }
  });
});
