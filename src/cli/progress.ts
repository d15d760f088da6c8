/**
 * Progress on stderr: a bar with rate and time left where a person watches, a plain line every few seconds elsewhere.
 * The time is this process's and only for show.
 */
import cliProgress from "cli-progress";
import type { Terminal } from "./terminal.ts";

export interface Progress {
  /** How far it is: `done` of the total, `counted` things so far (what the rate is of), and what to say beside them. */
  update(done: number, counted: number, beside?: string): void;
  /** Ends the bar; may be called twice. */
  stop(): void;
}

export interface ProgressOptions {
  readonly title: string;
  /** What `done` runs up to; 0 where nobody can know it. */
  readonly total: number;
  /** What is counted, in the plural: `signals`. */
  readonly unit: string;
}

/** Milliseconds between two plain lines. */
const PLAIN_EVERY_MS = 2000;

const rateOf = (counted: number, startedMs: number): string => {
  const seconds = (performance.now() - startedMs) / 1000;
  return seconds < 0.05 ? "–" : Math.round(counted / seconds).toLocaleString("en");
};

/** Time left at the pace so far. */
const leftOf = (done: number, total: number, startedMs: number): string => {
  if (done === 0) return "";
  const seconds = Math.ceil(((performance.now() - startedMs) / 1000) * (total / done - 1));
  return seconds < 60 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
};

const liveProgress = ({ title, total, unit }: ProgressOptions): Progress => {
  const startedMs = performance.now();
  const bar = new cliProgress.SingleBar({
    format: `${title} {bar} {percentage}% · {counted} ${unit} · {rate}/s · {left} {beside}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(total, 0, { counted: 0, rate: "–", left: "", beside: "" });
  return {
    update: (done, counted, beside = "") =>
      bar.update(done, {
        counted,
        rate: rateOf(counted, startedMs),
        left: leftOf(done, total, startedMs),
        beside,
      }),
    stop: () => bar.stop(),
  };
};

const plainProgress = (terminal: Terminal, { title, total, unit }: ProgressOptions): Progress => {
  const startedMs = performance.now();
  let saidMs = startedMs;
  return {
    update: (done, counted, beside = "") => {
      if (performance.now() - saidMs < PLAIN_EVERY_MS) return;
      saidMs = performance.now();
      const percent = total > 0 ? `${Math.floor((100 * done) / total)}%, ` : "";
      terminal.note(
        `${title}: ${percent}${counted} ${unit}, ${rateOf(counted, startedMs)}/s ${beside}`.trimEnd(),
      );
    },
    stop: () => undefined,
  };
};

/** Begins to show progress. */
export const startProgress = (terminal: Terminal, options: ProgressOptions): Progress =>
  terminal.live && options.total > 0 ? liveProgress(options) : plainProgress(terminal, options);
