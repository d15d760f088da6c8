/** Domain values for tests: complete and plausible, with any field replaced by the test that cares about it. Never import them into src. */
import type { Analysis } from "../src/core/analysis.ts";
import type { Customer } from "../src/core/customer.ts";
import type { Decision, Proposal, Settlement } from "../src/core/decision.ts";
import { NO_PREDICTIONS } from "../src/core/prediction.ts";
import { gatherFacts } from "../src/core/facts.ts";
import { FEATURES, type FeatureName, type Features } from "../src/core/feature.ts";
import { EMPTY_HISTORY } from "../src/core/history.ts";
import type { ClockChoice, Decided, IncomingSignal } from "../src/core/ports.ts";
import type { Reply } from "../src/core/reply.ts";
import type { AcceptedSignal, CustomerEvent, Feedback, Signal } from "../src/core/signal.ts";

const TENANT = "default";
const AT = "2026-03-01T09:30:00.000Z";
const PLAYBOOK = "0".repeat(64);

export const aFeedback = (changes: Partial<Feedback> = {}): Feedback => ({
  kind: "feedback",
  id: "feedback-1",
  customerId: "customer-1",
  at: AT,
  text: "The parcel came three days late, and nobody told me.",
  channel: "email",
  ...changes,
});

export const anEvent = (changes: Partial<CustomerEvent> = {}): CustomerEvent => ({
  kind: "event",
  id: "event-1",
  customerId: "customer-1",
  at: AT,
  type: "order.completed",
  properties: { amount: 25.5 },
  ...changes,
});

export const incoming = (
  signal: Signal = aFeedback(),
  changes: { readonly tenant?: string; readonly clock?: ClockChoice } = {},
): IncomingSignal => ({ tenant: TENANT, signal, clock: "database", ...changes });

export const aCustomer = (changes: Partial<Customer> = {}): Customer => ({
  tenant: TENANT,
  id: "customer-1",
  version: 0,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
  ...changes,
});

export const aProposal = (changes: Partial<Proposal> = {}): Proposal => ({
  signalId: "feedback-1",
  rule: "delivery/late-parcel",
  priority: 10,
  urgency: 0.4,
  slot: "answer",
  category: "service",
  template: "late-parcel",
  locale: "en",
  values: { days: 3 },
  ...changes,
});

export const aReply = (changes: Partial<Reply> = {}): Reply => ({
  tenant: TENANT,
  customerId: "customer-1",
  seq: 1,
  signalId: "feedback-1",
  rule: "delivery/late-parcel",
  slot: "answer",
  category: "service",
  locale: "en",
  title: "Your parcel",
  body: "We are sorry that it came late.",
  at: AT,
  ...changes,
});

const noFeatures = (): Features =>
  Object.fromEntries(Object.keys(FEATURES).map((name) => [name as FeatureName, null])) as Features;

/** What a decision about `accepted` looks like when one rule matched; the customer is the one after the fold. */
const aDecision = (
  accepted: AcceptedSignal,
  customer: Customer,
  changes: Partial<Decision> = {},
): Decision => ({
  tenant: accepted.tenant,
  signalId: accepted.signal.id,
  customerId: customer.id,
  customerVersion: customer.version,
  playbook: PLAYBOOK,
  now: accepted.now,
  facts: gatherFacts({
    signal: accepted.signal,
    analysis: null,
    now: accepted.now,
    customer,
    features: noFeatures(),
    predictions: NO_PREDICTIONS,
  }),
  proposals: [aProposal({ signalId: accepted.signal.id })],
  faults: [],
  ...changes,
});

/** The settlement in which every proposal of the decision became a reply, numbered after `before.lastSeq`. */
const aSettlement = (decision: Decision, before: Customer): Settlement => {
  const replies = decision.proposals.map((proposal, index) =>
    aReply({
      tenant: decision.tenant,
      customerId: decision.customerId,
      seq: before.lastSeq + index + 1,
      signalId: decision.signalId,
      rule: proposal.rule,
      slot: proposal.slot,
      at: decision.now,
    }),
  );
  return {
    tenant: decision.tenant,
    customerId: decision.customerId,
    playbook: decision.playbook,
    now: decision.now,
    entries: replies.map(({ signalId, rule, seq }) => ({ signalId, rule, code: "replied", seq })),
    replies,
  };
};

export interface Folded {
  readonly decided: Decided;
  /** After the signal. */
  readonly customer: Customer;
}

/** One accepted signal decided for `before`: what work hands to `GroupTransaction.write`. */
export const decide = (
  accepted: AcceptedSignal,
  before: Customer,
  changes: Partial<Decision> = {},
): Folded => {
  const folded: Customer = { ...before, version: before.version + 1 };
  const decision = aDecision(accepted, folded, changes);
  const settlement = aSettlement(decision, before);
  const customer = { ...folded, lastSeq: before.lastSeq + settlement.replies.length };
  return { decided: { accepted, decision, settlement }, customer };
};

const WHY = { base: 0, cues: [] } as const;

/** What a text of nothing in particular means; tests change what they need. */
export const anAnalysis = (changes: Partial<Analysis> = {}): Analysis => ({
  language: { code: "en", confidence: 1, script: null, spans: [] },
  maskedText: "hello",
  sentiment: { label: "neutral", score: 0, confidence: 1, ...WHY },
  topics: [],
  intent: { label: "other", confidence: 1, isSure: true, ...WHY },
  aspects: [],
  urgency: { score: 0, ...WHY },
  abuse: { score: 0, ...WHY },
  irony: { score: 0, ...WHY },
  emotion: { label: "none", confidence: 1, isSure: true, ...WHY },
  reviewType: { label: "rating", confidence: 1, isSure: true, ...WHY },
  values: [],
  personalData: [],
  article: null,
  inScope: true,
  ...changes,
});
