/** The thread in which models are trained, so that a worker goes on deciding meanwhile. It hears one request, tells its progress, answers once. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { driftFromSignals, trainFromSignals } from "./train.ts";
import type { ThreadAnswer, ThreadRequest } from "./retrain.ts";
import { AttuneError } from "../errors.ts";

const port = parentPort as MessagePort;
const answer = (message: ThreadAnswer): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads, not between windows
  port.postMessage(message);
};

try {
  const { signals, tasks, options } = workerData as ThreadRequest;
  if (tasks === null)
    answer({ kind: "drift", drift: await driftFromSignals(signals, options.files) });
  else
    answer({
      kind: "trained",
      results: await trainFromSignals(signals, tasks, {
        ...options,
        onProgress: (stage, done, total) => answer({ kind: "progress", stage, done, total }),
      }),
    });
} catch (error) {
  // An error loses its class on the way to another thread; what a user must hear does not.
  if (!(error instanceof AttuneError)) throw error;
  answer({ kind: "refused", code: error.code, sentence: error.message, faults: error.faults });
}
