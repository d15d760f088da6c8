/** Scores of trained models as tables, every baseline beside its model, and the notes that belong to them. Pure. */
import CliTable from "cli-table3";
import type { Score, TrainingReport } from "../core/training.ts";
import { columnsOf, wrapColumns } from "./columns.ts";
import { createPaint, type Paint } from "./terminal.ts";
import { figure, intervalAsText } from "./words.ts";

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** A terminal that is no wider shows whole rows. */
const COLUMNS_MAX = 100;
/** Widths that the names of estimators are wrapped at, the first one that fits. */
const NAME_COLUMNS = [18, 14, 11] as const;

/** Of the estimator that was saved, the first one, with its 95 % interval below; `–` where it has no such score. */
const cellOf = (score: Score | undefined, isModel: boolean): string => {
  if (score === undefined) return "–";
  const range = isModel ? intervalAsText(score) : "";
  return `${figure(score.value, 4)}${range === "" ? "" : `\n${range}`}`;
};

interface Shown {
  readonly estimators: readonly string[];
  readonly nameColumns: number;
  readonly paint: Paint;
}

const tableOf = (scores: readonly Score[], { estimators, nameColumns, paint }: Shown): string => {
  const table = new CliTable({
    head: ["", ...estimators].map((name) => paint.bold(wrapColumns(name, nameColumns))),
    style: { head: [], border: [], compact: true },
    colAligns: ["left", ...estimators.map(() => "right" as const)],
  });
  for (const metric of unique(scores.map((score) => score.metric))) {
    const cells = estimators.map((estimator, place) =>
      cellOf(
        scores.find((score) => score.estimator === estimator && score.metric === metric),
        place === 0,
      ),
    );
    table.push([metric, ...cells]);
  }
  return table.toString();
};

/**
 * One row a metric, one column an estimator. Where names as narrow as can be read do not fit into `COLUMNS_MAX`,
 * the rivals are shown in two tables or more, each beside the model.
 */
const scoresAsTable = (
  scores: readonly Score[],
  estimators: readonly string[],
  paint: Paint,
): string => {
  for (const nameColumns of NAME_COLUMNS) {
    const text = tableOf(scores, { estimators, nameColumns, paint });
    if (columnsOf(text.slice(0, text.indexOf("\n"))) <= COLUMNS_MAX) return text;
  }
  const [model = "", ...rivals] = estimators;
  if (rivals.length < 2)
    return tableOf(scores, { estimators, nameColumns: NAME_COLUMNS[0], paint });
  const half = Math.ceil(rivals.length / 2);
  return [rivals.slice(0, half), rivals.slice(half)]
    .map((part) => scoresAsTable(scores, [model, ...part], paint))
    .join("\n");
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
        scoresAsTable(
          report.scores,
          unique(report.scores.map(({ estimator }) => estimator)),
          paint,
        ),
        ...report.notes.map((note) => wrapColumns(`· ${note}`, 98).replaceAll("\n", "\n  ")),
      ].join("\n"),
    )
    .join("\n\n");
