/** The figures of the benchmark, what is required of them, and both as one table or as JSON. */
import Table from "cli-table3";
import { FAST_TEXT } from "./fasttext.ts";
import type { Missing } from "./peers.ts";
import { SHAPE_CHARS, type ShapeTime } from "./shapes.ts";
import type { Judged, Single } from "./single.ts";
import type { StartUp } from "./start-up.ts";
import { SETS, type SetName } from "./texts.ts";

type BySet = Readonly<Record<SetName, number>>;

/** Texts per CPU second, medians; without the sets that a package cannot read. */
export interface Rates {
  readonly name: string;
  readonly rates: Readonly<Partial<BySet>>;
}

export interface Report {
  readonly node: string;
  readonly rounds: number;
  readonly texts: readonly { readonly set: SetName; readonly count: number }[];
  readonly missing: readonly Missing[];
  /** Ours first: `analyse` with labels. */
  readonly rates: readonly Rates[];
  readonly single: Single;
  readonly shapes: readonly ShapeTime[];
  readonly startUp: StartUp;
}

const REQUIRED = {
  rate: 20_000,
  timesNatural: 10,
  timesFastText: 0.5,
  growth: 2.5,
  shapeMs: 50,
  startUpMs: 300,
} as const;

/** A line of the table: three figures, and what is required of each of them. */
interface Line {
  readonly name: string;
  readonly shown: readonly string[];
  readonly required?: string;
  readonly met?: boolean;
}

interface Section {
  readonly title: string;
  readonly heads: readonly string[];
  readonly lines: readonly Line[];
}

const whole = (value: number | undefined): string =>
  value === undefined ? "–" : Math.round(value).toLocaleString("en");
const times = (value: number): string =>
  Number.isNaN(value) ? "–" : `× ${value.toFixed(value < 10 ? 2 : 0)}`;
const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

const ratioTo = (ours: Rates, { rates }: Rates): readonly number[] =>
  SETS.map((set) => (ours.rates[set] ?? Number.NaN) / (rates[set] ?? Number.NaN));

const rateSection = ({ rates, texts }: Report): Section => {
  const [labels, cues, ...peers] = rates;
  const heads = texts.map(({ set, count }) => `${set} (${whole(count)})`);
  if (labels === undefined || cues === undefined) return { title: "", heads, lines: [] };
  const own = SETS.map((set) => labels.rates[set] ?? 0);
  const shown = (row: Rates): readonly string[] => SETS.map((set) => whole(row.rates[set]));
  return {
    title: "short feedbacks per second",
    heads,
    lines: [
      {
        name: labels.name,
        shown: shown(labels),
        required: `≥ ${whole(REQUIRED.rate)}`,
        met: own.every((rate) => rate >= REQUIRED.rate),
      },
      { name: cues.name, shown: shown(cues) },
      ...peers.flatMap((peer) => {
        const ratios = ratioTo(labels, peer);
        const line = { name: "  analyse, labels ÷ it", shown: ratios.map(times) };
        if (!peer.name.startsWith("natural"))
          return [{ name: peer.name, shown: shown(peer) }, line];
        const met = ratios.every((ratio) => ratio >= REQUIRED.timesNatural);
        return [
          { name: peer.name, shown: shown(peer) },
          { ...line, required: `≥ ${REQUIRED.timesNatural}`, met },
        ];
      }),
    ],
  };
};

/** Ours against fastText's: faster than half of it, and right more often. */
const besides = (own: Judged, fastText: Judged): Line => {
  const gain = own.accuracy.mixed - fastText.accuracy.mixed;
  return {
    name: "  it ÷ fastText, it − fastText",
    shown: [times(own.rate / fastText.rate), `${(gain * 100).toFixed(1)} points`, ""],
    required: `≥ ${REQUIRED.timesFastText}, > 0`,
    met: own.rate >= REQUIRED.timesFastText * fastText.rate && gain > 0,
  };
};

const singleSection = ({ single }: Report): Section => {
  const { judged, trained, tested } = single;
  const last = judged.at(-1);
  const fastText = last?.name === FAST_TEXT ? last : undefined;
  return {
    title: `one classifier of three signs (${whole(trained)} rows, tested on ${whole(tested)})`,
    heads: ["texts per second", "accuracy", "en / zh"],
    lines: judged.flatMap((one) => {
      const { en, zh, mixed } = one.accuracy;
      const line = {
        name: one.name,
        shown: [whole(one.rate), share(mixed), `${share(en)} / ${share(zh)}`],
      };
      return fastText === undefined || one === fastText ? [line] : [line, besides(one, fastText)];
    }),
  };
};

const shapeSection = ({ shapes }: Report): Section => ({
  title: `${whole(SHAPE_CHARS)} characters`,
  heads: ["labels", "cues", "t(2n) ÷ t(n)"],
  lines: shapes.map(({ shape, ms: took, growth }) => ({
    name: shape,
    shown: [ms(took.labels), ms(took.cues), growth.toFixed(2)],
    required: `< ${REQUIRED.shapeMs} ms, < ${REQUIRED.growth}`,
    met: Math.max(took.labels, took.cues) < REQUIRED.shapeMs && growth < REQUIRED.growth,
  })),
});

/** What attune itself adds to node's own start, without and with a first Chinese text. */
const startSection = ({ startUp }: Report): Section => {
  const { node, imports, open, english, chinese } = startUp;
  const before = imports + open + english;
  return {
    title: "start-up of a fresh process",
    heads: ["time", "all in all", ""],
    lines: [
      { name: "node itself", shown: [ms(node), "", ""] },
      { name: "imports", shown: [ms(imports), ms(imports), ""] },
      { name: "opening the models", shown: [ms(open), ms(imports + open), ""] },
      { name: "first English text", shown: [ms(english), ms(before), ""] },
      {
        name: "first Chinese text",
        shown: [ms(chinese), ms(before + chinese), ""],
        required: `< ${REQUIRED.startUpMs} ms in all`,
        met: before + chinese < REQUIRED.startUpMs,
      },
    ],
  };
};

const sectionsOf = (report: Report): readonly Section[] => [
  rateSection(report),
  singleSection(report),
  shapeSection(report),
  startSection(report),
];

const tableOf = (sections: readonly Section[]): string => {
  const table = new Table({ style: { head: [], border: [] } });
  for (const { title, heads, lines } of sections) {
    table.push([title, ...heads, "required", "met"]);
    for (const { name, shown, required = "", met } of lines)
      table.push([name, ...shown, required, met === undefined ? "" : met ? "yes" : "NO"]);
  }
  return table.toString();
};

/** With `json` the report and its requirements as JSON. */
export const printReport = (report: Report, json: boolean): void => {
  const sections = sectionsOf(report);
  if (json) {
    const requirements = sections.flatMap(({ title, lines }) =>
      lines
        .filter(({ met }) => met !== undefined)
        .map(({ name, shown, required, met }) => ({
          of: `${title}: ${name.trim()}`,
          shown,
          required,
          met,
        })),
    );
    process.stdout.write(`${JSON.stringify({ ...report, requirements }, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    `attune on node ${report.node}: CPU time, medians of ${report.rounds} rounds\n${tableOf(sections)}\n`,
  );
  for (const { name, command } of report.missing)
    process.stdout.write(`${name} was left out; get it by: ${command}\n`);
};
