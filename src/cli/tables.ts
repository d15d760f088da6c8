/** `attune train table`, `attune predict` and `attune cluster`: models of any table, with no set-up. */
import CliTable from "cli-table3";
import type { Checked } from "../core/fault.ts";
import { clusterTable, type ClusteredTable } from "../core/tables/cluster-table.ts";
import { predictTable, type RowPrediction } from "../core/tables/predict-table.ts";
import { readTableModel, writeTableModel } from "../core/tables/table-file.ts";
import { type TableReport, trainTable } from "../core/tables/train-table.ts";
import { AttuneError } from "../errors.ts";
import { wrapColumns } from "./columns.ts";
import { readWhole, writeWhole } from "./files.ts";
import { readTable } from "./read-table.ts";
import type { Call, Exit, Paint } from "./terminal.ts";
import { showStages } from "./text-models.ts";
import { figure } from "./words.ts";

export interface TrainTableFlags {
  readonly data: string;
  readonly label: string;
  readonly positive?: string | undefined;
  readonly id?: string | undefined;
  readonly folds: number;
  readonly seed: number;
  readonly keep: readonly string[];
  readonly out?: string | undefined;
}

/** The value; throws INPUT_INVALID with every fault. */
const usable = <T>(checked: Checked<T>, what: string): T => {
  if (checked.kind === "sound") return checked.value;
  throw new AttuneError("INPUT_INVALID", `${what} cannot be used:`, { faults: checked.faults });
};

const scoresAsTable = ({ estimators, chosen }: TableReport, paint: Paint): string => {
  const table = new CliTable({
    head: ["", "auc", "log-loss", "brier", "calibration", "ms"].map((name) => paint.bold(name)),
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right", "right"],
  });
  for (const [name, scores] of Object.entries(estimators))
    table.push([
      name === chosen ? paint.bold(`${name} ←`) : name,
      `${figure(scores.auc, 4)} ± ${figure(scores.aucError, 4)}`,
      `${figure(scores.logLoss, 4)} ± ${figure(scores.logLossError, 4)}`,
      figure(scores.brier, 4),
      figure(scores.calibrationError, 4),
      figure(scores.fitMs, 0),
    ]);
  return table.toString();
};

const reportAsText = (report: TableReport, paint: Paint): string => {
  const { rows, label, positive, positiveRate, folds, leftOut, leaks, warnings } = report;
  const notes = [
    ...leaks.map(({ sentence }) => sentence),
    ...leftOut
      .filter(({ reason }) => reason !== "label" && reason !== "leak")
      .map(({ sentence }) => `left out: ${sentence}`),
    ...warnings,
  ];
  return [
    paint.bold(
      `${label} = ${positive}: ${figure(100 * positiveRate, 1)} % of ${rows.toLocaleString("en")} rows, ${folds} folds`,
    ),
    scoresAsTable(report, paint),
    ...notes.map((note) => wrapColumns(`· ${note}`, 98).replaceAll("\n", "\n  ")),
  ].join("\n");
};

export const trainOnTable = async (
  { context, terminal }: Call,
  { data, out, ...flags }: TrainTableFlags,
): Promise<Exit> => {
  const table = readTable(data);
  const stages = showStages(terminal);
  try {
    const { positive, id, ...rest } = flags;
    const trained = usable(
      trainTable(table, {
        ...rest,
        ...(positive === undefined ? {} : { positive }),
        ...(id === undefined ? {} : { id }),
        clockMs: () => performance.now(),
        onProgress: stages.onProgress,
      }),
      data,
    );
    stages.stop();
    const { columns, estimator, report } = trained;
    if (out !== undefined) {
      const { label, positive: yes } = report;
      const model = { label, positive: yes, id: id ?? null, columns, estimator };
      writeWhole(out, writeTableModel({ ...model, report: { ...report } }));
    }
    const text = `${reportAsText(report, terminal.paint)}${out === undefined ? "" : `\n\nwrote ${out}`}`;
    terminal.out(context.json ? JSON.stringify(report) : text);
    return 0;
  } finally {
    stages.stop();
  }
};

/** Reasons that a line for people shows. */
const REASONS_SHOWN = 3;

const predictionAsText = ({ row, id, probability, reasons }: RowPrediction): string =>
  `${id ?? `row ${row}`}: ${figure(probability, 4)} · ${reasons
    .slice(0, REASONS_SHOWN)
    .map(({ sentence }) => sentence)
    .join(" · ")}`;

export const predict = async (
  { context, terminal }: Call,
  { model, data }: { readonly model: string; readonly data: string },
): Promise<Exit> => {
  const opened = usable(readTableModel(readWhole(model), model), model);
  const { predictions, ignored } = usable(predictTable(opened, readTable(data)), data);
  if (ignored.length > 0) terminal.note(`not looked at: ${ignored.join(", ")}`);
  for (const prediction of predictions)
    terminal.out(context.json ? JSON.stringify(prediction) : predictionAsText(prediction));
  return 0;
};

const clustersAsText = (clustered: ClusteredTable, paint: Paint): string => {
  const { k, silhouette, inertia, sizes, columns, leftOut, tried } = clustered;
  return [
    paint.bold(`${k} clusters, silhouette ${figure(silhouette, 3)}, inertia ${figure(inertia, 1)}`),
    ...sizes.map((size, place) => `  ${place}: ${size.toLocaleString("en")} rows`),
    wrapColumns(`columns: ${columns.map(({ name }) => name).join(", ")}`, 98),
    ...leftOut.map(({ sentence }) => `· left out: ${sentence}`),
    ...tried.map(
      (one) =>
        `· k = ${one.k}: silhouette ${figure(one.silhouette, 3)}, stability ${figure(one.stability, 3)}`,
    ),
  ].join("\n");
};

export const cluster = async (
  { context, terminal }: Call,
  {
    data,
    ...options
  }: {
    readonly data: string;
    readonly k?: number | undefined;
    readonly seed: number;
    readonly ignore: readonly string[];
  },
): Promise<Exit> => {
  const clustered = usable(clusterTable(readTable(data), options), data);
  terminal.out(
    context.json ? JSON.stringify(clustered) : clustersAsText(clustered, terminal.paint),
  );
  return 0;
};
