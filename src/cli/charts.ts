/** Charts about models as HTML figures with inline SVG. Each gives "" where there is nothing to draw; `id` must be one of its own on the page. */
import type { ModelCard } from "../core/models/model-shapes.ts";
import { unscaled } from "../core/models/scale.ts";
import type { ClustersModel } from "../core/models/segments-file.ts";
import type { Score } from "../core/training.ts";
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
import { figure, intervalAsText } from "./words.ts";

/** Where a plot with two axes stands in the chart. */
const PLOT = { left: 46, right: WIDTH - 12, top: 26, bottom: 286 } as const;
/** Where bars stand between their names and their values. */
const BARS = { left: 136, right: WIDTH - 54 } as const;
const NAME_COLUMNS = 19;

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
}

/** Mean of what happened over mean of what was said, one dot a bin, with the rows of each bin below. */
export const calibrationChart = ({ id, bins, unit }: CalibrationInput): string => {
  if (bins.length === 0) return "";
  const isShare = unit === "probability";
  const told = isShare ? wholePercent : (value: number) => figure(value);
  const exact = isShare ? percent : (value: number) => figure(value, 4);
  const ticks = isShare
    ? SHARES
    : ticksOf(extentOf(bins.flatMap(({ said, happened }) => [said, happened])));
  const { x, y, marks } = axesOf(ticks, told, ["said", "happened"]);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const strip = PLOT.bottom + 72;
  const rows = scaleOf([0, most], [0, 30]);
  return figureOf({
    id,
    title: "Calibration: what was said, and what happened",
    sentence: `Rows in bins by what the model said of them. On the dashed line it is right on average; a dot above it happened more than was said. The bars below are the rows of each bin, ${most.toLocaleString("en")} at most.`,
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
      rows: points.map(({ rows, captured }) => [percent(rows), percent(captured, 2)]),
    },
  });
};

const ROW = 22;

/** One bar with its name and its value. */
const namedBar = (
  { name, label, kind }: { readonly name: string; readonly label: string; readonly kind: string },
  top: number,
  span: readonly [number, number],
): readonly string[] => [
  words(name, {
    x: BARS.left - 8,
    y: top + 14,
    anchor: "end",
    columns: NAME_COLUMNS,
  }),
  bar(kind, span, { y: top + 4, height: 13 }),
  words(label, { x: WIDTH, y: top + 14, anchor: "end" }),
];

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
    sentence: "The share that each feature has in what the model says; together 100 %.",
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

/** `win` for the model itself, the estimator of the first score; `base` for baselines, `rival` for the others. */
export const standingOf = (estimator: string, model: string): "win" | "rival" | "base" => {
  if (estimator === model) return "win";
  return estimator.startsWith("baseline: ") ? "base" : "rival";
};

export interface ScoresInput {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  /** Of one metric; the estimators in the order shown. */
  readonly scores: readonly Score[];
  /** Name of the estimator that was saved. */
  readonly model: string;
}

const SCORE_ROW = 36;

/** One bar an estimator, with its 95 % interval as a whisker. */
export const scoresChart = ({ id, title, sentence, scores, model }: ScoresInput): string => {
  if (scores.length === 0) return "";
  const ends = scores.flatMap(({ value, low = value, high = value }) => [value, low, high]);
  const x = scaleOf(extentOf(ends), [2, WIDTH - 4]);
  return figureOf({
    id,
    title,
    sentence,
    height: scores.length * SCORE_ROW + 4,
    marks: scores.flatMap((score, place) => {
      const { estimator, value, low = value, high = value } = score;
      const top = place * SCORE_ROW;
      const standing = standingOf(estimator, model);
      const range = intervalAsText(score);
      const name = standing === "win" ? "strong" : "";
      const label = `${figure(value, 4)}${range === "" ? "" : ` (${range})`}`;
      return [
        words(estimator, { x: 0, y: top + 13, name, columns: 58 - label.length }),
        words(label, { x: WIDTH, y: top + 13, anchor: "end", name }),
        bar(standing, [x(0), x(value)], { y: top + 18, height: 12 }),
        ...(low < high
          ? [
              line("range", [x(low), top + 24], [x(high), top + 24]),
              line("range", [x(low), top + 20.5], [x(low), top + 27.5]),
              line("range", [x(high), top + 20.5], [x(high), top + 27.5]),
            ]
          : []),
      ];
    }),
    table: {
      head: ["estimator", "value", "95 % interval"],
      rows: scores.map((score) => [
        score.estimator,
        figure(score.value, 4),
        intervalAsText(score, 4) || "–",
      ]),
    },
  });
};

const FEATURE_ROW = 16;

/** A segment's centre, one bar a feature to the left or the right of the average customer. */
const segmentMarks = (
  { features }: ClustersModel,
  { heading, centroid }: { readonly heading: string; readonly centroid: readonly number[] },
  { top, x }: { readonly top: number; readonly x: Scale },
): readonly string[] => [
  words(heading, { x: 0, y: top + 14, name: "strong", columns: 50 }),
  ...features.flatMap(({ name }, place) => {
    const value = centroid[place] ?? 0;
    const y = top + 20 + place * FEATURE_ROW;
    return [
      words(name, { x: BARS.left - 8, y: y + 11, anchor: "end", columns: NAME_COLUMNS }),
      bar(value < 0 ? "minus" : "win", [x(0), x(value)], { y: y + 2, height: 11 }),
      words(figure(value), { x: WIDTH, y: y + 11, anchor: "end", name: "soft" }),
    ];
  }),
  line("axis", [x(0), top + 20], [x(0), top + 20 + features.length * FEATURE_ROW]),
];

/** What is typical of each segment, all on one scale. */
export const profilesChart = (id: string, model: ClustersModel): string => {
  const { clusters, features } = model;
  const total = clusters.reduce((sum, { size }) => sum + size, 0);
  const x = scaleOf(extentOf(clusters.flatMap(({ centroid }) => centroid)), [
    BARS.left,
    BARS.right,
  ]);
  const height = 32 + features.length * FEATURE_ROW;
  const sizeOf = (size: number): string =>
    `${size.toLocaleString("en")} customer${size === 1 ? "" : "s"} (${percent(size / Math.max(1, total), 0)})`;
  return figureOf({
    id,
    title: "Segments: how their centres differ from the average customer",
    sentence:
      "In standard deviations of the feature as it enters the model; right of the line is more than average. The table has the centres in units of the features.",
    height: clusters.length * height,
    marks: clusters.flatMap(({ name, size, centroid }, place) =>
      segmentMarks(
        model,
        { heading: `${name} · ${sizeOf(size)}`, centroid },
        { top: place * height, x },
      ),
    ),
    table: {
      head: ["segment", "customers", ...features.map(({ name }) => name)],
      rows: clusters.map(({ name, size, centroid }) => [
        name,
        size.toLocaleString("en"),
        ...features.map((feature, place) => {
          const value = centroid[place] ?? 0;
          return `${figure(unscaled(value, feature))}\n(${figure(value)})`;
        }),
      ]),
    },
  });
};

/** How far a feature moved since the model was trained. */
export interface DriftRow {
  readonly feature: string;
  /** Population stability index, 0 or more. */
  readonly psi: number;
  readonly shifted: boolean;
  readonly pValue: number;
}

/** Customary limits of the index: below the first stable, above the second shifted (Siddiqi 2006). */
const LIMITS = [0.1, 0.25] as const;
/** Bars end here, so that one great shift does not hide the limits. */
const PSI_END = 1;

export const driftChart = (id: string, rows: readonly DriftRow[]): string => {
  if (rows.length === 0) return "";
  const end = Math.min(PSI_END, Math.max(0.3, ...rows.map(({ psi }) => psi)));
  const x = scaleOf([0, end], [BARS.left, BARS.right]);
  const top = 18;
  return figureOf({
    id,
    title: "Drift: how far features moved since training",
    sentence: `Population stability index of each feature; below 0.1 is customarily called stable, above 0.25 shifted. A feature that the test calls shifted is marked ▲.${rows.some(({ psi }) => psi > end) ? ` Bars end at ${end}.` : ""}`,
    height: top + rows.length * ROW + 4,
    marks: [
      ...LIMITS.flatMap((limit) => [
        line("limit", [x(limit), top - 4], [x(limit), top + rows.length * ROW]),
        words(String(limit), { x: x(limit), y: 11, anchor: "middle", name: "soft" }),
      ]),
      ...rows.flatMap(({ feature, psi, shifted }, place) =>
        namedBar(
          {
            name: feature,
            label: `${shifted ? "▲ " : ""}${figure(psi, 3)}`,
            kind: shifted ? "alarm" : "rival",
          },
          top + place * ROW,
          [x(0), x(psi)],
        ),
      ),
      line("axis", [x(0), top], [x(0), top + rows.length * ROW]),
    ],
    table: {
      head: ["feature", "stability index", "p-value", "shifted"],
      rows: rows.map(({ feature, psi, pValue, shifted }) => [
        feature,
        figure(psi, 4),
        pValue > 0 && pValue < 0.0001 ? "below 0.0001" : figure(pValue, 4),
        shifted ? "yes" : "no",
      ]),
    },
  });
};
