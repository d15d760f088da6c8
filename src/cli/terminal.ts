/**
 * Where a command reads and writes. Results go to `out` (stdout) alone; everything said along the way goes to `note` (stderr),
 * so that a pipe behind `--json` sees JSON and nothing else.
 */
import picocolors from "picocolors";
import { printable } from "./columns.ts";
import type { CliContext } from "./context.ts";

export type Paint = ReturnType<typeof picocolors.createColors>;

export interface Terminal {
  /** Writes to stdout and ends the line. */
  out(text: string): void;
  /** Writes to stderr and ends the line. */
  note(text: string): void;
  /** Bytes from stdin. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Whether a person watches stderr: progress may redraw itself. */
  readonly live: boolean;
  /** Width of stdout in columns; 100 where it is not a terminal. */
  readonly columns: number;
  readonly paint: Paint;
  /** Aborted by SIGINT or SIGTERM: end what is under way and stop. Only a command that asks for it takes these signals over; others end at once. */
  readonly stop: AbortSignal;
}

/** What a command is called with. */
export interface Call {
  readonly context: CliContext;
  readonly terminal: Terminal;
}

/** Exit status: 0 ok, 1 the work failed or found faults, 2 the call was wrong, 3 the world is not ready. */
export type Exit = 0 | 1 | 2 | 3;

/** Colours, or the same functions doing nothing. */
export const createPaint = (coloured: boolean): Paint => picocolors.createColors(coloured);

/** The terminal of this process. `listen` is called when a command first asks for `stop`. */
export const processTerminal = (listen: () => AbortSignal): Terminal => {
  let stop: AbortSignal | undefined;
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${printable(text)}\n`),
    input: process.stdin,
    live: process.stderr.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : 100,
    paint: createPaint(process.stdout.isTTY && picocolors.isColorSupported),
    get stop() {
      return (stop ??= listen());
    },
  };
};
