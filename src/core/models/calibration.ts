/**
 * Makes scores into probabilities that can be taken at their word, from scores of rows that the model was not fitted on: a step curve for many rows
 * (isotonic regression), two numbers for few (Platt). Neither changes the order of scores, so that AUC stays; equal steps may tie.
 */
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import { fitLogistic, logistic } from "./logistic.ts";
import { checkBinary, checkColumn, checkWeights, type Numbers } from "./matrix.ts";
import type { Judged } from "./scores.ts";

/** Scores, ascending, and the probability at each; straight lines between, level outside. */
export interface IsotonicModel {
  readonly kind: "isotonic";
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
}

/** 1 ÷ (1 + e^−(slope × score + offset)), slope 0 or more. */
export interface PlattModel {
  readonly kind: "platt";
  readonly slope: number;
  readonly offset: number;
}

export type CalibrationModel = IsotonicModel | PlattModel;

/** Scores of rows and what happened, 1 or 0. */
export interface Outcomes {
  readonly scores: Numbers;
  readonly labels: Numbers;
  /** Weight of each row, 0 or more; 1 if absent. */
  readonly weights?: Numbers;
}

const checkOutcomes = ({ scores, labels, weights }: Outcomes): Refusal | undefined => {
  const rows = scores.length;
  if (rows === 0) return refused("EMPTY", "there are no scores; give rows that were held out");
  return (
    checkColumn("scores", scores, rows) ??
    checkColumn("labels", labels, rows) ??
    checkWeights(weights, rows) ??
    checkBinary(labels, weights)
  );
};

/** Rows that share a probability. */
interface Block {
  readonly lowest: number;
  readonly highest: number;
  readonly weight: number;
  readonly happened: number;
}

const shareOf = ({ weight, happened }: Block): number => happened / weight;

const pooled = (left: Block, right: Block): Block => ({
  lowest: left.lowest,
  highest: right.highest,
  weight: left.weight + right.weight,
  happened: left.happened + right.happened,
});

/** Rows by score, each score once. */
const blocksOf = ({ scores, labels, weights }: Outcomes): readonly Block[] => {
  const rows = Array.from(scores, (score, row): Block => {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    return { lowest: score, highest: score, weight, happened: weight * (labels[row] as number) };
  })
    .filter(({ weight }) => weight > 0)
    .toSorted(
      (left, right) =>
        left.lowest - right.lowest || left.weight - right.weight || left.happened - right.happened,
    );
  const blocks: Block[] = [];
  for (const row of rows) {
    const last = blocks.at(-1);
    if (last !== undefined && last.lowest === row.lowest)
      blocks[blocks.length - 1] = pooled(last, row);
    else blocks.push(row);
  }
  return blocks;
};

/**
 * The rising probabilities that are nearest to what happened in squares, by pooling adjacent violators (Ayer et al., 1955). O(n log n).
 * Needs some hundred rows of each label; ends may be exactly 0 or 1.
 * Refuses EMPTY, WIDTH, NOT_FINITE, other labels (LABEL), one class only (CONSTANT), negative weights (RANGE).
 */
export const fitIsotonic = (outcomes: Outcomes): Fitted<IsotonicModel> => {
  const refusal = checkOutcomes(outcomes);
  if (refusal !== undefined) return refusal;
  const rising: Block[] = [];
  for (const next of blocksOf(outcomes)) {
    let block = next;
    for (let last = rising.at(-1); last !== undefined; last = rising.at(-1)) {
      if (shareOf(last) < shareOf(block)) break;
      block = pooled(last, block);
      rising.pop();
    }
    rising.push(block);
  }
  const points = rising.flatMap((block) =>
    [...new Set([block.lowest, block.highest])].map((score) => ({ score, share: shareOf(block) })),
  );
  return fitted({
    kind: "isotonic",
    scores: points.map(({ score }) => score + 0),
    probabilities: points.map(({ share }) => share),
  });
};

/** Each row as the share p of a row that happened and 1 − p of one that did not, which is a row with the target p. */
const softened = ({ scores, labels, weights }: Outcomes): Required<Outcomes> => {
  const rows = scores.length;
  const totals: [number, number] = [0, 0];
  const weightAt = (row: number): number => (weights === undefined ? 1 : (weights[row] as number));
  for (let row = 0; row < rows; row += 1) totals[labels[row] as 0 | 1] += weightAt(row);
  const targets = [1 / (totals[0] + 2), (totals[1] + 1) / (totals[1] + 2)] as const;
  return {
    scores: Float64Array.from({ length: 2 * rows }, (_, at) => scores[at % rows] as number),
    labels: Float64Array.from({ length: 2 * rows }, (_, at) => (at < rows ? 1 : 0)),
    weights: Float64Array.from({ length: 2 * rows }, (_, at) => {
      const target = targets[labels[at % rows] as 0 | 1];
      return weightAt(at % rows) * (at < rows ? target : 1 - target);
    }),
  };
};

/**
 * A logistic curve over the scores (log-odds or margins), the targets softened to (n₁ + 1) ÷ (n₁ + 2) and 1 ÷ (n₀ + 2) (Platt, 1999), so that separated classes do not become certain.
 * Scores that fall where more happens get the slope 0: order is never reversed. Refuses what `fitIsotonic` does.
 */
export const fitPlatt = (outcomes: Outcomes): Fitted<PlattModel> => {
  const refusal = checkOutcomes(outcomes);
  if (refusal !== undefined) return refusal;
  const { scores, labels, weights } = softened(outcomes);
  const line = fitLogistic({ values: Float64Array.from(scores), width: 1 }, labels, {
    weights,
    penalty: 0,
  });
  if (line.kind === "refused") return line;
  const { base, means, deviations, weights: slopes } = line.value;
  const slope = (slopes[0] as number) / (deviations[0] as number);
  if (slope > 0)
    return fitted({ kind: "platt", slope, offset: base - slope * (means[0] as number) });
  let happened = 0;
  let total = 0;
  for (const [at, weight] of Array.from(weights).entries()) {
    total += weight;
    happened += weight * (labels[at] as number);
  }
  return fitted({ kind: "platt", slope: 0, offset: Math.log(happened / (total - happened)) });
};

/** The last of ascending numbers that is not above the value; −1 when all are. */
const lastUpTo = (ascending: readonly number[], value: number): number => {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const interpolated = ({ scores, probabilities }: IsotonicModel, score: number): number => {
  const place = lastUpTo(scores, score);
  const [from, to] = [probabilities[place], probabilities[place + 1]];
  if (from === undefined) return to as number;
  if (to === undefined) return from;
  const low = scores[place] as number;
  const share = (score - low) / ((scores[place + 1] as number) - low);
  return from + share * (to - from);
};

/** The probability that a score stands for, 0..1, never falling as scores rise. Throws a RangeError for NaN. */
export const calibrated = (model: CalibrationModel, score: number): number => {
  if (Number.isNaN(score)) throw new RangeError("a score of NaN has no probability");
  if (model.kind === "isotonic") return interpolated(model, score);
  const { slope, offset } = model;
  return logistic(slope === 0 ? offset : slope * score + offset);
};

/** One bin of a calibration chart. */
export interface CalibrationBin {
  readonly count: number;
  /** Mean probability said and share of what happened, both 0..1. */
  readonly said: number;
  readonly happened: number;
}

/** Bins of about equal counts by probability said, ascending; equal probabilities stay together, so that there may be fewer bins than asked for. */
export const calibrationBins = (
  judged: readonly Judged[],
  bins = 10,
): readonly CalibrationBin[] => {
  const sorted = judged.toSorted((left, right) => left.probability - right.probability);
  const found: CalibrationBin[] = [];
  for (let from = 0, bin = 1; from < sorted.length; bin += 1) {
    let end = Math.max(from + 1, Math.floor((bin * sorted.length) / bins));
    while (end < sorted.length && sorted[end]?.probability === sorted[end - 1]?.probability)
      end += 1;
    let [said, happened] = [0, 0];
    for (const row of sorted.slice(from, end)) {
      said += row.probability;
      happened += row.happened;
    }
    const count = end - from;
    found.push({ count, said: said / count, happened: happened / count });
    from = end;
    bin = Math.max(bin, Math.floor((end * bins) / sorted.length));
  }
  return found;
};

/** Expected calibration error, 0..1, NaN without rows: mean distance of what was said to what happened over bins of equal width (Naeini, Cooper and Hauskrecht, 2015). */
export const expectedCalibrationError = (judged: readonly Judged[], bins = 10): number => {
  const gaps = new Float64Array(bins);
  for (const { probability, happened } of judged) {
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    gaps[bin] = (gaps[bin] as number) + probability - happened;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / judged.length;
};
