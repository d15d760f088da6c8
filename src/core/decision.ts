/**
 * What was concluded: the decision about one signal, the proposals that its rules made, and the settlement of a customer's proposals.
 * Plain records; equal inputs give equal bytes, so keys are always written in the order of these types.
 */
import type { Facts } from "./facts.ts";
import type { Outcome, OutcomeCode } from "./outcome.ts";
import type { Proposal } from "./proposal.ts";
import type { Reply } from "./reply.ts";

export { type Proposal, WAITING_MAX, type WaitingProposal } from "./proposal.ts";

/** What was concluded about one signal. */
export interface Decision {
  readonly tenant: string;
  readonly signalId: string;
  readonly customerId: string;
  /** `customer.version` after this signal was folded in. */
  readonly customerVersion: number;
  /** Content hash of the playbook that decided. */
  readonly playbook: string;
  readonly now: string;
  readonly facts: Facts;
  readonly proposals: readonly Proposal[];
  /** Rules that could not be evaluated; rules that did not match are told by `explain`, from the facts. */
  readonly faults: readonly Outcome[];
}

/** What became of one proposal. */
export interface SettlementEntry {
  readonly signalId: string;
  readonly rule: string;
  readonly code: OutcomeCode;
  readonly detail?: string;
  /** `seq` of the reply, when the code is `replied`. */
  readonly seq?: number;
  /** When a proposal that waits is settled anew. */
  readonly dueAt?: string;
}

/** Which of a customer's open proposals (a signal's own, and those that had waited until then) became replies, and why the others did not. */
export interface Settlement {
  readonly tenant: string;
  readonly customerId: string;
  readonly playbook: string;
  readonly now: string;
  readonly entries: readonly SettlementEntry[];
  readonly replies: readonly Reply[];
}
