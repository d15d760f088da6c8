/** What is required of the figures of `bench/models.ts`: of a time beside scikit-learn's, and of what was found. */
import { ATTUNE } from "./contestants.ts";
import type { TaskResult, Timing } from "./race.ts";
import { SKLEARN } from "./sklearn.ts";

export const REQUIRED_MEMORY_MB = 200;
export const REQUIRED_PREDICT_MICROS = 10;

/** How far an AUC may lie from the other one, and by what part an inertia may be larger. */
const SAME = { auc: 0.003, inertia: 1e-4 } as const;

interface Requirement {
  /** How a task's name begins. */
  readonly task: string;
  readonly rows: readonly number[];
  /** Our time is at most this many times scikit-learn's. */
  readonly timesMax?: number;
  readonly secondsMax?: number;
}

const REQUIREMENTS: readonly Requirement[] = [
  { task: "k-means", rows: [100_000], timesMax: 2.5 },
  { task: "tree", rows: [100_000, 1_000_000], timesMax: 1 },
  { task: "boosting", rows: [100_000], timesMax: 3 },
  { task: "ridge", rows: [1_000_000], secondsMax: 0.15 },
];

/** What a line of the table must show. */
export interface Verdict {
  readonly required: string;
  readonly met: boolean;
}

const isAsGood = (quality: TaskResult["quality"], own: Timing, theirs: Timing): boolean =>
  quality === "inertia"
    ? own.quality <= theirs.quality * (1 + SAME.inertia)
    : Math.abs(own.quality - theirs.quality) <= SAME.auc || own.quality > theirs.quality;

const sameAs = (quality: TaskResult["quality"]): string =>
  quality === "inertia"
    ? `inertia ≤ + ${SAME.inertia * 100} %`
    : `${quality} as good, ± ${SAME.auc}`;

/** The requirement that a timing is held to, if there is one; a ratio stands in scikit-learn's line. */
export const verdictOn = (
  { name, quality, timings }: TaskResult,
  timing: Timing,
): Verdict | undefined => {
  const requirement = REQUIREMENTS.find(
    ({ task, rows }) => name.startsWith(task) && rows.includes(timing.rows),
  );
  if (requirement === undefined) return undefined;
  const { timesMax, secondsMax } = requirement;
  const own = timings.find((one) => one.name === ATTUNE && one.rows === timing.rows);
  if (own === undefined) return undefined;
  if (secondsMax !== undefined && timing === own)
    return { required: `≤ ${secondsMax} s`, met: own.seconds <= secondsMax };
  if (timesMax === undefined || timing.name !== SKLEARN) return undefined;
  return {
    required: `≤ × ${timesMax}, ${sameAs(quality)}`,
    met: own.seconds <= timesMax * timing.seconds && isAsGood(quality, own, timing),
  };
};
