/**
 * What a queue on a server must do while that server, or a worker process, is killed.
 * Each test has a server of its own, since it takes it down.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { JobOutcome } from "../../src/core/ports.ts";
import { type OpenQueue, openQueue } from "../../src/queue/open.ts";
import {
  collector,
  condition,
  deferred,
  drained,
  HASTY,
  job,
  OPTIONS,
  silent,
} from "../contracts/queue.ts";
import type { Server } from "../servers.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));
const DONE: JobOutcome = { kind: "done" };

const startChild = (backend: string, url: string): ChildProcess =>
  spawn(process.execPath, ["--import", "tsx", CHILD, backend, url], {
    stdio: ["ignore", "pipe", "inherit"],
  });

/** Resolves once the process has said `count` different lines. */
const lines = async (child: ChildProcess, count: number): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  const enough = condition<void>(`the child takes ${count} jobs`);
  if (child.stdout === null) throw new Error("the child has no stdout");
  createInterface(child.stdout).on("line", (line) => {
    found.add(line);
    if (found.size === count) enough.meet();
  });
  await enough.met;
  return found;
};

const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });

/** Adds until the server takes it, as a caller does. */
const addAtLast = async (add: () => Promise<void>, tries = 200): Promise<void> => {
  for (let left = tries; ; left -= 1) {
    try {
      return await add();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
};

export const outageSuite = (
  backend: "redis" | "postgres",
  start: () => Promise<Server | undefined>,
): void => {
  describe(`the queue on ${backend}, when something dies`, () => {
    let server: Server;
    const opened: OpenQueue[] = [];
    const openOne = async (): Promise<OpenQueue> => {
      const one = await openQueue({ backend, url: server.url, log: silent });
      opened.push(one);
      return one;
    };

    beforeAll(async () => {
      const started = await start();
      if (started === undefined) throw new Error("the server vanished");
      server = started;
    });
    afterEach(async () => {
      for (const { queue, relay } of opened.splice(0)) {
        await relay.stop();
        await queue.stop();
      }
    });
    afterAll(() => server.stop());

    it("recovers the jobs of a process killed with SIGKILL, each with one recovery", async () => {
      const { queue } = await openOne();
      const child = startChild(backend, server.url);
      await queue.add([job("k1"), job("k2"), job("k3")]);
      await lines(child, 3);
      await killed(child);
      const { handle, all } = collector(3);
      await queue.consume(handle, HASTY).start();
      expect((await all).map(({ recoveries }) => recoveries)).toEqual([1, 1, 1]);
      await drained(queue);
      expect(await queue.counts()).toMatchObject({ failed: 0 });
    });

    it("refuses an add at once while the server is away, and takes it when it is back", async () => {
      const { queue } = await openOne();
      await queue.add([job("before")]);
      await server.kill();
      const before = performance.now();
      await expect(queue.add([job("during")])).rejects.toMatchObject({ code: "QUEUE_UNREACHABLE" });
      await expect(queue.counts()).rejects.toMatchObject({ code: "QUEUE_UNREACHABLE" });
      expect(performance.now() - before).toBeLessThan(3_000);
      await server.restart();
      await addAtLast(() => queue.add([job("during")]));
      const { handle, jobs } = collector(2);
      await queue.consume(handle, OPTIONS).start();
      await drained(queue);
      expect(jobs.map(({ data }) => data)).toContainEqual({ n: "during" });
    });

    it("goes on taking jobs after the server was killed and started again", async () => {
      const { queue } = await openOne();
      const first = condition<void>("the first job");
      const second = condition<void>("the job after the restart", 20_000);
      const handle = ({ data }: { data: unknown }): Promise<JobOutcome> => {
        ((data as { n: string }).n === "first" ? first : second).meet();
        return Promise.resolve(DONE);
      };
      await queue.consume(handle, HASTY).start();
      await queue.add([job("first")]);
      await first.met;
      await server.restart();
      await addAtLast(() => queue.add([job("second")]));
      await second.met;
      await drained(queue);
      expect(await queue.counts()).toMatchObject({ failed: 0 });
    });

    it("stops by its deadline while the server is away and a handler runs", async () => {
      const { queue, relay } = await openOne();
      const running = condition<void>("the handler runs");
      const gate = deferred<JobOutcome>();
      const consumer = queue.consume(() => {
        running.meet();
        return gate.promise;
      }, OPTIONS);
      await consumer.start();
      await queue.add([job("interrupted")]);
      await running.met;
      await server.kill();
      const before = performance.now();
      await consumer.stop(200);
      await relay.stop();
      await queue.stop();
      expect(performance.now() - before).toBeLessThan(10_000);
      gate.resolve(DONE);
      await server.restart();
    });

    it("says that the queue is unreachable when the server is away from the start", async () => {
      await server.kill();
      await expect(openQueue({ backend, url: server.url, log: silent })).rejects.toMatchObject({
        code: "QUEUE_UNREACHABLE",
      });
      await server.restart();
    });

    it("hears a wake-up again after the server was away", async () => {
      const [one, two] = [await openOne(), await openOne()];
      await server.restart();
      const heard = condition<string>("the wake-up", 30_000);
      two.relay.onPlaybook((tenant) => heard.meet(tenant));
      // Best effort: an announcement on a connection that is just coming back may be lost, so it is repeated.
      const announcing = setInterval(() => void one.relay.announcePlaybook("default"), 50);
      expect(await heard.met.finally(() => clearInterval(announcing))).toBe("default");
    }, 40_000);
  });
};
