/**
 * `attune train text --task NAME --data FILE --out MODEL`: trains an analyst's own labels and says what to believe of the figures.
 * It writes the model file and nothing else; `attune evaluate text` reads it.
 */
import CliTable from "cli-table3";
import { type ClassifierReport, trainClassifier } from "../core/text/train-classifier.ts";
import { AttuneError } from "../errors.ts";
import { wrapColumns } from "./columns.ts";
import { writeWhole } from "./files.ts";
import { openReader, readLabelledFile, showStages } from "./text-models.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";
import { figure } from "./words.ts";

export interface TrainTaskOptions {
  readonly task: string;
  readonly data?: string;
  readonly out?: string;
  readonly seed: number;
  /** The shipped feelings as features, whatever held-out texts say of them. */
  readonly prior?: boolean;
}

const LABELS_SHOWN = 30;
const percent = (value: number): string => `${figure(value * 100, 1)} %`;

const labelTable = ({ heldOut }: ClassifierReport, paint: Paint): string => {
  const table = new CliTable({
    head: ["label", "precision", "recall", "F1", "texts"].map((name) => paint.bold(name)),
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right"],
  });
  const worst = heldOut.perLabel
    .toSorted((left, right) => left.f1 - right.f1)
    .slice(0, LABELS_SHOWN);
  for (const { label, precision, recall, f1, support } of worst)
    table.push([wrapColumns(label, 40), percent(precision), percent(recall), percent(f1), support]);
  const rest = heldOut.perLabel.length - worst.length;
  return rest > 0
    ? `${table.toString()}\n${rest} more labels, all better; --json names them`
    : table.toString();
};

/** The report as a person reads it. */
export const reportAsText = (
  report: ClassifierReport,
  paint: Paint = createPaint(false),
): string => {
  const { heldOut, baselines, curve, choice } = report;
  const bayes = baselines.naturalBayes === null ? "not run" : percent(baselines.naturalBayes);
  const [half, all] = curve.points;
  const wanted = curve.wanted.filter(({ gain }) => gain >= 0.005).slice(0, 3);
  return [
    paint.bold(
      `${report.task}: ${report.rows.toLocaleString("en")} texts, ${report.labels} labels, seed ${report.seed}`,
    ),
    `held-out accuracy ${percent(heldOut.accuracy)}, macro-F1 ${percent(heldOut.macroF1)} on ${heldOut.n.toLocaleString("en")} texts`,
    `baselines: most common label ${percent(baselines.constant)}, natural's Bayes (sample) ${bayes}`,
    `confidence is off by ${percent(heldOut.calibrationError)}; ${percent(heldOut.coverage)} of the texts are in scope`,
    `chosen on held-out texts: ${choice.features}, cost ${choice.cost}, balance ${choice.balance}, ratios ${choice.ratios}`,
    labelTable(report, paint),
    `learning curve: ${percent(half?.accuracy ?? 0)} with ${half?.texts ?? 0} texts, ${percent(all?.accuracy ?? 0)} with ${all?.texts ?? 0}`,
    ...wanted.map(
      ({ label, gain }) => `100 more texts of ${label} would help most: about +${percent(gain)} F1`,
    ),
    ...report.warnings.map((warning) => paint.red(`! ${warning}`)),
  ].join("\n");
};

export const trainTask = async (
  { context, terminal }: Call,
  options: TrainTaskOptions,
): Promise<Exit> => {
  if (options.data === undefined)
    throw new AttuneError(
      "USAGE",
      "attune train text --task needs --data FILE.jsonl with lines {text, label}",
    );
  if (options.out === undefined)
    throw new AttuneError("USAGE", "attune train text --task needs --out MODEL, the file to write");
  const texts = readLabelledFile(options.data);
  const labels = new Set(texts.rows.flatMap((row) => row.labels));
  if (labels.size < 2)
    throw new AttuneError(
      "TRAINING_REFUSED",
      `${options.data} has ${labels.size} label(s); a classifier needs two`,
    );
  const stages = showStages(terminal);
  try {
    const prior = options.prior === true ? " --prior" : "";
    const { file, report } = trainClassifier(texts, {
      task: options.task,
      seed: options.seed,
      reader: openReader(context.home),
      prior: options.prior === true ? "on" : "auto",
      command: `attune train text --task ${options.task}${prior} --seed ${options.seed} --data FILE`,
      onProgress: stages.onProgress,
    });
    stages.stop();
    writeWhole(options.out, file);
    terminal.out(
      context.json
        ? JSON.stringify({ model: options.out, ...report })
        : `${reportAsText(report, terminal.paint)}\n\nwrote ${options.out} (${figure(report.bytes / 1e6)} MB)`,
    );
    return 0;
  } finally {
    stages.stop();
  }
};
