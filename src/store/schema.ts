/**
 * What is stored, as Kysely sees it: one interface per table, one contract sentence per column.
 * Every name is qualified with the schema `attune`: on PGlite the session (and its search_path) is shared with the queue.
 */
import type { ColumnType, Generated } from "kysely";
import type { CanarySide } from "../core/canary.ts";
import type { Contact, ReplyCategory, Traits } from "../core/customer.ts";
import type { Proposal, SettlementEntry, WaitingProposal } from "../core/decision.ts";
import type { Facts } from "../core/facts.ts";
import type { History } from "../core/history.ts";
import type { JsonObject } from "../core/json.ts";
import type { TrainingReport, Verdict } from "../core/training.ts";
import type { Outcome } from "../core/outcome.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import type { DeadLetter, Promotion } from "../core/ports.ts";
import type { CanaryReport, PlaybookChange, PublicationKind } from "../core/publication.ts";
import type { ReplyState } from "../core/reply.ts";
import type { Signal } from "../core/signal.ts";

/** A `json` column: written as text, which is kept byte for byte; read back parsed. */
type Json<T> = ColumnType<T, string, string>;
/** A `timestamptz` column, written as ISO 8601 text. Read it through `iso()`, which gives ISO 8601 UTC with milliseconds. */
type Instant = ColumnType<string, string, string>;

/** One row per customer; its row lock is what puts the customer's signals in order. */
export interface CustomerTable {
  /** Whose customer it is. */
  tenant: string;
  /** The CRM's id of the customer, as it came. */
  id: string;
  /** Signals folded so far; grows by one with each, under the row lock. */
  version: number;
  /** What the CRM says of the customer; a field is absent until it was sent. */
  traits: Json<Traits>;
  /** Rolling aggregates; constant size. */
  history: Json<History>;
  /** Replies the customer got lately, newest last. */
  contacts: Json<readonly Contact[]>;
  /** `seq` of the newest reply; grows only together with the insert of that reply, so the inbox has no gaps. */
  last_seq: number;
  /** How many rows `attune.waiting` has of the customer; changes only together with them. */
  waiting: Generated<number>;
}

/** Proposals that wait for their time. Changed under the customer's row lock only. */
export interface WaitingTable {
  tenant: string;
  customer_id: string;
  /** With `rule` it names the proposal. */
  signal_id: string;
  rule: string;
  body: Json<WaitingProposal>;
  /** Database time from which on it is due: that of the body, or, of a replayed signal, as much later than its last settlement. */
  wake_at: Instant;
}

/** What became of proposals that had waited, oldest first by `place`; the newest entry of a signal and rule is what became of it. */
export interface ReleaseTable {
  tenant: string;
  customer_id: string;
  place: Generated<string>;
  /** `customer.version` at that time: after the signal of that version, before the next. */
  customer_version: number;
  signal_id: string;
  /** The signal that was settled with it; null when it was settled because it was due. */
  settled_by: string | null;
  playbook: string;
  now: Instant;
  entry: Json<SettlementEntry>;
}

/** Which signals are known and how far each is. Narrow and never partitioned: the one place that makes a signal count once. */
export interface SignalKeyTable {
  tenant: string;
  /** The sender's id of the signal (or of the job, for what could not be read). */
  id: string;
  /** The instant that counts as now for the signal; fixed once. Null while the key exists only because `suspect` counted an attempt. */
  now: Instant | null;
  /** Database time when the key was stored or, later, when it was last taken as overdue; how long a signal waits is told from it, never from `now`. */
  waits_since: Instant;
  /**
   * `accepted`: stored with its content, waits for a decision (only these are in the index of the overdue).
   * `claimed`: known without its content, which its job carries; seen from outside only after `suspect`.
   * Goes on to `decided` or to `dead`, once, never back.
   */
  state: "accepted" | "claimed" | "decided" | "dead";
  /** How often the signal was tried alone after its worker died. */
  attempts: Generated<number>;
}

/** What came, as it was parsed at the door; never changed. */
export interface SignalTable {
  tenant: string;
  id: string;
  /** The customer who said or did it; equals `customerId` inside `body`. */
  customer_id: string;
  /** The signal, byte for byte as it was accepted. */
  body: Json<Signal>;
}

/** What was concluded about one signal; written once. */
export interface DecisionTable {
  tenant: string;
  signal_id: string;
  customer_id: string;
  /** `customer.version` after the signal was folded; unique per customer: the order of deciding. */
  customer_version: number;
  /** Hash of the playbook that decided. */
  playbook: string;
  /** `now` of the decision; equals that of the key. */
  now: Instant;
  /** The facts that are not null, enough to evaluate again: `allFacts` gives the others back. */
  facts: Json<Facts>;
  /** Rules that could not be evaluated. */
  faults: Json<readonly Outcome[]>;
}

/** The replies that rules wanted to send for a signal, in the order in which the rules stand. */
export interface ProposalTable {
  tenant: string;
  signal_id: string;
  /** 0, 1, 2 …: place in the decision's list. */
  place: number;
  /** The proposal as it was decided. */
  body: Json<Proposal>;
}

/** What became of the proposals that were open when a signal was settled. */
export interface SettlementTable {
  tenant: string;
  /** The signal whose group transaction settled. */
  signal_id: string;
  customer_id: string;
  playbook: string;
  now: Instant;
  /** One entry per proposal, in the order given. */
  entries: Json<readonly SettlementEntry[]>;
  /** `seq` of the replies written with it, in the order given. */
  seqs: Json<readonly number[]>;
}

/** The inbox. A row is what the customer's app receives; only `state` ever changes. */
export interface ReplyTable {
  tenant: string;
  customer_id: string;
  /** 1, 2, 3 … per customer, without gaps. */
  seq: number;
  /** With `slot` unique: at most one reply per signal and slot, ever. */
  signal_id: string;
  rule: string;
  slot: string;
  category: ReplyCategory;
  locale: string;
  title: string;
  body: string;
  /** The team that should take over; null where the rule names none. */
  handover: string | null;
  at: Instant;
  state: ReplyState;
}

/** Playbooks by content; immutable, so one row serves every tenant that published the same files. */
export interface PlaybookTable {
  hash: string;
  /** Path → text; of playbooks from before files were stored apart. */
  files: Json<PlaybookFiles> | null;
  /** Path → hash of the text; null where `files` is not. */
  parts: Json<Readonly<Record<string, string>>> | null;
  /** Database time of the first publication. */
  published_at: Generated<Instant>;
}

/** Texts of playbook files by their SHA-256; immutable. */
export interface PlaybookFileTable {
  hash: string;
  text: string;
}

/** Which playbook is in force for a tenant. */
export interface LivePlaybookTable {
  tenant: string;
  hash: string;
  /** Database time since when it is in force. */
  since: Generated<Instant>;
}

/** Signals and jobs that could not be decided. */
export interface DeadLetterTable {
  tenant: string;
  id: string;
  reason: DeadLetter["reason"];
  detail: string;
  payload: Json<JsonObject>;
  /** Database time of the burial. */
  buried_at: Generated<Instant>;
  /** Grows with every burial; two burials may fall on one instant. */
  place: Generated<string>;
}

/** Models that were trained and may be put in force. */
export interface ModelTable {
  tenant: string;
  /** `segments`, `churn`, `spend`, `offers` … */
  task: string;
  /** SHA-256 over its files. */
  id: string;
  /** Path → hash of the text in `playbook_file`. */
  parts: Json<Readonly<Record<string, string>>>;
  /** What the gate said when it was trained. */
  verdict: Json<Verdict>;
  report: Json<TrainingReport>;
  /** Database time of the last training that gave these files. */
  trained_at: Generated<Instant>;
  /** Grows with every training; two may fall on one instant. */
  place: Generated<string>;
}

/** Models that were put in force, oldest first by `place`. */
export interface PromotionTable {
  tenant: string;
  task: string;
  place: Generated<string>;
  kind: Promotion["kind"];
  /** Id of the model that is in force since. */
  id: string;
  /** Path → hash of the text of the files that it replaced; empty when there were none. */
  previous: Json<Readonly<Record<string, string>>>;
  at: Generated<Instant>;
}

/** What was put in force when, oldest first by `place`. */
export interface PublicationTable {
  tenant: string;
  place: Generated<string>;
  kind: PublicationKind;
  hash: string;
  /** What was in force before; null for the first. */
  previous: string | null;
  author: string;
  message: string;
  change: Json<PlaybookChange> | null;
  /** `place` of the entry that a rollback took back. */
  undoes: string | null;
  /** How a canary stood when it ended. */
  canary: Json<CanaryReport> | null;
  at: Generated<Instant>;
}

/** Playbooks that are tried on a share of the customers; one of a tenant at most. */
export interface CanaryTable {
  tenant: string;
  id: string;
  hash: string;
  percent: number;
  salt: string;
  reply_factor: number;
  author: string;
  message: string;
  since: Generated<Instant>;
}

/** What happened to each customer while a canary runs; gone when it ends. */
export interface CanaryCustomerTable {
  canary: string;
  tenant: string;
  customer_id: string;
  side: CanarySide;
  signals: number;
  replies: number;
  faults: number;
  complaints: number;
}

/** Every table by its qualified name. */
export interface Tables {
  "attune.customer": CustomerTable;
  "attune.signal_key": SignalKeyTable;
  "attune.signal": SignalTable;
  "attune.decision": DecisionTable;
  "attune.proposal": ProposalTable;
  "attune.settlement": SettlementTable;
  "attune.reply": ReplyTable;
  "attune.waiting": WaitingTable;
  "attune.release": ReleaseTable;
  "attune.playbook": PlaybookTable;
  "attune.playbook_file": PlaybookFileTable;
  "attune.live_playbook": LivePlaybookTable;
  "attune.dead_letter": DeadLetterTable;
  "attune.model": ModelTable;
  "attune.promotion": PromotionTable;
  "attune.publication": PublicationTable;
  "attune.canary": CanaryTable;
  "attune.canary_customer": CanaryCustomerTable;
}

/** The schema that holds every table of ours. */
export const SCHEMA = "attune";
