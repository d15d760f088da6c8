/**
 * One process per data directory: PGlite itself lets a second one in, and both then lose rows silently.
 * A lock file is created with its content in one step (`link`); the lock of a dead process is taken over by whoever first
 * creates the take-over file named after that dead lock's content, so that of two takers one wins whatever the timing.
 */
import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError } from "../errors.ts";
import { isRunning, processStart } from "./process-identity.ts";

/** Where the holder can be reached. */
export interface HolderAddress {
  /** Such as `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Bearer token, where the server wants one. */
  readonly token?: string | undefined;
}

/** The process that holds a directory. */
export interface Holder extends Partial<HolderAddress> {
  readonly pid: number;
}

export interface DirectoryLock {
  /** Tells other commands where this process listens. */
  publishAddress(address: HolderAddress): Promise<void>;
  /** Gives the directory back; may be called twice. */
  release(): Promise<void>;
}

interface LockFile extends Holder {
  readonly start?: string;
  /** Different in every lock ever taken. */
  readonly nonce: string;
}

const ATTEMPTS = 100;
const lockPath = (directory: string): string => join(directory, "lock.json");

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};

const parse = (text: string): LockFile | undefined => {
  try {
    const found: unknown = JSON.parse(text);
    const sound =
      typeof found === "object" &&
      found !== null &&
      Number.isSafeInteger((found as { pid?: unknown }).pid);
    return sound ? (found as LockFile) : undefined;
  } catch {
    return undefined;
  }
};

/** The lock as long as its holder lives; text that nobody can read has no holder. */
const living = (text: string): LockFile | undefined => {
  const lock = parse(text);
  return lock !== undefined && isRunning(lock.pid, lock.start) ? lock : undefined;
};

const linkUnlessThere = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
};

const takeoverPath = (directory: string, text: string): string =>
  join(directory, `lock.${createHash("sha256").update(text).digest("hex").slice(0, 32)}.takeover`);

interface Candidate {
  readonly directory: string;
  /** File that already holds our lock's content. */
  readonly file: string;
}

type Attempt =
  | { readonly kind: "held" }
  | { readonly kind: "again" }
  | { readonly kind: "refused"; readonly holder: LockFile };

/**
 * Takes over from the dead lock `text`. A taker may have died in mid-take-over: its take-over file is then a dead lock like any other,
 * and the chain goes on from there. Whoever wins the last link looks again that the lock file is still the dead one.
 */
const takeOver = async ({ directory, file }: Candidate, text: string): Promise<Attempt> => {
  const chain: string[] = [];
  for (let dead = text; ;) {
    const path = takeoverPath(directory, dead);
    chain.push(path);
    if (await linkUnlessThere(file, path)) break;
    const taker = await readIfThere(path);
    if (taker === undefined) return { kind: "again" };
    const holder = living(taker);
    if (holder !== undefined) return { kind: "refused", holder };
    dead = taker;
  }
  const unchanged = (await readIfThere(lockPath(directory))) === text;
  if (unchanged) await rename(file, lockPath(directory));
  for (const path of unchanged ? chain : chain.slice(-1)) await rm(path, { force: true });
  return { kind: unchanged ? "held" : "again" };
};

const attempt = async (candidate: Candidate): Promise<Attempt> => {
  const path = lockPath(candidate.directory);
  if (await linkUnlessThere(candidate.file, path)) return { kind: "held" };
  const text = await readIfThere(path);
  if (text === undefined) return { kind: "again" };
  const holder = living(text);
  return holder === undefined ? takeOver(candidate, text) : { kind: "refused", holder };
};

const writeLock = async (directory: string, lock: LockFile): Promise<string> => {
  const file = join(directory, `lock.${randomUUID()}.new`);
  await writeFile(file, JSON.stringify(lock), { mode: 0o600, flag: "wx" });
  return file;
};

const heldLock = (directory: string, mine: LockFile): DirectoryLock => {
  const stillMine = async (): Promise<boolean> => {
    const text = await readIfThere(lockPath(directory));
    return text !== undefined && parse(text)?.nonce === mine.nonce;
  };
  return {
    publishAddress: async ({ address, token }) => {
      if (!(await stillMine())) return;
      await rename(await writeLock(directory, { ...mine, address, token }), lockPath(directory));
    },
    release: async () => {
      if (await stillMine()) await rm(lockPath(directory), { force: true });
    },
  };
};

const makeDirectory = async (directory: string): Promise<void> => {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("FILE_UNREADABLE", `${directory} cannot be the data directory: ${why}.`, {
      cause,
    });
  }
};

/** Takes the lock, creating the directory where it is missing. Rejects with STORE_LOCKED, naming the pid, while another process (or this one) holds it, and with FILE_UNREADABLE where no directory can be. */
export const lockDirectory = async (directory: string): Promise<DirectoryLock> => {
  await makeDirectory(directory);
  const start = processStart(process.pid);
  const mine: LockFile = {
    pid: process.pid,
    ...(start === undefined ? {} : { start }),
    nonce: randomUUID(),
  };
  const file = await writeLock(directory, mine);
  try {
    for (let attempts = 0; attempts < ATTEMPTS; attempts += 1) {
      const { kind, ...rest } = await attempt({ directory, file });
      if (kind === "held") return heldLock(directory, mine);
      if ("holder" in rest)
        throw new AttuneError(
          "STORE_LOCKED",
          `${directory} is in use by process ${rest.holder.pid}`,
        );
    }
    throw new AttuneError(
      "STORE_LOCKED",
      `${directory} is being taken and given back too fast to get hold of it`,
    );
  } finally {
    await rm(file, { force: true });
  }
};

/** The living process that holds the directory, or undefined. */
export const readHolder = async (directory: string): Promise<Holder | undefined> => {
  const text = await readIfThere(lockPath(directory));
  const lock = text === undefined ? undefined : living(text);
  if (lock === undefined) return undefined;
  const { pid, address, token } = lock;
  return {
    pid,
    ...(address === undefined ? {} : { address }),
    ...(token === undefined ? {} : { token }),
  };
};
