/**
 * `attune demo`: every fixture through the real queue, workers and store in a folder of its own, then what came of it.
 * It waits for the tables to say that all is decided, never for a time; the decisions are the same in every run, the speed is not.
 */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { LIMITS } from "../core/limits.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT, type Status } from "../work/attune.ts";
import { readFixtures } from "../work/fixtures.ts";
import { becauseOf } from "./because.ts";
import type { RunningApp } from "./context.ts";
import {
  type DemoSummary,
  type ExplainedSample,
  foldSummary,
  type Sample,
} from "./demo-summary.ts";
import { demoAsText, type DemoReport, rateOf } from "./demo-text.ts";
import { type Progress, startProgress } from "./progress.ts";
import type { Call, Exit, Terminal } from "./terminal.ts";

/** Milliseconds between two looks into the tables. */
const LOOK_MS = 150;
/** Milliseconds without one more decision after which the run is given up. */
const STUCK_MS = 60_000;

interface Run {
  readonly app: RunningApp;
  readonly terminal: Terminal;
  readonly progress: Progress;
}

const closedIn = ({ store }: Status): number => store.decided + store.deadLetters;

const stopIfAsked = ({ terminal }: Run): void => {
  if (terminal.stop.aborted) throw new AttuneError("INTERRUPTED", "The demo was interrupted.");
};

const look = async (run: Run): Promise<Status> => {
  const status = await run.app.attune.status();
  const closed = closedIn(status);
  run.progress.update(closed, closed, `· ${status.store.replies} replies`);
  return status;
};

const sendAll = async (run: Run, signals: readonly unknown[]): Promise<number> => {
  let accepted = 0;
  let lookedMs = performance.now();
  for (let from = 0; from < signals.length; from += LIMITS.batchSignals) {
    stopIfAsked(run);
    const receipt = await run.app.attune.enqueue({
      tenant: DEFAULT_TENANT,
      signals: signals.slice(from, from + LIMITS.batchSignals),
      clock: "signal",
    });
    const faults = receipt.refused.flatMap((refused) => refused.faults);
    if (faults.length > 0)
      throw new AttuneError("INPUT_INVALID", "The fixtures are not usable:", { faults });
    accepted += receipt.accepted.length;
    if (performance.now() - lookedMs < LOOK_MS) continue;
    await look(run);
    lookedMs = performance.now();
  }
  return accepted;
};

const waitUntilDecided = async (run: Run, accepted: number): Promise<Status> => {
  let best = 0;
  let movedMs = performance.now();
  for (;;) {
    stopIfAsked(run);
    const status = await look(run);
    const closed = closedIn(status);
    if (closed >= accepted) return status;
    if (closed > best) movedMs = performance.now();
    best = Math.max(best, closed);
    if (performance.now() - movedMs > STUCK_MS)
      throw new AttuneError(
        "INTERNAL",
        `Only ${closed} of ${accepted} signals were decided, and no more for a minute.`,
      );
    await pause(LOOK_MS);
  }
};

const summarise = async ({ app }: Run): Promise<DemoSummary> => {
  const fold = foldSummary();
  for await (const stored of app.history(DEFAULT_TENANT)) fold.add(stored);
  return fold.result();
};

const explained = async ({ app }: Run, sample: Sample): Promise<ExplainedSample> => ({
  ...sample,
  explanation: await app.attune.explain({ tenant: DEFAULT_TENANT, id: sample.signal.id }),
});

const decideAll = async (
  run: Run,
  signals: readonly unknown[],
): Promise<Omit<DemoReport, "times"> & { decideMs: number }> => {
  const startedMs = performance.now();
  const status = await waitUntilDecided(run, await sendAll(run, signals));
  const decideMs = performance.now() - startedMs;
  run.progress.stop();
  const summary = await summarise(run);
  const samples: ExplainedSample[] = [];
  for (const sample of summary.samples) samples.push(await explained(run, sample));
  return { summary, samples, deadLetters: status.store.deadLetters, decideMs };
};

const reportAsJson = ({ summary, samples, times, deadLetters }: DemoReport): string =>
  JSON.stringify({
    ...summary,
    deadLetters,
    openMs: Math.round(times.openMs),
    decideMs: Math.round(times.decideMs),
    signalsPerSecond: rateOf(summary, times),
    samples: samples.map(({ explanation, ...sample }) => ({
      ...sample,
      because: becauseOf(explanation, sample.rule).split("\n"),
    })),
  });

export const demo = async ({ context, terminal }: Call): Promise<Exit> => {
  const { signals } = readFixtures(join(context.home, "fixtures"));
  terminal.note("attune demo: opening a clean store …");
  const startedMs = performance.now();
  const app = await context.runClean();
  const openMs = performance.now() - startedMs;
  const progress = startProgress(terminal, {
    title: "deciding",
    total: signals.length,
    unit: "signals",
  });
  try {
    const { decideMs, ...found } = await decideAll({ app, terminal, progress }, signals);
    const report: DemoReport = { ...found, times: { openMs, decideMs } };
    terminal.out(context.json ? reportAsJson(report) : demoAsText(report, terminal));
    return found.deadLetters === 0 ? 0 : 1;
  } finally {
    progress.stop();
    await app.stop();
  }
};
