/**
 * Wake-ups between processes over BullMQ's `Relay`, and inside one process where there is only one.
 * Best effort by contract: a wake-up that is lost costs a delay, since every process also looks into the tables.
 */
import type { Relay as BullRelay } from "bullmq";
import type { Log, Relay } from "../core/ports.ts";
import { settlesWithin } from "./patience.ts";

const TOPIC = "playbook";
/** An announcement that a server does not take within this is dropped. */
const ANNOUNCE_MS = 2_000;
const CLOSE_MS = 2_000;

type Listener = (tenant: string) => void;

/** The relay of the embedded deployment: one process, so its own listeners are everybody. */
export const createLocalRelay = (): Relay => {
  const listeners = new Set<Listener>();
  return {
    announcePlaybook: (tenant) => {
      for (const listener of listeners) listener(tenant);
      return Promise.resolve();
    },
    onPlaybook: (listener) => void listeners.add(listener),
    stop: () => {
      listeners.clear();
      return Promise.resolve();
    },
  };
};

const tenantOf = (data: unknown): string | undefined =>
  data !== null && typeof data === "object" && "tenant" in data && typeof data.tenant === "string"
    ? data.tenant
    : undefined;

/** A relay over BullMQ's, which is subscribed before this resolves. `release` ends the connection that it alone uses. */
export const createSharedRelay = async (
  relay: Pick<BullRelay, "subscribe" | "publish" | "close">,
  log: Log,
  release: () => Promise<void> = () => Promise.resolve(),
): Promise<Relay> => {
  const listeners = new Set<Listener>();
  await relay.subscribe(TOPIC, ({ data }) => {
    const tenant = tenantOf(data);
    if (tenant !== undefined) for (const listener of listeners) listener(tenant);
  });
  let stopping: Promise<void> | undefined;
  return {
    announcePlaybook: async (tenant) => {
      const sent = relay.publish(TOPIC, { tenant });
      sent.catch((error: unknown) =>
        log("warn", "a new playbook was not announced", { reason: String(error) }),
      );
      await settlesWithin(ANNOUNCE_MS, sent);
    },
    onPlaybook: (listener) => void listeners.add(listener),
    stop: () =>
      (stopping ??= (async () => {
        listeners.clear();
        await settlesWithin(CLOSE_MS, relay.close());
        await settlesWithin(CLOSE_MS, release());
      })()),
  };
};
