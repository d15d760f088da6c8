/** Charts about models as HTML figures with inline SVG. Each gives "" where there is nothing to draw; `id` must be one of its own on the page. */
import type { ModelCard } from "../core/models/model-shapes.ts";
import { BARS, namedBar, ROW } from "./bars.ts";
import {
  bar,
  dot,
  extentOf,
  figureOf,
  line,
  percent,
  polyline,
  type Scale,
  scaleOf,
  ticksOf,
  WIDTH,
  words,
} from "./svg.ts";
import { figure, fixed } from "./words.ts";

/** Where a plot with two axes stands in the chart. */
const PLOT = { left: 46, right: WIDTH - 12, top: 26, bottom: 286 } as const;

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly marks: readonly string[];
}

/** Two axes of the same range with grid, ticks and what they are called. */
const axesOf = (
  ticks: readonly number[],
  told: (value: number) => string,
  [below, beside]: readonly [string, string],
): Axes => {
  const range = [ticks[0] ?? 0, ticks.at(-1) ?? 1] as const;
  const { left, right, top, bottom } = PLOT;
  const x = scaleOf(range, [left, right]);
  const y = scaleOf(range, [bottom, top]);
  const grid = ticks.flatMap((tick, place) => [
    line(tick === 0 ? "axis" : "grid", [x(tick), top], [x(tick), bottom]),
    line(tick === 0 ? "axis" : "grid", [left, y(tick)], [right, y(tick)]),
    words(told(tick), {
      x: x(tick),
      y: bottom + 15,
      anchor: place === ticks.length - 1 ? "end" : "middle",
      name: "soft",
    }),
    words(told(tick), { x: left - 5, y: y(tick) + 4, anchor: "end", name: "soft" }),
  ]);
  return {
    x,
    y,
    marks: [
      ...grid,
      line("even", [x(range[0]), y(range[0])], [x(range[1]), y(range[1])]),
      words(below, { x: right, y: bottom + 30, anchor: "end", name: "soft" }),
      words(beside, { x: left, y: top - 12, name: "soft" }),
    ],
  };
};

const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1];
const wholePercent = (value: number): string => percent(value, 0);

export interface CalibrationInput {
  readonly id: string;
  readonly bins: NonNullable<ModelCard["calibration"]>;
  /** What is said: a probability in 0..1, or an amount. */
  readonly unit: "probability" | "amount";
  /** What the axes hold: what the model said, and what happened. */
  readonly axes: readonly [said: string, happened: string];
}

/** Mean of what happened over mean of what was said, one dot a bin, with the rows of each bin below. */
export const calibrationChart = ({ id, bins, unit, axes }: CalibrationInput): string => {
  if (bins.length === 0) return "";
  const isShare = unit === "probability";
  const told = isShare ? wholePercent : (value: number) => figure(value);
  const exact = isShare ? percent : (value: number) => fixed(value, 2);
  const ticks = isShare
    ? SHARES
    : ticksOf(extentOf(bins.flatMap(({ said, happened }) => [said, happened])));
  const { x, y, marks } = axesOf(ticks, told, axes);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const strip = PLOT.bottom + 72;
  const rows = scaleOf([0, most], [0, 30]);
  return figureOf({
    id,
    title: "Calibration: what was said, and what happened",
    sentence: `Each dot is a bin of rows of which the model said about the same. On the dashed line it is right on average; above it more happened than was said. The strip below has the rows of each bin, ${most.toLocaleString("en")} at most.`,
    height: strip + 16,
    marks: [
      ...marks,
      ...bins.map(({ said, happened }) => dot("win", [x(said), y(happened)], 5)),
      words("rows", { x: PLOT.left - 5, y: strip - 4, anchor: "end", name: "soft" }),
      line("axis", [PLOT.left, strip], [PLOT.right, strip]),
      ...bins.map(({ said, count }) =>
        bar("rival", [x(said) - 2, x(said) + 2], { y: strip - rows(count), height: rows(count) }),
      ),
    ],
    table: {
      head: ["said", "happened", "rows"],
      rows: bins.map(({ said, happened, count }) => [
        exact(said),
        exact(happened),
        count.toLocaleString("en"),
      ]),
    },
  });
};

export interface GainInput {
  readonly id: string;
  readonly points: NonNullable<ModelCard["gain"]>;
  /** What is captured: `customers who stop`, `money spent`. */
  readonly what: string;
}

/** Share of all that is captured in the rows said to be highest, beside picking rows by chance. */
export const gainChart = ({ id, points, what }: GainInput): string => {
  if (points.length === 0) return "";
  const { x, y, marks } = axesOf(SHARES, wholePercent, [
    "of the rows, highest first",
    `of all ${what}`,
  ]);
  const all = [{ rows: 0, captured: 0 }, ...points].map(
    ({ rows, captured }) => [x(rows), y(captured)] as const,
  );
  return figureOf({
    id,
    title: `Gain: ${what} found among the rows said to be highest`,
    sentence:
      "Act on the rows that the model puts first, and find so much. The dashed line is what rows picked by chance would find.",
    height: PLOT.bottom + 36,
    marks: [
      ...marks,
      polyline("curve", all),
      ...all.slice(1).map((point) => dot("win", point, 3.5)),
    ],
    table: {
      head: ["rows", "found"],
      rows: points.map(({ rows, captured }) => [percent(rows, 0), percent(captured)]),
    },
  });
};

export interface ImportanceInput {
  readonly id: string;
  readonly rows: NonNullable<ModelCard["importance"]>;
}

export const importanceChart = ({ id, rows }: ImportanceInput): string => {
  if (rows.length === 0) return "";
  const x = scaleOf(extentOf(rows.map(({ share }) => share)), [BARS.left, BARS.right]);
  return figureOf({
    id,
    title: "What the model looks at",
    sentence:
      "How much the model's error grows when a feature's values are dealt out anew among customers: shares of all growth, together 100 %.",
    height: rows.length * ROW + 4,
    marks: [
      ...rows.flatMap(({ feature, share }, place) =>
        namedBar({ name: feature, label: percent(share), kind: "win" }, place * ROW, [
          x(0),
          x(share),
        ]),
      ),
      line("axis", [x(0), 0], [x(0), rows.length * ROW]),
    ],
    table: {
      head: ["feature", "share"],
      rows: rows.map(({ feature, share }) => [feature, percent(share, 2)]),
    },
  });
};
