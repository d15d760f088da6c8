/**
 * Group commit: signals that arrive while a transaction runs are gathered into the next one.
 * A customer always has the same lane and a lane runs one group at a time, so that within a process a customer's signals keep their order.
 */
import type { IncomingSignal } from "../core/ports.ts";

export interface Lanes {
  /** Resolves when the signal is decided (or dead-lettered); rejects with the transient error that stopped its group. */
  submit(incoming: IncomingSignal): Promise<void>;
  /** Runs `work` while no lane runs; signals submitted meanwhile wait. One at a time, in order of calls. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export interface LanesOptions {
  readonly lanes: number;
  readonly groupMax: number;
  readonly decide: (group: readonly IncomingSignal[]) => Promise<void>;
}

interface Waiting {
  readonly incoming: IncomingSignal;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  waiting: Waiting[];
  running: Promise<void> | undefined;
}

/** FNV-1a over UTF-16 units: which lane a customer has. */
const laneOf = ({ tenant, signal }: IncomingSignal, lanes: number): number => {
  let hash = 0x811c9dc5;
  for (const text of [tenant, signal.customerId])
    for (let index = 0; index < text.length; index += 1)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % lanes;
};

const runGroup = async (
  group: readonly Waiting[],
  decide: LanesOptions["decide"],
): Promise<void> => {
  try {
    await decide(group.map(({ incoming }) => incoming));
    for (const { resolve } of group) resolve();
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
};

/** Opens the lanes; nothing runs until a signal is submitted. */
export const openLanes = ({ lanes: count, groupMax, decide }: LanesOptions): Lanes => {
  const lanes: readonly Lane[] = Array.from({ length: count }, () => ({
    waiting: [],
    running: undefined,
  }));
  let gate: Promise<void> = Promise.resolve();
  /** How many callers want the lanes to stand still. */
  const still = { wanted: 0 };

  const drain = async (lane: Lane): Promise<void> => {
    // One turn of the event loop lets the jobs that were fetched together join the group.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (lane.waiting.length > 0 && still.wanted === 0)
      await runGroup(lane.waiting.splice(0, groupMax), decide);
    lane.running = undefined;
  };
  const wake = (lane: Lane): void => {
    if (lane.running === undefined && lane.waiting.length > 0 && still.wanted === 0)
      lane.running = drain(lane);
  };
  const reopen = (): void => {
    still.wanted -= 1;
    for (const lane of lanes) wake(lane);
  };

  return {
    submit: (incoming) =>
      new Promise<void>((resolve, reject) => {
        const lane = lanes[laneOf(incoming, count)];
        if (lane === undefined) throw new Error(`there is no lane among ${count}`);
        lane.waiting.push({ incoming, resolve, reject });
        wake(lane);
      }),
    alone: (work) => {
      still.wanted += 1;
      const result = gate
        .then(() => Promise.all(lanes.map((lane) => lane.running ?? Promise.resolve())))
        .then(work)
        .finally(reopen);
      gate = result.then(
        () => undefined,
        () => undefined,
      );
      return result;
    },
  };
};
