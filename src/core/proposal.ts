/** What a rule wants to send, and how it waits where it may not be sent yet. */
import type { JsonObject } from "./json.ts";
import type { ReplyCategory } from "./reply-category.ts";

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
