/** The figures of the benchmark, what is required of them, and both as one table or as JSON. */
import Table from "cli-table3";
import type { Missing } from "../text/peers.ts";
import { ATTUNE } from "./contestants.ts";
import type { Memory } from "./memory.ts";
import type { PredictTime } from "./predict.ts";
import type { TaskResult, Timing } from "./race.ts";
import {
  REQUIRED_MEMORY_MB,
  REQUIRED_PREDICT_MICROS,
  type Verdict,
  verdictOn,
} from "./requirements.ts";

export interface Report {
  readonly node: string;
  /** Version of scikit-learn; null without it. */
  readonly sklearn: string | null;
  readonly rounds: number;
  readonly missing: readonly Missing[];
  readonly tasks: readonly TaskResult[];
  readonly memory: readonly Memory[];
  readonly predict: PredictTime;
}

/** A line of the table: three figures, and what is required of them. */
interface Line {
  readonly name: string;
  readonly shown: readonly string[];
  readonly verdict?: Verdict | undefined;
}

interface Section {
  readonly title: string;
  readonly heads: readonly string[];
  readonly lines: readonly Line[];
}

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const time = (seconds: number): string =>
  seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
const megabytes = (value: number): string => `${value.toFixed(0)} MB`;

const foundBy = ({ quality, timings }: TaskResult, timing: Timing): string => {
  if (quality !== "inertia") return timing.quality.toFixed(4);
  const own = timings.find(({ name, rows }) => name === ATTUNE && rows === timing.rows);
  if (own === undefined || own === timing) return whole(timing.quality);
  const change = (own.quality / timing.quality - 1) * 100;
  return `${whole(timing.quality)} (attune ${change < 0 ? "−" : "+"} ${Math.abs(change).toFixed(4)} %)`;
};

const timesOf = ({ timings }: TaskResult, { name, rows, seconds }: Timing): string => {
  const own = timings.find((one) => one.name === ATTUNE && one.rows === rows);
  return name === ATTUNE || own === undefined ? "" : `× ${(own.seconds / seconds).toPrecision(3)}`;
};

const taskSection = (result: TaskResult): Section => ({
  title: result.name,
  heads: ["CPU time", "attune ÷ it", result.quality],
  lines: result.timings.map((timing) => ({
    name: `${whole(timing.rows)} rows: ${timing.name}`,
    shown: [time(timing.seconds), timesOf(result, timing), foundBy(result, timing)],
    verdict: verdictOn(result, timing),
  })),
});

const memorySection = ({ memory }: Report): Section => ({
  title: `memory of a fresh process, ${whole(memory[0]?.rows ?? 0)} rows`,
  heads: ["the data", "before the fit", "peak"],
  lines: memory.map(({ name, rows, data, before, peak }) => ({
    name,
    shown: [data, before, peak].map(megabytes),
    verdict:
      rows < 1_000_000
        ? undefined
        : { required: `≤ ${REQUIRED_MEMORY_MB} MB`, met: peak <= REQUIRED_MEMORY_MB },
  })),
});

const predictSection = ({ predict: { customers, micros } }: Report): Section => ({
  title: "predictions for one customer",
  heads: ["CPU time", "", ""],
  lines: [
    {
      name: `segment, churn and spend (${customers} customers)`,
      shown: [`${micros.toFixed(2)} µs`, "", ""],
      verdict: {
        required: `≤ ${REQUIRED_PREDICT_MICROS} µs`,
        met: micros <= REQUIRED_PREDICT_MICROS,
      },
    },
  ],
});

const sectionsOf = (report: Report): readonly Section[] => [
  ...report.tasks.map(taskSection),
  memorySection(report),
  predictSection(report),
];

const tableOf = (sections: readonly Section[]): string => {
  const table = new Table({ style: { head: [], border: [] } });
  for (const { title, heads, lines } of sections) {
    table.push([title, ...heads, "required", "met"]);
    for (const { name, shown, verdict } of lines) {
      const met = verdict === undefined ? "" : verdict.met ? "yes" : "NO";
      table.push([name, ...shown, verdict?.required ?? "", met]);
    }
  }
  return table.toString();
};

/** With `json` the report and its requirements as JSON. */
export const printReport = (report: Report, json: boolean): void => {
  const sections = sectionsOf(report);
  if (json) {
    const requirements = sections.flatMap(({ title, lines }) =>
      lines.flatMap(({ name, shown, verdict }) =>
        verdict === undefined ? [] : [{ of: `${title}: ${name}`, shown, ...verdict }],
      ),
    );
    process.stdout.write(`${JSON.stringify({ ...report, requirements }, null, 2)}\n`);
    return;
  }
  const beside =
    report.sklearn === null ? "" : ` beside scikit-learn ${report.sklearn}, one thread`;
  process.stdout.write(
    `attune on node ${report.node}${beside}: CPU time, medians of up to ${report.rounds} rounds\n${tableOf(sections)}\n`,
  );
  for (const { name, command } of report.missing)
    process.stdout.write(`${name} was left out; get it by: ${command}\n`);
};
