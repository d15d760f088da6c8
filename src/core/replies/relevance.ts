/** Whether a reply that has waited is still wanted: its rule must stand as it did, and the customer must still be whom it is for. */
import type { Proposal } from "../decision.ts";
import { describeCustomer } from "../customers/features.ts";
import { customerFacts } from "../facts.ts";
import { productsOf } from "../history.ts";
import { predictValues } from "../models/predict.ts";
import { ruleNamed } from "../rules/rule-named.ts";
import { standsAside } from "../rules/standing.ts";
import type { SettleInput } from "./settling.ts";

const ASIDE = {
  audience: "the customer is not in the rule's audience any more",
  schedule: "the rule is not in force at this time",
} as const;

/** Why it is not wanted any more, in words; undefined when it is. */
export const isStillWanted = (
  { rule: name, template }: Proposal,
  { playbook, customer, now }: SettleInput,
): string | undefined => {
  const rule = ruleNamed(playbook.rules, name);
  if (rule === undefined) return "the rule is not live any more";
  if (rule.action.params.template !== template) return "the rule has another template by now";
  if (rule.audience === undefined && rule.schedule === undefined) return undefined;
  const features = describeCustomer(customer, now);
  const predictions = predictValues(features, playbook.models, productsOf(customer.history));
  const aside = standsAside(rule, customerFacts({ customer, now, features, predictions }));
  return aside === undefined ? undefined : ASIDE[aside];
};
