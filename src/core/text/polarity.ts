/**
 * What the lexicons cannot know: "the parcel was due Tuesday, it is Saturday" holds no angry word. A linear model learned which words complaints and thanks are made of;
 * its evidence is added to the lexicons' as further cues, so that the cues still sum to the raw score.
 */
import type { LinearModel } from "../models/linear.ts";
import { type Features, weighted } from "./features.ts";
import type { Span } from "./normalise.ts";
import { type Feeling, type RawCue, rounded } from "./sentiment.ts";
import type { SentimentSettings } from "./settings.ts";
import type { Known } from "./vocabulary.ts";

/** The labels of `models/text.polarity.json`, in this order: the cue of a word is its first weight less its second. */
export const POLARITY_LABELS = ["positive", "negative"] as const;

/** The model, how it finds the row of a feature (−1: not in it, or not to be seen by it), and the settings. */
export interface LearnedBy {
  readonly model: LinearModel;
  readonly rowOf: (known: Known) => number;
  readonly settings: SentimentSettings;
}

/** Cues of the learned model on the scale of the lexicons; features of the whole text and tiny weights are left out. */
const learnedCues = (
  features: Features,
  { model, rowOf, settings }: LearnedBy,
): readonly RawCue[] => {
  const row = weighted(features, { rowOf, factors: model.factors });
  const cues: RawCue[] = [];
  for (const [at, { spans }] of row.occurrences.entries()) {
    const base = (row.indices[at] ?? 0) * 2;
    const leaning = (model.weights[base] ?? 0) - (model.weights[base + 1] ?? 0);
    const weight = rounded(
      (settings.learned * (row.values[at] ?? 0) * leaning) / Math.max(1, spans.length),
    );
    if (Math.abs(weight) >= settings.learnedLeast)
      for (const { from, to } of spans) cues.push({ weight, from, to });
  }
  return cues;
};

/** Whether a cue touches one of the spans, which stand in the order of the text and apart from each other. */
const touches = (spans: readonly Span[]): ((cue: RawCue) => boolean) => {
  const ends = spans.map(({ to }) => to);
  return (cue) => {
    let low = 0;
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= cue.from) low = middle + 1;
      else high = middle;
    }
    return (spans[low]?.from ?? Infinity) < cue.to;
  };
};

/** Cues in the order of the text, those of one place added up in the order in which they came; what adds up to nothing is left out. */
const merged = (cues: readonly RawCue[]): readonly RawCue[] => {
  const sorted = cues.toSorted((left, right) => left.from - right.from || left.to - right.to);
  const sums: RawCue[] = [];
  for (let at = 0; at < sorted.length;) {
    const { from = 0, to = 0 } = sorted[at] ?? {};
    let weight = 0;
    for (; sorted[at]?.from === from && sorted[at]?.to === to; at += 1)
      weight = rounded(weight + (sorted[at]?.weight ?? 0));
    if (weight !== 0) sums.push({ weight, from, to });
  }
  return sums;
};

/**
 * The lexicons' cues and, where the lexicons are silent, the learned ones (those of one place added up), in the order of the text.
 * The lexicons know about negation, so a learned "recommend" must not undo their "never recommend".
 */
export const withLearned = (feeling: Feeling, features: Features, by: LearnedBy): Feeling => {
  const known = touches(feeling.judged);
  const learned = learnedCues(features, by).filter((cue) => !known(cue));
  const cues = merged(feeling.cues.concat(learned));
  let positive = 0;
  let negative = 0;
  for (const { weight } of cues)
    if (weight > 0) positive += weight;
    else negative -= weight;
  return { cues, positive, negative, raw: positive - negative, judged: feeling.judged };
};
