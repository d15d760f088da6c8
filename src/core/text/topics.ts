/** What a text is about and how soon somebody should look, by the linear models; cues are the features that weighed most. */
import { type Topic, TOPICS } from "../analysis.ts";
import { type LinearModel, logistic, margins } from "../models/linear.ts";
import { type Features, weighted, type WeightedRow } from "./features.ts";
import { type RawCue, rounded } from "./sentiment.ts";
import type { ReadingSettings } from "./settings.ts";

export interface RawTopic {
  readonly label: Topic;
  readonly confidence: number;
  readonly cues: readonly RawCue[];
}

/** A cue that weighs less than this share of the strongest explains nothing. */
const LEAST_SHARE = 0.15;

const byWeight = (left: RawCue, right: RawCue): number =>
  right.weight - left.weight || left.from - right.from || left.to - right.to;

/** Places of the features that speak for the label, each with its weight. */
const evidenceFor = (row: WeightedRow, weightOf: (index: number) => number): readonly RawCue[] => {
  const candidates: RawCue[] = [];
  for (let at = 0; at < row.occurrences.length; at += 1) {
    const spans = row.occurrences[at]?.spans ?? [];
    const evidence = (row.values[at] ?? 0) * weightOf(row.indices[at] ?? 0);
    if (!(evidence > 0)) continue;
    const weight = rounded(evidence / Math.max(1, spans.length));
    if (weight > 0) for (const { from, to } of spans) candidates.push({ weight, from, to });
  }
  return candidates;
};

const cuesFor = (
  row: WeightedRow,
  weightOf: (index: number) => number,
  atMost: number,
): readonly RawCue[] => {
  if (atMost === 0) return [];
  const candidates = evidenceFor(row, weightOf);
  const least = candidates.reduce((most, { weight }) => Math.max(most, weight), 0) * LEAST_SHARE;
  const kept: RawCue[] = [];
  for (const cue of candidates.filter(({ weight }) => weight >= least).toSorted(byWeight)) {
    if (kept.length >= atMost) break;
    if (kept.every((other) => cue.to <= other.from || cue.from >= other.to)) kept.push(cue);
  }
  return kept;
};

const isTopic = (label: string): label is Topic => TOPICS.some((topic) => topic === label);

/** Index of the largest; the first of equals. */
const likeliest = (chances: readonly number[]): number => {
  let best = 0;
  for (let index = 1; index < chances.length; index += 1)
    if ((chances[index] ?? 0) > (chances[best] ?? 0)) best = index;
  return best;
};

/** Topics with at least the probability `found`, best first; if none has it, the most probable. */
export const findTopics = (
  features: Features,
  model: LinearModel,
  settings: ReadingSettings["topics"],
): readonly RawTopic[] => {
  const row = weighted(features, { rowOf: ({ topics }) => topics, factors: model.factors });
  const chances = Array.from(margins(model, row), (sum) => rounded(logistic(sum)));
  const width = model.labels.length;
  const found: RawTopic[] = [];
  for (let rank = 0; rank < width; rank += 1) {
    const index = likeliest(chances);
    const confidence = chances[index] ?? 0;
    const label = model.labels[index] ?? "";
    if (found.length > 0 && (confidence < settings.found || found.length >= settings.atMost)) break;
    chances[index] = -1;
    const weightOf = (feature: number): number => model.weights[feature * width + index] ?? 0;
    if (isTopic(label))
      found.push({ label, confidence, cues: cuesFor(row, weightOf, settings.cues) });
  }
  return found;
};

/** Probability that somebody should look soon, and the words that say so. */
export const findUrgency = (
  features: Features,
  model: LinearModel,
  cues: number,
): { readonly score: number; readonly cues: readonly RawCue[] } => {
  const row = weighted(features, { rowOf: ({ urgency }) => urgency, factors: model.factors });
  const score = rounded(logistic(margins(model, row)[0] ?? 0));
  return { score, cues: cuesFor(row, (feature) => model.weights[feature] ?? 0, cues) };
};
