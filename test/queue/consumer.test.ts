import { DelayedError } from "bullmq";
import { describe, expect, it } from "vitest";
import type { JobOutcome, Log } from "../../src/core/ports.ts";
import type { Backend, TakenJob, Taker } from "../../src/queue/backend.ts";
import { createConsumer, processorOf } from "../../src/queue/consumer.ts";
import { OPTIONS, silent } from "../contracts/queue.ts";

const take = (job: Partial<TakenJob> = {}) => {
  const delays: number[] = [];
  const taken: TakenJob = {
    id: "s1",
    name: "feedback",
    data: {},
    attemptsStarted: 1,
    stalledCounter: 0,
    moveToDelayed: (timestamp) => {
      delays.push(timestamp - Date.now());
      return Promise.resolve();
    },
    ...job,
  };
  return { taken, delays };
};
const throwing = (): Promise<JobOutcome> => Promise.reject(new Error("a bug"));

describe("what becomes of a taken job", () => {
  it.each([
    { attemptsStarted: 1, stalledCounter: 0, secondsMs: 1_000 },
    { attemptsStarted: 2, stalledCounter: 0, secondsMs: 2_000 },
    { attemptsStarted: 3, stalledCounter: 2, secondsMs: 1_000 },
    { attemptsStarted: 4, stalledCounter: 0, secondsMs: 8_000 },
    { attemptsStarted: 40, stalledCounter: 0, secondsMs: 60_000 },
    { attemptsStarted: 0, stalledCounter: 5, secondsMs: 1_000 },
  ])(
    "waits $secondsMs ms after an exception at start $attemptsStarted with $stalledCounter recoveries",
    async (row) => {
      const { taken, delays } = take(row);
      await expect(processorOf(throwing, silent)(taken, "token")).rejects.toBeInstanceOf(
        DelayedError,
      );
      expect(delays).toHaveLength(1);
      expect(delays[0]).toBeGreaterThan(row.secondsMs - 1_000);
      expect(delays[0]).toBeLessThanOrEqual(row.secondsMs);
    },
  );

  it("is left to the lapse of its lock when it cannot be put back", async () => {
    const said: string[] = [];
    const log: Log = (level, sentence) => void said.push(`${level}: ${sentence}`);
    const { taken } = take({
      moveToDelayed: () => Promise.reject(new Error("the server is away")),
    });
    await expect(processorOf(throwing, log)(taken, "token")).rejects.toBeInstanceOf(DelayedError);
    expect(said).toContain(
      "warn: a job could not be put back; it is recovered when its lock lapses",
    );
  });

  it("is gone when its handler says done, also without an id", async () => {
    const { taken, delays } = take({ id: undefined as unknown as string });
    await processorOf(() => Promise.resolve({ kind: "done" }), silent)(taken, "token");
    expect(delays).toEqual([]);
  });
});

describe("a consumer whose worker cannot start", () => {
  it("rejects with QUEUE_UNREACHABLE and ends what it opened", async () => {
    const ended: string[] = [];
    const taker: Taker = {
      waitUntilReady: () => Promise.reject(new Error("no such server")),
      run: () => Promise.resolve(),
      pause: () => Promise.resolve(),
      close: () => Promise.resolve(void ended.push("closed")),
    };
    const backend = {
      openTaker: () => ({ taker, release: () => Promise.resolve(void ended.push("released")) }),
    };
    const consumer = createConsumer({
      backend: backend as unknown as Backend,
      handle: throwing,
      options: OPTIONS,
      log: silent,
    });
    await expect(consumer.start()).rejects.toMatchObject({ code: "QUEUE_UNREACHABLE" });
    expect(ended).toEqual(["closed", "released"]);
  });
});
