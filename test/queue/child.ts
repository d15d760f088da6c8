/** A worker process to be killed: takes jobs, says each one's id on stdout, and never ends them. */
import { openQueue } from "../../src/queue/open.ts";

const [backend, url] = process.argv.slice(2);
if ((backend !== "redis" && backend !== "postgres") || url === undefined)
  throw new Error("say redis or postgres, and a url");
const { queue } = await openQueue({ backend, url, log: () => undefined });
const consumer = queue.consume(
  ({ data }) => {
    process.stdout.write(`${JSON.stringify(data)}\n`);
    return new Promise(() => undefined);
  },
  { concurrency: 3, lockDurationMs: 400, stalledIntervalMs: 200 },
);
await consumer.start();
