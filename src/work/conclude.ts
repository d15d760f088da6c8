/**
 * Both halves of the story for one signal: `respond` and, with an arbitration window of 0, `settle` right after it.
 * A value of type `Conclude` is all that the writing side knows of deciding, so that a benchmark can put an empty one in its place.
 */
import type { Customer } from "../core/customer.ts";
import type { Decided } from "../core/ports.ts";
import type { PreparedPlaybook } from "../core/prepare.ts";
import { respond } from "../core/respond.ts";
import { settle } from "../core/settle.ts";
import type { AcceptedSignal } from "../core/signal.ts";

export interface Concluded {
  readonly decided: Decided;
  /** With the signal and its replies folded in. */
  readonly customer: Customer;
}

export type Conclude = (
  accepted: AcceptedSignal,
  customer: Customer,
  playbook: PreparedPlaybook,
) => Concluded;

export const conclude: Conclude = (accepted, customer, playbook) => {
  const responded = respond(accepted, customer, playbook);
  const settled = settle({
    proposals: responded.decision.proposals,
    customer: responded.customer,
    playbook,
    now: accepted.now,
    ...(accepted.replayed === true ? { replayed: true } : {}),
  });
  return {
    decided: { accepted, decision: responded.decision, settlement: settled.settlement },
    customer: settled.customer,
  };
};
