/** Store, queue and relay as `app.ts` composes them, for test processes that put their own decisions between. */
import type { Config } from "../../src/config.ts";
import type { Log, Relay, SignalQueue, Store } from "../../src/core/ports.ts";
import { openQueue } from "../../src/queue/open.ts";
import { openEmbeddedStore, openPostgresStore } from "../../src/store/open.ts";

export interface OpenParts {
  readonly store: Store;
  readonly queue: SignalQueue;
  readonly relay: Relay;
  readonly log: Log;
  readonly lanes: number;
  stop(): Promise<void>;
}

const quiet: Log = () => undefined;

const stopper = (parts: { store: Store; queue: SignalQueue; relay: Relay }) => async () => {
  await parts.queue.stop();
  await parts.relay.stop();
  await parts.store.stop();
};

/** Opens what DATABASE_URL and REDIS_URL name, or the embedded store. */
export const openParts = async (config: Config): Promise<OpenParts> => {
  if (config.databaseUrl === undefined) {
    const { store, database } = await openEmbeddedStore(config.dataDirectory);
    const { queue, relay } = await openQueue({ backend: "embedded", database, log: quiet });
    return { store, queue, relay, log: quiet, lanes: 1, stop: stopper({ store, queue, relay }) };
  }
  const { store } = await openPostgresStore(config.databaseUrl);
  const { queue, relay } = await openQueue(
    config.redisUrl === undefined
      ? { backend: "postgres", url: config.databaseUrl, log: quiet }
      : { backend: "redis", url: config.redisUrl, log: quiet },
  );
  return { store, queue, relay, log: quiet, lanes: 4, stop: stopper({ store, queue, relay }) };
};
