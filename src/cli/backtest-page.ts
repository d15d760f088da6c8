/** A back-test as one HTML page: the verdict, figures, charts, what becomes of rules, and sample customers. Holds what customers said (personal data masked): keep it where that may be. */
import type {
  BacktestResult,
  SampleCustomer,
  SampleReason,
  SampleReply,
  SampleSignal,
} from "../core/backtest/result.ts";
import { OUTCOMES } from "../core/outcome.ts";
import { daysChart, groupsChart } from "./backtest-charts.ts";
import { QUIET } from "./backtest-text.ts";
import { escaped, page, tableOf } from "./page.ts";
import { CHART_STYLE } from "./svg.ts";

const STYLE = `dl{display:flex;gap:.6rem;flex-wrap:wrap;margin:1rem 0}dl div{background:var(--panel);border-radius:.5rem;padding:.4rem .8rem}dt{color:var(--muted);font-size:.85rem}dd{margin:0;font-size:1.2rem}
.charts{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));align-items:start}
.note{border-left:.3rem solid var(--bad);background:var(--panel);padding:.6rem 1rem;margin:1rem 0;border-radius:.25rem;overflow-wrap:anywhere}
.outcomes td{text-align:left}.outcomes td:nth-child(3){text-align:right}
.customer{border:1px solid var(--line);border-radius:.5rem;padding:.2rem 1rem 1rem;margin:1rem 0;overflow-wrap:anywhere}h3{font-size:1rem;margin:.8rem 0 .3rem}.when{color:var(--muted);font-size:.85rem}
.sides{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));margin:.5rem 0}.side{background:var(--panel);border-radius:.5rem;padding:.6rem .8rem;border-top:.2rem solid var(--line);white-space:pre-line}
.side.was{border-color:var(--bad)}.side.would{border-color:var(--good)}.side b{display:block;font-size:.85rem;color:var(--muted);font-weight:normal}.side strong{display:block}
.reasons{margin:.3rem 0;padding-left:1.2rem}.reasons li{margin:.2rem 0}.reasons span{color:var(--muted)}
${CHART_STYLE}
.gain{fill:var(--good)}.before,.key-old{stroke:var(--rival);stroke-width:2;stroke-dasharray:5 3;fill:none}.key-new{stroke:var(--accent);stroke-width:2.5}
@media(max-width:30rem){body{margin:1rem auto;padding:0 .75rem}figure{padding:.6rem .5rem}}
@media print{body{max-width:none;margin:0}figure summary{display:none}figure,.customer,dl div{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;

const counted = (count: number): string => count.toLocaleString("en");

const figuresOf = ({ signals, customers, decisions, replies, customersAffected }: BacktestResult) =>
  `<dl>${[
    ["signals", counted(signals)],
    ["customers", counted(customers)],
    ["decisions that change", counted(decisions.changed)],
    ["customers with other replies", counted(customersAffected)],
    ["replies sent", counted(replies.stored)],
    ["replies of the candidate", counted(replies.candidate)],
    ["gained", counted(replies.gained)],
    ["lost", counted(replies.lost)],
    ["other words", counted(replies.changed)],
  ]
    .map(([name = "", value = ""]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join("")}</dl>`;

const NO_RULE = "the playbook has no such rule";

const meaningOf = (code: string): string =>
  Object.hasOwn(OUTCOMES, code) ? OUTCOMES[code as keyof typeof OUTCOMES] : NO_RULE;

const outcomesOf = ({ outcomes }: BacktestResult): string => {
  const moved = outcomes
    .filter(({ from, to }) => from !== to)
    .toSorted((left, right) => right.count - left.count);
  if (moved.length === 0) return "";
  return `<h2>What becomes of a rule for a signal</h2><div class="outcomes">${tableOf({
    name: "Outcomes that change",
    head: ["then", "under the candidate", "how often", "that is, now"],
    rows: moved.map(({ from, to, count }) => [from, to, counted(count), meaningOf(to)]),
  })}</div>`;
};

const sideOf = (kind: "was" | "would", reply: SampleReply["before"]): string => {
  const head = kind === "was" ? "sent" : "would be sent";
  if (reply === null) return `<div class="side ${kind}"><b>${head}</b>nothing</div>`;
  const { rule, locale, title, body } = reply;
  return `<div class="side ${kind}"><b>${head} · ${escaped(rule)} · ${escaped(locale)}</b><strong>${escaped(title)}</strong>${escaped(body)}</div>`;
};

const reasonSide = (side: SampleReason["before"]): string => {
  if (side === null) return "no such rule";
  return `${side.code}${side.detail === undefined ? "" : `, ${escaped(side.detail)}`}`;
};

const reasonOf = ({ rule, before, after }: SampleReason): string =>
  `<li><strong>${escaped(rule)}</strong>: <span>${reasonSide(before)}</span> → ${reasonSide(after)}</li>`;

const signalOf = ({ id, now, about, replies, reasons }: SampleSignal): string =>
  `<p><span class="when">${escaped(now.replace("T", " ").slice(0, 16))} · ${escaped(id)}</span><br>${escaped(about)}</p>${replies
    .map(
      ({ before, after }) =>
        `<div class="sides">${sideOf("was", before)}${sideOf("would", after)}</div>`,
    )
    .join(
      "",
    )}<ul class="reasons">${reasons.length + replies.length === 0 ? `<li>${QUIET}</li>` : reasons.map(reasonOf).join("")}</ul>`;

const sampleOf = ({ customer, signals }: SampleCustomer): string =>
  `<article class="customer"><h3>${escaped(customer)}</h3>${signals.map(signalOf).join("")}</article>`;

const samplesOf = ({ samples, customersChanged }: BacktestResult): string =>
  samples.length === 0
    ? ""
    : `<h2>Some customers</h2><p class="how">${samples.length} of ${counted(customersChanged)} for whom something changes, picked by chance, with their first signals that end otherwise.</p>${samples.map(sampleOf).join("")}`;

const WAYS = {
  stored: "The facts that are stored were evaluated again.",
  again: "Every text was read and every customer described again.",
} as const;

/** The whole page; `hash` is shown so that two pages can be told apart. */
export const backtestPage = (result: BacktestResult & { readonly hash: string }): string => {
  const { candidate, from, to, way, warnings, decisions, byDay, byRule, bySegment, byLanguage } =
    result;
  const charts = [
    daysChart(byDay),
    groupsChart({ id: "by-rule", what: "rule", groups: byRule }),
    groupsChart({ id: "by-segment", what: "segment", groups: bySegment }),
    groupsChart({ id: "by-language", what: "language", groups: byLanguage }),
  ].join("");
  const verdict =
    decisions.changed === 0 ? "<p><strong>Every decision stays the same.</strong></p>" : "";
  return page({
    title: `Back-test of playbook ${candidate.slice(0, 12)}`,
    style: STYLE,
    body: `<main><p>Signals from ${from.slice(0, 10)} to ${to.slice(0, 10)}, told again. ${WAYS[way]} Result ${result.hash.slice(0, 12)}.</p>
${warnings.map((warning) => `<p class="note">${escaped(warning)}</p>`).join("")}${verdict}
${figuresOf(result)}
<div class="charts">${charts}</div>
${outcomesOf(result)}
${samplesOf(result)}</main>`,
  });
};
