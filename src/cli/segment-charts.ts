/** Segments as HTML figures: how large each is, and how its centre differs from the average customer, all on one scale. */
import { unscaled } from "../core/models/scale.ts";
import type { ClustersModel } from "../core/models/segments-file.ts";
import { BARS, NAME_COLUMNS, namedBar, ROW } from "./bars.ts";
import {
  bar,
  extentOf,
  figureOf,
  line,
  percent,
  type Scale,
  scaleOf,
  WIDTH,
  words,
} from "./svg.ts";
import { figure, fixed } from "./words.ts";

type Cluster = ClustersModel["clusters"][number];

const FEATURE_ROW = 18;

const customers = (size: number): string =>
  `${size.toLocaleString("en")} customer${size === 1 ? "" : "s"}`;

const sizesChart = (id: string, clusters: readonly Cluster[]): string => {
  const total = Math.max(
    1,
    clusters.reduce((sum, { size }) => sum + size, 0),
  );
  const x = scaleOf(extentOf(clusters.map(({ size }) => size)), [BARS.left, BARS.right]);
  return figureOf({
    id,
    title: "How large the segments are",
    sentence: `Share of the ${customers(total)} that the model was trained on.`,
    height: clusters.length * ROW + 4,
    marks: [
      ...clusters.flatMap(({ name, size }, place) =>
        namedBar({ name, label: percent(size / total, 0), kind: "win" }, place * ROW, [
          x(0),
          x(size),
        ]),
      ),
      line("axis", [x(0), 0], [x(0), clusters.length * ROW]),
    ],
    table: {
      head: ["segment", "customers", "share"],
      rows: clusters.map(({ name, size }) => [
        name,
        size.toLocaleString("en"),
        percent(size / total),
      ]),
    },
  });
};

/** One bar a feature to the left or the right of the average customer. */
const profileChart = (
  id: string,
  {
    model,
    cluster,
    x,
  }: { readonly model: ClustersModel; readonly cluster: Cluster; readonly x: Scale },
): string => {
  const { features } = model;
  const { name, size, sentence, centroid } = cluster;
  return figureOf({
    id,
    title: `${name} · ${customers(size)}`,
    sentence: `Typical: ${sentence}.`,
    height: features.length * FEATURE_ROW + 4,
    marks: [
      ...features.flatMap((feature, place) => {
        const value = centroid[place] ?? 0;
        const y = place * FEATURE_ROW;
        return [
          words(feature.name, {
            x: BARS.left - 8,
            y: y + 13,
            anchor: "end",
            columns: NAME_COLUMNS,
          }),
          bar(value < 0 ? "minus" : "win", [x(0), x(value)], { y: y + 3, height: 12 }),
          words(`${value > 0 ? "+" : ""}${fixed(value, 1)} SD`, {
            x: WIDTH,
            y: y + 13,
            anchor: "end",
            name: "soft",
          }),
        ];
      }),
      line("axis", [x(0), 0], [x(0), features.length * FEATURE_ROW]),
    ],
    table: {
      head: ["feature", "centre", "standard deviations from the average"],
      rows: features.map((feature, place) => {
        const value = centroid[place] ?? 0;
        return [feature.name, figure(unscaled(value, feature)), fixed(value, 2)];
      }),
    },
  });
};

/** Sizes first, then what is typical of each segment; all bars of profiles on one scale. */
export const segmentCharts = (id: string, model: ClustersModel): readonly string[] => {
  const { clusters } = model;
  const x = scaleOf(extentOf(clusters.flatMap(({ centroid }) => centroid)), [
    BARS.left,
    BARS.right,
  ]);
  return [
    sizesChart(`${id}-sizes`, clusters),
    ...clusters.map((cluster, place) => profileChart(`${id}-${place}`, { model, cluster, x })),
  ];
};
