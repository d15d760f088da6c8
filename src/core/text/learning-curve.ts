/** What more labels would bring: errors of half and of all training texts, drawn on by a power law (Hestness et al., 2017). */
import type { Evaluation } from "./scoring.ts";

export interface Curve {
  readonly points: readonly {
    readonly texts: number;
    readonly accuracy: number;
    readonly macroF1: number;
  }[];
  /** Labels whose F1 would gain most from 100 more texts, best first, with the gain that is expected. */
  readonly wanted: readonly {
    readonly label: string;
    readonly f1: number;
    readonly gain: number;
  }[];
}

const MORE = 100;
const WANTED_MAX = 5;
/** Steepest and flattest exponents that a curve between two noisy points is believed to have. */
const EXPONENTS = [0.05, 0.6] as const;

/** Error after `more` texts, from errors with half of `count` and with all of it. */
export const expectedError = (
  half: number,
  all: number,
  { count, more }: { readonly count: number; readonly more: number },
): number => {
  if (all <= 0) return 0;
  const slope = Math.log2(Math.max(half, all) / all);
  const exponent = Math.min(EXPONENTS[1], Math.max(EXPONENTS[0], slope));
  return all * (Math.max(1, count) / (Math.max(1, count) + more)) ** exponent;
};

export const curveOf = (half: Evaluation, all: Evaluation, rows: number): Curve => {
  const texts = Math.round(rows * 0.8);
  const before = new Map(half.perLabel.map(({ label, f1 }) => [label, f1]));
  const wanted = all.perLabel
    .filter(({ support }) => support > 0)
    .map(({ label, f1, support }) => {
      const error = expectedError(1 - (before.get(label) ?? 0), 1 - f1, {
        count: support * 4,
        more: MORE,
      });
      return { label, f1, gain: Math.round((1 - error - f1) * 1e4) / 1e4 };
    })
    .toSorted((left, right) => right.gain - left.gain || (left.label < right.label ? -1 : 1));
  return {
    points: [
      { texts: Math.round(texts / 2), accuracy: half.accuracy, macroF1: half.macroF1 },
      { texts, accuracy: all.accuracy, macroF1: all.macroF1 },
    ],
    wanted: wanted.slice(0, WANTED_MAX),
  };
};
