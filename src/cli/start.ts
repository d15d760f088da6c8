/** `attune start`: HTTP and workers in one process. Without an answer to `--watch`, the embedded store watches and a server does not. */
import type { Call, Exit } from "./terminal.ts";
import { runUntilStopped } from "./until-stopped.ts";

export const start = (call: Call, watch: boolean | undefined): Promise<Exit> =>
  runUntilStopped(call, {
    workers: true,
    server: true,
    watch: watch ?? call.context.config.databaseUrl === undefined,
  });
