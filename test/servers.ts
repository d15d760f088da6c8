/**
 * Real PostgreSQL and Redis servers from the system's packages, on private loopback ports and in directories of their own, for tests, fault runs and benchmarks.
 * A missing binary gives `undefined`, never an error. Test files use `test/suites.ts`, which shares one server of each kind and names the suites that could not run.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** What installs the servers on Debian and its relatives. */
export const INSTALL_COMMAND = "apt-get install redis-server postgresql";

/** A running server. It ends with this process, however that ends. */
export interface Server {
  /** Connection address on 127.0.0.1; the same after a restart. */
  readonly url: string;
  /** Shuts down, waits for the end and removes the directory. May be called twice. */
  stop(): Promise<void>;
  /** SIGKILL, as a power cut of the process would be; the directory stays. */
  kill(): Promise<void>;
  /** Starts again on the same port and directory; a server that still runs is killed first. */
  restart(): Promise<void>;
}

export interface PostgresOptions {
  /** fsync on, as in production; for benchmarks. Off by default: tests kill processes, not machines. */
  readonly durable?: boolean;
}

export interface RedisOptions {
  /** Append-only file, synced every second. Off by default: a killed Redis then starts empty. */
  readonly appendOnly?: boolean;
  /** "noeviction" unless a test wants a wrong one. */
  readonly maxmemoryPolicy?: string;
}

interface Recipe {
  readonly url: string;
  readonly directory: string;
  readonly command: readonly [string, ...string[]];
  readonly stopSignal: NodeJS.Signals;
  /** Printed by the server once it takes connections. */
  readonly readyText: string;
}

const START_ATTEMPTS = 20;
const START_TIMEOUT_MS = 30_000;

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const findBinary = (name: string, folders: readonly string[]): string | undefined =>
  [...(process.env["PATH"] ?? "").split(delimiter), ...folders]
    .map((folder) => join(folder, name))
    .find(isExecutable);

/** Newest first; Debian keeps these out of PATH. */
const postgresFolders = (): readonly string[] => {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .toSorted((left, right) => Number(right) - Number(left))
    .map((version) => join(root, version, "bin"));
};

/** Below the range from which systems take ports for outgoing connections: one of those may sit on a killed server's port when it starts again. */
const PORTS = { from: 12_000, count: 18_000 };
const PORT_ATTEMPTS = 50;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });

const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${PORT_ATTEMPTS} tried from ${PORTS.from} on`);
};

/** `setpriv` ties a server's life to ours even when we are killed with SIGKILL, and leaves root, which PostgreSQL refuses. */
const guarded = (
  command: readonly [string, ...string[]],
  user?: string,
): readonly [string, ...string[]] => {
  const setpriv = findBinary("setpriv", ["/usr/bin"]);
  if (setpriv === undefined) return command;
  const identity =
    user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  return [setpriv, ...identity, "--pdeathsig=QUIT", "--", ...command];
};

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

const ended = (child: ChildProcess): Promise<void> =>
  hasEnded(child)
    ? Promise.resolve()
    : new Promise((resolve) => child.once("exit", () => resolve()));

/** Resolves once the server says that it is ready; rejects with its last words when it ends before. */
const launch = (recipe: Recipe): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const [program, ...args] = recipe.command;
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TZ: "UTC" },
    });
    let printed = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      printed = (printed + chunk.toString()).slice(-4_000);
      if (!printed.includes(recipe.readyText)) return;
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream.off("data", read).resume();
      resolve(child);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`${program} ended before it was ready: ${printed}`));
    });
  });

const readProc = (path: string): string => {
  try {
    return readFileSync(join("/proc", path), "utf8");
  } catch {
    return "";
  }
};

/** Process ids; none where there is no /proc. */
const childrenOf = (pid: number | undefined): readonly number[] =>
  readProc(`${pid}/task/${pid}/children`)
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);

/** One that has ended but was not yet collected by its parent counts as gone. */
const isAlive = (pid: number): boolean => /\) [^ZX]/u.test(readProc(`${pid}/stat`));

/** PostgreSQL answers each connection from a process of its own, which outlives a killed parent for a moment and would still take a statement. */
const killAll = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child)) return;
  const children = childrenOf(child.pid);
  child.kill("SIGKILL");
  for (const pid of children) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
  await ended(child);
  while (children.some(isAlive)) await wait(5);
};

/** A server that was killed may hold its memory for a moment: tries again for about two seconds. */
const launchPatiently = async (recipe: Recipe, attempt = 1): Promise<ChildProcess> => {
  try {
    return await launch(recipe);
  } catch (error) {
    if (attempt >= START_ATTEMPTS) throw error;
    await wait(100);
    return launchPatiently(recipe, attempt + 1);
  }
};

const run = async (recipe: Recipe): Promise<Server> => {
  let child = await launchPatiently(recipe);
  const onExit = (): void => {
    child.kill("SIGKILL");
    rmSync(recipe.directory, { recursive: true, force: true });
  };
  process.once("exit", onExit);
  return {
    url: recipe.url,
    stop: async () => {
      child.kill(recipe.stopSignal);
      await ended(child);
      process.off("exit", onExit);
      rmSync(recipe.directory, { recursive: true, force: true });
    },
    kill: () => killAll(child),
    restart: async () => {
      await killAll(child);
      child = await launchPatiently(recipe);
    },
  };
};

const postgresIdOf = (flag: "-u" | "-g"): number =>
  Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));

/** A fresh PostgreSQL with the superuser `attune`; its url names the empty database `postgres`. `undefined` when PostgreSQL is not installed. */
export const startPostgres = async (options: PostgresOptions = {}): Promise<Server | undefined> => {
  const folders = postgresFolders();
  const initdb = findBinary("initdb", folders);
  const postgres = findBinary("postgres", folders);
  if (initdb === undefined || postgres === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), "attune-postgres-"));
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? "postgres" : undefined;
  if (asRoot) {
    chownSync(directory, postgresIdOf("-u"), postgresIdOf("-g"));
  }
  const data = join(directory, "data");
  const [program, ...args] = guarded(
    [
      initdb,
      "-D",
      data,
      "-U",
      "attune",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
      "--no-instructions",
    ],
    user,
  );
  execFileSync(program, args, { cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=`,
    `port=${port}`,
    "max_connections=200",
    ...(options.durable === true ? [] : ["fsync=off", "full_page_writes=off"]),
  ].flatMap((setting) => ["-c", setting]);
  const server = await run({
    url: `postgres://attune@127.0.0.1:${port}/postgres`,
    directory,
    command: guarded([postgres, "-D", data, ...settings], user),
    stopSignal: "SIGINT",
    readyText: "ready to accept connections",
  });
  return server;
};

/** A fresh, empty Redis, or `undefined` when redis-server is not installed. */
export const startRedis = async (options: RedisOptions = {}): Promise<Server | undefined> => {
  const redis = findBinary("redis-server", ["/usr/bin"]);
  if (redis === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), "attune-redis-"));
  const port = await freePort();
  const appendOnly = options.appendOnly === true ? "yes" : "no";
  const settings = [
    ["--port", String(port)],
    ["--bind", "127.0.0.1"],
    ["--dir", directory],
    ["--save", ""],
    ["--appendonly", appendOnly],
    ["--appendfsync", "everysec"],
    ["--databases", "256"],
    ["--maxmemory-policy", options.maxmemoryPolicy ?? "noeviction"],
  ].flat();
  return run({
    url: `redis://127.0.0.1:${port}`,
    directory,
    command: guarded([redis, ...settings]),
    stopSignal: "SIGTERM",
    readyText: "Ready to accept connections",
  });
};
