/** An evaluation as one HTML page: figures, confusion matrix, labels, and the errors with the surest first. Opens without a network. */
import type { Answered, Evaluation } from "../core/text/scoring.ts";
import { escaped, page } from "./page.ts";

/** One answer beside its text: what the page lists. */
export interface AnsweredText extends Answered {
  readonly text: string;
}

export interface PageInput {
  readonly model: string;
  readonly evaluation: Evaluation;
  readonly answers: readonly AnsweredText[];
}

const LABELS_MAX = 40;
const ERRORS_MAX = 200;

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

/** Truth → said → count; the labels with most texts. */
const confusionOf = (answers: readonly AnsweredText[]) => {
  const counts = new Map<string, number>();
  const totals = new Map<string, number>();
  for (const { truth, said } of answers)
    for (const label of truth) {
      totals.set(label, (totals.get(label) ?? 0) + 1);
      const others = said.includes(label) ? [label] : said;
      for (const other of others) {
        const key = `${label}\t${other}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  const labels = [...totals].toSorted((left, right) => right[1] - left[1]).slice(0, LABELS_MAX);
  return { labels: labels.map(([label]) => label).toSorted(), totals, counts };
};

const matrix = (answers: readonly AnsweredText[]): string => {
  const { labels, totals, counts } = confusionOf(answers);
  const head = labels
    .map((label) => `<th class="turned"><span>${escaped(label)}</span></th>`)
    .join("");
  const rows = labels.map((truth) => {
    const cells = labels.map((said) => {
      const count = counts.get(`${truth}\t${said}`) ?? 0;
      const share = count / Math.max(1, totals.get(truth) ?? 0);
      const colour =
        truth === said ? `rgba(30,130,76,${share})` : `rgba(200,60,40,${Math.min(1, share * 3)})`;
      const dark = truth === said ? share > 0.55 : share > 0.2;
      return `<td style="background:${colour}${dark ? ";color:#fff" : ""}" title="${escaped(truth)} → ${escaped(said)}">${count === 0 ? "" : count}</td>`;
    });
    return `<tr><th>${escaped(truth)}</th>${cells.join("")}</tr>`;
  });
  return `<table class="matrix"><tr><th>is ↓ said →</th>${head}</tr>${rows.join("")}</table>`;
};

const labelRows = (evaluation: Evaluation): string =>
  evaluation.perLabel
    .toSorted((left, right) => left.f1 - right.f1)
    .map(
      ({ label, precision, recall, f1, support }) =>
        `<tr><td>${escaped(label)}</td><td>${percent(precision)}</td><td>${percent(recall)}</td><td>${percent(f1)}</td><td>${support}</td></tr>`,
    )
    .join("");

const errorRows = (answers: readonly AnsweredText[]): string =>
  answers
    .filter(
      ({ truth, said }) =>
        truth.length !== said.length || truth.some((label) => !said.includes(label)),
    )
    .toSorted((left, right) => right.confidence - left.confidence)
    .slice(0, ERRORS_MAX)
    .map(
      ({ text, truth, said, confidence }) =>
        `<tr><td>${percent(confidence)}</td><td>${escaped(truth.join(", ") || "–")}</td><td>${escaped(said.join(", ") || "–")}</td><td class="text">${escaped(text.slice(0, 400))}</td></tr>`,
    )
    .join("");

const STYLE = `.text{text-align:left}.matrix td{min-width:1.8rem;text-align:center;font-size:.85rem}.matrix{font-size:.85rem}
.turned{height:9rem;vertical-align:bottom;padding:.2rem}.turned span{writing-mode:vertical-rl;transform:rotate(180deg)}
.figures{display:flex;gap:1rem;flex-wrap:wrap}.figures div{background:var(--panel);border-radius:.5rem;padding:.6rem 1rem}.figures b{display:block;font-size:1.3rem}`;

/** The whole page. Texts stand in it as they are in the data: keep it where the data may be. */
export const evaluationPage = ({ model, evaluation, answers }: PageInput): string => {
  const figures = [
    ["texts", evaluation.n.toLocaleString("en")],
    ["accuracy", percent(evaluation.accuracy)],
    ["macro-F1", percent(evaluation.macroF1)],
    ["calibration error", percent(evaluation.calibrationError)],
    ["in scope", percent(evaluation.coverage)],
  ].map(([name, value]) => `<div>${name}<b>${value}</b></div>`);
  return page({
    title: `Evaluation of ${model}`,
    style: STYLE,
    body: `<div class="figures">${figures.join("")}</div>
<h2>What is taken for what</h2><div class="wide">${matrix(answers)}</div>
<h2>Labels, the weakest first</h2><div class="wide"><table><tr><th>label</th><th>precision</th><th>recall</th><th>F1</th><th>texts</th></tr>${labelRows(evaluation)}</table></div>
<h2>Errors, the surest first</h2><div class="wide"><table><tr><th>confidence</th><th>is</th><th>said</th><th>text</th></tr>${errorRows(answers)}</table></div>`,
  });
};
