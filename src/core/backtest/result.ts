/**
 * What a back-test says: a candidate playbook beside the decisions that are stored.
 * Holds no times of its own, so that the same store and the same candidate give the same bytes on every run.
 */
import type { OutcomeCode } from "../outcome.ts";
import type { Reply } from "../reply.ts";

/** Replies of one group. `stored` − `lost` + `gained` = `candidate`. */
export interface ReplyTally {
  /** Written when the signals were decided. */
  readonly stored: number;
  /** What the candidate would have written. */
  readonly candidate: number;
  readonly gained: number;
  readonly lost: number;
  /** In both, with other words, another locale or another hand-over. */
  readonly changed: number;
}

/** `no_rule`: the playbook of that side has no such rule. */
export type BacktestCode = OutcomeCode | "no_rule";

/** How often a rule that ended with `from` for a signal would end with `to`. */
export interface OutcomeChange {
  readonly from: BacktestCode;
  readonly to: BacktestCode;
  readonly count: number;
}

/** `stored`: the facts that are stored were evaluated again. `again`: texts were read and customers described again. */
export type BacktestWay = "stored" | "again";

/** The words of a reply, without its place in an inbox. */
export type ReplyWords = Pick<Reply, "rule" | "locale" | "title" | "body">;

export interface SampleReply {
  readonly slot: string;
  readonly kind: "gained" | "lost" | "changed";
  /** Null where it was not written. */
  readonly before: ReplyWords | null;
  readonly after: ReplyWords | null;
}

/** Why a rule ended otherwise: code and detail on both sides; null where that playbook has no such rule. */
export interface SampleReason {
  /** `ruleSet/ruleName`. */
  readonly rule: string;
  readonly before: { readonly code: BacktestCode; readonly detail?: string } | null;
  readonly after: { readonly code: BacktestCode; readonly detail?: string } | null;
}

export interface SampleSignal {
  readonly id: string;
  /** The instant that counted. */
  readonly now: string;
  /** What the customer said (personal data masked) or did. */
  readonly about: string;
  readonly replies: readonly SampleReply[];
  readonly reasons: readonly SampleReason[];
}

/** A customer for whom something changes. */
export interface SampleCustomer {
  readonly customer: string;
  /** The first signals that end otherwise, at most `SAMPLE_SIGNALS`. */
  readonly signals: readonly SampleSignal[];
}

export type Tallies = Readonly<Record<string, ReplyTally>>;

export interface BacktestResult {
  /** Hash of the playbook that was tried. */
  readonly candidate: string;
  readonly way: BacktestWay;
  /** What a reader must know before believing the figures. */
  readonly warnings: readonly string[];
  /** Signals whose `now` lies in (`from`, `to`]; ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  readonly signals: number;
  readonly customers: number;
  /** Signals by the playbook that decided them. */
  readonly playbooks: Readonly<Record<string, number>>;
  readonly decisions: {
    /** Same proposals, outcomes and replies, apart from the reply's place in the inbox. */
    readonly same: number;
    readonly changed: number;
    /** Of `same`: also at the same place in the inbox. */
    readonly identical: number;
  };
  /** Settlements of replies that had waited, between signals. */
  readonly releases: { readonly same: number; readonly changed: number };
  readonly replies: ReplyTally;
  /** Customers who would have got other replies. */
  readonly customersAffected: number;
  /** Customers with any other decision; the affected ones are among them. */
  readonly customersChanged: number;
  /** Customers of whom earlier signals are not stored any more: what they were sent before is not fully known to the caps. */
  readonly customersIncomplete: number;
  /** Of every signal and rule that proposed something on one side or could not be evaluated; by `from`, then `to`. */
  readonly outcomes: readonly OutcomeChange[];
  readonly byRule: Tallies;
  /** By `prediction.segment`; `none` where none is known. */
  readonly bySegment: Tallies;
  /** By language of the reply, such as `zh`. */
  readonly byLanguage: Tallies;
  /** By the day of the reply, UTC, oldest first. */
  readonly byDay: Tallies;
  readonly samples: readonly SampleCustomer[];
  /** SHA-256 over everything that the candidate decided, in order. */
  readonly digest: string;
}
