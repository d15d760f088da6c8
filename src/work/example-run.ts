/**
 * One example of a rule, run: the facts that it leads to, whether the rule matches, and what becomes of it when it is settled alone.
 * Nothing is known of the customer but what the example says, and nobody has written to that customer before.
 */
import type { Customer } from "../core/customer.ts";
import { FEATURES, type Features } from "../core/feature.ts";
import { FACTS, type Facts, gatherFacts } from "../core/facts.ts";
import { EMPTY_HISTORY } from "../core/history.ts";
import type { Outcome } from "../core/outcome.ts";
import { NO_PREDICTIONS } from "../core/prediction.ts";
import type { PreparedPlaybook } from "../core/prepare.ts";
import type { Reply } from "../core/reply.ts";
import { proposalOf } from "../core/replies/proposal.ts";
import { evaluateRules } from "../core/rules/evaluate.ts";
import { explainRules } from "../core/rules/explain.ts";
import type { OpenRule, Rules } from "../core/rules/rules.ts";
import type { RuleExample } from "../core/rules/schema.ts";
import { settle } from "../core/settle.ts";
import { EVENT_TYPE, eventSchema, feedbackSchema, type Signal } from "../core/signal.ts";
import { analyse } from "../core/text/analyse.ts";
import { DEFAULT_TENANT } from "./tenant.ts";

/** When examples happen, unless they say so: a Thursday at noon in UTC. */
const EXAMPLE_NOW = "2026-01-01T12:00:00.000Z";

const NOTHING: Facts = Object.fromEntries([...FACTS.keys()].map((name) => [name, null]));
const NO_FEATURES = Object.fromEntries(
  Object.keys(FEATURES).map((name) => [name, null]),
) as Features;

const customerOf = ({ given }: RuleExample): Customer => ({
  tenant: DEFAULT_TENANT,
  id: "example",
  version: 0,
  traits: given.customer ?? {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
});

const COMMON = { id: "example", customerId: "example", at: EXAMPLE_NOW };

const signalOf = ({ given }: RuleExample): Signal => {
  if (given.feedback !== undefined)
    return feedbackSchema.parse({ kind: "feedback", ...COMMON, text: given.feedback });
  const type = given.facts?.["event.type"];
  return eventSchema.parse({
    kind: "event",
    ...COMMON,
    type: typeof type === "string" && EVENT_TYPE.test(type) ? type : "example",
  });
};

/** The facts that an example is judged on: what is given over what its text says, over what is known of its customer, over nulls. */
export const factsOfExample = (
  example: RuleExample,
  playbook: Pick<PreparedPlaybook, "text">,
): Facts => {
  const { feedback, facts = {} } = example.given;
  const signal = signalOf(example);
  const gathered = gatherFacts({
    signal,
    analysis: feedback === undefined ? null : analyse(feedback, playbook.text),
    now: EXAMPLE_NOW,
    customer: customerOf(example),
    features: NO_FEATURES,
    predictions: NO_PREDICTIONS,
  });
  // Without a text nothing says what kind of signal it is but the facts given.
  const kind = feedback === undefined ? { "signal.kind": null, "event.type": null } : {};
  return { ...NOTHING, ...gathered, ...kind, ...facts };
};

const alone = (rule: OpenRule): Rules => ({ inOrder: [rule], firing: [rule], resting: [] });

/** The rule for everybody at any time: whether its conditions hold. */
const unconditional = ({ schedule: _schedule, audience: _audience, ...rule }: OpenRule): OpenRule =>
  rule;

export interface ExampleRun {
  /** Whether the conditions hold, whatever schedule and audience say; with the reason where they do not. */
  readonly conditions: {
    readonly code: "matched" | "not_matched" | "rule_fault";
    readonly detail: string;
  };
  /** What becomes of the rule, settled alone. */
  readonly outcome: Outcome;
  /** With the name of the template that the rule wants. */
  readonly reply?: Reply & { readonly template: string };
}

const conditionsOf = (rule: OpenRule, facts: Facts): ExampleRun["conditions"] => {
  const rules = alone(unconditional(rule));
  const { matches, faults } = evaluateRules(rules, facts);
  if (matches.length > 0) return { code: "matched", detail: "" };
  const detail = explainRules(rules, facts)[0]?.outcome?.detail ?? "";
  return { code: faults.length > 0 ? "rule_fault" : "not_matched", detail };
};

const settledAlone = (
  rule: OpenRule,
  { example, facts, playbook }: ExampleOf,
): Omit<ExampleRun, "conditions"> => {
  const rules = alone(rule);
  const [verdict] = explainRules(rules, facts);
  const aside = verdict?.outcome;
  if (aside) return { outcome: aside };
  const customer = customerOf(example);
  const { matches } = evaluateRules(rules, facts);
  const now = facts["signal.now"];
  const proposals = matches.map((match) =>
    proposalOf({ match, signal: signalOf(example), customer, facts, kit: playbook.replies }),
  );
  const { settlement } = settle({
    proposals,
    customer,
    playbook: { ...playbook, rules },
    now: typeof now === "string" ? now : EXAMPLE_NOW,
  });
  const [entry] = settlement.entries;
  const [reply] = settlement.replies;
  const outcome: Outcome = {
    rule: rule.rule,
    code: entry?.code ?? "rule_fault",
    ...(entry?.detail === undefined ? {} : { detail: entry.detail }),
  };
  const { template } = rule.action.params;
  return reply === undefined ? { outcome } : { outcome, reply: { ...reply, template } };
};

interface ExampleOf {
  readonly example: RuleExample;
  readonly facts: Facts;
  readonly playbook: Pick<PreparedPlaybook, "hash" | "replies" | "models">;
}

/** Runs one example of a rule. */
export const runExample = (rule: OpenRule, of: ExampleOf): ExampleRun => ({
  conditions: conditionsOf(rule, of.facts),
  ...settledAlone(rule, of),
});
