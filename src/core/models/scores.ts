/** Figures by which models and baselines are compared. All take rows that the scored estimator was not fitted on. */

/** A probability and what happened: 1 or 0. */
export interface Judged {
  readonly probability: number;
  readonly happened: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Area under the ROC curve by ranks, ties counted half (Mann–Whitney); NaN when only one thing happened. */
export const auc = (judged: readonly Judged[]): number => {
  const sorted = judged.toSorted((left, right) => left.probability - right.probability);
  let [rankSum, positives, start] = [0, 0, 0];
  while (start < sorted.length) {
    let end = start;
    while (end < sorted.length && sorted[end]?.probability === sorted[start]?.probability) end += 1;
    const happened = sorted.slice(start, end).reduce((sum, item) => sum + item.happened, 0);
    rankSum += happened * ((start + 1 + end) / 2);
    positives += happened;
    start = end;
  }
  const negatives = sorted.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
};

/** Negative log-likelihood of one row in nats; the probability is held 1e-6 away from 0 and 1. */
export const rowLogLoss = ({
  said,
  happened,
}: {
  readonly said: number;
  readonly happened: number;
}): number => {
  const held = Math.min(1 - 1e-6, Math.max(1e-6, said));
  return -Math.log(happened === 1 ? held : 1 - held);
};

/** Mean of `rowLogLoss`. */
export const logLoss = (judged: readonly Judged[]): number =>
  mean(judged.map(({ probability, happened }) => rowLogLoss({ said: probability, happened })));

/** Mean squared distance of probability and what happened. */
export const brier = (judged: readonly Judged[]): number =>
  mean(judged.map(({ probability, happened }) => (probability - happened) ** 2));

/** Root mean squared error. */
export const rmse = (pairs: readonly (readonly [number, number])[]): number =>
  Math.sqrt(mean(pairs.map(([predicted, actual]) => (predicted - actual) ** 2)));

/** Mean absolute error. */
export const mae = (pairs: readonly (readonly [number, number])[]): number =>
  mean(pairs.map(([predicted, actual]) => Math.abs(predicted - actual)));

type Point = readonly number[];

const squaredDistance = (left: Point, right: Point): number => {
  let sum = 0;
  for (const [column, value] of left.entries()) sum += (value - (right[column] ?? 0)) ** 2;
  return sum;
};

/** Mean squared distance of points to the centre that each belongs to. */
export const inertia = (
  points: readonly Point[],
  places: readonly number[],
  centroids: readonly Point[],
): number =>
  mean(points.map((point, index) => squaredDistance(point, centroids[places[index] ?? 0] ?? [])));

const silhouetteOf = (own: number, meanDistances: ReadonlyMap<number, number>): number => {
  const inside = meanDistances.get(own) ?? 0;
  const others = [...meanDistances]
    .filter(([place]) => place !== own)
    .map(([, distance]) => distance);
  const nearest = Math.min(...others);
  return Math.max(inside, nearest) === 0 ? 0 : (nearest - inside) / Math.max(inside, nearest);
};

/** Mean silhouette, −1..1 (Rousseeuw 1987); 0 for fewer than two clusters and for a point alone in its cluster. Quadratic in points. */
export const silhouette = (points: readonly Point[], places: readonly number[]): number => {
  const sizes = new Map<number, number>();
  for (const place of places) sizes.set(place, (sizes.get(place) ?? 0) + 1);
  if (sizes.size < 2) return 0;
  return mean(
    points.map((point, index) => {
      const own = places[index] ?? 0;
      if (sizes.get(own) === 1) return 0;
      const sums = new Map<number, number>();
      for (const [other, place] of places.entries())
        sums.set(
          place,
          (sums.get(place) ?? 0) + Math.sqrt(squaredDistance(point, points[other] ?? [])),
        );
      const means = [...sums].map(([place, sum]): [number, number] => [
        place,
        sum / ((sizes.get(place) ?? 1) - (place === own ? 1 : 0)),
      ]);
      return silhouetteOf(own, new Map(means));
    }),
  );
};
