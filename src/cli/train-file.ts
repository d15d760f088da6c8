/**
 * `attune train TASK --data FILE --columns …`: trains from a shop's own file. It writes models only where `--out` says,
 * because a file that was tried out must not replace what is in force.
 */
import { KNOWN_EVENT_TYPES } from "../core/customers/history.ts";
import type { Signal } from "../core/signal.ts";
import {
  type HistoryColumns,
  parseColumns,
  parseColumnsFile,
} from "../core/tables/history-columns.ts";
import type { HistoryFound } from "../core/tables/history-lines.ts";
import type { TrainingResult } from "../core/training.ts";
import { AttuneError } from "../errors.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { historyTasksNamed, trainFromSignals } from "../work/train.ts";
import { wrapColumns } from "./columns.ts";
import { readWhole } from "./files.ts";
import { reasonsAsText } from "./models-text.ts";
import { readHistory } from "./read-history.ts";
import { showStages } from "./text-models.ts";
import type { Call, Exit, Paint } from "./terminal.ts";
import { writeResults } from "./train-results.ts";
import { reportsAsText } from "./train-text.ts";

export interface TrainFileOptions {
  /** One of `HISTORY_TASKS`, or `all` of them. */
  readonly task: string;
  /** Path, or `-` for standard input. */
  readonly data: string;
  /** A declaration, or the path of one as JSON. */
  readonly columns?: string | undefined;
  readonly seed: number;
  readonly horizon?: number | undefined;
  readonly out?: string | undefined;
  readonly html?: string | undefined;
}

/** What a file came to, as it is printed. */
interface FileSummary extends Omit<HistoryFound, "signals"> {
  readonly file: string;
  readonly signals: number;
  readonly customers: number;
  readonly from: string;
  readonly to: string;
  /** Signals by event type; feedback as `feedback`. */
  readonly types: Readonly<Record<string, number>>;
}

const declarationOf = (columns: string | undefined): HistoryColumns | null => {
  if (columns === undefined) return null;
  const parsed = columns.includes("=")
    ? parseColumns(columns, "--columns")
    : parseColumnsFile(readWhole(columns), columns);
  if (parsed.kind === "sound") return parsed.value;
  throw new AttuneError("USAGE", "the declaration of columns cannot be used:", {
    faults: parsed.faults,
  });
};

const countsOf = (signals: readonly Signal[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const signal of signals) {
    const type = signal.kind === "feedback" ? "feedback" : signal.type;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([, more], [, fewer]) => fewer - more));
};

const summaryOf = (file: string, { signals, ...found }: HistoryFound): FileSummary => {
  let [from, to] = [signals[0]?.at ?? "", ""];
  for (const { at } of signals) {
    if (at < from) from = at;
    if (at > to) to = at;
  }
  return {
    file,
    ...found,
    signals: signals.length,
    customers: new Set(signals.map(({ customerId }) => customerId)).size,
    from,
    to,
    types: countsOf(signals),
  };
};

const many = (value: number): string => value.toLocaleString("en");

/** Throws where the rest of the file would give a false picture: nothing to read, or more refused than read. */
const checkFound = ({
  file,
  lines,
  withoutCustomer,
  refused,
  signals,
  faults,
}: FileSummary): void => {
  const read = lines - withoutCustomer - refused;
  if (refused > read)
    throw new AttuneError(
      "INPUT_INVALID",
      `${file}: ${many(refused)} lines are refused and ${many(read)} can be read; the first of them:`,
      { faults },
    );
  if (signals === 0)
    throw new AttuneError(
      "INPUT_INVALID",
      `${file} holds no signal: of ${many(lines)} lines ${many(withoutCustomer)} name no customer`,
    );
};

const summaryAsText = (summary: FileSummary): string => {
  const { file, lines, signals, customers, from, to, types, withoutCustomer, refused } = summary;
  const kinds = Object.entries(types).map(([type, count]) => `${many(count)} ${type}`);
  const unknown = Object.keys(types).filter(
    (type) => type !== "feedback" && !KNOWN_EVENT_TYPES.includes(type),
  );
  return [
    `${file}: ${many(lines)} lines, ${many(signals)} signals of ${many(customers)} customers, ${from.slice(0, 10)} to ${to.slice(0, 10)}`,
    `  ${kinds.join(", ")}`,
    ...(withoutCustomer > 0 ? [`  ${many(withoutCustomer)} lines name no customer: left out`] : []),
    ...(refused > 0 ? [`  ${many(refused)} lines refused: left out`] : []),
    ...(unknown.length > 0
      ? [
          `  counted as signals and nothing more: ${unknown.join(", ")} (a JSON declaration may say under "types" what they mean)`,
        ]
      : []),
  ].join("\n");
};

/** A word as a shell reads it back. */
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** The arguments that name the data, as somebody must give them again. */
const sourceOf = ({ data, columns, horizon }: TrainFileOptions): string =>
  [
    ` --data ${shellWord(data)}`,
    ...(columns === undefined ? [] : [`--columns ${shellWord(columns)}`]),
    ...(horizon === undefined ? [] : [`--horizon ${horizon}`]),
  ].join(" ");

const resultAsText = ({ report, verdict }: TrainingResult, paint: Paint): string =>
  [
    reportsAsText([report], paint),
    ...(verdict === undefined ? [] : [reasonsAsText(verdict, paint)]),
  ].join("\n");

const readAll = async ({ terminal }: Call, options: TrainFileOptions) => {
  const found = await readHistory(options.data, declarationOf(options.columns), terminal);
  const summary = summaryOf(options.data, found);
  checkFound(summary);
  for (const { place, sentence } of summary.faults) terminal.note(`${place}: ${sentence}`);
  terminal.note(summaryAsText(summary));
  return { signals: found.signals, summary };
};

/** Exits with 1 where lines were refused; the models were trained from the others all the same. */
export const trainFile = async (call: Call, options: TrainFileOptions): Promise<Exit> => {
  const { context, terminal } = call;
  const tasks = historyTasksNamed(options.task, "a file");
  const { signals, summary } = await readAll(call, options);
  const stages = showStages(terminal);
  try {
    const results = await trainFromSignals(signals, tasks, {
      seed: options.seed,
      horizonDays: options.horizon,
      source: sourceOf(options),
      files: readPlaybookFiles(context.home),
      onProgress: stages.onProgress,
    });
    stages.stop();
    const files = writeResults(results, { folder: options.out, html: options.html });
    const wrote =
      files.length > 0
        ? `wrote ${files.join(", ")}`
        : wrapColumns("no file was written: name a folder for the models with --out", 98);
    terminal.out(
      context.json
        ? JSON.stringify({
            data: summary,
            files,
            reports: results.map(({ report }) => report),
            verdicts: Object.fromEntries(
              results.map(({ report, verdict }) => [report.task, verdict ?? null]),
            ),
          })
        : [...results.map((result) => resultAsText(result, terminal.paint)), wrote].join("\n\n"),
    );
    return summary.refused === 0 ? 0 : 1;
  } finally {
    stages.stop();
  }
};
