/**
 * Takes signals in through HTTP or the CLI: parse, store, queue. A signal counts as accepted once its row is committed;
 * if the queue is away at that moment the reconciler queues it later, so that nothing accepted is lost.
 */
import { type Fault, faultsOf, quote } from "../core/fault.ts";
import { LIMITS } from "../core/limits.ts";
import type { IncomingSignal, Log, SignalQueue, Store } from "../core/ports.ts";
import { type Signal, SIGNAL_FIELDS, signalSchema } from "../core/signal.ts";
import { AttuneError } from "../errors.ts";
import type { EnqueueReceipt, EnqueueRequest, RefusedSignal } from "./attune.ts";
import { batchJobs } from "./jobs.ts";

const tooMany = (count: number): readonly Fault[] =>
  count <= LIMITS.batchSignals
    ? []
    : [
        {
          place: "signals",
          sentence: `holds ${count} signals; send at most ${LIMITS.batchSignals} at once`,
        },
      ];

/** Whether the id came before in this request for another customer; one of the two signals would be dropped in silence. */
const isForAnother = ({ id, customerId }: Signal, owners: Map<string, string>): boolean => {
  const owner = owners.get(id) ?? customerId;
  owners.set(id, owner);
  return owner !== customerId;
};

const usedTwice = (index: number, { id, customerId }: Signal): Fault => ({
  place: `signals[${index}] › id`,
  sentence: `${quote(id)} came before in this request for another customer than ${quote(customerId)}; give each signal an id of its own`,
});

const read = (request: EnqueueRequest): { taken: IncomingSignal[]; refused: RefusedSignal[] } => {
  const taken: IncomingSignal[] = [];
  const refused: RefusedSignal[] = [];
  const owners = new Map<string, string>();
  for (const [index, raw] of request.signals.entries()) {
    const parsed = signalSchema.safeParse(raw);
    if (parsed.success && isForAnother(parsed.data, owners))
      refused.push({ index, faults: [usedTwice(index, parsed.data)] });
    else if (parsed.success)
      taken.push({ tenant: request.tenant, signal: parsed.data, clock: request.clock });
    else
      refused.push({ index, faults: faultsOf(parsed.error, `signals[${index}]`, SIGNAL_FIELDS) });
  }
  return { taken, refused };
};

export interface EnqueueParts {
  readonly store: Store;
  readonly queue: SignalQueue;
  readonly log: Log;
}

/** Stores and queues the good signals, and says what is wrong with the others. Throws INPUT_INVALID only for a request that is too large. */
export const enqueueSignals = async (
  parts: EnqueueParts,
  request: EnqueueRequest,
): Promise<EnqueueReceipt> => {
  const faults = tooMany(request.signals.length);
  if (faults.length > 0)
    throw new AttuneError("INPUT_INVALID", "The request is too large:", { faults });
  const { taken, refused } = read(request);
  if (taken.length > 0) {
    await parts.store.accept(taken);
    try {
      await parts.queue.add(batchJobs(taken));
    } catch (error) {
      parts.log(
        "warn",
        "the queue did not take accepted signals; they are queued again by the reconciler",
        {
          signals: taken.length,
          reason: error instanceof Error ? error.message : String(error),
        },
      );
    }
  }
  return { accepted: taken.map(({ signal }) => signal.id), refused };
};
