/**
 * Reads a shop's history from a file of any size: CSV or JSON lines by the declaration of their columns, or the JSON lines of `attune enqueue` as they are.
 * Bytes are read as they come; only what becomes a signal is kept.
 */
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { faultsOf, quote } from "../core/fault.ts";
import { type Signal, SIGNAL_FIELDS, signalSchema } from "../core/signal.ts";
import { type HistoryColumns, missingColumns } from "../core/tables/history-columns.ts";
import {
  emptyTally,
  type HistoryFound,
  type HistoryLines,
  openHistoryLines,
  tellRefused,
} from "../core/tables/history-lines.ts";
import { AttuneError } from "../errors.ts";
import { LINE_BYTES, linesOf } from "./lines.ts";
import { startProgress } from "./progress.ts";
import { separatorOf, textOf } from "./read-table.ts";
import { openSource } from "./source.ts";
import type { Terminal } from "./terminal.ts";

interface Input {
  readonly file: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What the file begins with: its first line with something on it, at least. */
  readonly head: string;
  /** Null where nobody declared columns. */
  readonly declaration: HistoryColumns | null;
  readonly onLine: () => void;
}

const faulty = (file: string, sentence: string): AttuneError =>
  new AttuneError("INPUT_INVALID", `${file} ${sentence}.`);

/** A line that is longer than any line is not waited for. */
const isEnough = (head: string): boolean =>
  head.trimStart().includes("\n") || head.length > LINE_BYTES;

/** The beginning of a source, and the whole of it. */
const peek = async (
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: string; readonly all: AsyncIterable<Uint8Array> }> => {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let head = "";
  while (!isEnough(head)) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    head = Buffer.concat(first).toString("utf8");
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: head.replace(/^\uFEFF/u, "").trimStart(), all: all() };
};

/** A file in another encoding has names and products that nobody would know again. */
async function* checkedUtf8({ bytes, file }: Input): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let read = 0;
  const check = (chunk?: Uint8Array): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw faulty(file, `is not valid UTF-8 near byte ${read}; save it as UTF-8`);
    }
  };
  for await (const chunk of bytes) {
    check(chunk);
    read += chunk.length;
    yield chunk;
  }
  check();
}

const checkColumns = (
  declaration: HistoryColumns,
  known: readonly string[],
  file: string,
): void => {
  const faults = missingColumns(declaration, known, file);
  if (faults.length > 0)
    throw new AttuneError("INPUT_INVALID", "the columns declared are not those of the file:", {
      faults,
    });
};

const placesOf = (
  header: readonly string[],
  { declaration, file }: { readonly declaration: HistoryColumns; readonly file: string },
): ReadonlyMap<string, number> => {
  const names = header.map((name) => name.trim());
  checkColumns(declaration, names, file);
  for (const name of Object.values(declaration.columns))
    if (name !== undefined && names.indexOf(name) !== names.lastIndexOf(name))
      throw faulty(file, `names the column ${quote(name)} twice; rename one of them`);
  return new Map(names.map((name, place) => [name, place]));
};

/** csv-parse says where a record ends; it begins as many lines earlier as its cells have breaks. */
const firstLine = (end: number, record: readonly string[]): number =>
  end - record.reduce((breaks, cell) => breaks + cell.split("\n").length - 1, 0);

const needsColumns = ({ file, head }: Input): AttuneError => {
  const [header = ""] = head.split(/\r?\n/u, 1);
  const names = header.split(separatorOf(header)).map((name) => name.trim());
  return new AttuneError(
    "USAGE",
    `${file} needs --columns, such as --columns customer=COLUMN,at=COLUMN,amount=COLUMN; its columns are ${names.join(", ")}`,
  );
};

const readCsv = async (input: Input): Promise<HistoryFound> => {
  const { declaration, file, head } = input;
  if (declaration === null) throw needsColumns(input);
  const lines: HistoryLines = openHistoryLines(declaration, file);
  let places: ReadonlyMap<string, number> | undefined;
  const take = (record: readonly string[], end: number): null => {
    if (places === undefined) places = placesOf(record, { declaration, file });
    else if (record.length === places.size) {
      const open = places;
      lines.add(firstLine(end, record), (column) => record[open.get(column) ?? -1] ?? "");
    } else
      lines.refuse(
        firstLine(end, record),
        `has ${record.length} cells where the header has ${places.size}; quote cells that hold the separator`,
      );
    input.onLine();
    return null;
  };
  const parser = parse({
    bom: true,
    delimiter: separatorOf(head.split(/\r?\n/u, 1)[0] ?? ""),
    skip_empty_lines: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LINE_BYTES,
    on_record: (record: string[], { lines: end }) => take(record, end),
  });
  parser.resume();
  try {
    await pipeline(checkedUtf8(input), parser);
  } catch (error) {
    if (error instanceof CsvError) throw faulty(file, `is no table: ${error.message}`);
    throw error;
  }
  return lines.finish();
};

type Parsed =
  | { readonly kind: "object"; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: "fault"; readonly sentence: string };

const parseObject = (text: string): Parsed => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "fault", sentence: `is no JSON: ${(error as Error).message}` };
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { kind: "object", value: value as Readonly<Record<string, unknown>> }
    : { kind: "fault", sentence: `is no object: ${quote(value)}` };
};

type Take = (number: number, value: Readonly<Record<string, unknown>>) => void;

const eachObject = async (
  { bytes, onLine }: Input,
  take: Take,
  refuse: HistoryLines["refuse"],
): Promise<void> => {
  for await (const line of linesOf(bytes)) {
    const parsed = line.kind === "fault" ? line : parseObject(line.text);
    if (parsed.kind === "fault") refuse(line.number, parsed.sentence);
    else take(line.number, parsed.value);
    onLine();
  }
};

const readJsonLines = async (input: Input, declaration: HistoryColumns): Promise<HistoryFound> => {
  const { file } = input;
  const lines = openHistoryLines(declaration, file);
  const names = new Set<string>();
  const take: Take = (number, value) => {
    for (const name of Object.keys(value)) names.add(name);
    lines.add(number, (column) => (Object.hasOwn(value, column) ? textOf(value[column]) : ""));
  };
  await eachObject(input, take, (number, sentence) => lines.refuse(number, sentence));
  // A line may leave out what it has nothing to say about; a column that no line has is a slip.
  if (names.size > 0) checkColumns(declaration, [...names], file);
  return lines.finish();
};

/** Signals as `attune enqueue` takes them. */
const readSignals = async (input: Input): Promise<HistoryFound> => {
  const tally = emptyTally();
  const signals: Signal[] = [];
  const ids = new Set<string>();
  const refuse = (number: number, sentence: string): void => {
    tally.lines += 1;
    tellRefused(tally, [{ place: `${input.file} › line ${number}`, sentence }]);
  };
  const take: Take = (number, value) => {
    const parsed = signalSchema.safeParse(value);
    if (!parsed.success) {
      tally.lines += 1;
      tellRefused(tally, faultsOf(parsed.error, `${input.file} › line ${number}`, SIGNAL_FIELDS));
    } else if (ids.has(parsed.data.id))
      refuse(number, `the id ${quote(parsed.data.id)} stood before; give every signal its own`);
    else {
      tally.lines += 1;
      ids.add(parsed.data.id);
      signals.push(parsed.data);
    }
  };
  await eachObject(input, take, refuse);
  return { ...tally, signals };
};

const isJsonLines = (file: string, head: string): boolean =>
  /\.(?:jsonl|ndjson)$/iu.test(file) || head.startsWith("{");

/**
 * The signals of a file (`-` is standard input), with progress on the terminal. Without a declaration the file must hold signals as JSON lines.
 * Rejects with FILE_UNREADABLE, USAGE where columns must be declared, and INPUT_INVALID where the file is no table or lacks a column.
 */
export const readHistory = async (
  file: string,
  declaration: HistoryColumns | null,
  terminal: Terminal,
): Promise<HistoryFound> => {
  const source = openSource(file, terminal);
  const progress = startProgress(terminal, { title: "reading", total: source.size, unit: "lines" });
  let [read, lines] = [0, 0];
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.bytes) {
      yield chunk;
      read += chunk.length;
      progress.update(read, lines);
    }
  }
  try {
    const { head, all } = await peek(counted());
    if (head === "") throw faulty(file, "is empty");
    const input = { file, bytes: all, head, declaration, onLine: () => void (lines += 1) };
    if (!isJsonLines(file, head)) return await readCsv(input);
    return await (declaration === null ? readSignals(input) : readJsonLines(input, declaration));
  } finally {
    progress.stop();
  }
};
