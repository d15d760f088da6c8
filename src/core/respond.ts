/**
 * The story of one signal: analyse, fold into the history, describe, predict, decide.
 * Pure and synchronous: the same signal, customer and playbook give the same decision, byte for byte.
 */
import type { Analysis } from "./analysis.ts";
import type { Customer } from "./customer.ts";
import { describeCustomer } from "./customers/features.ts";
import { foldSignal } from "./customers/history.ts";
import type { Decision } from "./decision.ts";
import { gatherFacts } from "./facts.ts";
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

/** Decides one signal for its customer. Throws only on a bug. */
export const respond = (
  accepted: AcceptedSignal,
  customer: Customer,
  playbook: PreparedPlaybook,
): Conclusion => {
  const { tenant, signal, now } = accepted;
  const analysis = analyseSignal(signal, playbook, "labels");
  const known = foldSignal(customer, { signal, analysis, now });
  const features = describeCustomer(known, now);
  const predictions = predictValues(features, playbook.models, productsOf(known.history));
  const facts = gatherFacts({ signal, analysis, now, customer: known, features, predictions });
  const { matches, faults } = evaluateRules(playbook.rules, facts);
  const decision: Decision = {
    tenant,
    signalId: signal.id,
    customerId: signal.customerId,
    customerVersion: known.version,
    playbook: playbook.hash,
    now,
    facts,
    proposals: matches.map((match) =>
      proposalOf({ match, signal, customer: known, facts, kit: playbook.replies }),
    ),
    faults,
  };
  return { decision, customer: known };
};
