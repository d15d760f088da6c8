/** The door of this room: a queue and a relay for one of the three deployments. Stop the relay and the queue before the store. */
import type { Log, Relay, SignalQueue } from "../core/ports.ts";
import type { Backend } from "./backend.ts";
import type { EmbeddedDatabase } from "./embedded.ts";
import { createQueue } from "./producer.ts";

export type QueueOptions = { readonly log: Log } & (
  | { readonly backend: "redis"; readonly url: string }
  | { readonly backend: "postgres"; readonly url: string }
  | { readonly backend: "embedded"; readonly database: EmbeddedDatabase }
);

export interface OpenQueue {
  readonly queue: SignalQueue;
  readonly relay: Relay;
}

/** Each deployment loads its own driver only. */
const openBackend = async (options: QueueOptions): Promise<Backend> => {
  if (options.backend === "redis") {
    const { openRedis } = await import("./redis.ts");
    return openRedis(options.url, options.log);
  }
  if (options.backend === "postgres") {
    const { openPostgres } = await import("./postgres.ts");
    return openPostgres(options.url, options.log);
  }
  const { openEmbedded } = await import("./embedded.ts");
  return openEmbedded(options.database, options.log);
};

/** Opens the queue and its relay. Rejects with QUEUE_UNREACHABLE when the server does not answer. */
export const openQueue = async (options: QueueOptions): Promise<OpenQueue> => {
  const backend = await openBackend(options);
  try {
    return { queue: createQueue(backend, options.log), relay: await backend.openRelay() };
  } catch (error) {
    await backend.close();
    throw error;
  }
};
