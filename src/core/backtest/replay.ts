/**
 * One customer's past told again: a stream of steps in the order in which they happened, each taking the customer one further.
 * What happened before the window is remembered as it was; from then on the customer is the candidate's, so that a reply that it did not send counts for no cap.
 */
import type { Customer } from "../customer.ts";
import { mergeTraits } from "../customers/traits.ts";
import type { Decision, Settlement } from "../decision.ts";
import { foldStored } from "../fold-stored.ts";
import { EMPTY_HISTORY } from "../history.ts";
import type { LaterOutcome, StoredDecision } from "../ports.ts";
import type { PreparedPlaybook } from "../prepare.ts";
import { decideOnFacts, respond } from "../respond.ts";
import { settle } from "../settle.ts";
import { afterStored } from "./releases.ts";
import type { BacktestWay } from "./result.ts";

/** Something that happened to a customer. */
export interface Step {
  readonly kind: "signal";
  readonly stored: StoredDecision;
}

/** What the candidate makes of a step. */
export interface Replayed {
  readonly decision: Decision;
  readonly settlement: Settlement;
}

/** A step on both sides. */
export interface Told {
  readonly step: Step;
  readonly replayed: Replayed;
  /** What became of the candidate's proposals that had to wait. */
  readonly later: LaterOutcome[];
}

/** A customer of whom nothing is known yet. */
export const stranger = (tenant: string, id: string): Customer => ({
  tenant,
  id,
  version: 0,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
});

/** The customer after a step that stays as it was. */
export const remember = (
  customer: Customer,
  { stored }: Step,
  { playbook }: Candidate,
): Customer => {
  const { decision, settlement, accepted } = stored;
  const { replies } = settlement;
  const folded = foldStored(customer, { ...stored, settlement: { ...settlement, replies: [] } });
  const { proposals } = decision;
  const { entries } = settlement;
  return afterStored(folded, { now: accepted.now, entries, replies, proposals }, playbook);
};

/** Decides on the facts that are stored: nobody is described again, so the history stays empty. */
const onStoredFacts = (
  { accepted, decision }: StoredDecision,
  before: Customer,
  playbook: PreparedPlaybook,
): { readonly decision: Decision; readonly customer: Customer } => {
  const customer: Customer = {
    ...before,
    version: decision.customerVersion,
    traits: mergeTraits(before.traits, accepted.signal.traits),
  };
  const described = { accepted, customer, facts: decision.facts };
  return { decision: decideOnFacts(described, playbook), customer };
};

export interface Candidate {
  readonly playbook: PreparedPlaybook;
  readonly way: BacktestWay;
}

/** What the candidate makes of a step, and the customer after it. */
export const replay = (
  customer: Customer,
  { stored }: Step,
  { playbook, way }: Candidate,
): { readonly replayed: Replayed; readonly customer: Customer } => {
  const decided =
    way === "again"
      ? respond(stored.accepted, customer, playbook)
      : onStoredFacts(stored, customer, playbook);
  const settled = settle({
    proposals: decided.decision.proposals,
    customer: decided.customer,
    playbook,
    now: stored.accepted.now,
  });
  return {
    replayed: { decision: decided.decision, settlement: settled.settlement },
    customer: settled.customer,
  };
};
