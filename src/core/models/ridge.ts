/**
 * Ridge regression (Hoerl and Kennard, 1970) by the normal equations of standardised columns and Cholesky's factorisation:
 * two passes over the rows, no copy of them. A column that never varies, or that repeats earlier ones where nothing is penalised, gets the weight 0.
 */
import { type Fitted, fitted, refused } from "./fitted.ts";
import {
  checkColumn,
  checkMatrix,
  type Matrix,
  meansOf,
  mustFit,
  type Numbers,
  rowsIn,
  solveSymmetric,
} from "./matrix.ts";

/** Additive on standardised columns; shared by linear and logistic regression. */
export interface LinearTerms {
  /** Score of a row whose every column is at its mean. */
  readonly base: number;
  readonly means: readonly number[];
  /** Standard deviation of each column, 1 for a column that never varies. */
  readonly deviations: readonly number[];
  /** What one standard deviation adds to the score. */
  readonly weights: readonly number[];
}

export interface RidgeModel extends LinearTerms {
  readonly kind: "ridge";
  readonly penalty: number;
  readonly rows: number;
}

export interface RidgeOptions {
  /** λ ≥ 0 of Σ (y − ŷ)² + λ Σ weight², the base excepted; 1 by default. */
  readonly penalty?: number;
}

/** More than any data says; keeps the sum of contributions a number where a row is far beyond everything. */
const CONTRIBUTION_MAX = 1e300;

/** What one column adds, held to ±1e300. */
const contribution = (model: LinearTerms, column: number, value: number): number => {
  const weight = model.weights[column] as number;
  if (weight === 0) return 0;
  const own =
    (weight * (value - (model.means[column] as number))) / (model.deviations[column] as number);
  return Math.min(CONTRIBUTION_MAX, Math.max(-CONTRIBUTION_MAX, own));
};

/** What each column adds to the base, in the order of the columns. Throws a RangeError for a row that does not fit. */
export const contributionsOf = (model: LinearTerms, row: Numbers): number[] => {
  mustFit(row, model.weights.length);
  return model.weights.map((_, column) => contribution(model, column, row[column] as number));
};

/** Base plus contributions, added up from left to right. Throws a RangeError for a row that does not fit. */
export const linearScore = (model: LinearTerms, row: Numbers): number => {
  const width = model.weights.length;
  mustFit(row, width);
  let score = model.base;
  for (let column = 0; column < width; column += 1)
    score += contribution(model, column, row[column] as number);
  return score;
};

/** The predicted amount, in the unit of the targets. Throws a RangeError for a row of another width or with a number that is not finite. */
export const predictRidge = (model: RidgeModel, row: Numbers): number => linearScore(model, row);

interface Products {
  /** Σ (x − x̄)(x − x̄)ᵀ, row-major, lower triangle. */
  readonly gram: Float64Array;
  /** Σ (x − x̄)(y − ȳ). */
  readonly right: Float64Array;
}

/** Rows that are added together: the sums are then read and written once for all of them, which takes a quarter off the time. */
const BLOCK = 4;

/** Adds `BLOCK` centred rows that lie one behind another, and their centred targets. */
const addBlock = ({ gram, right }: Products, rows: Float64Array, targets: Float64Array): void => {
  const width = right.length;
  const [two, three] = [2 * width, 3 * width];
  const [ta, tb, tc, td] = targets as unknown as readonly [number, number, number, number];
  for (let row = 0; row < width; row += 1) {
    const a = rows[row] as number;
    const b = rows[width + row] as number;
    const c = rows[two + row] as number;
    const d = rows[three + row] as number;
    const start = row * width;
    right[row] = (right[row] as number) + (a * ta + b * tb + c * tc + d * td);
    for (let column = 0; column <= row; column += 1)
      gram[start + column] =
        (gram[start + column] as number) +
        (a * (rows[column] as number) +
          b * (rows[width + column] as number) +
          c * (rows[two + column] as number) +
          d * (rows[three + column] as number));
  }
};

const productsOf = (matrix: Matrix, targets: Numbers, means: Float64Array): Products => {
  const { values, width } = matrix;
  const products = { gram: new Float64Array(width * width), right: new Float64Array(width) };
  const centred = new Float64Array(BLOCK * width);
  const centredTargets = new Float64Array(BLOCK);
  const middle = meanOf(targets);
  for (let from = 0; from < targets.length; from += BLOCK) {
    const rows = Math.min(BLOCK, targets.length - from);
    if (rows < BLOCK) {
      centred.fill(0);
      centredTargets.fill(0);
    }
    for (let row = 0; row < rows; row += 1) {
      const at = (from + row) * width;
      for (let column = 0; column < width; column += 1)
        centred[row * width + column] = (values[at + column] as number) - (means[column] as number);
      centredTargets[row] = (targets[from + row] as number) - middle;
    }
    addBlock(products, centred, centredTargets);
  }
  return products;
};

const areFinite = (numbers: Float64Array): boolean => numbers.every(Number.isFinite);

const meanOf = (targets: Numbers): number => {
  const first = targets[0] as number;
  let sum = 0;
  for (let row = 0; row < targets.length; row += 1) sum += (targets[row] as number) - first;
  return first + sum / targets.length;
};

/** The normal equations in standard deviations, the penalty added to the diagonal; constant columns keep a diagonal of 0. */
const standardise = (products: Products, deviations: Float64Array, penalty: number): Products => {
  const width = deviations.length;
  const gram = products.gram.map((sum, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    const scale = (deviations[row] as number) * (deviations[column] as number);
    const product = scale > 0 ? sum / scale : 0;
    return row === column && scale > 0 ? product + penalty : product;
  });
  const right = products.right.map((sum, column) => {
    const deviation = deviations[column] as number;
    return deviation > 0 ? sum / deviation : 0;
  });
  return { gram, right };
};

/**
 * Weights for targets of any sign and unit. O(rows × width²) time and O(width²) memory.
 * Refuses what `checkMatrix` does, targets that do not fit the rows, a negative penalty (RANGE) and numbers too large to be squared (NOT_FINITE).
 */
export const fitRidge = (
  matrix: Matrix,
  targets: Numbers,
  options: RidgeOptions = {},
): Fitted<RidgeModel> => {
  const { penalty = 1 } = options;
  if (!(penalty >= 0 && Number.isFinite(penalty)))
    return refused("RANGE", `penalty ${String(penalty)}: give a number of 0 or more`);
  const refusal = checkMatrix(matrix, 2) ?? checkColumn("targets", targets, rowsIn(matrix));
  if (refusal !== undefined) return refusal;
  const rows = rowsIn(matrix);
  const { width } = matrix;
  const means = meansOf(matrix);
  const products = productsOf(matrix, targets, means);
  const deviations = new Float64Array(width).map((_, column) =>
    Math.sqrt((products.gram[column * width + column] as number) / rows),
  );
  const { gram, right } = standardise(products, deviations, penalty);
  const weights = solveSymmetric(gram, right);
  const base = meanOf(targets);
  if (!(Number.isFinite(base) && [deviations, products.right].every(areFinite)))
    return refused("NOT_FINITE", "numbers this large cannot be squared; give a smaller unit");
  return fitted({
    kind: "ridge",
    base,
    means: [...means],
    deviations: [...deviations].map((deviation) => (deviation > 0 ? deviation : 1)),
    weights: [...weights].map((weight) => weight + 0),
    penalty,
    rows,
  });
};
