/**
 * Who a process is beyond its pid, which the system gives out again: its start, as the system tells it.
 * Two identities are comparable only on one machine.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/** Linux: field 22 of `/proc/<pid>/stat`, ticks since boot; the name in field 2 may hold blanks and brackets, so count from its end. */
const startTicks = (pid: number): string | undefined => {
  const stat = read(`/proc/${pid}/stat`);
  const ticks = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const boot = read("/proc/sys/kernel/random/boot_id")?.trim();
  return ticks === undefined ? undefined : `${boot ?? ""}/${ticks}`;
};

const startTime = (pid: number): string | undefined => {
  try {
    const output = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
};

/** When the process started, as opaque text, or undefined where the system does not tell. */
export const processStart = (pid: number): string | undefined => startTicks(pid) ?? startTime(pid);

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** True while the process that had this pid and this start runs; with no start known on either side the pid alone decides. */
export const isRunning = (pid: number, start: string | undefined): boolean => {
  if (!exists(pid)) return false;
  const found = processStart(pid);
  return start === undefined || found === undefined || found === start;
};
