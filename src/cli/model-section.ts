/** One model as a section of an HTML page: what it predicts, where it stands, the gate's verdict, its figures beside the baselines, charts, drift and notes. */
import type { DriftReport } from "../core/models/drift.ts";
import type { Model } from "../core/models/model-file.ts";
import type { Verdict } from "../core/training.ts";
import { calibrationChart, gainChart, importanceChart } from "./charts.ts";
import { driftChart } from "./drift-chart.ts";
import { scoresCharts, scoresTable } from "./model-scores.ts";
import { offersCharts } from "./offers-charts.ts";
import { escaped } from "./page.ts";
import { segmentCharts } from "./segment-charts.ts";
import { figure } from "./words.ts";

/** How far what a model reads has moved; `refusal` says why it cannot be told. */
export interface ModelMoves {
  readonly report: Pick<DriftReport, "isAlarm" | "alpha" | "floor" | "features"> | null;
  readonly refusal: string | null;
  /** Told of the model in force and not of the one shown. */
  readonly isOfChampion?: boolean;
}

export interface ShownModel {
  readonly model: Model;
  /** What tells two models of a task apart on one page: `challenger`. Letters only. */
  readonly role?: string;
  /** A sentence about where it stands: `It is in force.` Plain text. */
  readonly standing?: string;
  /** What the gate said of it. */
  readonly verdict?: Pick<Verdict, "kind" | "reasons"> | undefined;
  /** What the gate compared it with; plain text. */
  readonly comparedWith?: string | undefined;
  readonly drift?: ModelMoves | undefined;
}

const MAKERS: Readonly<Record<Model["kind"], string>> = {
  clusters: "the nearest of the centres found by k-means",
  tree: "a decision tree",
  logistic: "a logistic regression",
  boosting: "boosted trees",
  bgNbd: "a model of the purchase process (BG/NBD)",
  regression: "a linear regression",
  twoStage: "two regressions: whether a customer buys, times how much",
  purchases: "a model of the purchase process (BG/NBD × gamma-gamma)",
  offers: "popularity blended with repeat purchases, neighbours and association rules",
};

/** What it predicts and of whom. */
const subjectOf = (model: Model): string => {
  if (model.task === "segments")
    return `Puts each customer into one of ${model.clusters.length} segments`;
  if (model.task === "offers")
    return `Says which of ${model.products.length} products a customer may want next`;
  const days = `the next ${figure(model.horizonDays)} days`;
  return model.task === "churn"
    ? `Says how probable it is that a customer who has ordered before orders nothing in ${days}`
    : `Says how much money a customer who has ordered before is expected to spend in ${days}`;
};

const predictsOf = (model: Model): string => {
  const features =
    "features" in model ? `, from ${model.features.length} features of the customer` : "";
  return `${subjectOf(model)}${features}; it is ${MAKERS[model.kind]}.`;
};

/** A verdict in a box; `state` colours it. */
const boxOf = (state: "promote" | "refuse", heading: string, inside: string): string =>
  `<div class="verdict ${state}"><strong>${escaped(heading)}</strong>${inside}</div>`;

const verdictOf = ({ verdict, comparedWith }: ShownModel): string => {
  if (verdict === undefined) return "";
  const { kind, reasons } = verdict;
  const list = reasons.map(
    ({ code, sentence }) => `<li><code>${escaped(code)}</code> ${escaped(sentence)}</li>`,
  );
  const against = comparedWith === undefined ? "" : ` <span>${escaped(comparedWith)}</span>`;
  return boxOf(
    kind,
    kind === "promote" ? "✓ may be promoted" : "✗ refused by the gate",
    `${against}${list.length === 0 ? "" : `<ul>${list.join("")}</ul>`}`,
  );
};

const factsOf = ({ card, ...model }: Model): string => {
  const requires = "requires" in model ? model.requires : [];
  const facts: readonly (readonly [string, string])[] = [
    [model.task === "offers" ? "orders" : "rows", escaped(card.rows.toLocaleString("en"))],
    ["period", escaped(`${card.from.slice(0, 10)} to ${card.to.slice(0, 10)}`)],
    ["seed", String(card.seed)],
    ["data", `<code>${escaped(card.data.slice(0, 12))}…</code>`],
    ["made by", `<code>${escaped(card.command)}</code>`],
    ...(requires.length === 0 ? [] : [["only where known", escaped(requires.join(", "))] as const]),
  ];
  return `<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")}</dl>`;
};

const chartsOf = (model: Model, id: string): readonly string[] => {
  const { card, task } = model;
  if (model.task === "segments") return segmentCharts(`${id}-segment`, model);
  if (model.task === "offers") return offersCharts(`${id}-offers`, model);
  const isChurn = task === "churn";
  return [
    calibrationChart({
      id: `${id}-calibration`,
      bins: card.calibration ?? [],
      unit: isChurn ? "probability" : "amount",
      axes: isChurn
        ? ["probability said", "share that ordered nothing"]
        : ["money said, mean of the bin", "money spent, mean of the bin"],
    }),
    gainChart({
      id: `${id}-gain`,
      points: card.gain ?? [],
      what: isChurn ? "customers who stop" : "money spent",
    }),
    importanceChart({ id: `${id}-importance`, rows: card.importance ?? [] }),
  ].filter((chart) => chart !== "");
};

const underHeading = (heading: string, charts: readonly string[]): string =>
  charts.length === 0 ? "" : `<h3>${heading}</h3><div class="charts">${charts.join("")}</div>\n`;

const choiceOf = ({ card: { choice = [] } }: Model): string =>
  choice.length === 0
    ? ""
    : `<details><summary>How it was chosen</summary>${scoresTable({ scores: choice, name: "How it was chosen" })}</details>`;

/** Escaped, with what stands between backticks as code and no line break before a per cent sign. */
const withCode = (text: string): string =>
  escaped(text)
    .replaceAll(/`([^`]+)`/gu, "<code>$1</code>")
    .replaceAll(/(\d) %/gu, "$1\u{a0}%");

const notesOf = ({ card: { notes } }: Model): string =>
  notes.length === 0
    ? ""
    : `<h3>To know before you believe it</h3><ul>${notes.map((note) => `<li>${withCode(note)}</li>`).join("")}</ul>`;

const driftOf = ({ drift }: ShownModel, id: string): string => {
  if (drift === undefined) return "";
  const since = drift.isOfChampion === true ? "the model in force" : "it";
  const heading = `<h3>Drift since ${since} was trained</h3>`;
  const { report, refusal } = drift;
  if (report === null) return `${heading}<p>${escaped(refusal ?? "")}</p>`;
  const looks = ` <span>False alarms: at most ${figure(100 * report.alpha, 1)} of 100 looks.</span>`;
  const box = report.isAlarm
    ? boxOf("refuse", "▲ alarm: train it again, or find out what changed", looks)
    : boxOf("promote", "✓ no alarm", looks);
  return `${heading}${box}<div class="charts">${driftChart(`${id}-drift`, report)}</div>`;
};

/** What a section is called on its page; also the start of all ids in it. */
export const anchorOf = ({ model, role }: ShownModel): string =>
  role === undefined ? model.task : `${model.task}-${role}`;

const nameOf = ({ model, role }: ShownModel): string =>
  `${role === undefined ? "" : `${role}: `}${model.task} · ${model.card.scores[0]?.estimator ?? model.kind}`;

const scoresOf = (shown: ShownModel): string => {
  const { card } = shown.model;
  const estimator = card.scores[0]?.estimator;
  const table = scoresTable({
    scores: card.scores,
    ...(estimator === undefined ? {} : { model: estimator }),
    name: `Scores of ${nameOf(shown)}`,
  });
  return `<h3>Scores</h3><p class="how">Of rows that the scored estimator was not fitted on; below a value its 95 % interval, where one was found. ↑ higher is better, ↓ lower is better.</p>
<div class="scores">${table}</div>${choiceOf(shown.model)}`;
};

/** Blocks in the section; two sections side by side have the same ones beside each other. */
export const BLOCKS = 7;

/** One block each, of which some may be empty: as many as `BLOCKS` says. */
const blocksOf = (shown: ShownModel): readonly string[] => {
  const { model, standing } = shown;
  const id = anchorOf(shown);
  const where = standing === undefined ? "" : `<p class="standing">${escaped(standing)}</p>`;
  return [
    `<h2>${escaped(nameOf(shown))}</h2>${where}<p>${escaped(predictsOf(model))}</p>`,
    `${verdictOf(shown)}${factsOf(model)}`,
    scoresOf(shown),
    underHeading("What it does", chartsOf(model, id)),
    underHeading(
      "Beside its rivals and the baselines",
      scoresCharts(`${id}-score`, model.card.scores),
    ),
    driftOf(shown, id),
    notesOf(model),
  ];
};

export const sectionOf = (shown: ShownModel): string =>
  `<section id="${anchorOf(shown)}">${blocksOf(shown)
    .map((block) => `<div>${block}</div>`)
    .join("\n")}</section>`;
