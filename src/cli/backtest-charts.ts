/** Charts of a back-test as HTML figures: replies by day on both sides, and what each group gains and loses. Names of rules and segments are data. */
import type { ReplyTally, Tallies } from "../core/backtest/result.ts";
import { TALL_ROW } from "./bars.ts";
import { bar, extentOf, figureOf, line, polyline, scaleOf, ticksOf, WIDTH, words } from "./svg.ts";

const DAY_MS = 86_400_000;
/** More days than this are drawn week by week. */
const DAYS_DRAWN = 120;
/** Longer lists do not fit a chart; the table has all. */
const SHOWN = 20;

const counted = (count: number): string => count.toLocaleString("en");

interface Span {
  /** Day on which it begins. */
  readonly from: string;
  readonly stored: number;
  readonly candidate: number;
}

const dayAt = (place: number): string => new Date(place * DAY_MS).toISOString().slice(0, 10);
const placeOf = (day: string): number => Math.round(Date.parse(day) / DAY_MS);

/** Every day, or week, from the first to the last, those without replies too. */
const spansOf = (
  byDay: Tallies,
): { readonly spans: readonly Span[]; readonly unit: "day" | "week" } => {
  const days = Object.keys(byDay);
  const [first = 0] = days.map(placeOf);
  const last = placeOf(days.at(-1) ?? "1970-01-01");
  const width = last - first >= DAYS_DRAWN ? 7 : 1;
  const unit = width === 1 ? "day" : "week";
  if (days.length === 0) return { spans: [], unit };
  const spans = Array.from({ length: Math.floor((last - first) / width) + 1 }, (_, index) => {
    const from = first + index * width;
    const inside = Array.from({ length: width }, (__, offset) => byDay[dayAt(from + offset)]);
    return {
      from: dayAt(from),
      stored: inside.reduce((sum, tally) => sum + (tally?.stored ?? 0), 0),
      candidate: inside.reduce((sum, tally) => sum + (tally?.candidate ?? 0), 0),
    };
  });
  return { spans, unit };
};

const PLOT = { left: 40, right: WIDTH - 10, top: 30, bottom: 200 } as const;

const KEY: readonly string[] = [
  line("key-new", [PLOT.left, 12], [PLOT.left + 22, 12]),
  words("candidate", { x: PLOT.left + 28, y: 16 }),
  line("key-old", [PLOT.left + 120, 12], [PLOT.left + 142, 12]),
  words("sent", { x: PLOT.left + 148, y: 16 }),
];

/** Grid, key and both curves. */
const daysMarks = (
  spans: readonly Span[],
  [first, last]: readonly [Span, Span],
): readonly string[] => {
  const { left, right, top, bottom } = PLOT;
  const ticks = ticksOf(extentOf(spans.flatMap(({ stored, candidate }) => [stored, candidate])));
  const x = scaleOf([0, Math.max(1, spans.length - 1)], [left, right]);
  const y = scaleOf([0, Math.max(...ticks)], [bottom, top]);
  const curve = (name: string, value: (span: Span) => number): string =>
    polyline(
      name,
      spans.map((span, place) => [x(place), y(value(span))] as const),
    );
  return [
    ...ticks.flatMap((tick) => [
      line(tick === 0 ? "axis" : "grid", [left, y(tick)], [right, y(tick)]),
      words(counted(tick), { x: left - 5, y: y(tick) + 4, anchor: "end", name: "soft" }),
    ]),
    words(first.from, { x: left, y: bottom + 16, name: "soft" }),
    words(last.from, { x: right, y: bottom + 16, anchor: "end", name: "soft" }),
    ...KEY,
    curve("before", ({ stored }) => stored),
    curve("curve", ({ candidate }) => candidate),
  ];
};

/** Replies of each day under both playbooks. */
export const daysChart = (byDay: Tallies): string => {
  const { spans, unit } = spansOf(byDay);
  const first = spans[0];
  const last = spans.at(-1);
  if (first === undefined || last === undefined) return "";
  return figureOf({
    id: "by-day",
    title: `Replies by ${unit}`,
    sentence: `Solid: the candidate. Dashed: what was sent.${unit === "week" ? " Each point is a week that begins on its day." : ""}`,
    height: PLOT.bottom + 24,
    marks: daysMarks(spans, [first, last]),
    table: {
      head: [unit === "week" ? "week from" : "day", "sent", "candidate"],
      rows: spans.map(({ from, stored, candidate }) => [from, counted(stored), counted(candidate)]),
    },
  });
};

export interface GroupsInput {
  /** One of its own on the page. */
  readonly id: string;
  /** `rule`, `segment`, `language`. */
  readonly what: string;
  readonly groups: Tallies;
}

const weightOf = ({ gained, lost, changed }: ReplyTally): number => gained + lost + changed;

const labelOf = ({ gained, lost, changed }: ReplyTally): string =>
  [
    ...(gained === 0 ? [] : [`+${counted(gained)}`]),
    ...(lost === 0 ? [] : [`−${counted(lost)}`]),
    ...(changed === 0 ? [] : [`${counted(changed)} other words`]),
  ].join(", ");

/** What each group gains (to the right), loses (to the left), and gets in other words (in grey, further right). */
export const groupsChart = ({ id, what, groups }: GroupsInput): string => {
  const moved = Object.entries(groups)
    .filter(([, tally]) => weightOf(tally) > 0)
    .toSorted(([, left], [, right]) => weightOf(right) - weightOf(left));
  if (moved.length === 0) return "";
  const shown = moved.slice(0, SHOWN);
  const most = Math.max(...shown.map(([, { gained, changed }]) => gained + changed));
  const least = Math.max(...shown.map(([, { lost }]) => lost));
  const x = scaleOf([-least, most], [0, WIDTH]);
  return figureOf({
    id,
    title: `What changes, by ${what}`,
    sentence: `To the right what the candidate would send in addition, to the left what it would not send any more, in grey what it would say otherwise.${moved.length > SHOWN ? ` The first ${SHOWN} of ${moved.length}; the table has all.` : ""}`,
    height: shown.length * TALL_ROW + 4,
    marks: shown.flatMap(([name, tally], place) => {
      const { gained, lost, changed } = tally;
      const top = place * TALL_ROW;
      const label = labelOf(tally);
      const box = { y: top + 18, height: 12 };
      return [
        words(name, { x: 0, y: top + 13, columns: 54 - label.length }),
        words(label, { x: WIDTH, y: top + 13, anchor: "end" }),
        ...(lost === 0 ? [] : [bar("alarm", [x(0), x(-lost)], box)]),
        ...(gained === 0 ? [] : [bar("gain", [x(0), x(gained)], box)]),
        ...(changed === 0 ? [] : [bar("rival", [x(gained), x(gained + changed)], box)]),
        line("axis", [x(0), top + 17], [x(0), top + 31]),
      ];
    }),
    table: {
      head: [what, "sent", "candidate", "gained", "lost", "other words"],
      rows: Object.entries(groups).map(([name, { stored, candidate, gained, lost, changed }]) => [
        name,
        ...[stored, candidate, gained, lost, changed].map(counted),
      ]),
    },
  });
};
