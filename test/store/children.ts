/** Starts `child.ts`, reads what it says line by line, and kills it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The next line; rejects when the child ends without one. */
  line(): Promise<string>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL("child.ts", import.meta.url));

export const startChild = (task: "lock" | "write", directory: string): Child => {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT, task, directory], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, "exit");
  return {
    pid: child.pid ?? 0,
    process: child,
    line: async () => {
      const next: IteratorResult<string, undefined> = await lines.next();
      if (next.done === true) throw new Error(`the child ended (${task} ${directory})`);
      return next.value;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
};
