/**
 * The queue on Redis through ioredis. Producers fail fast, workers wait for ever: they never share a connection.
 * Keys begin with `{attune}`, one hash tag, so that a Redis Cluster keeps the queue in one slot.
 */
import { Queue, Relay as BullRelay, Worker } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { QUEUE_NAME } from "../core/job.ts";
import type { Log } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import { type Backend, PRODUCER_SETTINGS, takerSettings } from "./backend.ts";
import { settlesWithin, warnOf } from "./patience.ts";
import { createSharedRelay } from "./relay.ts";

/** First part of every key; BullMQ clients of other languages set the same prefix. */
const PREFIX = "{attune}";

const CONNECT_MS = 5_000;
const CLOSE_MS = 2_000;

/** ioredis 6 gives the omitted option two types that do not agree. */
type ClientOptions = Omit<RedisOptions, "replyMapping">;

const common: ClientOptions = {
  connectTimeout: CONNECT_MS,
  lazyConnect: true,
  retryStrategy: (times) => Math.min(times * 100, 2_000),
};

/** A producer's command fails within a moment of the server's going away, and at once while it is away. */
const producerOptions: ClientOptions = {
  ...common,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  commandTimeout: 10_000,
};
const workerOptions: ClientOptions = { ...common, maxRetriesPerRequest: null };

/** The server's place without user and password, which may hold any character. */
const placeOf = (url: string): string => {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
};

const connect = (url: string, options: ClientOptions, log: Log): Redis => {
  const client = new Redis(url, options);
  client.on("error", warnOf(log, "the connection to Redis has trouble"));
  return client;
};

const connectNow = async (url: string, log: Log): Promise<Redis> => {
  const client = connect(url, producerOptions, log);
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.disconnect();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AttuneError(
      "QUEUE_UNREACHABLE",
      `Redis at ${placeOf(url)} did not answer: ${reason}`,
      {
        cause: error,
      },
    );
  }
};

/** An evicting Redis drops accepted jobs without a word: say so. */
const checkEviction = async (client: Redis, log: Log): Promise<void> => {
  const memory = await client.info("memory");
  const policy = /^maxmemory_policy:(\S+)/mu.exec(memory)?.[1];
  if (policy === undefined || policy === "noeviction") return;
  log(
    "warn",
    "Redis may drop queued jobs when its memory is full; set maxmemory-policy noeviction",
    { policy },
  );
};

/** Opens the queue on Redis. Rejects with QUEUE_UNREACHABLE when Redis does not answer within 5 s. */
export const openRedis = async (url: string, log: Log): Promise<Backend> => {
  const client = await connectNow(url, log);
  await checkEviction(client, log);
  const producer = new Queue(QUEUE_NAME, {
    ...PRODUCER_SETTINGS,
    connection: client,
    prefix: PREFIX,
  });
  producer.on("error", warnOf(log, "the queue has trouble"));
  return {
    producer,
    openTaker: (processor, options) => {
      const connection = connect(url, workerOptions, log);
      const taker = new Worker(QUEUE_NAME, processor, {
        ...takerSettings(options),
        connection,
        prefix: PREFIX,
      });
      taker.on("error", warnOf(log, "the queue's worker has trouble"));
      return { taker, release: () => Promise.resolve(connection.disconnect()) };
    },
    openRelay: () => {
      const connection = connect(url, workerOptions, log);
      const relay = new BullRelay({ connection, prefix: PREFIX, namespace: "attune" });
      relay.on("error", warnOf(log, "the relay has trouble"));
      return createSharedRelay(relay, log, () => Promise.resolve(connection.disconnect()));
    },
    close: async () => {
      await settlesWithin(CLOSE_MS, producer.close());
      client.disconnect();
    },
  };
};
