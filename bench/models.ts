/**
 * Fitting estimators on made-up tables of 1,000 to 1,000,000 rows by 8 columns, beside scikit-learn on one thread and the ml packages: CPU time,
 * contestants by turns, medians, and what each one found; then memory of fresh processes, and the time of a customer's predictions.
 *
 *   npm run bench:models                            one table
 *   npm run bench:models -- --json                  the same figures as JSON
 *   npm run bench:models -- --rounds 5              rounds beside one that does not count (default 3)
 *   npm run bench:models -- --rows 100000           leaves larger tables out
 *   npm run bench:models -- --only tree             tasks whose name begins so
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openModelsBuild } from "./models/build.ts";
import { tasksOf } from "./models/contestants.ts";
import { openDataFolder } from "./models/data.ts";
import { measureMemory } from "./models/memory.ts";
import { timePredict } from "./models/predict.ts";
import { race, type TaskResult } from "./models/race.ts";
import { printReport, type Report } from "./models/report.ts";
import { openSklearn } from "./models/sklearn.ts";

const HOME = join(import.meta.dirname, "..");

interface Asked {
  readonly rounds: number;
  readonly rowsMax: number;
  readonly only: string;
}

const onProgress = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
};

const measureAll = async ({ rounds, rowsMax, only }: Asked): Promise<Report> => {
  const build = await openModelsBuild(HOME);
  const sklearn = await openSklearn();
  const folder = openDataFolder();
  const isMissing = "command" in sklearn;
  try {
    const tasks: TaskResult[] = [];
    for (const task of tasksOf(build, isMissing ? undefined : sklearn))
      if (task.name.startsWith(only))
        tasks.push(await race(task, { folder, rowsMax, rounds, onProgress }));
    return {
      node: process.version,
      sklearn: isMissing ? null : sklearn.version,
      rounds,
      missing: isMissing ? [sklearn] : [],
      tasks,
      memory: measureMemory(HOME, folder, Math.min(rowsMax, 1_000_000)),
      predict: timePredict(HOME, build, rounds),
    };
  } finally {
    folder.close();
    if (!isMissing) sklearn.close();
  }
};

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    rows: { type: "string", default: "1000000" },
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
  },
});
const { rounds, rows, only, json } = values;
printReport(await measureAll({ rounds: Number(rounds), rowsMax: Number(rows), only }), json);
