/** Least value of a smooth function of a few numbers without derivatives, and the soft walls that keep parameters from running away. */

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  /** Evaluations of the function. */
  readonly calls: number;
  /** False when the calls ran out before the simplex had shrunk. */
  readonly isConverged: boolean;
}

export interface MinimiseOptions {
  /** Length of the first steps along each axis; .5 by default. */
  readonly step?: number;
  /** Calls for each start; 4,000 by default. */
  readonly maxCalls?: number;
  /** The spread of values and of points in the simplex below which it counts as shrunk; 1e-9 by default. */
  readonly tolerance?: number;
}

type Objective = (point: readonly number[]) => number;

interface Corner {
  readonly point: readonly number[];
  readonly value: number;
}

/** `centre + share × (centre − worst)`. */
const beyond = (centre: readonly number[], worst: readonly number[], share: number): number[] =>
  centre.map((value, at) => value + share * (value - (worst[at] as number)));

const centreOf = (corners: readonly Corner[]): number[] => {
  const [first] = corners as readonly [Corner];
  return first.point.map(
    (_, at) => corners.reduce((sum, { point }) => sum + (point[at] as number), 0) / corners.length,
  );
};

/** A corner that is better than the worst; undefined when the simplex must shrink instead. */
const better = (
  corners: readonly Corner[],
  at: (point: number[]) => Corner,
): Corner | undefined => {
  const worst = corners.at(-1) as Corner;
  const centre = centreOf(corners.slice(0, -1));
  const reflected = at(beyond(centre, worst.point, 1));
  if (reflected.value < (corners[0] as Corner).value) {
    const expanded = at(beyond(centre, worst.point, 2));
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < (corners.at(-2) as Corner).value) return reflected;
  const isOutside = reflected.value < worst.value;
  const contracted = at(beyond(centre, worst.point, isOutside ? 0.5 : -0.5));
  return contracted.value < (isOutside ? reflected : worst).value ? contracted : undefined;
};

const spreadOf = (corners: readonly Corner[]): number => {
  const [best] = corners as readonly [Corner];
  let spread = 0;
  for (const { point } of corners)
    for (const [at, value] of point.entries())
      spread = Math.max(spread, Math.abs(value - (best.point[at] as number)));
  return spread;
};

const isShrunk = (corners: readonly Corner[], tolerance: number): boolean => {
  const [best, worst] = [corners[0] as Corner, corners.at(-1) as Corner];
  const isFlat = worst.value - best.value <= tolerance * (1 + Math.abs(best.value)) * 1e-3;
  return isFlat && spreadOf(corners) <= Math.sqrt(tolerance);
};

const byValue = (left: Corner, right: Corner): number => left.value - right.value;

const descend = (
  objective: Objective,
  start: readonly number[],
  options: Required<MinimiseOptions>,
): Minimum => {
  let calls = 0;
  const at = (point: readonly number[]): Corner => {
    calls += 1;
    const value = objective(point);
    return { point, value: Number.isNaN(value) ? Infinity : value };
  };
  let corners = [
    at(start),
    ...start.map((_, axis) =>
      at(start.map((value, place) => (place === axis ? value + options.step : value))),
    ),
  ].toSorted(byValue);
  while (calls < options.maxCalls && !isShrunk(corners, options.tolerance)) {
    const found = better(corners, at);
    const [best] = corners as [Corner];
    corners = (
      found === undefined
        ? corners.map((corner) =>
            corner === best ? best : at(beyond(best.point, corner.point, -0.5)),
          )
        : [...corners.slice(0, -1), found]
    ).toSorted(byValue);
  }
  const [best] = corners as [Corner];
  return { ...best, calls, isConverged: isShrunk(corners, options.tolerance) };
};

/** How often a finished search is begun again from its best point with a new simplex, which a flat one may need. */
const AGAIN_MAX = 5;

const untilSettled = (
  objective: Objective,
  start: readonly number[],
  options: Required<MinimiseOptions>,
): Minimum => {
  let best = descend(objective, start, options);
  for (let again = 0; again < AGAIN_MAX; again += 1) {
    const next = descend(objective, best.point, options);
    const isSettled = best.value - next.value <= options.tolerance * (1 + Math.abs(best.value));
    best = { ...(next.value < best.value ? next : best), calls: best.calls + next.calls };
    if (isSettled) return { ...best, isConverged: next.isConverged };
  }
  return { ...best, isConverged: false };
};

/**
 * The least value that Nelder and Mead's simplex (1965) finds from any of the starts, each searched again from its best point until nothing is gained.
 * No chance is involved. NaN counts as infinitely bad. Meant for up to about 6 numbers of size 1, such as logarithms.
 */
export const minimise = (
  objective: Objective,
  starts: readonly (readonly number[])[],
  options: MinimiseOptions = {},
): Minimum => {
  const { step = 0.5, maxCalls = 4000, tolerance = 1e-9 } = options;
  return starts
    .map((start) => untilSettled(objective, start, { step, maxCalls, tolerance }))
    .reduce((best, next) => ({
      ...(next.value < best.value ? next : best),
      calls: best.calls + next.calls,
    }));
};

/** Logarithms of parameters may go this far from 0 for nothing: from 1 ÷ 100 to 100. */
const FREE = Math.log(100);
/** And never further than this: from 1 ÷ 10,000 to 10,000. */
const WALL = Math.log(10_000);

/** True where a logarithm stands where `wallPenalty` is at work. */
export const isAtWall = (logarithms: readonly number[]): boolean =>
  logarithms.some((value) => Math.abs(value) > FREE);

/**
 * What parameters cost for being extreme, in nats: half the squared distance beyond 1 ÷ 100 … 100 on the logarithm, and Infinity beyond 1 ÷ 10,000 … 10,000.
 * Reason: a mixing distribution that narrows to a point lets two parameters grow together for ever while the likelihood gains nothing that
 * the data could show; there the smallest of equally good answers is to be taken. Inside, where published fits lie, nothing is added.
 */
export const wallPenalty = (logarithms: readonly number[]): number => {
  let penalty = 0;
  for (const value of logarithms) {
    const distance = Math.abs(value);
    if (distance > WALL) return Infinity;
    if (distance > FREE) penalty += (distance - FREE) ** 2 / 2;
  }
  return penalty;
};
