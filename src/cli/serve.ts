/** `attune serve`: HTTP only, beside other processes on the same servers. */
import type { Call, Exit } from "./terminal.ts";
import { runUntilStopped } from "./until-stopped.ts";

export const serve = (call: Call): Promise<Exit> =>
  runUntilStopped(call, { workers: false, server: true, watch: false });
