/** Why a rule did or did not lead to a reply: a closed list. Adding a code means a sentence here and a row in the support lead's page. */

export const OUTCOMES = {
  replied: "the rule matched and its reply was written",
  not_matched: "a condition of the rule did not hold",
  audience: "the conditions held, but the rule is for other customers",
  schedule: "the conditions held, but the rule was not in force at that time",
  held_out: "the customer belongs to the control group, which gets no such reply",
  lost_to_priority: "another rule that matched had the slot, by urgency and priority",
  capped: "the customer has had as many replies as the contact policy allows in the window",
  quiet_deferred: "it is quiet hours where the customer lives; the reply waits for their end",
  deferred: "the reply waits: for more signals of the customer, or until a cap or a slot is free",
  merged: "another reply of the same rule answers this signal too",
  expired: "the reply waited longer than the contact policy allows, or is not wanted any more",
  no_consent: "the customer has not agreed to replies of this category",
  duplicate: "this signal already has a reply in this slot",
  template_fault: "no template of the reply could be rendered",
  rule_fault: "the rule could not be evaluated on these facts",
} as const;

export type OutcomeCode = keyof typeof OUTCOMES;

/** What became of one rule for one signal. */
export interface Outcome {
  /** `ruleSet/ruleName`. */
  readonly rule: string;
  readonly code: OutcomeCode;
  /** What decided it, in words: the failing condition, the winning rule, the cap. */
  readonly detail?: string;
}
