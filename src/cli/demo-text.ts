/** What `attune demo` prints at its end: sample replies with their reasons, counts, speed, and what to run next. Pure. */
import CliTable from "cli-table3";
import { OUTCOMES, type OutcomeCode } from "../core/outcome.ts";
import { becauseOf } from "./because.ts";
import { clip, wrapColumns } from "./columns.ts";
import type { DemoSummary, ExplainedSample, Fates } from "./demo-summary.ts";
import { knownAsTable } from "./known-customers.ts";
import type { Paint } from "./terminal.ts";
import { valueAsText } from "./words.ts";

/** How long a run took, in this process. */
export interface DemoTimes {
  /** Opening the clean store, publishing the playbook and starting the workers. */
  readonly openMs: number;
  /** From the first signal sent to the last one decided, its replies committed. */
  readonly decideMs: number;
}

interface View {
  readonly paint: Paint;
  readonly columns: number;
}

const plainStyle = { head: [], border: [] };

const saidOrDid = ({ signal, explanation }: ExplainedSample): string =>
  signal.kind === "feedback"
    ? `“${clip(explanation.analysis?.maskedText ?? "", 150)}”`
    : `did ${signal.type} ${clip(valueAsText(signal.properties ?? {}, 80), 80)}`;

/** Columns of the four cells of a row; borders and padding take 13. */
const widths = (columns: number): readonly [number, number, number, number] => {
  const room = Math.max(67, Math.min(columns, 150) - 13);
  const rule = Math.floor(room * 0.16);
  const signal = Math.floor(room * 0.24);
  const reply = Math.floor(room * 0.32);
  return [rule, signal, reply, room - rule - signal - reply];
};

/** One row for every rule and language that replied. */
export const samplesAsTable = (samples: readonly ExplainedSample[], view: View): string => {
  const [rule, signal, reply, because] = widths(view.columns);
  const table = new CliTable({
    head: ["rule", "the customer", "the reply", "because"].map((title) => view.paint.bold(title)),
    style: plainStyle,
  });
  for (const sample of samples)
    table.push([
      wrapColumns(`${sample.rule} (${sample.language})`, rule),
      wrapColumns(`${saidOrDid(sample)}\n[${sample.signal.id}]`, signal),
      wrapColumns(`${sample.reply.title}\n${clip(sample.reply.body, 170)}`, reply),
      wrapColumns(becauseOf(sample.explanation, sample.rule), because),
    ]);
  return table.toString();
};

const countsAsTable = (
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => {
  const table = new CliTable({
    head: [...head],
    style: { ...plainStyle, compact: true },
    colAligns: head.map((_, index) => (index === 0 ? "left" : "right")),
  });
  for (const row of rows) table.push(row.map((cell) => cell.toLocaleString("en")));
  return table.toString();
};

const rulesTable = ({ repliesByRule, samples }: DemoSummary): string =>
  countsAsTable(
    ["rule", "replies", "languages"],
    Object.entries(repliesByRule).map(([rule, count]) => [
      rule,
      count,
      samples
        .filter((sample) => sample.rule === rule)
        .map((sample) => sample.language)
        .join(", "),
    ]),
  );

const fateAsText = (code: OutcomeCode): string =>
  `${code}: ${code === "not_matched" ? "no rule had anything to say" : OUTCOMES[code]}`;

const fatesTable = ({ feedback, events }: DemoSummary): string => {
  const codes = (Object.keys(OUTCOMES) as OutcomeCode[]).filter(
    (code) => (feedback[code] ?? 0) + (events[code] ?? 0) > 0,
  );
  return countsAsTable(
    ["what became of the signals", "feedback", "events"],
    codes.map((code) => [fateAsText(code), feedback[code] ?? 0, events[code] ?? 0]),
  );
};

const sumOf = (fates: Fates): number => Object.values(fates).reduce((sum, count) => sum + count, 0);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Signals a second, end to end: sent, stored, queued, decided, replies committed. */
export const rateOf = (summary: DemoSummary, times: DemoTimes): number =>
  Math.round(summary.decided / (times.decideMs / 1000));

const totals = (summary: DemoSummary, times: DemoTimes, deadLetters: number): readonly string[] => [
  `${summary.decided.toLocaleString("en")} signals (${sumOf(summary.feedback)} feedback, ${sumOf(summary.events)} events) of ${summary.customers} customers, ${summary.replies} replies, ${deadLetters} dead letters`,
  `${rateOf(summary, times).toLocaleString("en")} signals/s end to end (sent, stored, queued, decided, replies committed; ${seconds(times.decideMs)}), after ${seconds(times.openMs)} to open a clean store`,
  `decisions ${summary.hash} (the same in every run of this version)`,
];

const NEXT = [
  "attune start                     the same, kept: HTTP and workers on a store in ./attune-data",
  "attune enqueue FILE.jsonl        send signals of your own",
  "attune explain SIGNAL            why a signal was answered, or not",
  'echo \'{"text":"..."}\' | attune analyse   what one text means',
];

export interface DemoReport {
  readonly summary: DemoSummary;
  readonly samples: readonly ExplainedSample[];
  readonly times: DemoTimes;
  readonly deadLetters: number;
}

/** The whole report. */
export const demoAsText = (report: DemoReport, view: View): string => {
  const { summary, samples, times, deadLetters } = report;
  const title = (text: string): string => `\n${view.paint.bold(text)}`;
  return [
    title("Sample replies, one for every rule and language"),
    samplesAsTable(samples, view),
    title("Two customers as the models see them, with the strongest reasons"),
    knownAsTable(samples, view),
    title("Counts"),
    rulesTable(summary),
    fatesTable(summary),
    ...totals(summary, times, deadLetters),
    title("Next"),
    ...NEXT.map((line) => `  ${line}`),
  ].join("\n");
};
