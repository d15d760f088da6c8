/**
 * Queues accepted signals that have waited too long without a decision: whatever the queue forgot (a flushed Redis, a failed add) is decided all the same.
 * Safe to run anywhere and as often as wanted, because deciding a signal twice changes nothing.
 */
import { faultsAsText, faultsOf } from "../core/fault.ts";
import type { IncomingSignal, Log, NewJob, SignalQueue, Store } from "../core/ports.ts";
import { SIGNAL_FIELDS, signalSchema } from "../core/signal.ts";
import { deadLetterOf } from "./dead-letter.ts";
import { batchJobs } from "./jobs.ts";
import { openRounds, type Rounds } from "./rounds.ts";

const PAGE = 500;
/** Bounds one round when signals come due as fast as they are queued. */
const PAGES_MAX = 200;

export interface ReconcilerOptions {
  readonly store: Store;
  readonly queue: SignalQueue;
  readonly log: Log;
  readonly intervalMs: number;
  /** How long a signal may wait before it is queued again. */
  readonly afterMs: number;
  /** Called before each round: a moment to look at whatever a lost wake-up may have left stale. */
  readonly onRound: () => void;
}

/** A stored signal that this version does not take (an older one did) has a job that nobody can read: set aside, or it would come due for ever. */
const setAsideUnreadable = async (
  { store, log }: Pick<ReconcilerOptions, "store" | "log">,
  overdue: readonly IncomingSignal[],
): Promise<readonly IncomingSignal[]> => {
  const readable: IncomingSignal[] = [];
  for (const incoming of overdue) {
    const parsed = signalSchema.safeParse(incoming.signal);
    if (parsed.success) readable.push(incoming);
    else {
      const detail = faultsAsText(faultsOf(parsed.error, "signal", SIGNAL_FIELDS));
      const letter = deadLetterOf(incoming, "invalid", detail);
      await store.bury(letter);
      log("error", "an accepted signal cannot be read and was set aside", {
        tenant: letter.tenant,
        signal: letter.id,
        detail: letter.detail,
      });
    }
  }
  return readable;
};

/** Batch jobs of one tenant and clock each: a backlog that is only slow comes again as few jobs that find their signals decided. */
const inBatches = (signals: readonly IncomingSignal[]): readonly NewJob[] => {
  const alike = new Map<string, IncomingSignal[]>();
  for (const incoming of signals) {
    const kind = JSON.stringify([incoming.tenant, incoming.clock]);
    const group = alike.get(kind) ?? [];
    group.push(incoming);
    alike.set(kind, group);
  }
  return [...alike.values()].flatMap((group) => batchJobs(group));
};

export interface ReconcileOptions extends Pick<
  ReconcilerOptions,
  "store" | "queue" | "log" | "afterMs"
> {
  /** Asked between pages; a round that is told to stop leaves the rest to the next one. */
  readonly isStopped?: () => boolean;
}

/** One round: every overdue signal is queued again. Gives how many. */
export const reconcile = async ({
  store,
  queue,
  log,
  afterMs,
  isStopped = () => false,
}: ReconcileOptions): Promise<number> => {
  let queued = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const overdue: readonly IncomingSignal[] = await store.takeOverdue(afterMs, PAGE);
    const readable = await setAsideUnreadable({ store, log }, overdue);
    if (readable.length > 0) await queue.add(inBatches(readable));
    queued += readable.length;
    if (overdue.length < PAGE || isStopped()) break;
  }
  if (queued > 0)
    log("info", "accepted signals without a decision were queued again", { signals: queued });
  return queued;
};

/** Repeats `reconcile` every `intervalMs`, never two rounds at once. */
export const openReconciler = (options: ReconcilerOptions): Rounds =>
  openRounds({
    intervalMs: options.intervalMs,
    name: "looking for undecided signals",
    log: options.log,
    round: async (isStopped) => {
      options.onRound();
      await reconcile({ ...options, isStopped });
    },
  });
