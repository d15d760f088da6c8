/** A process that runs until it is told to stop: what `start`, `work` and `serve` share. */
import type { Roles } from "./context.ts";
import type { Call, Exit } from "./terminal.ts";

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** A pending promise does not keep a process alive; this does, also where there are only workers that poll. */
const HOLD_MS = 2 ** 30;

/** Runs the roles, says where, waits for SIGINT or SIGTERM, and stops cleanly. */
export const runUntilStopped = async ({ context, terminal }: Call, roles: Roles): Promise<Exit> => {
  const app = await context.run(roles);
  const hold = setInterval(() => undefined, HOLD_MS);
  try {
    const { address } = app;
    const doing = [
      ...(roles.workers ? ["decides signals"] : []),
      ...(address === undefined ? [] : [`answers at ${address}`]),
    ];
    terminal.out(
      context.json
        ? JSON.stringify({ address: address ?? null, ...roles })
        : `attune ${doing.join(" and ")}`,
    );
    await aborted(terminal.stop);
    terminal.note("attune: stopping; once more to force");
  } finally {
    clearInterval(hold);
    await app.stop();
  }
  return 0;
};
