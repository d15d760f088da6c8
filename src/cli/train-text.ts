/** Scores of trained models as tables, every baseline beside its model, and the notes that belong to them. Pure. */
import CliTable from "cli-table3";
import type { TrainingReport } from "../core/training.ts";
import { wrapColumns } from "./columns.ts";
import { createPaint, type Paint } from "./terminal.ts";
import { figure } from "./words.ts";

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** One row a metric, one column an estimator; `–` where an estimator has no such score. */
const scoresAsTable = ({ scores }: TrainingReport, paint: Paint): string => {
  const estimators = unique(scores.map(({ estimator }) => estimator));
  const table = new CliTable({
    head: ["", ...estimators].map((name) => paint.bold(wrapColumns(name, 18))),
    style: { head: [], border: [], compact: true },
    colAligns: ["left", ...estimators.map(() => "right" as const)],
  });
  for (const metric of unique(scores.map((score) => score.metric))) {
    const values = estimators.map((estimator) =>
      scores.find((score) => score.estimator === estimator && score.metric === metric),
    );
    table.push([
      metric,
      ...values.map((score) => (score === undefined ? "–" : figure(score.value, 4))),
    ]);
  }
  return table.toString();
};

/** One section a task. */
export const reportsAsText = (
  reports: readonly TrainingReport[],
  paint: Paint = createPaint(false),
): string =>
  reports
    .map((report) =>
      [
        paint.bold(`${report.task}: ${report.rows.toLocaleString("en")} rows, seed ${report.seed}`),
        scoresAsTable(report, paint),
        ...report.notes.map((note) => wrapColumns(`· ${note}`, 98).replaceAll("\n", "\n  ")),
      ].join("\n"),
    )
    .join("\n\n");
