/** Deals rows into folds: equal shares of both labels in each, and rows of one customer together. */
import { type Random, randomFrom } from "../models/random.ts";

const shuffled = <T>(items: readonly T[], random: Random): T[] => {
  const own = [...items];
  for (let at = own.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [own[at], own[other]] = [own[other] as T, own[at] as T];
  }
  return own;
};

interface Group {
  readonly rows: number[];
  hits: number;
}

const groupsOf = (labels: ArrayLike<number>, ids: readonly string[] | null): readonly Group[] => {
  const groups = new Map<string, Group>();
  for (let row = 0; row < labels.length; row += 1) {
    const id = ids?.[row] ?? `row ${row}`;
    const own = groups.get(id) ?? { rows: [], hits: 0 };
    own.rows.push(row);
    own.hits += labels[row] as number;
    groups.set(id, own);
  }
  return [...groups.values()];
};

/** Fold of each row, 0 … folds − 1. Rows with the same id share one; equal seeds give equal folds. */
export const stratifiedFolds = (
  labels: ArrayLike<number>,
  how: { readonly folds: number; readonly seed: number; readonly ids: readonly string[] | null },
): Int32Array => {
  const random = randomFrom(how.seed);
  const groups = groupsOf(labels, how.ids);
  const foldOf = new Int32Array(labels.length);
  let next = 0;
  for (const hasHit of [true, false]) {
    // Large groups first: the small ones even out what they leave.
    const own = shuffled(
      groups.filter(({ hits }) => hits > 0 === hasHit),
      random,
    ).toSorted((left, right) => right.rows.length - left.rows.length);
    for (const { rows } of own) {
      for (const row of rows) foldOf[row] = next;
      next = (next + 1) % how.folds;
    }
  }
  return foldOf;
};
