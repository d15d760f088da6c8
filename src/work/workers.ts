/** A worker process told in terms of ports: take jobs, decide them in lanes, look for what the queue forgot. */
import { setTimeout as wait } from "node:timers/promises";
import type { Consumer, Log, Relay, SignalQueue, Store } from "../core/ports.ts";
import type { Conclude } from "./conclude.ts";
import { decideGroup, type Decider } from "./decide.ts";
import { openJobHandler } from "./handle-job.ts";
import type { Retrain } from "./handle-retrain.ts";
import { openLanes } from "./lanes.ts";
import { DEFAULT_TENANT } from "./tenant.ts";
import { openGuard } from "./guard.ts";
import { openPlaybooks, playbookFor } from "./playbooks.ts";
import { openReconciler } from "./reconcile.ts";
import { openReleaser } from "./release.ts";

/** Signals in one transaction at most; bounds how long a group holds the event loop and its customers' rows. */
const GROUP_MAX = 256;

export interface WorkersOptions {
  readonly store: Store;
  readonly queue: SignalQueue;
  readonly relay: Relay;
  readonly log: Log;
  readonly conclude: Conclude;
  /** Without it every `retrain` job fails. */
  readonly retrain?: Retrain;
  /** Transactions under way at once; 1 on PGlite, which has one session. */
  readonly lanes: number;
  readonly concurrency: number;
  readonly lockDurationMs: number;
  readonly stalledIntervalMs: number;
  readonly reconcileIntervalMs: number;
  readonly reconcileAfterMs: number;
  /** How often replies that wait are looked for. */
  readonly releaseIntervalMs: number;
}

export interface Workers {
  start(): Promise<void>;
  /** Lets running jobs end up to `deadlineMs`; what is left is recovered by another worker. */
  stop(deadlineMs: number): Promise<void>;
}

export const openWorkers = (options: WorkersOptions): Workers => {
  const { store, queue, relay, log, retrain } = options;
  const playbooks = openPlaybooks(store, log);
  relay.onPlaybook((tenant) => playbooks.lookAgain(tenant));
  const decider: Decider = {
    store,
    log,
    conclude: options.conclude,
    inForce: (tenant) => playbooks.inForce(tenant),
  };
  const lanes = openLanes({
    lanes: options.lanes,
    groupMax: GROUP_MAX,
    decide: (group) => decideGroup(decider, group),
  });
  const consumer: Consumer = queue.consume(
    openJobHandler({ decider, lanes, ...(retrain === undefined ? {} : { retrain }) }),
    options,
  );
  const reconciler = openReconciler({
    store,
    queue,
    log,
    intervalMs: options.reconcileIntervalMs,
    afterMs: options.reconcileAfterMs,
    onRound: () => playbooks.lookAgain(DEFAULT_TENANT),
  });
  const releaser = openReleaser({
    store,
    log,
    playbookOf: async (customer) => playbookFor(await playbooks.inForce(customer.tenant), customer),
    intervalMs: options.releaseIntervalMs,
  });
  const guard = openGuard({ store, relay, log, intervalMs: options.reconcileIntervalMs });
  return {
    start: async () => {
      await consumer.start();
      reconciler.start();
      releaser.start();
      guard.start();
    },
    stop: async (deadlineMs) => {
      // Both at once: a round that hangs on a server that is away must not use up the consumer's time, nor outlast it.
      const ended = new AbortController();
      await Promise.all([
        consumer.stop(deadlineMs),
        Promise.race([
          Promise.all([reconciler.stop(), releaser.stop(), guard.stop()]),
          wait(deadlineMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined),
        ]).finally(() => ended.abort()),
      ]);
    },
  };
};
