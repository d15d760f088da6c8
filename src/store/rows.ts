/**
 * Between rows and nouns. Records are rebuilt with their keys in the order of the noun's type, because equal decisions must be equal bytes.
 */
import { type RawBuilder, sql } from "kysely";
import type { Customer } from "../core/customer.ts";
import type {
  Decision,
  Proposal,
  Settlement,
  SettlementEntry,
  WaitingProposal,
} from "../core/decision.ts";
import { allFacts, type Facts } from "../core/facts.ts";
import { completeHistory, type StoredHistory } from "../core/history.ts";
import type { Outcome } from "../core/outcome.ts";
import type { LaterOutcome, StoredDecision } from "../core/ports.ts";
import type { InboxReply, Reply } from "../core/reply.ts";
import type { Signal } from "../core/signal.ts";
import type { CustomerTable, ReplyTable } from "./schema.ts";

/** A `timestamptz` as ISO 8601 UTC with milliseconds, whatever time zone the session has. */
export const iso = (column: string): RawBuilder<string> =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Database time at millisecond precision, the same for every row of one statement. */
export const DATABASE_NOW = sql<string>`date_trunc('milliseconds', statement_timestamp())`;

/** A list as one JSON parameter for `json_to_recordset`. */
export const records = (list: readonly unknown[]): RawBuilder<unknown> =>
  sql`${JSON.stringify(list)}::json`;

/** Things by `tenant` and `id`, the first of each key. */
export const firstByKey = <T>(
  things: readonly T[],
  keyOf: (thing: T) => { readonly tenant: string; readonly id: string },
): ReadonlyMap<string, T> => {
  const first = new Map<string, T>();
  for (const thing of things) {
    const key = keyText(keyOf(thing));
    if (!first.has(key)) first.set(key, thing);
  }
  return first;
};

/** One text per key; ids hold no control characters, so the line feed cannot be part of one. */
export const keyText = (key: { readonly tenant: string; readonly id: string }): string =>
  `${key.tenant}\n${key.id}`;

type Selected<T> = { readonly [K in keyof T]: T[K] };

const NOTHING_WAITS: readonly WaitingProposal[] = [];

export interface CustomerRow extends Pick<
  Selected<CustomerTable>,
  "tenant" | "id" | "version" | "last_seq"
> {
  readonly waiting: number;
  readonly traits: Customer["traits"];
  /** As whichever version stored it. */
  readonly history: StoredHistory;
  readonly contacts: Customer["contacts"];
}

/** `waiting`: what waits of the customer, where the row says that anything does. */
export const customerOf = (
  row: CustomerRow,
  waiting: readonly WaitingProposal[] = NOTHING_WAITS,
): Customer => ({
  tenant: row.tenant,
  id: row.id,
  version: row.version,
  traits: row.traits,
  history: completeHistory(row.history),
  contacts: row.contacts,
  lastSeq: row.last_seq,
  waiting,
});

export interface ReplyRow extends Omit<ReplyTable, "at"> {
  readonly at: string;
}

export const replyOf = (row: Omit<ReplyRow, "state">): Reply => ({
  tenant: row.tenant,
  customerId: row.customer_id,
  seq: row.seq,
  signalId: row.signal_id,
  rule: row.rule,
  slot: row.slot,
  category: row.category,
  locale: row.locale,
  title: row.title,
  body: row.body,
  ...(row.handover === null ? {} : { handover: row.handover }),
  at: row.at,
});

export const inboxReplyOf = (row: ReplyRow): InboxReply => ({ ...replyOf(row), state: row.state });

/** A decision joined with its signal, key, settlement, proposals and replies. */
export interface DecisionRow {
  readonly tenant: string;
  readonly signal_id: string;
  readonly customer_id: string;
  readonly customer_version: number;
  readonly playbook: string;
  readonly now: string;
  readonly facts: Facts;
  readonly faults: readonly Outcome[];
  readonly accepted_now: string;
  readonly signal: Signal;
  readonly proposals: readonly Proposal[];
  readonly settlement_playbook: string;
  readonly settlement_now: string;
  readonly entries: readonly SettlementEntry[];
  readonly seqs: readonly number[];
  /** Oldest first. */
  readonly later: readonly LaterRow[];
}

/** A row of `attune.release`. */
interface LaterRow {
  readonly entry: SettlementEntry;
  readonly playbook: string;
  readonly now: string;
  readonly settled_by: string | null;
  readonly customer_version: number;
}

const laterOf = (row: LaterRow, reply: Reply | undefined): LaterOutcome => ({
  entry: row.entry,
  playbook: row.playbook,
  now: row.now,
  settledBy: row.settled_by,
  customerVersion: row.customer_version,
  ...(reply === undefined ? {} : { reply }),
});

const decisionOf = (row: DecisionRow): Decision => ({
  tenant: row.tenant,
  signalId: row.signal_id,
  customerId: row.customer_id,
  customerVersion: row.customer_version,
  playbook: row.playbook,
  now: row.now,
  facts: allFacts(row.facts),
  proposals: row.proposals,
  faults: row.faults,
});

const settlementOf = (row: DecisionRow, replies: readonly Reply[]): Settlement => ({
  tenant: row.tenant,
  customerId: row.customer_id,
  playbook: row.settlement_playbook,
  now: row.settlement_now,
  entries: row.entries,
  replies,
});

/** `replyAt` gives the customer's reply by its `seq`. */
export const storedDecisionOf = (
  row: DecisionRow,
  replyAt: (seq: number) => Reply | undefined,
): StoredDecision => ({
  accepted: { tenant: row.tenant, signal: row.signal, now: row.accepted_now },
  decision: decisionOf(row),
  settlement: settlementOf(
    row,
    row.seqs.flatMap((seq) => replyAt(seq) ?? []),
  ),
  ...(row.later.length === 0
    ? {}
    : {
        later: row.later.map((later) =>
          laterOf(later, later.entry.seq === undefined ? undefined : replyAt(later.entry.seq)),
        ),
      }),
});
