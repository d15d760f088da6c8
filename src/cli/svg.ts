/**
 * Pieces of charts as inline SVG: scales, ticks, text, and the figure that holds a chart with its title and the table behind it.
 * Drawn 360 units wide, so that on a phone one unit is about one pixel and text stays as large as it was set.
 */
import { clip } from "./columns.ts";
import { escaped, tableOf, type TableParts } from "./page.ts";
import { fixed } from "./words.ts";

export const WIDTH = 360;

export type Scale = (value: number) => number;

/** A straight line from the values `from`..`to` to the places `start`..`end`; values beyond stay at the ends. */
export const scaleOf = (
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): Scale => {
  const span = to - from || 1;
  return (value) => start + (Math.min(1, Math.max(0, (value - from) / span)) * (end - start) || 0);
};

/** Smallest and greatest of the values and 0; `[0, 1]` where all are 0. */
export const extentOf = (values: readonly number[]): readonly [number, number] => {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return low === high ? [0, 1] : [low, high];
};

/** 1, 2 or 5 times a power of ten, so that about `count` steps fill the span. */
const stepOf = (span: number, count: number): number => {
  const power = 10 ** Math.floor(Math.log10(span / count));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power * count >= span) ?? 10;
  return factor * power;
};

/** Round values that cover `from`..`to`, ends included: about five. */
export const ticksOf = ([from, to]: readonly [number, number]): readonly number[] => {
  const step = stepOf(to - from, 5);
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
};

const placed = (value: number): string => String(Number(value.toFixed(1)) + 0);

/** Attributes, numbers to one decimal. */
const attributes = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(
      ([name, value]) => ` ${name}="${typeof value === "number" ? placed(value) : escaped(value)}"`,
    )
    .join("");

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A bar between two places on the x axis, in either order, at least a hair wide so that a 0 is seen. */
export const bar = (
  name: string,
  [from, to]: readonly [number, number],
  box: Omit<Box, "x" | "width">,
): string =>
  `<rect${attributes({ class: name, x: Math.min(from, to), width: Math.max(0.7, Math.abs(to - from)), ...box })}/>`;

export const line = (
  name: string,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): string => `<line${attributes({ class: name, x1, y1, x2, y2 })}/>`;

export const dot = (name: string, [cx, cy]: readonly [number, number], r: number): string =>
  `<circle${attributes({ class: name, cx, cy, r })}/>`;

export const polyline = (name: string, points: readonly (readonly [number, number])[]): string =>
  `<polyline class="${name}" points="${points.map(([x, y]) => `${placed(x)},${placed(y)}`).join(" ")}"/>`;

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly name?: string;
  /** Cut beyond so many columns; the table has all of it. */
  readonly columns?: number;
}

/** Words in a chart. */
export const words = (
  text: string,
  { x, y, anchor = "start", name = "", columns = 60 }: TextPlace,
): string =>
  `<text${attributes({ ...(name === "" ? {} : { class: name }), x, y, "text-anchor": anchor })}>${escaped(clip(text, columns))}</text>`;

/** 0.25 as `25.0 %`. */
export const percent = (value: number, digits = 1): string => `${fixed(100 * value, digits)} %`;

export interface FigureParts {
  /** One of its own on the page: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** How to read the chart, in one sentence or two. */
  readonly sentence: string;
  readonly height: number;
  /** What is drawn. */
  readonly marks: readonly string[];
  readonly table: Omit<TableParts, "name">;
}

/** A chart with its title, how to read it, and its numbers. */
export const figureOf = ({ id, title, sentence, height, marks, table }: FigureParts): string =>
  `<figure><figcaption>${escaped(title)}</figcaption><svg viewBox="0 0 ${WIDTH} ${placed(height)}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-how"><title id="${id}-title">${escaped(title)}</title>${marks.join("")}</svg><p id="${id}-how" class="how">${escaped(sentence)}</p><details><summary>The numbers</summary>${tableOf({ ...table, name: title })}</details></figure>`;

/** How charts look; colours are those of the page. */
export const CHART_STYLE = `figure{margin:0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.5rem;min-width:0}figcaption{font-weight:600}
svg{display:block;width:100%;max-width:30rem;height:auto;margin:.5rem 0}svg text{font:12px system-ui,sans-serif;fill:var(--ink)}svg text.soft{fill:var(--muted);font-size:11px}svg text.strong{font-weight:600}
.win{fill:var(--accent)}.rival{fill:var(--rival)}.base{fill:var(--base)}.minus{fill:var(--rival)}.alarm{fill:var(--bad)}
.grid{stroke:var(--line)}.axis{stroke:var(--muted)}.even,.limit{stroke:var(--muted);stroke-dasharray:4 3;fill:none}.range{stroke:var(--ink);stroke-width:1.5}.curve{stroke:var(--accent);stroke-width:2.5;fill:none}
.how{color:var(--muted);font-size:.85rem;margin:.25rem 0 .5rem}details table{font-size:.85rem;margin-top:.5rem}summary{cursor:pointer;color:var(--accent)}`;
