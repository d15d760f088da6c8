/** A back-test as a person reads it on a terminal: what changes, for whom, by which rules, and a few customers. */
import CliTable from "cli-table3";
import type {
  BacktestResult,
  ReplyTally,
  SampleCustomer,
  SampleReason,
  SampleReply,
  SampleSignal,
  Tallies,
} from "../core/backtest/result.ts";
import { clip, printable, wrapColumns } from "./columns.ts";
import { createPaint, type Paint } from "./terminal.ts";

export interface BacktestView {
  readonly paint: Paint;
  readonly columns: number;
}

const PLAIN: BacktestView = { paint: createPaint(false), columns: 100 };

const counted = (count: number): string => count.toLocaleString("en");

/** `1 customer`, `2 replies`. */
const many = (count: number, one: string): string =>
  `${counted(count)} ${count === 1 ? one : one.endsWith("y") ? `${one.slice(0, -1)}ies` : `${one}s`}`;

const isMoved = ({ gained, lost, changed }: ReplyTally): boolean => gained + lost + changed > 0;

const signed = (count: number, sign: string): string =>
  count === 0 ? "" : `${sign}${counted(count)}`;

type Row = readonly [name: string, tally: ReplyTally];

/** Groups in which something changes, and how many others there are. */
const movedRows = (groups: Tallies): readonly Row[] =>
  Object.entries(groups).filter(([, tally]) => isMoved(tally));

const HEAD = ["", "stored", "candidate", "gained", "lost", "changed"] as const;

const repliesTable = (result: BacktestResult, { paint, columns }: BacktestView): string => {
  const table = new CliTable({
    head: HEAD.map((name) => paint.bold(name)),
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right", "right"],
  });
  const add = ([name, { stored, candidate, gained, lost, changed }]: Row): void => {
    table.push([
      clip(name, Math.max(20, columns - 52)),
      counted(stored),
      counted(candidate),
      paint.green(signed(gained, "+")),
      paint.red(signed(lost, "−")),
      signed(changed, "~"),
    ]);
  };
  add([paint.bold("all replies"), result.replies]);
  for (const [title, groups] of [
    ["rule", result.byRule],
    ["segment", result.bySegment],
    ["language", result.byLanguage],
  ] as const) {
    const rows = movedRows(groups);
    if (rows.length > 0) table.push([{ colSpan: HEAD.length, content: paint.bold(`by ${title}`) }]);
    for (const row of rows) add(row);
  }
  return table.toString();
};

const outcomeLines = ({ outcomes }: BacktestResult): readonly string[] => {
  const moved = outcomes
    .filter(({ from, to }) => from !== to)
    .toSorted((left, right) => right.count - left.count)
    .map(({ from, to, count }) => `  ${counted(count)} × ${from} → ${to}`);
  return moved.length === 0 ? [] : ["what becomes of a rule for a signal:", ...moved];
};

const replyLines = ({ kind, before, after }: SampleReply, { paint, columns }: BacktestView) => {
  const words = (reply: SampleReply["before"]): string =>
    reply === null
      ? ""
      : clip(`${reply.rule} (${reply.locale}) “${reply.title}” ${reply.body}`, columns - 8);
  return [
    ...(kind === "gained" ? [] : [paint.red(`    − ${words(before)}`)]),
    ...(kind === "lost" ? [] : [paint.green(`    + ${words(after)}`)]),
  ];
};

const sideText = (side: SampleReason["before"]): string => {
  if (side === null) return "no such rule";
  return side.detail === undefined ? side.code : `${side.code}, ${printable(side.detail)}`;
};

const reasonLine = ({ rule, before, after }: SampleReason, { columns }: BacktestView): string => {
  const text = `${rule}: ${sideText(before)} → ${sideText(after)}`;
  return `    · ${wrapColumns(text, Math.max(40, columns - 6)).replaceAll("\n", "\n      ")}`;
};

/** A decision that differs in what no customer reads: a priority, a value that no template prints. */
export const QUIET = "the same replies and outcomes; only what was proposed differs";

const signalLines = (signal: SampleSignal, view: BacktestView): readonly string[] => [
  `  ${clip(`${signal.now.replace("T", " ").slice(0, 16)}  ${signal.id}  ${signal.about}`, view.columns - 2)}`,
  ...signal.replies.flatMap((reply) => replyLines(reply, view)),
  ...signal.reasons.map((reason) => reasonLine(reason, view)),
  ...(signal.replies.length + signal.reasons.length === 0 ? [`    · ${QUIET}`] : []),
];

const sampleText = ({ customer, signals }: SampleCustomer, view: BacktestView): string =>
  [
    view.paint.bold(clip(customer, view.columns)),
    ...signals.flatMap((signal) => signalLines(signal, view)),
  ].join("\n");

const WAYS = {
  stored: "on the facts that are stored",
  again: "with every text read and every customer described again",
} as const;

const verdict = ({ decisions, customersAffected, replies }: BacktestResult): string => {
  const { same, changed } = decisions;
  if (changed === 0) return `every decision stays the same (${counted(same)})`;
  const net = replies.candidate - replies.stored;
  const all =
    net === 0
      ? "as many as before"
      : `${many(Math.abs(net), "reply")} ${net > 0 ? "more" : "fewer"}`;
  return `${many(customersAffected, "customer")} would get other replies, in all ${all}; ${many(changed, "decision")} of ${counted(same + changed)} would not be the same`;
};

/** The whole result as text. */
export const backtestAsText = (result: BacktestResult, view: BacktestView = PLAIN): string => {
  const { paint, columns } = view;
  const { candidate, signals, customers, from, to, way, warnings, samples } = result;
  return [
    paint.bold(
      `${many(signals, "signal")} of ${many(customers, "customer")}, ${from.slice(0, 10)} to ${to.slice(0, 10)}, under playbook ${candidate.slice(0, 12)}`,
    ),
    `decided ${WAYS[way]}`,
    ...warnings.map((warning) =>
      paint.yellow(wrapColumns(`! ${warning}`, columns).replaceAll("\n", "\n  ")),
    ),
    "",
    verdict(result),
    repliesTable(result, view),
    ...outcomeLines(result),
    ...samples.flatMap((sample) => ["", sampleText(sample, view)]),
  ].join("\n");
};
