/** Repeats a piece of work for as long as a process lives: never two rounds at once, and one that fails is logged and tried again. */
import type { Log } from "../core/ports.ts";

export interface RoundsOptions {
  readonly intervalMs: number;
  /** What failed, when a round rejects: "looking for undecided signals". */
  readonly name: string;
  readonly log: Log;
  /** Asks whether to leave the rest to the next round. */
  readonly round: (isStopped: () => boolean) => Promise<void>;
}

export interface Rounds {
  /** Once; a second call changes nothing. The first round comes after the first interval. */
  start(): void;
  /** Resolves when no round runs any more; before start it keeps the first one from coming. */
  stop(): Promise<void>;
}

export const openRounds = ({ intervalMs, name, log, round }: RoundsOptions): Rounds => {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let started = false;
  let stopped = false;

  const once = async (): Promise<void> => {
    try {
      await round(() => stopped);
    } catch (error) {
      log("warn", `${name} failed; the next round tries again`, {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
    plan();
  };
  const plan = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = once();
    }, intervalMs);
    timer.unref();
  };

  return {
    start: () => {
      if (!started) plan();
      started = true;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};
