/**
 * Identity of segments across retraining: k-means numbers clusters by chance, so each cluster of a new model is matched to the one of
 * the previous model that it continues and takes over its name. A cluster that continues none gets a name not used before.
 */
import { assignLeastCost } from "./hungarian.ts";
import type { ScaledFeature } from "./model-shapes.ts";
import { scaled, unscaled } from "./scale.ts";

type Centre = readonly number[];

/** The same rows as both models place them; a negative place says that a row is not known to that model. */
export interface SharedMembers {
  readonly before: ArrayLike<number>;
  readonly after: ArrayLike<number>;
}

export interface MatchTask {
  readonly previous: readonly { readonly name: string; readonly centroid: Centre }[];
  /** Centres of the new model in the scaled space of the previous one (`rescaled`). */
  readonly centroids: readonly Centre[];
  /** Where given, clusters are matched by the rows that they share and not by their centres. */
  readonly members?: SharedMembers;
  /** A name that would suit each new cluster; "segment" if absent. */
  readonly suggested?: readonly string[];
  /** A new centre continues a previous one that it is nearer to than this part of that one's distance to its nearest neighbour; 1 if absent. */
  readonly reach?: number;
  /** Two clusters continue each other if they share at least this part of their rows (Jaccard); 1/3 if absent: half the rows of equals. */
  readonly overlapMin?: number;
}

export interface MatchedCluster {
  readonly name: string;
  /** Place of the previous cluster that is continued; null for a new segment. */
  readonly previous: number | null;
  /** From the centre of the previous cluster, in its model's scaled units; null for a new segment. */
  readonly distance: number | null;
}

/** Rows that went from one segment to another; null stands for "not known to that model". */
export interface Move {
  readonly from: string | null;
  readonly to: string | null;
  readonly rows: number;
}

export interface Matching {
  /** One for each new cluster, in its order. */
  readonly clusters: readonly MatchedCluster[];
  /** Names of previous clusters that nothing continues. */
  readonly ended: readonly string[];
  /** Rows that kept their segment's name; null without members. */
  readonly stayed: number | null;
  /** The others, most rows first; empty without members. */
  readonly moves: readonly Move[];
}

const REACH = 1;
const OVERLAP_MIN = 1 / 3;

const squaredDistance = (left: Centre, right: Centre): number =>
  left.reduce((sum, value, column) => sum + (value - (right[column] ?? 0)) ** 2, 0);

/**
 * A centre of one model in the scaled space of another one. A feature that the first does not have counts as the second's mean (0), so
 * it neither joins nor parts clusters.
 */
export const rescaled = (
  centroid: Centre,
  from: readonly ScaledFeature[],
  to: readonly ScaledFeature[],
): Centre =>
  to.map((feature) => {
    const column = from.findIndex(({ name }) => name === feature.name);
    const own = from[column];
    return own === undefined ? 0 : scaled(unscaled(centroid[column] ?? 0, own), feature);
  });

/** What pairing each new cluster (row) with each previous one (column) costs, and at what cost it is no match any more. */
interface Prices {
  readonly costs: readonly (readonly number[])[];
  readonly limits: readonly number[];
}

/** Squared, as in k-means: where all centres drift together, each keeps its own instead of most taking their neighbour's. */
const pricesByCentre = ({ previous, centroids, reach = REACH }: MatchTask): Prices => ({
  costs: centroids.map((centroid) =>
    previous.map((other) => squaredDistance(centroid, other.centroid)),
  ),
  limits: previous.map(({ centroid }, place) => {
    const others = previous.filter((_, other) => other !== place);
    const gaps = others.map((other) => squaredDistance(centroid, other.centroid));
    return gaps.length === 0 ? Infinity : reach ** 2 * Math.min(...gaps);
  }),
});

/** Rows in each pair of places. */
const contingency = (
  { before, after }: SharedMembers,
  { previous, centroids }: MatchTask,
): readonly number[][] => {
  if (before.length !== after.length)
    throw new RangeError(
      `${before.length} places before cannot be compared with ${after.length} after`,
    );
  const counts = centroids.map(() => previous.map(() => 0));
  for (let row = 0; row < after.length; row += 1) {
    const counted = counts[after[row] as number];
    const place = before[row] as number;
    if (counted?.[place] !== undefined) counted[place] = (counted[place] ?? 0) + 1;
  }
  return counts;
};

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const pricesByOverlap = (task: MatchTask, members: SharedMembers): Prices => {
  const counts = contingency(members, task);
  const before = task.previous.map((_, place) => total(counts.map((row) => row[place] ?? 0)));
  return {
    costs: counts.map((row) => {
      const after = total(row);
      return row.map((both, place) => 1 - both / Math.max(1, after + (before[place] ?? 0) - both));
    }),
    limits: task.previous.map(() => 1 - (task.overlapMin ?? OVERLAP_MIN)),
  };
};

/** The previous place that each new cluster continues, −1 for none. A pair that is no match costs its limit, whatever it lacks. */
const continued = ({ costs, limits }: Prices): readonly number[] => {
  const held = costs.map((row) => row.map((cost, place) => Math.min(cost, limits[place] ?? 0)));
  return assignLeastCost(held).map((place, at) =>
    (costs[at]?.[place] ?? Infinity) <= (limits[place] ?? 0) ? place : -1,
  );
};

/** `name`, or `name_2`, `name_3` …, the first that is not used; notes it as used. */
const unusedName = (name: string, used: Set<string>): string => {
  let free = name;
  for (let number = 2; used.has(free); number += 1) free = `${name}_${number}`;
  used.add(free);
  return free;
};

const nameAt = (names: readonly string[], place: number): string | null => names[place] ?? null;

interface NamedSides {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const movesOf = (members: SharedMembers, names: NamedSides): Pick<Matching, "stayed" | "moves"> => {
  const counts = new Map<string, Move>();
  let stayed = 0;
  for (let row = 0; row < members.after.length; row += 1) {
    const from = nameAt(names.before, members.before[row] as number);
    const to = nameAt(names.after, members.after[row] as number);
    if (from === to) stayed += from === null ? 0 : 1;
    else {
      const key = JSON.stringify([from, to]);
      counts.set(key, { from, to, rows: (counts.get(key)?.rows ?? 0) + 1 });
    }
  }
  const moves = [...counts]
    .toSorted(([left, one], [right, two]) => two.rows - one.rows || (left < right ? -1 : 1))
    .map(([, move]) => move);
  return { stayed, moves };
};

/**
 * Which cluster of a new model continues which of the previous one, with names and moves. Optimal over all pairs at once, so that two
 * near clusters cannot take each other's name.
 * @throws RangeError if the members are not as many before as after.
 */
export const matchClusters = (task: MatchTask): Matching => {
  const { previous, centroids, members, suggested = [] } = task;
  const prices = members === undefined ? pricesByCentre(task) : pricesByOverlap(task, members);
  const places = continued(prices);
  const used = new Set(previous.map(({ name }) => name));
  const clusters = places.map((place, at): MatchedCluster => {
    const before = previous[place];
    if (before === undefined)
      return { name: unusedName(suggested[at] ?? "segment", used), previous: null, distance: null };
    const distance = Math.sqrt(squaredDistance(centroids[at] ?? [], before.centroid));
    return { name: before.name, previous: place, distance };
  });
  const names = {
    before: previous.map(({ name }) => name),
    after: clusters.map(({ name }) => name),
  };
  return {
    clusters,
    ended: names.before.filter((_, place) => !places.includes(place)),
    ...(members === undefined ? { stayed: null, moves: [] } : movesOf(members, names)),
  };
};
