/**
 * The embedded deployment in one process, for the restart loop: opens the directory, takes in its share of signals, decides, and says how far it is.
 * Its share is sent again on every start, as a backend does that never heard whether its request went through.
 */
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import { conclude } from "../../src/work/conclude.ts";
import { enqueueSignals } from "../../src/work/enqueue.ts";
import { playbookOf, readPlaybookFiles } from "../../src/work/publish.ts";
import { openWorkers } from "../../src/work/workers.ts";
import { feedbackSignals } from "./load.ts";
import { openParts } from "./parts.ts";

const config = readConfig(process.env);
const [from = 0, to = 0] = (process.env["FAULTS_SHARE"] ?? "").split("-").map(Number);
const parts = await openParts(config);
if ((await parts.store.livePlaybookHash("default")) === undefined)
  await parts.store.publish(
    "default",
    playbookOf(readPlaybookFiles(join(import.meta.dirname, "../.."))),
  );
const workers = openWorkers({ ...config, ...parts, conclude });
await workers.start();
const signals = feedbackSignals("loop", to)
  .slice(from)
  .map(({ signal }) => signal);
for (let index = 0; index < signals.length; index += 20) {
  await enqueueSignals(parts, {
    tenant: "default",
    clock: "database",
    signals: signals.slice(index, index + 20),
  });
  process.stdout.write(`accepted ${from + index + 20}\n`);
}
process.stdout.write("all accepted\n");
