/**
 * Who fits what: attune's estimators, scikit-learn's and the ml packages', with the same limits. Tables are put into each one's own shape
 * before its clock starts.
 */
import { kmeans } from "ml-kmeans";
import { DecisionTreeClassifier } from "ml-cart";
import { MultivariateLinearRegression } from "ml-regression";
import type { Fitted } from "../../src/core/models/fitted.ts";
import { auc } from "../../src/core/models/scores.ts";
import { cpuSeconds } from "../text/clock.ts";
import type { ModelsBuild } from "./build.ts";
import { BLOBS, type DataKind, type DataPart, type DataSet, readPart, WIDTH } from "./data.ts";
import { type Outcome, SKLEARN, type Sklearn, type SklearnEstimator } from "./sklearn.ts";

export const ATTUNE = "attune";
export const STARTS = 10;
export const TREE = { depth: 6, leafRows: 20, leaves: 64 } as const;
export const BOOSTING = { rounds: 100, rate: 0.1, leaves: 31, lambda: 1 } as const;

/** Both parts of a set in memory. */
export interface Loaded {
  readonly set: DataSet;
  readonly train: DataPart;
  readonly test: DataPart;
}

export const load = (set: DataSet): Loaded => ({
  set,
  train: readPart(set.train),
  test: readPart(set.test),
});

export interface Contestant {
  readonly name: string;
  /** More rows than this would take minutes. */
  readonly rowsMax: number;
  readonly fit: (loaded: Loaded) => Outcome | Promise<Outcome>;
}

/** A kind of fit on a kind of data; `quality` says what the outcome's figure is. */
export interface Task {
  readonly name: string;
  readonly quality: "inertia" | "AUC" | "R²";
  readonly kind: DataKind;
  readonly rows: readonly number[];
  readonly contestants: readonly Contestant[];
}

export const must = <T>(result: Fitted<T>): T => {
  if (result.kind === "refused") throw new Error(`${result.code}: ${result.sentence}`);
  return result.value;
};

interface Timed<T> {
  readonly value: T;
  readonly seconds: number;
}

const timed = <T>(fit: () => T): Timed<T> => {
  const from = cpuSeconds();
  const value = fit();
  return { value, seconds: cpuSeconds() - from };
};

type Predict = (row: Float64Array) => number;

const predictedOf = ({ values }: DataPart, predict: Predict): Float64Array =>
  Float64Array.from({ length: values.length / WIDTH }, (_, row) =>
    predict(values.subarray(row * WIDTH, (row + 1) * WIDTH)),
  );

const aucOn = (test: DataPart, predict: Predict): number =>
  auc(
    Array.from(predictedOf(test, predict), (probability, row) => ({
      probability,
      happened: test.labels[row] as number,
    })),
  );

const rSquaredOn = (test: DataPart, predict: Predict): number => {
  const { amounts } = test;
  const mean = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
  let [left, whole] = [0, 0];
  for (const [row, predicted] of predictedOf(test, predict).entries()) {
    left += ((amounts[row] as number) - predicted) ** 2;
    whole += ((amounts[row] as number) - mean) ** 2;
  }
  return 1 - left / whole;
};

const plainRows = ({ values }: DataPart): number[][] =>
  Array.from({ length: values.length / WIDTH }, (_, row) => [
    ...values.subarray(row * WIDTH, (row + 1) * WIDTH),
  ]);

const own = (fit: Contestant["fit"]): Contestant => ({ name: ATTUNE, rowsMax: Infinity, fit });

const theirs = (
  sklearn: Sklearn | undefined,
  estimator: SklearnEstimator,
  options: Readonly<Record<string, number>> = {},
): readonly Contestant[] =>
  sklearn === undefined
    ? []
    : [
        {
          name: estimator === "miniBatch" ? `${SKLEARN}, mini-batch` : SKLEARN,
          rowsMax: Infinity,
          fit: async ({ set }) => await sklearn.fit({ estimator, options }, set),
        },
      ];

/** The package as `clusters-fit.ts` uses it: the best of ten starts. */
const mlKMeans: Contestant = {
  name: "ml-kmeans",
  rowsMax: 10_000,
  fit: ({ train }) => {
    const rows = plainRows(train);
    const { value, seconds } = timed(() => {
      let least = Infinity;
      for (let seed = 1; seed <= STARTS; seed += 1) {
        const options = { seed, initialization: "kmeans++", maxIterations: 100 } as const;
        const { centroids, clusters } = kmeans(rows, BLOBS, options);
        least = Math.min(least, inertiaOf(rows, clusters, centroids));
      }
      return least;
    });
    return { quality: value, seconds };
  },
};

const inertiaOf = (
  rows: readonly (readonly number[])[],
  places: readonly number[],
  centroids: readonly (readonly number[])[],
): number => {
  let sum = 0;
  for (const [index, row] of rows.entries()) {
    const centroid = centroids[places[index] ?? 0] ?? [];
    for (let column = 0; column < WIDTH; column += 1)
      sum += ((row[column] ?? 0) - (centroid[column] ?? 0)) ** 2;
  }
  return sum;
};

/** Its own predictions are labels, so that its AUC has one threshold only. */
const mlCart: Contestant = {
  name: "ml-cart",
  rowsMax: 1000,
  fit: ({ train, test }) => {
    const rows = plainRows(train);
    const labels = [...train.labels];
    const options = {
      gainFunction: "gini",
      maxDepth: TREE.depth,
      minNumSamples: TREE.leafRows,
      gainThreshold: 0.001,
    } as const;
    const { value, seconds } = timed(() => {
      const tree = new DecisionTreeClassifier(options);
      tree.train(rows, labels);
      return tree as DecisionTreeClassifier & { predict: (asked: number[][]) => number[] };
    });
    const predict: Predict = (row) => value.predict([[...row]])[0] ?? 0;
    return { quality: aucOn(test, predict), seconds };
  },
};

const mlRegression: Contestant = {
  name: "ml-regression",
  rowsMax: 100_000,
  fit: ({ train, test }) => {
    const rows = plainRows(train);
    const targets = Array.from(train.amounts, (amount) => [amount]);
    const { value, seconds } = timed(
      () => new MultivariateLinearRegression(rows, targets, { statistics: false }),
    );
    const weights = value.weights.map(([weight]) => weight ?? 0);
    const predict: Predict = (row) =>
      row.reduce((sum, x, column) => sum + x * (weights[column] ?? 0), weights[WIDTH] ?? 0);
    return { quality: rSquaredOn(test, predict), seconds };
  },
};

const SIZES = [1000, 10_000, 100_000, 1_000_000] as const;

const clusterTask = (
  kind: "apart" | "overlapped",
  build: ModelsBuild,
  sklearn?: Sklearn,
): Task => ({
  name: `k-means, ${BLOBS} clusters, ${STARTS} starts: blobs ${kind}`,
  quality: "inertia",
  kind,
  rows: SIZES,
  contestants: [
    own(({ train }) => {
      const points = { values: train.values, width: WIDTH };
      const options = { k: BLOBS, seed: 1, starts: STARTS };
      const { value, seconds } = timed(() => must(build.fitKMeans(points, options)));
      return { seconds, quality: value.inertia };
    }),
    ...theirs(sklearn, "kmeans", { k: BLOBS, starts: STARTS }),
    ...theirs(sklearn, "miniBatch", { k: BLOBS, starts: STARTS }),
    mlKMeans,
  ],
});

const matrixOf = ({ values }: DataPart) => ({ values, width: WIDTH });

const treeTask = ({ fitCart, predictCart }: ModelsBuild, sklearn?: Sklearn): Task => ({
  name: `tree, ${TREE.depth} deep, ${TREE.leaves} leaves`,
  quality: "AUC",
  kind: "customers",
  rows: SIZES,
  contestants: [
    own(({ train, test }) => {
      const options = { maxDepth: TREE.depth, minLeaf: TREE.leafRows, maxLeaves: TREE.leaves };
      const fit = timed(() => must(fitCart(matrixOf(train), train.labels, options)));
      return { seconds: fit.seconds, quality: aucOn(test, (row) => predictCart(fit.value, row)) };
    }),
    ...theirs(sklearn, "tree", TREE),
    mlCart,
  ],
});

const boostingTask = (build: ModelsBuild, sklearn?: Sklearn): Task => ({
  name: `boosting, ${BOOSTING.rounds} rounds of ${BOOSTING.leaves} leaves`,
  quality: "AUC",
  kind: "customers",
  rows: SIZES,
  contestants: [
    own(({ train, test }) => {
      const { rounds, rate, leaves, lambda } = BOOSTING;
      const options = { rounds, rate, maxLeaves: leaves, lambda, holdout: 0 };
      const fit = timed(() => must(build.fitBoosting(matrixOf(train), train.labels, options)));
      const open = build.openBoosting(fit.value);
      return {
        seconds: fit.seconds,
        quality: aucOn(test, (row) => build.predictBoosting(open, row)),
      };
    }),
    ...theirs(sklearn, "boosting", BOOSTING),
  ],
});

const logisticTask = ({ fitLogistic, predictLogistic }: ModelsBuild, sklearn?: Sklearn): Task => ({
  name: "logistic regression",
  quality: "AUC",
  kind: "customers",
  rows: SIZES,
  contestants: [
    own(({ train, test }) => {
      const fit = timed(() => must(fitLogistic(matrixOf(train), train.labels)));
      return {
        seconds: fit.seconds,
        quality: aucOn(test, (row) => predictLogistic(fit.value, row)),
      };
    }),
    ...theirs(sklearn, "logistic"),
  ],
});

const ridgeTask = ({ fitRidge, predictRidge }: ModelsBuild, sklearn?: Sklearn): Task => ({
  name: "ridge regression",
  quality: "R²",
  kind: "customers",
  rows: SIZES,
  contestants: [
    own(({ train, test }) => {
      const fit = timed(() => must(fitRidge(matrixOf(train), train.amounts)));
      return {
        seconds: fit.seconds,
        quality: rSquaredOn(test, (row) => predictRidge(fit.value, row)),
      };
    }),
    ...theirs(sklearn, "ridge"),
    mlRegression,
  ],
});

/** Every task; without scikit-learn the packages alone stand beside. */
export const tasksOf = (build: ModelsBuild, sklearn?: Sklearn): readonly Task[] => [
  clusterTask("apart", build, sklearn),
  clusterTask("overlapped", build, sklearn),
  treeTask(build, sklearn),
  boostingTask(build, sklearn),
  logisticTask(build, sklearn),
  ridgeTask(build, sklearn),
];
