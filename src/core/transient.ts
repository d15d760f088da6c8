/**
 * Tells a broken world (server away, connection lost, deadlock: try the same work again) from a bug or bad data (never try again as it is).
 * When in doubt it says bug: a wrong "transient" would retry for ever, a wrong "bug" is at least seen.
 */

/** SQLSTATE classes: connection, insufficient resources, operator intervention, system error. */
const CLASSES: ReadonlySet<string> = new Set(["08", "53", "57", "58"]);

/** serialization failure, deadlock, lock not available, read-only transaction (the old primary after a fail-over). */
const STATES: ReadonlySet<string> = new Set(["40001", "40P01", "55P03", "25006"]);

const SYSTEM: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EMFILE",
  "ENOSPC",
]);

/** attune's own: what is not there may still come. */
const OWN: ReadonlySet<string> = new Set(["STORE_UNREACHABLE", "QUEUE_UNREACHABLE", "NO_PLAYBOOK"]);

/** What `pg`, PGlite and (once the store stopped) Kysely say without a code. */
const SENTENCES: readonly RegExp[] = [
  /^Connection terminated/u,
  /^timeout exceeded when trying to connect/u,
  /^Client has encountered a connection error/u,
  /^Client was closed and is not queryable/u,
  /^Cannot use a pool after calling end on the pool/u,
  /^PGlite is (closed|closing)/u,
  /^driver has already been destroyed/u,
];

const codeSaysSo = (error: Error): boolean => {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
  if (typeof code !== "string") return false;
  // The server's socket file is away while it restarts; any other missing file is a bug.
  if (code === "ENOENT") return syscall === "connect";
  return (
    SYSTEM.has(code) ||
    STATES.has(code) ||
    OWN.has(code) ||
    (/^[0-9A-Z]{5}$/u.test(code) && CLASSES.has(code.slice(0, 2)))
  );
};

/**
 * Whether the same work may succeed later: true for a lost or refused connection, a restart, a full server, a deadlock, a serialization failure
 * or a playbook that is not published yet, also as the cause of another error; false for everything else.
 */
export const isTransient = (error: unknown): boolean => {
  const seen = new Set<unknown>();
  const left: unknown[] = [error];
  while (left.length > 0) {
    const next = left.pop();
    if (!(next instanceof Error) || seen.has(next)) continue;
    seen.add(next);
    if (codeSaysSo(next) || SENTENCES.some((sentence) => sentence.test(next.message))) return true;
    left.push(next.cause);
    if (next instanceof AggregateError) left.push(...(next.errors as unknown[]));
  }
  return false;
};
