/**
 * `attune enqueue FILE`: sends the signals of a JSONL file in batches, in the order of the file, in constant memory.
 * Bad lines are named and left out, good ones beside them are taken; the same file may be sent again, because ids that are known are left as they are.
 */
import type { Fault } from "../core/fault.ts";
import { LIMITS } from "../core/limits.ts";
import type { ClockChoice } from "../core/ports.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { connected } from "./connected.ts";
import { type Line, linesOf } from "./lines.ts";
import { startProgress } from "./progress.ts";
import { openSource, type Source } from "./source.ts";
import type { Call, Exit, Terminal } from "./terminal.ts";

export interface EnqueueOptions {
  /** Path, or `-` for stdin. */
  readonly file: string;
  readonly clock: ClockChoice;
}

/** Characters of one request; half of what the HTTP door takes, as one character may be three bytes. */
const BATCH_CHARS = 4 * 1024 * 1024;
/** Refused lines that are kept for the report; all are counted. */
const REFUSED_KEPT = 1000;

interface RefusedLine {
  readonly line: number;
  readonly faults: readonly Fault[];
}

interface Tally {
  accepted: number;
  refused: number;
  readonly faults: RefusedLine[];
}

interface Batch {
  readonly signals: unknown[];
  readonly lines: number[];
  chars: number;
}

interface Sending {
  readonly attune: Attune;
  readonly terminal: Terminal;
  readonly options: EnqueueOptions;
  readonly tally: Tally;
}

const refuse = ({ tally, terminal }: Sending, refused: RefusedLine): void => {
  tally.refused += 1;
  if (tally.faults.length >= REFUSED_KEPT) return;
  tally.faults.push(refused);
  for (const { place, sentence } of refused.faults) terminal.note(`${place}: ${sentence}`);
};

/** `signals[3] › text` as `line 17 › text`. */
const atLine = (fault: Fault, line: number): Fault => ({
  place: fault.place.replace(/^signals\[\d+\]/u, `line ${line}`),
  sentence: fault.sentence,
});

const sendBatch = async (sending: Sending, batch: Batch): Promise<void> => {
  if (batch.signals.length === 0) return;
  const { attune, options, tally } = sending;
  const receipt = await attune.enqueue({
    tenant: DEFAULT_TENANT,
    signals: batch.signals,
    clock: options.clock,
  });
  tally.accepted += receipt.accepted.length;
  for (const { index, faults } of receipt.refused) {
    const line = batch.lines[index] ?? 0;
    refuse(sending, { line, faults: faults.map((fault) => atLine(fault, line)) });
  }
};

/** The JSON of a line, or undefined after it was refused. */
const readLine = (sending: Sending, line: Line): { readonly value: unknown } | undefined => {
  const place = `line ${line.number}`;
  if (line.kind === "fault") {
    refuse(sending, { line: line.number, faults: [{ place, sentence: line.sentence }] });
    return undefined;
  }
  try {
    return { value: JSON.parse(line.text) as unknown };
  } catch (error) {
    const sentence = `is not JSON: ${error instanceof Error ? error.message : "unreadable"}`;
    refuse(sending, { line: line.number, faults: [{ place, sentence }] });
    return undefined;
  }
};

const isFull = (batch: Batch): boolean =>
  batch.signals.length >= LIMITS.batchSignals || batch.chars >= BATCH_CHARS;

const emptyBatch = (): Batch => ({ signals: [], lines: [], chars: 0 });

const sendAll = async (
  sending: Sending,
  lines: AsyncIterable<Line>,
  onBatch: () => void,
): Promise<void> => {
  let batch = emptyBatch();
  for await (const line of lines) {
    const read = readLine(sending, line);
    if (read !== undefined && line.kind === "text") {
      batch.signals.push(read.value);
      batch.lines.push(line.number);
      batch.chars += line.text.length;
    }
    if (!isFull(batch)) continue;
    await sendBatch(sending, batch);
    onBatch();
    batch = emptyBatch();
    if (sending.terminal.stop.aborted) return;
  }
  await sendBatch(sending, batch);
};

const sendSource = async (sending: Sending, source: Source): Promise<void> => {
  const { terminal, tally } = sending;
  let read = 0;
  const progress = startProgress(terminal, {
    title: "enqueue",
    total: source.size,
    unit: "signals",
  });
  const show = (): void => progress.update(read, tally.accepted + tally.refused);
  try {
    await sendAll(
      sending,
      linesOf(source.bytes, (bytes) => (read = bytes)),
      show,
    );
    show();
  } finally {
    progress.stop();
  }
};

const summaryOf = ({ accepted, refused }: Tally): string =>
  refused === 0
    ? `${accepted} signals accepted`
    : `${accepted} signals accepted, ${refused} lines refused`;

export const enqueue = async (call: Call, options: EnqueueOptions): Promise<Exit> => {
  const { context, terminal } = call;
  const source = openSource(options.file, terminal);
  const tally: Tally = { accepted: 0, refused: 0, faults: [] };
  const remote = await connected(call, async (connection) => {
    await sendSource({ attune: connection.attune, terminal, options, tally }, source);
    return connection.remote;
  });
  terminal.out(context.json ? JSON.stringify(tally) : summaryOf(tally));
  if (terminal.stop.aborted) {
    terminal.note(
      "attune: interrupted before the end of the file\n→ send it again: what was taken is not taken twice",
    );
    return 1;
  }
  if (!context.json && !remote && tally.accepted > 0 && context.config.databaseUrl === undefined)
    terminal.note("They wait in the queue: attune start decides them.");
  return tally.refused === 0 ? 0 : 1;
};
