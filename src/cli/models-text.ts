/** Models as a person reads them on a terminal: the list, one card, what the gate said, and when they are trained again. Pure. */
import type { Model } from "../core/models/model-file.ts";
import type { Score, Verdict } from "../core/training.ts";
import type { ModelEntry, ModelsOverview, PromotionReceipt } from "../work/models.ts";
import type { RetrainedModel } from "../work/retrain.ts";
import type { RetrainSchedule } from "../work/schedules.ts";
import { padColumns, printable, wrapColumns } from "./columns.ts";
import { createPaint, type Paint } from "./terminal.ts";
import { reportsAsText } from "./train-text.ts";
import { figure } from "./words.ts";

/** Enough of an id to name a model. */
export const shortId = (id: string): string => id.slice(0, 12);

const day = (instant: string): string => instant.slice(0, 10);

const scoreAsText = ({ estimator, metric, value, low, high }: Score): string =>
  `${estimator} ${metric} ${figure(value, 4)}${low === undefined || high === undefined ? "" : ` (${figure(low, 4)} … ${figure(high, 4)})`}`;

/** "promotable", or why not. */
const verdictAsText = ({ kind, reasons }: Verdict): string =>
  kind === "promote" ? "may be promoted" : `refused: ${reasons.map(({ code }) => code).join(", ")}`;

const entryAsText = (model: ModelEntry, paint: Paint): string => {
  const [first] = model.report.scores;
  const state = model.isInForce ? paint.green("in force") : verdictAsText(model.verdict);
  return `  ${shortId(model.id)}  ${day(model.trainedAt)}  ${padColumns(first === undefined ? "" : scoreAsText(first), 46)}  ${state}`;
};

/** One section a task: what is in force, what was trained, what was put in force when. */
export const modelsAsText = (
  { inForce, trained, promotions }: ModelsOverview,
  paint: Paint = createPaint(false),
): string =>
  Object.entries(inForce)
    .map(([task, id]) => {
      const own = trained.filter((model) => model.task === task);
      const moves = promotions.filter((promotion) => promotion.task === task);
      return [
        `${paint.bold(task)}: ${id === null ? "no model is in force" : `${shortId(id)} is in force`}`,
        ...own.map((model) => entryAsText(model, paint)),
        ...moves.map(
          ({ kind, id: model, at }) =>
            `  ${day(at)} ${kind === "promotion" ? "promoted" : "rolled back to"} ${model === "" ? "no model" : shortId(model)}`,
        ),
      ].join("\n");
    })
    .join("\n");

/** The gate's verdict with its reasons. */
export const reasonsAsText = (
  { kind, reasons }: Pick<Verdict, "kind" | "reasons">,
  paint: Paint,
): string =>
  [
    kind === "promote" ? paint.green("may be promoted") : paint.red("refused"),
    ...reasons.map(({ code, sentence }) =>
      wrapColumns(`· ${code}: ${sentence}`, 98).replaceAll("\n", "\n  "),
    ),
  ].join("\n");

/** What was trained from the store. */
export const retrainedAsText = (models: readonly RetrainedModel[], paint: Paint): string =>
  models
    .map(({ id, report, verdict, isPromoted }) =>
      [
        reportsAsText([report], paint),
        `${shortId(id)}: ${reasonsAsText(verdict, paint)}${isPromoted ? "\nput in force" : ""}`,
      ].join("\n"),
    )
    .join("\n\n");

/** A model's card: where it comes from, what it is worth, what it looks at. */
export const cardAsText = (model: Model, paint: Paint): string => {
  const { card } = model;
  const { data, command, from, to, rows, seed, scores, notes } = card;
  const importance = "importance" in card ? (card.importance ?? []) : [];
  const features = importance.map(({ feature, share }) => `${feature} ${figure(100 * share, 1)} %`);
  return [
    `${paint.bold(`${model.task} · ${model.kind}`)}: ${rows.toLocaleString("en")} rows of ${day(from)} to ${day(to)}, seed ${seed}, data ${data.slice(0, 12)}`,
    `made by ${command}`,
    reportsAsText([{ task: model.task, rows, seed, scores, notes }], paint),
    ...(features.length === 0 ? [] : [wrapColumns(`what it looks at: ${features.join(", ")}`, 98)]),
  ].join("\n");
};

/** What was put in force. */
export const promotedAsText = ({ task, id, playbook }: PromotionReceipt): string =>
  `${id === null ? `no model for ${task} is` : `model ${shortId(id)} for ${task} is`} in force; playbook ${playbook}`;

/** `2026-03-01 03:00`, as a clock in that time zone shows it. */
const clockTime = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(
    Date.parse(instant),
  );

const scheduleAsText = (
  { id, cron, timeZone, nextAt, tasks, promote }: RetrainSchedule,
  { now, paint }: { readonly now: number; readonly paint: Paint },
): string => {
  const due = `${clockTime(nextAt, timeZone)} ${timeZone}`;
  return [
    `${paint.bold(id)}: ${printable(cron)}`,
    `  trains ${tasks.join(", ")}; ${promote ? "puts in force what the gate lets pass" : "puts nothing in force"}`,
    Date.parse(nextAt) > now
      ? `  next ${due}`
      : `  due since ${due}: it waits for a worker, which attune start has`,
  ].join("\n");
};

/** Schedules of retraining with the time of the next one. `now` in milliseconds since 1970. */
export const schedulesAsText = (
  schedules: readonly RetrainSchedule[],
  how: { readonly now: number; readonly paint: Paint },
): string =>
  schedules.length === 0
    ? 'no retraining is scheduled; plan one: attune models schedule --cron "0 3 * * 0"'
    : schedules.map((schedule) => scheduleAsText(schedule, how)).join("\n");

/** A schedule that was ended. */
export const endedAsText = ({ id, cron }: RetrainSchedule): string =>
  `${id} (${printable(cron)}) is ended; what was due already still runs`;
