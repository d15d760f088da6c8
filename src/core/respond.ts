/**
 * The story of one signal: analyse, fold into the history, describe, predict, decide.
 * Pure and synchronous: the same signal, customer and playbook give the same decision, byte for byte.
 */
import type { Analysis } from "./analysis.ts";
import type { Customer } from "./customer.ts";
import { describeCustomer } from "./customers/features.ts";
import { foldSignal } from "./customers/history.ts";
import type { Decision } from "./decision.ts";
import { type Facts, gatherFacts } from "./facts.ts";
import { productsOf } from "./history.ts";
import { predictValues } from "./models/predict.ts";
import type { PreparedPlaybook } from "./prepare.ts";
import { proposalOf } from "./replies/proposal.ts";
import { evaluateRules } from "./rules/evaluate.ts";
import type { AcceptedSignal, Signal } from "./signal.ts";
import { analyse, type Detail } from "./text/analyse.ts";

/** The decision about a signal, and its customer with the signal folded in. */
export interface Conclusion {
  readonly decision: Decision;
  readonly customer: Customer;
}

/** What the text of a signal means; null for an event, which has none. */
export const analyseSignal = (
  signal: Signal,
  playbook: PreparedPlaybook,
  detail: Detail,
): Analysis | null =>
  signal.kind === "feedback" ? analyse(signal.text, playbook.text, detail) : null;

/** A signal with everything that its rules may read. */
export interface Described {
  readonly accepted: AcceptedSignal;
  /** With the signal folded in. */
  readonly customer: Customer;
  readonly facts: Facts;
}

/** What the rules make of facts: the last step of `respond`, which a back-test takes alone. */
export const decideOnFacts = (
  { accepted, customer, facts }: Described,
  playbook: Pick<PreparedPlaybook, "hash" | "rules" | "replies">,
): Decision => {
  const { tenant, signal, now } = accepted;
  const { matches, faults } = evaluateRules(playbook.rules, facts);
  return {
    tenant,
    signalId: signal.id,
    customerId: signal.customerId,
    customerVersion: customer.version,
    playbook: playbook.hash,
    now,
    facts,
    proposals: matches.map((match) =>
      proposalOf({ match, signal, customer, facts, kit: playbook.replies }),
    ),
    faults,
  };
};

/** Decides one signal for its customer. Throws only on a bug. */
export const respond = (
  accepted: AcceptedSignal,
  customer: Customer,
  playbook: PreparedPlaybook,
): Conclusion => {
  const { signal, now } = accepted;
  const analysis = analyseSignal(signal, playbook, "labels");
  const known = foldSignal(customer, { signal, analysis, now });
  const features = describeCustomer(known, now);
  const predictions = predictValues(features, playbook.models, productsOf(known.history));
  const facts = gatherFacts({ signal, analysis, now, customer: known, features, predictions });
  return {
    decision: decideOnFacts({ accepted, customer: known, facts }, playbook),
    customer: known,
  };
};
