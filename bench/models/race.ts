/** Lets the contestants of a task fit by turns on each size, and takes the median of each one's CPU times. */
import { median } from "../text/clock.ts";
import { load, type Task } from "./contestants.ts";
import type { DataFolder } from "./data.ts";
import type { Outcome } from "./sklearn.ts";

/** One contestant on one size. */
export interface Timing extends Outcome {
  readonly name: string;
  readonly rows: number;
  /** Fits that the median is of. */
  readonly fits: number;
}

export interface TaskResult {
  readonly name: string;
  readonly quality: Task["quality"];
  readonly timings: readonly Timing[];
}

export interface RaceOptions {
  readonly folder: DataFolder;
  readonly rowsMax: number;
  readonly rounds: number;
  readonly onProgress: (line: string) => void;
}

/** A contestant that has taken this long on one size has no further turn on it. */
const BUDGET_SECONDS = 10;

interface Seen {
  readonly outcomes: Outcome[];
  spent: number;
}

/** The first fit warms up; it counts only where it used up the time. */
const timingOf = (name: string, rows: number, { outcomes }: Seen): Timing => {
  const counted = outcomes.length > 1 ? outcomes.slice(1) : outcomes;
  return {
    name,
    rows,
    fits: counted.length,
    seconds: median(counted.map(({ seconds }) => seconds)),
    quality: counted[0]?.quality ?? Number.NaN,
  };
};

const raceOn = async (
  task: Task,
  rows: number,
  { folder, rounds }: RaceOptions,
): Promise<readonly Timing[]> => {
  const loaded = load(folder.setOf(task.kind, rows));
  const contestants = task.contestants.filter(({ rowsMax }) => rows <= rowsMax);
  const seen = contestants.map((): Seen => ({ outcomes: [], spent: 0 }));
  for (let round = 0; round <= rounds; round += 1)
    for (const [place, { fit }] of contestants.entries()) {
      const own = seen[place];
      if (own === undefined || own.spent >= BUDGET_SECONDS) continue;
      const outcome = await fit(loaded);
      own.outcomes.push(outcome);
      own.spent += outcome.seconds;
    }
  return contestants.map(({ name }, place) =>
    timingOf(name, rows, seen[place] ?? { outcomes: [], spent: 0 }),
  );
};

export const race = async (task: Task, options: RaceOptions): Promise<TaskResult> => {
  const timings: Timing[] = [];
  for (const rows of task.rows) {
    if (rows > options.rowsMax) continue;
    options.onProgress(`${task.name}, ${rows.toLocaleString("en")} rows`);
    timings.push(...(await raceOn(task, rows, options)));
  }
  return { name: task.name, quality: task.quality, timings };
};
