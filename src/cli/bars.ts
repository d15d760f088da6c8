/** Charts of bars with their names: where bars stand, one bar with name and value, and bars that have their names above them. */
import { bar, line, type Scale, WIDTH, words } from "./svg.ts";

/** Where bars stand between their names and their values. */
export const BARS = { left: 154, right: WIDTH - 54 } as const;
/** Columns for the name beside a bar. */
export const NAME_COLUMNS = 20;
/** Height of a bar with its name beside it. */
export const ROW = 22;

export interface NamedBar {
  readonly name: string;
  /** The value in words. */
  readonly label: string;
  /** Class of the bar. */
  readonly kind: string;
}

/** One bar with its name on the left and its value on the right. */
export const namedBar = (
  { name, label, kind }: NamedBar,
  top: number,
  span: readonly [number, number],
): readonly string[] => [
  words(name, { x: BARS.left - 8, y: top + 14, anchor: "end", columns: NAME_COLUMNS }),
  bar(kind, span, { y: top + 4, height: 13 }),
  words(label, { x: WIDTH, y: top + 14, anchor: "end" }),
];

/** Height of a bar with its name above it. */
export const TALL_ROW = 36;

export interface TallBar extends NamedBar {
  readonly value: number;
  /** Ends of a whisker; none is drawn where they are equal. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly strong?: boolean;
}

const whisker = ([low, high]: readonly [number, number], y: number): readonly string[] => [
  line("range", [low, y], [high, y]),
  line("range", [low, y - 3.5], [low, y + 3.5]),
  line("range", [high, y - 3.5], [high, y + 3.5]),
];

/** Bars from `from` to their values, a name and a value above each: for names too long to stand beside. */
export const tallBars = (
  rows: readonly TallBar[],
  { x, from }: { readonly x: Scale; readonly from: number },
): readonly string[] =>
  rows.flatMap((row, place) => {
    const { name, label, kind, value, low = value, high = value } = row;
    const top = place * TALL_ROW;
    const look = row.strong === true ? "strong" : "";
    return [
      words(name, { x: 0, y: top + 13, name: look, columns: 56 - label.length }),
      words(label, { x: WIDTH, y: top + 13, anchor: "end", name: look }),
      bar(kind, [x(from), x(value)], { y: top + 18, height: 12 }),
      line("axis", [x(from), top + 17], [x(from), top + 31]),
      ...(low < high ? whisker([x(low), x(high)], top + 24) : []),
    ];
  });
