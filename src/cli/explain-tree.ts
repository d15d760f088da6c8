/**
 * The whole story of one signal as a tree: what was said, what it means, what is known of the customer, what the models say,
 * every rule with every condition and its value, and what became of it. Pure: it only words an `Explanation`.
 */
import type { Analysis, TopicFound } from "../core/analysis.ts";
import type { ConditionExplanation, Explanation, RuleExplanation } from "../core/explanation.ts";
import { FACTS } from "../core/facts.ts";
import { OUTCOMES } from "../core/outcome.ts";
import type { Offer, Predictions, Reason } from "../core/prediction.ts";
import { wrapColumns } from "./columns.ts";
import { createPaint, type Paint } from "./terminal.ts";
import { drawTree, type TreeNode } from "./tree.ts";
import { comparisonAsText, cuesAsText, figure, valueAsText } from "./words.ts";

const branch = (label: string, children: readonly TreeNode[] = []): TreeNode => ({
  label,
  children,
});

const withCues = (label: string, cues: Analysis["sentiment"]["cues"]): TreeNode =>
  branch(cues.length === 0 ? `${label} (no word stood out)` : `${label}: ${cuesAsText(cues)}`);

const topicNode = ({ label, confidence, cues }: TopicFound): TreeNode =>
  withCues(`topic ${label} (${figure(confidence)})`, cues);

const meaningNode = (analysis: Analysis, paint: Paint): TreeNode => {
  const { language, sentiment, topics, urgency, personalData } = analysis;
  const kinds = personalData.map(({ kind, from, to }) => `${kind} at ${from}–${to}`);
  return branch(paint.bold("what it means"), [
    branch(`language ${language.code} (${figure(language.confidence)})`),
    withCues(
      `sentiment ${sentiment.label} ${figure(sentiment.score)} (confidence ${figure(sentiment.confidence)})`,
      sentiment.cues,
    ),
    ...topics.map(topicNode),
    withCues(`urgency ${figure(urgency.score)}`, urgency.cues),
    branch(`personal data: ${kinds.length === 0 ? "none" : kinds.join(", ")}`),
  ]);
};

const signalNodes = ({ signal, analysis }: Explanation, paint: Paint): readonly TreeNode[] => {
  if (signal.kind === "event")
    return [branch(`did ${signal.type} ${valueAsText(signal.properties ?? {}, 100)}`)];
  const said = wrapColumns(`said “${analysis?.maskedText ?? ""}”`, 90);
  return [branch(said), ...(analysis === null ? [] : [meaningNode(analysis, paint)])];
};

const factsNode = ({ decision }: Explanation, paint: Paint): TreeNode =>
  branch(
    paint.bold("what is known of the customer"),
    Object.entries(decision.facts)
      .filter(([name]) => name.startsWith("customer."))
      .map(([name, value]) => {
        const fact = FACTS.get(name);
        const unit = fact?.unit === undefined ? "" : ` ${fact.unit}`;
        const shown = value === null ? "not known" : `${valueAsText(value)}${unit}`;
        return branch(
          `${name} = ${shown}${paint.dim(` · ${fact?.sentence ?? "no fact any more"}`)}`,
        );
      }),
  );

const reasonNodes = (reasons: readonly Reason[]): readonly TreeNode[] =>
  reasons.map(({ feature, value, sentence }) =>
    branch(`${feature} = ${figure(value, 3)}: ${sentence}`),
  );

const offerNode = ({ product, score, reasons }: Offer): TreeNode =>
  branch(
    `offer ${product} (score ${figure(score, 3)})`,
    reasons.map(({ sentence, share }) => branch(`${figure(100 * share, 0)} %: ${sentence}`)),
  );

const predictionsNode = (predictions: Predictions, paint: Paint): TreeNode => {
  const { segment, churn, spend, offers = [] } = predictions;
  const nodes = [
    ...(segment === undefined
      ? []
      : [
          branch(
            `segment ${segment.name} (distance ${figure(segment.distance)})`,
            reasonNodes(segment.reasons),
          ),
        ]),
    ...(churn === undefined
      ? []
      : [branch(`churn probability ${figure(churn.probability, 3)}`, reasonNodes(churn.reasons))]),
    ...(spend === undefined
      ? []
      : [branch(`expected spend ${figure(spend.amount)}`, reasonNodes(spend.reasons))]),
    ...offers.map(offerNode),
  ];
  return branch(
    paint.bold("what the models say"),
    nodes.length === 0 ? [branch("no model of the playbook predicts anything here")] : nodes,
  );
};

const GROUP_WORDS = { all: "all of", any: "any of", not: "not" } as const;

const conditionNode = (condition: ConditionExplanation, paint: Paint): TreeNode => {
  const mark = condition.held ? paint.green("✓") : paint.red("✗");
  if (condition.kind === "comparison") {
    const found = condition.actual === null ? "null" : valueAsText(condition.actual);
    return branch(`${mark} ${comparisonAsText(condition)} ${paint.dim("· found")} ${found}`);
  }
  const name = condition.name === undefined ? "" : ` (condition “${condition.name}”)`;
  return branch(
    `${mark} ${GROUP_WORDS[condition.kind]}${name}`,
    condition.children.map((child) => conditionNode(child, paint)),
  );
};

const ruleNode = (rule: RuleExplanation, paint: Paint): TreeNode => {
  const { code, detail } = rule.outcome;
  const shown = code === "replied" ? paint.green(code) : paint.yellow(code);
  const why = detail === undefined ? OUTCOMES[code] : `${OUTCOMES[code]}: ${detail}`;
  return branch(`${rule.rule} (priority ${rule.priority}) → ${shown}, ${why}`, [
    branch(paint.dim(rule.description)),
    conditionNode(rule.conditions, paint),
  ]);
};

const proposalsNode = ({ decision }: Explanation, paint: Paint): TreeNode =>
  branch(
    paint.bold("proposals"),
    decision.proposals.length === 0
      ? [branch("none: no rule matched")]
      : decision.proposals.map(({ rule, slot, category, template, locale }) =>
          branch(`${rule} · slot ${slot} · ${category} · template ${template} (${locale})`),
        ),
  );

const repliesNode = ({ settlement, signal }: Explanation, paint: Paint): TreeNode => {
  const replies = settlement.replies.filter((reply) => reply.signalId === signal.id);
  return branch(
    paint.bold("replies"),
    replies.length === 0
      ? [branch("none")]
      : replies.map(({ seq, locale, rule, title, body }) =>
          branch(`#${seq} ${rule} (${locale})\n${wrapColumns(`${title}\n${body}`, 90)}`),
        ),
  );
};

/** The tree as text, without a line break at its end. */
export const explanationAsText = (
  explanation: Explanation,
  paint: Paint = createPaint(false),
): string => {
  const { signal, decision, rules, predictions } = explanation;
  const head = `${paint.bold(signal.id)} · ${signal.kind} of customer ${signal.customerId} (version ${decision.customerVersion}) · now ${decision.now}\nplaybook ${decision.playbook}`;
  return drawTree(
    branch(head, [
      ...signalNodes(explanation, paint),
      factsNode(explanation, paint),
      predictionsNode(predictions, paint),
      branch(
        `${paint.bold("rules")} (${rules.length})`,
        rules.map((rule) => ruleNode(rule, paint)),
      ),
      proposalsNode(explanation, paint),
      repliesNode(explanation, paint),
    ]),
  );
};
