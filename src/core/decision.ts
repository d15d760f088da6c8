/**
 * What was concluded: the decision about one signal, the proposals that its rules made, and the settlement of a customer's proposals.
 * Plain records; equal inputs give equal bytes, so keys are always written in the order of these types.
 */
import type { ReplyCategory } from "./customer.ts";
import type { Facts } from "./facts.ts";
import type { JsonObject } from "./json.ts";
import type { Outcome, OutcomeCode } from "./outcome.ts";
import type { Reply } from "./reply.ts";

/** A reply that a rule wants to send. */
export interface Proposal {
  readonly signalId: string;
  /** `ruleSet/ruleName`; with `signalId` it names the proposal. */
  readonly rule: string;
  readonly priority: number;
  /** 0..1, of the signal; decides before priority. */
  readonly urgency: number;
  /** At most one reply per signal and slot. */
  readonly slot: string;
  readonly category: ReplyCategory;
  readonly template: string;
  /** Language wanted: the customer's locale, else that of the feedback. */
  readonly locale: string;
  /** What the template may print; fact references already resolved. */
  readonly values: JsonObject;
  /** The team that a person should take this over, where the rule says so. */
  readonly handover?: string;
}

/** A proposal that waits for its time. Instants are ISO 8601 UTC on the clock of its signal's stream. */
export interface WaitingProposal {
  readonly proposal: Proposal;
  readonly code: "deferred" | "quiet_deferred";
  /** `now` of the signal that made it. */
  readonly since: string;
  /** It is settled anew then, or with the customer's next signal after it. */
  readonly dueAt: string;
  readonly expiresAt: string;
  /** Gathered in an arbitration window, whose end `dueAt` is. */
  readonly gathered?: true;
  /** Its signal was replayed on its own clock: it waits as long, counted from when it was decided. */
  readonly replayed?: true;
}

/** How many proposals of one customer may wait at once. */
export const WAITING_MAX = 16;

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
