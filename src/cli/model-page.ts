/** Models of customers as one HTML page, a section each, one below the other or side by side. Opens without a network. */
import { scoresTable } from "./model-scores.ts";
import { anchorOf, BLOCKS, sectionOf, type ShownModel } from "./model-section.ts";
import { escaped, page } from "./page.ts";
import { CHART_STYLE } from "./svg.ts";

export interface ModelPageInput {
  /** Plain text. */
  readonly title: string;
  /** One section each, in this order; of two with the same task each needs a role. */
  readonly models: readonly ShownModel[];
  /** Two sections side by side, where the screen is wide enough. */
  readonly isComparison?: boolean;
}

const STYLE = `h2{border-top:1px solid var(--line);padding-top:1.5rem}h3{font-size:1rem;margin:1.5rem 0 .5rem}nav{display:flex;gap:1rem;flex-wrap:wrap}
.charts{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));align-items:start}
.verdict{border-left:.3rem solid var(--good);background:var(--panel);padding:.6rem 1rem;margin:1rem 0;border-radius:.25rem;overflow-wrap:anywhere}.verdict.refuse{border-color:var(--bad)}.verdict strong{color:var(--good)}.verdict.refuse strong{color:var(--bad)}.verdict ul{margin:.3rem 0 0;padding-left:1.2rem}
dl{display:flex;gap:.6rem;flex-wrap:wrap;margin:1rem 0}dl div{background:var(--panel);border-radius:.5rem;padding:.4rem .8rem}dt{color:var(--muted);font-size:.85rem}dd{margin:0;overflow-wrap:anywhere}
section,section>div{min-width:0}.scores+details{margin-top:.75rem}.standing{font-weight:600;margin:.25rem 0}.scores tbody tr:first-child>*{font-weight:600}td,th{font-variant-numeric:tabular-nums}
@media(min-width:60rem){.beside{display:grid;grid-template-columns:1fr 1fr;column-gap:2rem}.beside section{display:grid;grid-template-rows:subgrid;grid-row:span ${BLOCKS}}}
@media(max-width:30rem){body{margin:1rem auto;padding:0 .75rem}figure{padding:.6rem .5rem}table{font-size:.85rem}td,th{padding:.25rem .35rem}}
@media print{body{max-width:none;margin:0}nav,figure summary{display:none}details::details-content{display:block;content-visibility:visible}figure,.verdict,dl div,tr{break-inside:avoid}h2,h3,.verdict{break-after:avoid}.wide{overflow:visible}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
${CHART_STYLE}`;

/** The scores of the estimators that were saved, a row each. */
const summaryOf = (models: readonly ShownModel[]): string => {
  const scores = models.flatMap(({ model: { card }, role }) => {
    const estimator = card.scores[0]?.estimator ?? "";
    return card.scores
      .filter((score) => score.estimator === estimator)
      .map((score) => ({ ...score, estimator: `${role ?? ""}: ${estimator}` }));
  });
  return `<h2>At a glance</h2><p class="how">Each on the later rows of its own training, which need not be the same; the gate's verdict is of the same rows.</p>${scoresTable({ scores, name: "Scores of both" })}`;
};

/** The whole page. */
export const modelPage = ({ title, models, isComparison = false }: ModelPageInput): string => {
  const links = models.map((shown) => {
    const name = `${shown.role === undefined ? "" : `${shown.role}: `}${shown.model.task}`;
    return `<a href="#${anchorOf(shown)}">${escaped(name)}</a>`;
  });
  const nav = links.length < 2 ? "" : `<nav aria-label="Sections">${links.join("")}</nav>\n`;
  const sections = models.map(sectionOf).join("\n");
  const body = isComparison
    ? `${summaryOf(models)}<div class="beside">${sections}</div>`
    : sections;
  return page({ title, style: STYLE, body: `<main>${nav}${body}</main>` });
};
