/**
 * How a text feels, from its marks: valences turned by negators, scaled by degree words, weighed by contrasts, emphasis and exclamation marks.
 * The weights of the cues sum to the raw score; the score is raw ÷ √(raw² + α).
 */
import type { Cue } from "../analysis.ts";
import type { Mark, Marked } from "./marks.ts";
import type { Span } from "./normalise.ts";
import type { SentimentSettings } from "./settings.ts";

/** A cue that still stands in the normalised text. */
export type RawCue = Omit<Cue, "word">;

export interface Feeling {
  readonly cues: readonly RawCue[];
  readonly positive: number;
  readonly negative: number;
  readonly raw: number;
  /** Every place where a lexicon had a say, in order: cues, and words that only turned or scaled another. */
  readonly judged: readonly Span[];
}

export interface SentimentInput {
  readonly marked: Marked;
  readonly linked: (tokenIndex: number) => boolean;
  /** Whether the original of a span is written in capitals in a text that is not. */
  readonly loud: (mark: Mark) => boolean;
  readonly settings: SentimentSettings;
}

/** Four decimals: what stands in facts is the same on every machine. */
export const rounded = (value: number): number => Math.round(value * 10_000) / 10_000 + 0;

/** What still reaches the next valence of a clause. */
interface Reach {
  readonly clause: number;
  /** The last negator that has not worked yet, and the one that worked last. */
  negator: Numbered | null;
  worked: Numbered | null;
  degrees: readonly Mark[];
  /** Index of the last valence, −1 before the first. */
  last: number;
}

interface Numbered {
  readonly mark: Mark;
  readonly index: number;
}

const reachOf = (clause: number): Reach => ({
  clause,
  negator: null,
  worked: null,
  degrees: [],
  last: -1,
});

/** The negator that turns this valence: one still open in its window, or the one before an "or". */
const negatorOf = (mark: Mark, reach: Reach, input: SentimentInput): Numbered | null => {
  if (mark.picture) return null;
  const open = reach.negator;
  if (open !== null && mark.at - open.mark.end < input.settings.negationWindow) return open;
  return reach.worked !== null && input.linked(mark.at - 1) ? reach.worked : null;
};

/** Degree words multiply; one between negator and valence weakens instead ("not very good"). */
const degreeFactor = (
  mark: Mark,
  reach: Reach,
  negated: number | null,
): ((settings: SentimentSettings) => number) => {
  return (settings) => {
    let factor = 1;
    for (const word of reach.degrees) {
      if (
        mark.picture ||
        mark.at - word.end >= settings.degreeWindow ||
        word.role.kind !== "degree"
      )
        continue;
      factor *= negated !== null && word.at >= negated ? settings.negatedDegree : word.role.factor;
    }
    return Math.min(2.5, factor);
  };
};

const valued = (mark: Mark, reach: Reach, input: SentimentInput): number => {
  if (mark.role.kind !== "valence") return 0;
  const { settings } = input;
  const negator = negatorOf(mark, reach, input);
  const turn = mark.role.value > 0 ? settings.negatedPositive : settings.negatedNegative;
  if (negator !== null) {
    reach.worked = negator;
    reach.negator = null;
  }
  const degree = degreeFactor(mark, reach, negator?.mark.end ?? null)(settings);
  const emphasis = mark.drawnOut || input.loud(mark) ? settings.emphasis : 1;
  const shout = 1 + settings.exclamation * (input.marked.exclamations[mark.sentence] ?? 0);
  return mark.role.value * (negator === null ? 1 : turn) * degree * emphasis * shout;
};

const contrastFactors = (
  { marks }: Marked,
  settings: SentimentSettings,
): ((mark: Mark) => number) => {
  if (!marks.some(({ role }) => role.kind === "contrast" || role.kind === "concession"))
    return () => 1;
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  const conceded = new Map<number, number>();
  const opened = new Set<number>();
  const begun = new Set<number>();
  for (const mark of marks) {
    if (mark.role.kind === "contrast") {
      if (!begun.has(mark.sentence)) opened.add(mark.sentence);
      if (!first.has(mark.sentence)) first.set(mark.sentence, mark.from);
      last.set(mark.sentence, mark.from);
    }
    if (mark.role.kind === "valence") begun.add(mark.sentence);
    if (mark.role.kind === "concession" && !conceded.has(mark.clause))
      conceded.set(mark.clause, mark.from);
  }
  return (mark) => {
    const after = mark.from > (first.get(mark.sentence) ?? Infinity) ? settings.afterContrast : 1;
    const answered = mark.from < (last.get(mark.sentence) ?? -1) || opened.has(mark.sentence + 1);
    const granted = mark.from > (conceded.get(mark.clause) ?? Infinity);
    return (
      after * Math.min(answered ? settings.beforeContrast : 1, granted ? settings.conceded : 1)
    );
  };
};

/** Emoji in a row count less and less: the n-th of one kind 1/n. */
const repeats = (): ((mark: Mark, value: number) => number) => {
  const seen = new Map<number, number>();
  return (mark, value) => {
    if (!mark.picture) return 1;
    const count = (seen.get(value) ?? 0) + 1;
    seen.set(value, count);
    return 1 / count;
  };
};

/** Weights by mark, before they are summed. */
type Weights = Float64Array;

/** A negator that nothing followed keeps its residue: "I can't", 打不. */
const leave = (reach: Reach, weights: Weights): void => {
  const open = reach.negator;
  if (open?.mark.role.kind === "negator") weights[open.index] = open.mark.role.residue;
};

const take = (
  numbered: Numbered,
  reach: Reach,
  into: { readonly weights: Weights; readonly input: SentimentInput },
): void => {
  const { mark, index } = numbered;
  const { weights, input } = into;
  if (mark.role.kind === "negator") {
    leave(reach, weights);
    reach.negator = numbered;
  } else if (mark.role.kind === "degree") reach.degrees = [...reach.degrees.slice(-2), mark];
  else if (mark.role.kind === "degreeAfter") {
    const previous = input.marked.marks[reach.last];
    if (previous !== undefined && mark.at - previous.end < 2)
      weights[reach.last] = (weights[reach.last] ?? 0) * mark.role.factor;
  } else if (mark.role.kind === "valence") {
    weights[index] = valued(mark, reach, input);
    reach.degrees = [];
    reach.last = index;
  }
};

/** The cues of a text and their sums. Linear in the number of marks. */
export const feel = (input: SentimentInput): Feeling => {
  const { marks } = input.marked;
  const weights = new Float64Array(marks.length);
  let reach = reachOf(0);
  for (const [index, mark] of marks.entries()) {
    if (mark.clause !== reach.clause) {
      leave(reach, weights);
      reach = reachOf(mark.clause);
    }
    take({ mark, index }, reach, { weights, input });
  }
  leave(reach, weights);
  const weigh = contrastFactors(input.marked, input.settings);
  const repeat = repeats();
  for (const [index, mark] of marks.entries()) {
    const value = mark.role.kind === "valence" ? mark.role.value : 0;
    weights[index] = (weights[index] ?? 0) * weigh(mark) * repeat(mark, value);
  }
  return summed(marks, weights);
};

const summed = (marks: readonly Mark[], weights: Weights): Feeling => {
  const cues: RawCue[] = [];
  let positive = 0;
  let negative = 0;
  for (const [index, mark] of marks.entries()) {
    const weight = rounded(weights[index] ?? 0);
    if (weight === 0) continue;
    cues.push({ weight, from: mark.from, to: mark.to });
    if (weight > 0) positive += weight;
    else negative -= weight;
  }
  const judged = marks.filter(({ role }) => role.kind !== "shield");
  return { cues, positive, negative, raw: positive - negative, judged };
};
