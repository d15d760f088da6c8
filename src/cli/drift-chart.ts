/** How far the columns that a model reads and says have moved, as an HTML figure. */
import type { DriftReport } from "../core/models/drift.ts";
import { BARS, namedBar, ROW } from "./bars.ts";
import { figureOf, line, scaleOf, words } from "./svg.ts";
import { figure, fixed } from "./words.ts";

/** Customary limits of the index: below the first stable, above the second shifted (Siddiqi 2006). */
const LIMITS = [0.1, 0.25] as const;
/** Bars end here, so that one great shift does not hide the limits. */
const PSI_END = 1;
/** Bars of what moved least say nothing; the table has them. */
const SHOWN = 15;

const pAsText = (value: number): string =>
  value > 0 && value < 0.0001 ? "below 0.0001" : fixed(value, 4);

export type DriftFigures = Pick<DriftReport, "floor" | "features">;

const sentenceOf = ({ features, floor }: DriftFigures, end: number): string =>
  [
    `Population stability index of each column; customarily below 0.1 is stable and above 0.25 shifted. ▲ marks a column that shifted: its index is at least ${figure(floor)} and its test is beyond chance.`,
    ...(features.length > SHOWN
      ? [`Shown are the ${SHOWN} that moved most; the table has all ${features.length}.`]
      : []),
    ...(features.some(({ psi }) => psi > end) ? [`Bars end at ${figure(end)}.`] : []),
  ].join(" ");

/** What moved most stands first; "" without columns. */
export const driftChart = (id: string, report: DriftFigures): string => {
  const features = report.features.toSorted((left, right) => right.psi - left.psi);
  const [most] = features;
  if (most === undefined) return "";
  const end = Math.min(PSI_END, Math.max(0.3, most.psi));
  const x = scaleOf([0, end], [BARS.left, BARS.right]);
  const top = 18;
  const shown = features.slice(0, SHOWN);
  const bottom = top + shown.length * ROW;
  return figureOf({
    id,
    title: "How far each column moved since training",
    sentence: sentenceOf(report, end),
    height: bottom + 4,
    marks: [
      ...LIMITS.flatMap((limit) => [
        line("limit", [x(limit), top - 4], [x(limit), bottom]),
        // Away from each other, or they would touch where bars end far out.
        words(String(limit), {
          x: x(limit),
          y: 11,
          anchor: limit === LIMITS[0] ? "end" : "start",
          name: "soft",
        }),
      ]),
      ...shown.flatMap(({ name, psi, shifted }, place) =>
        namedBar(
          {
            name,
            label: `${shifted ? "▲ " : ""}${fixed(psi, 3)}`,
            kind: shifted ? "alarm" : "rival",
          },
          top + place * ROW,
          [x(0), x(psi)],
        ),
      ),
      line("axis", [x(0), top], [x(0), bottom]),
    ],
    table: {
      head: ["column", "stability index", "p (Holm)", "shifted"],
      rows: features.map(({ name, psi, adjusted, shifted }) => [
        name,
        fixed(psi, 4),
        pAsText(adjusted),
        shifted ? "yes" : "no",
      ]),
    },
  });
};
