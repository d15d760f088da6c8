/** How signals become jobs: one job for a signal, or up to `LIMITS.batchSignals` of one tenant in a batch job. */
import type { JsonObject } from "../core/json.ts";
import { LIMITS } from "../core/limits.ts";
import type { ClockChoice, IncomingSignal, NewJob } from "../core/ports.ts";
import type { Signal } from "../core/signal.ts";

const envelope = (tenant: string, clock: ClockChoice): JsonObject => ({ v: 1, tenant, clock });
const plain = (signal: Signal): JsonObject => signal as unknown as JsonObject;

/** The job of one signal. Its id is made of the tenant and the signal's id, so that the same signal queued twice is one job. */
export const jobOf = ({ tenant, signal, clock }: IncomingSignal): NewJob => ({
  id: JSON.stringify([tenant, signal.id]),
  name: signal.kind,
  data: { ...envelope(tenant, clock), signal: plain(signal) },
});

const batchOf = (tenant: string, clock: ClockChoice, signals: readonly Signal[]): NewJob => ({
  id: JSON.stringify([tenant, ...signals.map((signal) => signal.id)]),
  name: "batch",
  data: { ...envelope(tenant, clock), signals: signals.map(plain) },
});

/** Signals of one tenant and clock as batch jobs of at most `size`, in order; a rest of one is a single job. */
export const batchJobs = (
  incoming: readonly IncomingSignal[],
  size: number = LIMITS.batchSignals,
): readonly NewJob[] => {
  const jobs: NewJob[] = [];
  for (let from = 0; from < incoming.length; from += size) {
    const part = incoming.slice(from, from + size);
    const [first] = part;
    if (first === undefined) break;
    jobs.push(
      part.length === 1
        ? jobOf(first)
        : batchOf(
            first.tenant,
            first.clock,
            part.map(({ signal }) => signal),
          ),
    );
  }
  return jobs;
};
