/**
 * Logistic regression with a squared penalty, fitted by Newton's method (iteratively reweighted least squares; McCullagh and Nelder, 1989) on standardised columns.
 * A step that does not lower the loss is halved, and the penalty is never 0, so that separable classes end in finite weights.
 */
import { type Fitted, fitted, type Refusal, refused } from "./fitted.ts";
import {
  checkBinary,
  checkColumn,
  checkMatrix,
  checkWeights,
  type Matrix,
  meansOf,
  type Numbers,
  rowsIn,
  solveSymmetric,
} from "./matrix.ts";
import { type LinearTerms, linearScore } from "./ridge.ts";

/** The score is log-odds; `contributionsOf` gives what each column adds to them. */
export interface LogisticModel extends LinearTerms {
  readonly kind: "logistic";
  readonly penalty: number;
  readonly rows: number;
  /** Newton steps taken. */
  readonly rounds: number;
  /** False when the rounds ran out before the loss had settled. */
  readonly isConverged: boolean;
}

export interface LogisticOptions {
  /** λ of Σ −ln p(label) + λ/2 Σ weight², the base excepted; 1 by default, raised to 1e-6. */
  readonly penalty?: number;
  /** Weight of each row, 0 or more; 2 counts as the row given twice. */
  readonly weights?: Numbers;
  readonly maxRounds?: number;
}

/** Without any penalty, separable classes have no best weights: they grow for ever. */
const PENALTY_MIN = 1e-6;
const MAX_ROUNDS = 100;
const HALVINGS = 40;
/** The loss that another step would save, as a share of the loss. */
const TOLERANCE = 1e-14;

/** 1 ÷ (1 + e⁻ˣ), without overflow. */
export const logistic = (score: number): number => {
  if (score >= 0) return 1 / (1 + Math.exp(-score));
  const odds = Math.exp(score);
  return odds / (1 + odds);
};

/** ln(1 + eˣ), without overflow. */
const softplus = (score: number): number =>
  Math.max(0, score) + Math.log1p(Math.exp(-Math.abs(score)));

/** Probability of the label 1, 0..1. Throws a RangeError for a row of another width or with a number that is not finite. */
export const predictLogistic = (model: LogisticModel, row: Numbers): number =>
  logistic(linearScore(model, row));

/** One fit under way; the base stands behind the weights. */
interface Newton {
  /** Standardised rows. */
  readonly columns: Float64Array;
  readonly labels: Numbers;
  readonly rowWeights: Numbers | undefined;
  readonly penalty: number;
  readonly width: number;
  readonly scores: Float64Array;
}

const weightAt = ({ rowWeights }: Newton, row: number): number =>
  rowWeights === undefined ? 1 : (rowWeights[row] as number);

/** The loss at these weights; the rows' scores are left in `scores`. */
const lossAt = (newton: Newton, weights: Float64Array): number => {
  const { columns, labels, width, scores, penalty } = newton;
  let loss = 0;
  for (let row = 0, at = 0; row < scores.length; row += 1, at += width) {
    let score = weights[width] as number;
    for (let column = 0; column < width; column += 1)
      score += (columns[at + column] as number) * (weights[column] as number);
    scores[row] = score;
    loss += weightAt(newton, row) * softplus(labels[row] === 1 ? -score : score);
  }
  let size = 0;
  for (let column = 0; column < width; column += 1) size += (weights[column] as number) ** 2;
  return loss + (penalty / 2) * size;
};

interface Slope {
  readonly gradient: Float64Array;
  /** Second derivatives, row-major, lower triangle. */
  readonly curvature: Float64Array;
}

/** Gradient and curvature of the loss where `scores` were taken. */
const slopeAt = (newton: Newton, weights: Float64Array): Slope => {
  const { columns, labels, width, scores, penalty } = newton;
  const size = width + 1;
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  const values = new Float64Array(size).fill(1);
  for (let row = 0, at = 0; row < scores.length; row += 1, at += width) {
    const probability = logistic(scores[row] as number);
    const weight = weightAt(newton, row);
    const error = weight * (probability - (labels[row] as number));
    const curve = weight * probability * (1 - probability);
    for (let column = 0; column < width; column += 1)
      values[column] = columns[at + column] as number;
    for (let i = 0; i < size; i += 1) {
      const value = values[i] as number;
      gradient[i] = (gradient[i] as number) + error * value;
      const curved = curve * value;
      for (let j = 0; j <= i; j += 1)
        curvature[i * size + j] =
          (curvature[i * size + j] as number) + curved * (values[j] as number);
    }
  }
  for (let i = 0; i < width; i += 1) {
    gradient[i] = (gradient[i] as number) + penalty * (weights[i] as number);
    curvature[i * size + i] = (curvature[i * size + i] as number) + penalty;
  }
  return { gradient, curvature };
};

const stepped = (weights: Float64Array, step: Float64Array, share: number): Float64Array =>
  weights.map((weight, at) => weight - share * (step[at] as number));

interface Descent {
  readonly weights: Float64Array;
  readonly rounds: number;
  readonly isConverged: boolean;
}

/** The first of a whole step, half of it, a quarter … that lowers the loss; undefined when none does, which only rounding can cause. */
const lowered = (
  newton: Newton,
  from: { readonly weights: Float64Array; readonly loss: number },
  step: Float64Array,
): { readonly weights: Float64Array; readonly loss: number } | undefined => {
  for (let halving = 0, share = 1; halving < HALVINGS; halving += 1, share /= 2) {
    const weights = stepped(from.weights, step, share);
    const loss = lossAt(newton, weights);
    if (loss < from.loss) return { weights, loss };
  }
  return undefined;
};

const descend = (newton: Newton, start: Float64Array, maxRounds: number): Descent => {
  let here = { weights: start, loss: lossAt(newton, start) };
  for (let rounds = 0; rounds < maxRounds; rounds += 1) {
    const { gradient, curvature } = slopeAt(newton, here.weights);
    const step = solveSymmetric(curvature, gradient);
    const saving = step.reduce((sum, value, at) => sum + value * (gradient[at] as number), 0) / 2;
    if (saving <= TOLERANCE * here.loss)
      return { weights: here.weights, rounds, isConverged: true };
    const next = lowered(newton, here, step);
    if (next === undefined)
      return { weights: here.weights, rounds, isConverged: saving <= 1e-8 * here.loss };
    here = next;
  }
  return { weights: here.weights, rounds: maxRounds, isConverged: false };
};

interface Scales {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly columns: Float64Array;
}

/** A standardised copy of the rows; a column that never varies is 0 throughout. */
const standardised = (matrix: Matrix, weights: Numbers | undefined): Scales => {
  const { values, width } = matrix;
  const means = meansOf(matrix, weights);
  const squares = new Float64Array(width);
  const columns = new Float64Array(values.length);
  let total = 0;
  for (let row = 0, at = 0; at < values.length; row += 1, at += width) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    total += weight;
    for (let column = 0; column < width; column += 1) {
      const centred = (values[at + column] as number) - (means[column] as number);
      columns[at + column] = centred;
      squares[column] = (squares[column] as number) + weight * centred * centred;
    }
  }
  const deviations = squares.map((sum) => Math.sqrt(sum / total));
  for (let at = 0; at < columns.length; at += 1) {
    const deviation = deviations[at % width] as number;
    columns[at] = deviation > 0 ? (columns[at] as number) / deviation : 0;
  }
  return { means, deviations, columns };
};

/** ln of the odds of label 1 among all rows: where the descent starts. */
const startOf = (labels: Numbers, weights: Numbers | undefined, width: number): Float64Array => {
  const totals: [number, number] = [0, 0];
  for (let row = 0; row < labels.length; row += 1)
    totals[labels[row] as 0 | 1] += weights === undefined ? 1 : (weights[row] as number);
  const start = new Float64Array(width + 1);
  start[width] = Math.log(totals[1] / totals[0]);
  return start;
};

const refusalOf = (
  matrix: Matrix,
  labels: Numbers,
  { weights, penalty = 1, maxRounds = MAX_ROUNDS }: LogisticOptions,
): Refusal | undefined => {
  if (!(Number.isInteger(maxRounds) && maxRounds >= 1))
    return refused("RANGE", `maxRounds ${String(maxRounds)}: give a whole number from 1`);
  if (!(penalty >= 0 && Number.isFinite(penalty)))
    return refused("RANGE", `penalty ${String(penalty)}: give a number of 0 or more`);
  return (
    checkMatrix(matrix, 2) ??
    checkColumn("labels", labels, rowsIn(matrix)) ??
    checkWeights(weights, rowsIn(matrix)) ??
    checkBinary(labels, weights)
  );
};

/**
 * Weights for labels 0 and 1. O(rounds × rows × width²), typically 6 to 10 rounds; a standardised copy of the rows is held meanwhile.
 * Refuses what `checkMatrix` does, other labels (LABEL), one class only (CONSTANT), weights or a penalty below 0 (RANGE).
 */
export const fitLogistic = (
  matrix: Matrix,
  labels: Numbers,
  options: LogisticOptions = {},
): Fitted<LogisticModel> => {
  const refusal = refusalOf(matrix, labels, options);
  if (refusal !== undefined) return refusal;
  const { width } = matrix;
  const { weights: rowWeights, penalty = 1, maxRounds = MAX_ROUNDS } = options;
  const { means, deviations, columns } = standardised(matrix, rowWeights);
  if (!deviations.every(Number.isFinite))
    return refused("NOT_FINITE", "numbers this large cannot be squared; give a smaller unit");
  const held = Math.max(PENALTY_MIN, penalty);
  const scores = new Float64Array(rowsIn(matrix));
  const newton: Newton = { columns, labels, rowWeights, penalty: held, width, scores };
  const { weights, rounds, isConverged } = descend(
    newton,
    startOf(labels, rowWeights, width),
    maxRounds,
  );
  return fitted({
    kind: "logistic",
    base: (weights[width] as number) + 0,
    means: [...means],
    deviations: [...deviations].map((deviation) => (deviation > 0 ? deviation : 1)),
    weights: [...weights.subarray(0, width)].map((weight) => weight + 0),
    penalty: held,
    rows: rowsIn(matrix),
    rounds,
    isConverged,
  });
};
