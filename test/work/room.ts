/** What work needs around it in tests: the embedded store in memory, its queue and relay, and the project's own playbook in variants. */
import { join } from "node:path";
import type { IncomingSignal, Log, Relay, SignalQueue, Store } from "../../src/core/ports.ts";
import type { PlaybookFiles } from "../../src/core/playbook.ts";
import type { Feedback } from "../../src/core/signal.ts";
import { openQueue } from "../../src/queue/open.ts";
import { openEmbeddedStore } from "../../src/store/open.ts";
import { conclude } from "../../src/work/conclude.ts";
import type { Decider } from "../../src/work/decide.ts";
import { openPlaybooks } from "../../src/work/playbooks.ts";
import { playbookOf, readPlaybookFiles } from "../../src/work/publish.ts";
import { openWorkers, type Workers, type WorkersOptions } from "../../src/work/workers.ts";
import { aFeedback, incoming } from "../builders.ts";

export const HOME = join(import.meta.dirname, "../..");

export interface Said {
  readonly level: string;
  readonly sentence: string;
  readonly details: object;
}

/** A log that remembers. */
const memoryLog = (): { readonly log: Log; readonly said: Said[] } => {
  const said: Said[] = [];
  return {
    said,
    log: (level, sentence, details = {}) => void said.push({ level, sentence, details }),
  };
};

export interface Room {
  readonly store: Store;
  readonly queue: SignalQueue;
  readonly relay: Relay;
  readonly log: Log;
  readonly said: Said[];
  stop(): Promise<void>;
}

/** An empty store and queue; no playbook is published. */
export const openRoom = async (): Promise<Room> => {
  const { log, said } = memoryLog();
  const { store, database } = await openEmbeddedStore("memory");
  const { queue, relay } = await openQueue({ backend: "embedded", database, log });
  const stop = async (): Promise<void> => {
    await relay.stop();
    await queue.stop();
    await store.stop();
  };
  return { store, queue, relay, log, said, stop };
};

export const FILES: PlaybookFiles = readPlaybookFiles(HOME);

/** The project's playbook with another sentence in it: decides the same under another hash. */
export const variant = (mark: string): PlaybookFiles => ({
  ...FILES,
  "rules/delivery.json": (FILES["rules/delivery.json"] ?? "").replace("Logistics support", mark),
});

export const SHIPPED = playbookOf(FILES);

let names = 0;
export const fresh = (what: string): string => `${what}-${(names += 1)}`;

/** Feedback that a shipped rule answers, from a customer of its own. */
export const complaint = (
  changes: Partial<Feedback> = {},
  tenant: string = "default",
): IncomingSignal =>
  incoming(
    aFeedback({
      id: fresh("signal"),
      customerId: fresh("customer"),
      text: "My parcel is late again. I am really annoyed!",
      ...changes,
    }),
    { tenant },
  );

export const keyOf = ({ tenant, signal }: IncomingSignal) => ({ tenant, id: signal.id });

/** A decider over the room's store, with the playbooks that are published there. */
export const deciderOf = (room: Room, changes: Partial<Decider> = {}): Decider => {
  const playbooks = openPlaybooks(room.store, room.log);
  return {
    store: room.store,
    conclude,
    log: room.log,
    inForce: (tenant) => playbooks.inForce(tenant),
    ...changes,
  };
};

/** Workers over the room, with rounds of the reconciler far away unless a test wants them near. */
export const workersOf = (room: Room, changes: Partial<WorkersOptions> = {}): Workers =>
  openWorkers({
    store: room.store,
    queue: room.queue,
    relay: room.relay,
    log: room.log,
    conclude,
    lanes: 1,
    concurrency: 20,
    lockDurationMs: 10_000,
    stalledIntervalMs: 5_000,
    reconcileIntervalMs: 3_600_000,
    reconcileAfterMs: 3_600_000,
    releaseIntervalMs: 3_600_000,
    ...changes,
  });

/** The store, where every write that holds the signal fails as the database would refuse a row. */
export const refusing = (store: Store, ...ids: readonly string[]) => {
  const groups: (readonly string[])[] = [];
  const guarded: Store = {
    ...store,
    group: (work) =>
      store.group((transaction) =>
        work({
          ...transaction,
          write: async (decided, customers) => {
            groups.push(decided.map(({ accepted }) => accepted.signal.id));
            await transaction.write(decided, customers);
            for (const { accepted } of decided)
              if (ids.includes(accepted.signal.id))
                throw new Error(`the row of ${accepted.signal.id} violates a check`);
          },
        }),
      ),
  };
  return { store: guarded, groups };
};

/** As a lost connection looks. */
export const lostConnection = (): Error =>
  Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });

export const statesOf = (
  store: Store,
  signals: readonly IncomingSignal[],
): Promise<readonly string[]> => Promise.all(signals.map((one) => store.signalState(keyOf(one))));
