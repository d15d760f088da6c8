/** Waiting with a limit, and saying a thing once: for servers that are away for a while. */
import type { Log } from "../core/ports.ts";

/** Whether `promise` settled (either way) within `limitMs`. Never rejects; the timer never outlives the call. */
export const settlesWithin = async (
  limitMs: number,
  promise: Promise<unknown>,
): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
};

const REPEAT_AFTER_MS = 10_000;

/** An `error` listener that logs a warning, and the same warning again only after ten seconds: a server that is away fails many times a second. */
export const warnOf = (log: Log, sentence: string): ((error: Error) => void) => {
  const lastSaid = new Map<string, number>();
  return (error) => {
    const now = Date.now();
    if (now - (lastSaid.get(error.message) ?? -Infinity) < REPEAT_AFTER_MS) return;
    if (lastSaid.size > 100) lastSaid.clear();
    lastSaid.set(error.message, now);
    log("warn", sentence, { reason: error.message });
  };
};
