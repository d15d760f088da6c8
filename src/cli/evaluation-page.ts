/** An evaluation as one HTML page: figures, confusion matrix, labels, and the errors with the surest first. Opens without a network. */
import type { Answered, Evaluation } from "../core/text/scoring.ts";

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

const escaped = (text: string): string =>
  text.replace(/[&<>"']/gu, (char) => `&#${char.codePointAt(0) ?? 0};`);
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

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1c2733}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse}td,th{padding:.25rem .5rem;border:1px solid #d8dee4;text-align:right;font-weight:normal}
th{background:#f3f5f7}td:first-child,th:first-child,.text{text-align:left}.matrix td{min-width:1.8rem;text-align:center;font-size:.85rem}.matrix{font-size:.85rem}
.turned{height:9rem;vertical-align:bottom;padding:.2rem}.turned span{writing-mode:vertical-rl;transform:rotate(180deg)}.wide{overflow-x:auto}
.figures{display:flex;gap:1rem;flex-wrap:wrap}.figures div{background:#f3f5f7;border-radius:.5rem;padding:.6rem 1rem}.figures b{display:block;font-size:1.3rem}`;

/** The whole page. Texts stand in it as they are in the data: keep it where the data may be. */
export const evaluationPage = ({ model, evaluation, answers }: PageInput): string => {
  const figures = [
    ["texts", evaluation.n.toLocaleString("en")],
    ["accuracy", percent(evaluation.accuracy)],
    ["macro-F1", percent(evaluation.macroF1)],
    ["calibration error", percent(evaluation.calibrationError)],
    ["in scope", percent(evaluation.coverage)],
  ].map(([name, value]) => `<div>${name}<b>${value}</b></div>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Evaluation of ${escaped(model)}</title><style>${STYLE}</style></head><body>
<h1>Evaluation of ${escaped(model)}</h1><div class="figures">${figures.join("")}</div>
<h2>What is taken for what</h2><div class="wide">${matrix(answers)}</div>
<h2>Labels, the weakest first</h2><table><tr><th>label</th><th>precision</th><th>recall</th><th>F1</th><th>texts</th></tr>${labelRows(evaluation)}</table>
<h2>Errors, the surest first</h2><table><tr><th>confidence</th><th>is</th><th>said</th><th>text</th></tr>${errorRows(answers)}</table>
</body></html>
`;
};
