/** Predicting from boosted trees: the log-odds of label 1, and what each column adds to them. Fitting stands in `boosting-fit.ts`. */
import { type NumericRow, readableRow } from "./histogram.ts";
import { nextNode, type OpenTrees, openTrees, type SavedNode } from "./saved-tree.ts";

export interface BoostingModel {
  readonly kind: "boosting";
  readonly width: number;
  readonly rows: number;
  /** Log-odds before the first tree. */
  readonly start: number;
  /** Mean log-odds of the rows that the trees were grown on; what `boostingContributions` starts from. */
  readonly base: number;
  /** Importance: total gain by column, in Σ gradient² ÷ (Σ curvature + λ). */
  readonly gains: readonly number[];
  /** Node values are log-odds, already multiplied by the rate. */
  readonly trees: readonly SavedNode[];
  /** Rows held out and their mean log-loss in nats with as many trees grown without them; null when none were (fewer than 10 of a label, or `holdout` 0). */
  readonly heldOut: { readonly rows: number; readonly logLoss: number } | null;
}

/** 1 ÷ (1 + e⁻ˣ); e⁷¹⁰ overflows to infinity, which gives 0. */
export const probabilityOf = (score: number): number => 1 / (1 + Math.exp(-score));

/** A model ready to predict; opening takes longer than many predictions. */
export interface OpenBoosting {
  readonly model: BoostingModel;
  readonly trees: OpenTrees;
}

export const openBoosting = (model: BoostingModel): OpenBoosting => ({
  model,
  trees: openTrees(model.trees),
});

/** Log-odds of label 1. Throws a RangeError for a row of another width or with an infinite number. */
export const boostingScore = ({ model, trees }: OpenBoosting, row: NumericRow): number => {
  const values = readableRow(row, model.width);
  let score = model.start;
  for (let tree = 0; tree < trees.roots.length; tree += 1) {
    let node = trees.roots[tree] as number;
    for (let column = trees.columns[node] as number; column >= 0;) {
      node = nextNode(trees, node, values[column] as number);
      column = trees.columns[node] as number;
    }
    score += trees.values[node] as number;
  }
  return score;
};

/** Probability of label 1, 0..1. Throws as `boostingScore` does. */
export const predictBoosting = (open: OpenBoosting, row: NumericRow): number =>
  probabilityOf(boostingScore(open, row));

export interface Contributions {
  /** Log-odds before anything is known of the row. */
  readonly base: number;
  /** By how much each column moves the log-odds; base + all of them is the score, exactly, in any order. */
  readonly columns: readonly number[];
  readonly score: number;
}

/** Splits a row's log-odds by column: each split on its way is charged with the change of the node's value (Saabas 2014). Throws as `boostingScore` does. */
export const boostingContributions = (open: OpenBoosting, row: NumericRow): Contributions => {
  const { model, trees } = open;
  const values = readableRow(row, model.width);
  const columns = Array.from({ length: model.width }, () => 0);
  for (const root of trees.roots) {
    let node = root;
    for (let column = trees.columns[node] as number; column >= 0;) {
      const next = nextNode(trees, node, values[column] as number);
      const change = (trees.values[next] as number) - (trees.values[node] as number);
      columns[column] = (columns[column] as number) + change;
      node = next;
      column = trees.columns[node] as number;
    }
  }
  return {
    base: model.base,
    columns,
    score: columns.reduce((sum, change) => sum + change, model.base),
  };
};
