/** `attune work`: workers only, beside other processes on the same servers. */
import type { Call, Exit } from "./terminal.ts";
import { runUntilStopped } from "./until-stopped.ts";

export const work = (call: Call): Promise<Exit> =>
  runUntilStopped(call, { workers: true, server: false, watch: false });
