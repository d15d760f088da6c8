/** A fleet of worker processes that can be killed at any moment; a killed one is replaced at once. Ends only what it started. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface Fleet {
  /** SIGKILLs the worker at `index` and starts another in its place; resolves when the new one takes jobs. */
  kill(index: number): Promise<void>;
  /** How many workers died without being asked to. */
  readonly crashes: () => number;
  stop(): Promise<void>;
}

const SCRIPT = join(import.meta.dirname, "worker.ts");

const start = async (environment: NodeJS.ProcessEnv): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ready = once(child.stdout, "data");
  const ended = once(child, "exit").then(([code, signal]) => {
    throw new Error(`a worker ended before it was ready (${String(code ?? signal)})`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return child;
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
};

/** Starts `size` workers; a worker that dies by itself is replaced too. */
export const startFleet = async (size: number, environment: NodeJS.ProcessEnv): Promise<Fleet> => {
  let crashes = 0;
  let stopped = false;
  const workers: (ChildProcess | undefined)[] = [];
  const starting = new Set<Promise<void>>();

  const place = async (index: number): Promise<void> => {
    const child = await start(environment);
    workers[index] = child;
    child.once("exit", () => {
      if (workers[index] !== child || stopped) return;
      crashes += 1;
      const replacing = place(index).catch(() => undefined);
      starting.add(replacing);
      void replacing.then(() => starting.delete(replacing));
    });
  };
  await Promise.all(Array.from({ length: size }, (_, index) => place(index)));

  return {
    kill: async (index) => {
      const child = workers[index];
      workers[index] = undefined;
      if (child !== undefined) await end(child, "SIGKILL");
      await place(index);
    },
    crashes: () => crashes,
    stop: async () => {
      stopped = true;
      await Promise.all(starting);
      await Promise.all(
        workers.map((child) => (child === undefined ? Promise.resolve() : end(child, "SIGKILL"))),
      );
    },
  };
};
