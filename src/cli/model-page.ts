/** Models of customers as one HTML page: what each predicts, the gate's verdict, its figures beside the baselines, and charts. Opens without a network. */
import type { Model } from "../core/models/model-file.ts";
import type { Score, Verdict } from "../core/training.ts";
import {
  calibrationChart,
  driftChart,
  type DriftRow,
  gainChart,
  importanceChart,
  profilesChart,
  scoresChart,
  standingOf,
} from "./charts.ts";
import { escaped, page, tableOf } from "./page.ts";
import { CHART_STYLE } from "./svg.ts";
import { figure, intervalAsText } from "./words.ts";

export interface ModelPageInput {
  /** Plain text. */
  readonly title: string;
  /** One section each, in this order. */
  readonly models: readonly Model[];
  /** What the gate said, by task. */
  readonly verdicts?: Readonly<Partial<Record<string, Pick<Verdict, "kind" | "reasons">>>>;
  readonly drift?: readonly DriftRow[];
}

/** What a metric says, and which way it is better. */
const METRICS: Readonly<Record<string, string>> = {
  auc: "How well customers are ranked: 0.5 is chance, 1 is perfect. Higher is better.",
  logLoss: "How far probabilities are from what happened; sure errors weigh most. Lower is better.",
  brier: "Mean squared error of probabilities. Lower is better.",
  calibrationError: "How far probabilities are off on average. Lower is better.",
  rmse: "Root of the mean squared error, in money. Lower is better.",
  mae: "Mean absolute error, in money. Lower is better.",
  gini: "How well customers are ranked by money: 0 is chance. Higher is better.",
  "hit@1": "Share of later orders that hold the first product offered. Higher is better.",
  "hit@3": "Share of later orders that hold one of the first three offered. Higher is better.",
  "mrr@10": "Mean of 1 ÷ the place of the first offer that the order holds. Higher is better.",
  "coverage@3": "Share of the products that are ever offered. Higher is more varied.",
  silhouette:
    "How much nearer customers are to their own segment than to the next one. Higher is better.",
  inertia: "Mean squared distance to the centre of the segment. Lower is better.",
};

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
const count = (value: number): string => value.toLocaleString("en");

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

const verdictOf = (verdict: Pick<Verdict, "kind" | "reasons"> | undefined): string => {
  if (verdict === undefined) return "";
  const { kind, reasons } = verdict;
  const list = reasons.map(
    ({ code, sentence }) => `<li><code>${escaped(code)}</code> ${escaped(sentence)}</li>`,
  );
  return `<div class="verdict ${kind}"><strong>${kind === "promote" ? "✓ may be promoted" : "✗ refused by the gate"}</strong>${list.length === 0 ? "" : `<ul>${list.join("")}</ul>`}</div>`;
};

const factsOf = (model: Model): string => {
  const { card } = model;
  const requires = "requires" in model ? model.requires : [];
  const facts: readonly (readonly [string, string])[] = [
    ["rows", escaped(count(card.rows))],
    ["period", escaped(`${card.from.slice(0, 10)} to ${card.to.slice(0, 10)}`)],
    ["seed", String(card.seed)],
    ["data", `<code>${escaped(card.data.slice(0, 12))}…</code>`],
    ["made by", `<code>${escaped(card.command)}</code>`],
    ["customer must have", escaped(requires.join(", ") || "nothing in particular")],
  ];
  return `<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")}</dl>`;
};

/** `logistic (this model)`. */
const nameOf = (estimator: string, model: string): string =>
  standingOf(estimator, model) === "win" ? `${estimator} (this model)` : estimator;

/** A row an estimator, a column a metric, intervals below the values. */
const scoresTable = (scores: readonly Score[], name: string): string => {
  const model = scores[0]?.estimator ?? "";
  const metrics = unique(scores.map(({ metric }) => metric));
  const rows = unique(scores.map(({ estimator }) => estimator)).map((estimator) => [
    nameOf(estimator, model),
    ...metrics.map((metric) => {
      const score = scores.find(
        (candidate) => candidate.estimator === estimator && candidate.metric === metric,
      );
      if (score === undefined) return "–";
      const range = intervalAsText(score, 4);
      return `${figure(score.value, 4)}${range === "" ? "" : `\n${range}`}`;
    }),
  ]);
  return tableOf({ head: ["", ...metrics], rows, name });
};

const scoresCharts = ({ task, card }: Model): readonly string[] =>
  unique(card.scores.map(({ metric }) => metric)).map((metric, place) =>
    scoresChart({
      id: `${task}-score-${place}`,
      title: metric,
      sentence: METRICS[metric] ?? "Measured on rows that the model was not fitted on.",
      scores: card.scores.filter((score) => score.metric === metric),
      model: card.scores[0]?.estimator ?? "",
    }),
  );

const chartsOf = (model: Model): readonly string[] => {
  const { card, task } = model;
  return [
    ...(model.task === "segments" ? [profilesChart(`${task}-profiles`, model)] : []),
    calibrationChart({
      id: `${task}-calibration`,
      bins: card.calibration ?? [],
      unit: task === "churn" ? "probability" : "amount",
    }),
    gainChart({
      id: `${task}-gain`,
      points: card.gain ?? [],
      what: task === "churn" ? "customers who stop" : "money spent",
    }),
    importanceChart({ id: `${task}-importance`, rows: card.importance ?? [] }),
  ].filter((chart) => chart !== "");
};

const underHeading = (heading: string, charts: readonly string[]): string =>
  charts.length === 0 ? "" : `<h3>${heading}</h3><div class="charts">${charts.join("")}</div>\n`;

const choiceOf = ({ card: { choice = [] } }: Model): string =>
  choice.length === 0
    ? ""
    : `<details><summary>How it was chosen</summary>${tableOf({
        head: ["candidate", "metric", "value"],
        rows: choice.map(({ estimator, metric, value }) => [estimator, metric, figure(value, 4)]),
        name: "How it was chosen",
      })}</details>`;

const segmentsList = (model: Model): string =>
  model.task === "segments"
    ? `<ul>${model.clusters.map(({ name, sentence }) => `<li><strong>${escaped(name)}</strong>: ${escaped(sentence)}</li>`).join("")}</ul>`
    : "";

/** Escaped, with what stands between backticks as code. */
const withCode = (text: string): string =>
  escaped(text).replaceAll(/`([^`]+)`/gu, "<code>$1</code>");

const notesOf = ({ card: { notes } }: Model): string =>
  notes.length === 0
    ? ""
    : `<h3>To know before you believe it</h3><ul>${notes.map((note) => `<li>${withCode(note)}</li>`).join("")}</ul>`;

const sectionOf = (model: Model, verdict: Parameters<typeof verdictOf>[0]): string =>
  `<section id="${model.task}"><h2>${escaped(model.task)} · ${escaped(model.card.scores[0]?.estimator ?? model.kind)}</h2>
<p>${escaped(predictsOf(model))}</p>${segmentsList(model)}
${verdictOf(verdict)}${factsOf(model)}
<h3>Scores</h3><p class="how">Of rows that the scored estimator was not fitted on; below a value its 95 % interval, where one was found.</p>
${scoresTable(model.card.scores, `Scores of ${model.task}`)}${choiceOf(model)}
${underHeading("What it does", chartsOf(model))}${underHeading("Beside its rivals and the baselines", scoresCharts(model))}${notesOf(model)}</section>`;

const STYLE = `h2{border-top:1px solid var(--line);padding-top:1.5rem}h3{font-size:1rem;margin:1.5rem 0 .5rem}nav{display:flex;gap:1rem;flex-wrap:wrap}
.charts{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));align-items:start}
.verdict{border-left:.3rem solid var(--good);background:var(--panel);padding:.6rem 1rem;margin:1rem 0;border-radius:.25rem;overflow-wrap:anywhere}.verdict.refuse{border-color:var(--bad)}.verdict strong{color:var(--good)}.verdict.refuse strong{color:var(--bad)}.verdict ul{margin:.3rem 0 0;padding-left:1.2rem}
dl{display:flex;gap:.6rem;flex-wrap:wrap;margin:1rem 0}dl div{background:var(--panel);border-radius:.5rem;padding:.4rem .8rem}dt{color:var(--muted);font-size:.85rem}dd{margin:0;overflow-wrap:anywhere}
section>details{margin-top:.75rem}
@media(max-width:30rem){body{margin:1rem auto;padding:0 .75rem}figure{padding:.6rem .5rem}}
${CHART_STYLE}`;

/** The whole page. `models` may come with or without verdicts and drift. */
export const modelPage = ({ title, models, verdicts = {}, drift = [] }: ModelPageInput): string => {
  const links = [
    ...models.map(({ task }) => `<a href="#${task}">${escaped(task)}</a>`),
    ...(drift.length === 0 ? [] : [`<a href="#drift">drift</a>`]),
  ];
  const nav = links.length < 2 ? "" : `<nav aria-label="Sections">${links.join("")}</nav>\n`;
  const moved =
    drift.length === 0
      ? ""
      : `\n<section id="drift"><h2>drift</h2><div class="charts">${driftChart("drift-chart", drift)}</div></section>`;
  const sections = models.map((model) => sectionOf(model, verdicts[model.task])).join("\n");
  return page({ title, style: STYLE, body: `<main>${nav}${sections}${moved}</main>` });
};
