/**
 * Makes margins into probabilities that can be trusted, from margins of texts that the model did not see:
 * a temperature for heads of one label (Guo et al., 2017), a slope and an offset a label for the others (Platt, 1999), thresholds and the border of what is out of scope.
 */
import { type Classifier, type Head, sigmoid } from "./classifier.ts";

/** Margins of texts for one head, `width` a text, and 1, −1 or 0 (unknown) for each label. */
export interface HeldOut {
  readonly margins: Float64Array;
  readonly truths: Int8Array;
  readonly width: number;
}

const ROUNDS = 60;

/** Least of a function of one positive number between the bounds, by golden section on its logarithm. */
const leastBetween = (from: number, to: number, loss: (value: number) => number): number => {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(from), Math.log(to)];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [loss(Math.exp(left)), loss(Math.exp(right))];
  for (let round = 0; round < ROUNDS; round += 1) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = loss(Math.exp(left));
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = loss(Math.exp(right));
    }
  }
  return Math.exp((low + high) / 2);
};

const truthAt = ({ truths, width }: HeldOut, row: number): number => {
  for (let label = 0; label < width; label += 1)
    if (truths[row * width + label] === 1) return label;
  return -1;
};

/** Mean of −ln p(true label) at a temperature. */
const softmaxLoss = (held: HeldOut, temperature: number): number => {
  const { margins, width } = held;
  let loss = 0;
  let count = 0;
  for (let row = 0; row * width < margins.length; row += 1) {
    const truth = truthAt(held, row);
    if (truth < 0) continue;
    let most = -Infinity;
    for (let label = 0; label < width; label += 1)
      most = Math.max(most, margins[row * width + label] as number);
    let total = 0;
    for (let label = 0; label < width; label += 1)
      total += Math.exp(((margins[row * width + label] as number) - most) / temperature);
    loss += Math.log(total) - ((margins[row * width + truth] as number) - most) / temperature;
    count += 1;
  }
  return loss / Math.max(1, count);
};

/** Largest margin that 95 % of the texts reach. */
const scopeBorder = ({ margins, width }: HeldOut): number => {
  const most: number[] = [];
  for (let at = 0; at < margins.length; at += width)
    most.push(Math.max(...margins.subarray(at, at + width)));
  return most.toSorted((left, right) => left - right)[Math.floor(most.length * 0.05)] ?? -Infinity;
};

interface Line {
  readonly slope: number;
  readonly offset: number;
}

/** Logistic regression on one number by Newton's method; targets softened as Platt does. */
export const plattLine = (margins: readonly number[], holds: readonly boolean[]): Line => {
  const positives = holds.filter(Boolean).length;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (holds.length - positives + 2);
  let [slope, offset] = [1, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-6, 0, 1e-6];
    for (const [index, margin] of margins.entries()) {
      const p = sigmoid(slope * margin + offset);
      const error = p - (holds[index] === true ? high : low);
      const curve = p * (1 - p);
      ga += error * margin;
      gb += error;
      haa += curve * margin * margin;
      hab += curve * margin;
      hbb += curve;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 1e-12)) break;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    slope -= da;
    offset -= db;
    if (Math.abs(da) + Math.abs(db) < 1e-9) break;
  }
  // A label that the margins say nothing about must not be turned round.
  return slope > 1e-3 ? { slope, offset } : { slope: 1e-3, offset: Math.log(high / (1 - high)) };
};

/** The probability from which a label is said so that F1 is largest. */
export const bestThreshold = (chances: readonly number[], holds: readonly boolean[]): number => {
  const order = chances.map((chance, index) => ({ chance, holds: holds[index] === true }));
  order.sort((left, right) => right.chance - left.chance);
  const all = order.filter((one) => one.holds).length;
  let [right, best, threshold] = [0, 0, 0.5];
  for (const [index, one] of order.entries()) {
    if (one.holds) right += 1;
    const next = order[index + 1]?.chance ?? 0;
    const f1 = (2 * right) / (index + 1 + all);
    if (f1 > best && next < one.chance) {
      best = f1;
      threshold = (one.chance + next) / 2;
    }
  }
  return Math.min(0.9, Math.max(0.05, threshold));
};

const severalCalibrated = (
  head: Head,
  held: HeldOut,
  into: {
    readonly scales: Float32Array;
    readonly bias: Float32Array;
    readonly denseWeights: Float32Array;
    readonly columns: number;
  },
): Head => {
  const thresholds = head.labels.map((_, label) => {
    const margins: number[] = [];
    const holds: boolean[] = [];
    for (let at = label; at < held.margins.length; at += held.width) {
      if (held.truths[at] === 0) continue;
      margins.push(held.margins[at] as number);
      holds.push(held.truths[at] === 1);
    }
    if (!holds.includes(true)) return 0.9;
    const { slope, offset } = plattLine(margins, holds);
    const column = head.first + label;
    into.scales[column] = (into.scales[column] as number) * slope;
    into.bias[column] = (into.bias[column] as number) * slope + offset;
    for (let at = column; at < into.denseWeights.length; at += into.columns)
      into.denseWeights[at] = (into.denseWeights[at] as number) * slope;
    return bestThreshold(
      margins.map((margin) => sigmoid(slope * margin + offset)),
      holds,
    );
  });
  return { ...head, thresholds };
};

/** The same classifier, calibrated. `held` has one entry a head, in the order of the heads. */
export const calibrate = (model: Classifier, held: readonly HeldOut[]): Classifier => {
  const scales = Float32Array.from(model.scales);
  const bias = Float32Array.from(model.bias);
  const denseWeights = Float32Array.from(model.denseWeights);
  const heads = model.heads.map((head, index) => {
    const own = held[index];
    if (own === undefined || own.margins.length === 0) return head;
    if (head.kind === "several")
      return severalCalibrated(head, own, { scales, bias, denseWeights, columns: model.columns });
    return {
      ...head,
      temperature: leastBetween(0.02, 5, (temperature) => softmaxLoss(own, temperature)),
      scopeFrom: scopeBorder(own),
    };
  });
  return { ...model, heads, scales, bias, denseWeights };
};

/** Expected calibration error over ten bins of equal width (Naeini et al., 2015), 0..1. */
export const calibrationError = (
  said: readonly { readonly confidence: number; readonly right: boolean }[],
): number => {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (const { confidence, right } of said) {
    const bin = bins[Math.min(9, Math.floor(confidence * 10))];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.confidence += confidence;
    if (right) bin.right += 1;
  }
  return (
    bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) /
    Math.max(1, said.length)
  );
};
