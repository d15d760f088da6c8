/**
 * A worker process for the fault runs: the real store, queue and decisions, told its servers by the environment.
 * A signal whose id begins with `poison` takes the process down while it is being decided, as a crash in native code would.
 */
import { readConfig } from "../../src/config.ts";
import { conclude, type Conclude } from "../../src/work/conclude.ts";
import { openWorkers } from "../../src/work/workers.ts";
import { openParts } from "./parts.ts";

const deadly: Conclude = (accepted, customer, playbook) => {
  if (accepted.signal.id.startsWith("poison")) process.kill(process.pid, "SIGKILL");
  return conclude(accepted, customer, playbook);
};

const config = readConfig(process.env);
const parts = await openParts(config);
const workers = openWorkers({ ...config, ...parts, conclude: deadly });
await workers.start();
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  void workers
    .stop(config.stopDeadlineMs)
    .then(() => parts.stop())
    .then(() => process.exit(0));
});
