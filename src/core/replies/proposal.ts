/**
 * A matched rule as a proposal: what a rule wants to send, to whom, how urgently and in which language.
 * Values arrive resolved; nothing here looks at templates, so a proposal stays true when a template changes.
 */
import type { Customer } from "../customer.ts";
import type { Proposal } from "../decision.ts";
import type { Facts } from "../facts.ts";
import type { RuleMatch } from "../rules/evaluate.ts";
import type { Signal } from "../signal.ts";
import { canonicalLocale } from "./locale.ts";
import type { ReplyKit } from "./reply-kit.ts";

export interface ProposalInput {
  readonly match: RuleMatch;
  readonly signal: Signal;
  /** After the signal was folded in. */
  readonly customer: Customer;
  readonly facts: Facts;
  readonly kit: ReplyKit;
}

/** The customer's locale, else that of the feedback, else the language of its text, else the default; the first that is a locale. */
const localeOf = ({ signal, customer, facts, kit }: ProposalInput): string => {
  const language = facts["feedback.language"];
  const wanted = [
    customer.traits.locale,
    signal.kind === "feedback" ? signal.locale : undefined,
    typeof language === "string" ? language : undefined,
  ];
  for (const locale of wanted) {
    const canonical = canonicalLocale(locale ?? "");
    if (canonical !== undefined) return canonical;
  }
  return kit.policy.defaultLocale;
};

/** The proposal of a match. Urgency is that of the signal's text; 0 for an event. */
export const proposalOf = (input: ProposalInput): Proposal => {
  const { rule, priority, event } = input.match;
  const { slot, category, template, values, handover } = event.params;
  const urgency = input.facts["feedback.urgency"];
  return {
    signalId: input.signal.id,
    rule,
    priority,
    urgency: typeof urgency === "number" ? urgency : 0,
    slot,
    category,
    template,
    locale: localeOf(input),
    values,
    ...(handover === undefined ? {} : { handover }),
  };
};
