/**
 * The only composer: configuration → store, queue, relay, playbook, workers, server. Everything else gets what it needs from here.
 * Parts are stopped in the reverse order of their opening, also when a later one fails to open.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliContext, Connection, Roles, RunningApp } from "./cli/context.ts";
import type { Config } from "./config.ts";
import type { Log, Relay, SignalQueue, Store } from "./core/ports.ts";
import { AttuneError } from "./errors.ts";
import { openLog } from "./log.ts";
import { type Attune, DEFAULT_TENANT } from "./work/attune.ts";
import { conclude } from "./work/conclude.ts";
import type { Retrain } from "./work/handle-retrain.ts";
import { localAttune } from "./work/local.ts";
import { readPlaybookFiles } from "./work/publish.ts";
import { watchPlaybook } from "./work/watch.ts";
import { openWorkers } from "./work/workers.ts";

/** What must be stopped, newest first. */
type Stops = (() => Promise<void>)[];

interface Parts {
  readonly store: Store;
  readonly queue: SignalQueue;
  readonly relay: Relay;
  readonly log: Log;
  /** Transactions under way at once: one on PGlite's single session. */
  readonly lanes: number;
  readonly publishAddress: (address: string, token: string | undefined) => Promise<void>;
}

/** On a server the transactions take turns: one computes while the others wait for their statements and commits. */
const SERVER_LANES = 4;

/** Stops everything, also after one stop failed: a queue that cannot be ended must not keep the directory locked. Rejects with the first failure. */
const stopAll = async (stops: Stops): Promise<void> => {
  const failures: unknown[] = [];
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop())
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
};

/** Opens with `open`; whatever was opened before a failure is stopped again. */
const opening = async <T>(open: (stops: Stops) => Promise<T>): Promise<T> => {
  const stops: Stops = [];
  try {
    return await open(stops);
  } catch (error) {
    // What failed first is what the user must hear.
    await stopAll(stops).catch(() => undefined);
    throw error;
  }
};

const openEmbedded = async (config: Config, log: Log, stops: Stops): Promise<Parts> => {
  const { openEmbeddedStore } = await import("./store/open.ts");
  const { openQueue } = await import("./queue/open.ts");
  const { store, database, lock } = await openEmbeddedStore(config.dataDirectory);
  stops.push(() => store.stop());
  const { queue, relay } = await openQueue({ backend: "embedded", database, log });
  stops.push(
    () => queue.stop(),
    () => relay.stop(),
  );
  const publishAddress: Parts["publishAddress"] = (address, token) =>
    lock.publishAddress({ address, token });
  return { store, queue, relay, log, lanes: 1, publishAddress };
};

const openOnServers = async (
  config: Config & { databaseUrl: string },
  log: Log,
  stops: Stops,
): Promise<Parts> => {
  const { openPostgresStore } = await import("./store/open.ts");
  const { openQueue } = await import("./queue/open.ts");
  const { store } = await openPostgresStore(config.databaseUrl);
  stops.push(() => store.stop());
  const { queue, relay } = await openQueue(
    config.redisUrl === undefined
      ? { backend: "postgres", url: config.databaseUrl, log }
      : { backend: "redis", url: config.redisUrl, log },
  );
  stops.push(
    () => queue.stop(),
    () => relay.stop(),
  );
  return { store, queue, relay, log, lanes: SERVER_LANES, publishAddress: async () => undefined };
};

const openParts = (config: Config, log: Log, stops: Stops): Promise<Parts> => {
  const { databaseUrl } = config;
  return databaseUrl === undefined
    ? openEmbedded(config, log, stops)
    : openOnServers({ ...config, databaseUrl }, log, stops);
};

/** With `always`, the files of `home` go live whenever they differ; else only when nothing is live yet. */
const publishFiles = async (
  attune: Attune,
  parts: Parts,
  how: { home: string; always: boolean },
): Promise<void> => {
  const live = await parts.store.livePlaybookHash(DEFAULT_TENANT);
  if (live !== undefined && !how.always) return;
  try {
    const { hash, changed } = await attune.publish(DEFAULT_TENANT, readPlaybookFiles(how.home));
    if (changed) parts.log("info", "the playbook is in force", { playbook: hash });
  } catch (error) {
    if (live === undefined || !(error instanceof AttuneError)) throw error;
    parts.log("error", "the files were refused; the last good playbook stays in force", {
      reason: error.message,
    });
  }
};

const startWorkers = async (
  config: Config,
  parts: Parts & { readonly attune: Attune },
  stops: Stops,
): Promise<void> => {
  const retrain: Retrain = async ({ tenant, ...request }) =>
    void (await parts.attune.retrain(tenant, request));
  const workers = openWorkers({ ...config, ...parts, conclude, retrain });
  stops.push(() => workers.stop(config.stopDeadlineMs));
  await workers.start();
};

const startServer = async (
  config: Config,
  served: { attune: Attune; log: Log },
  stops: Stops,
): Promise<string> => {
  const { closeServer, createServer } = await import("./http/server.ts");
  const server = createServer({ ...served, token: config.token });
  stops.push(() => closeServer(server, config.stopDeadlineMs));
  const { host, port } = config;
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("ADDRESS_UNUSABLE", `Cannot listen on ${host}:${port}: ${reason}.`, {
      cause,
    });
  }
};

const requireServer = (config: Config, roles: Roles): void => {
  if (config.databaseUrl !== undefined || (roles.workers && roles.server)) return;
  const command = roles.workers ? "work" : "serve";
  throw new AttuneError(
    "NEEDS_SERVER",
    `attune ${command} runs beside other processes, and the embedded store in "${config.dataDirectory}" has room for one.`,
  );
};

const run = (config: Config, home: string, roles: Roles): Promise<RunningApp> =>
  opening(async (stops) => {
    const parts = await openParts(config, openLog(config.logLevel), stops);
    const attune = localAttune(parts);
    await publishFiles(attune, parts, { home, always: roles.watch });
    if (roles.workers) await startWorkers(config, { ...parts, attune }, stops);
    if (roles.watch) {
      const watching = watchPlaybook({
        home,
        log: parts.log,
        publish: (files) => attune.publish(DEFAULT_TENANT, files),
      });
      stops.push(() => watching.stop());
    }
    const history = (tenant: string) => parts.store.history(tenant);
    if (!roles.server) return { attune, history, stop: () => stopAll(stops) };
    const address = await startServer(config, { attune, log: parts.log }, stops);
    await parts.publishAddress(address, config.token);
    return { attune, address, history, stop: () => stopAll(stops) };
  });

const connectLocally = (config: Config): Promise<Connection> =>
  opening(async (stops) => {
    const attune = localAttune(await openParts(config, openLog(config.logLevel), stops));
    return { attune, remote: false, stop: () => stopAll(stops) };
  });

const connect = async (config: Config): Promise<Connection> => {
  try {
    return await connectLocally(config);
  } catch (error) {
    if (!(error instanceof AttuneError) || error.code !== "STORE_LOCKED") throw error;
    const { readHolder } = await import("./store/directory-lock.ts");
    const holder = await readHolder(config.dataDirectory);
    if (holder?.address === undefined) throw error;
    const { remoteAttune } = await import("./cli/remote.ts");
    return {
      attune: remoteAttune(holder.address, holder.token),
      remote: true,
      stop: async () => undefined,
    };
  }
};

const runClean = (config: Config, home: string): Promise<RunningApp> =>
  opening(async (stops) => {
    const directory = await mkdtemp(join(tmpdir(), "attune-demo-"));
    stops.push(() => rm(directory, { recursive: true, force: true }));
    // What goes well is told by the demo itself.
    const logLevel = config.logLevel === "info" ? "warn" : config.logLevel;
    const dataDirectory = join(directory, "data");
    const clean: Config = {
      ...config,
      databaseUrl: undefined,
      redisUrl: undefined,
      dataDirectory,
      logLevel,
    };
    const app = await run(clean, home, { workers: true, server: false, watch: false });
    stops.push(() => app.stop());
    return { ...app, stop: () => stopAll(stops) };
  });

export interface AppOptions {
  readonly config: Config;
  readonly home: string;
  readonly json: boolean;
}

/** The context of a command. Nothing is opened until the command asks. */
export const createContext = ({ config, home, json }: AppOptions): CliContext => ({
  config,
  home,
  json,
  connect: () => connect(config),
  run: async (roles) => {
    requireServer(config, roles);
    return await run(config, home, roles);
  },
  runClean: () => runClean(config, home),
});

/** Starts attune inside another program: what `attune start` runs, or only its workers or its server. `home` holds rules/ and models/. */
export const startAttune = (config: Config, home: string, roles: Roles): Promise<RunningApp> =>
  run(config, home, roles);
