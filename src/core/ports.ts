/**
 * What the outside must offer, as core and work need it. Adapters: `queue` (BullMQ) and `store` (Kysely).
 * Instants are ISO 8601 UTC; every key begins with the tenant; every method rejects only when the world is broken.
 */
import type { Canary, CanaryFigures, CanaryTally, RunningCanary } from "./canary.ts";
import type { Customer } from "./customer.ts";
import type { Decision, Settlement, SettlementEntry } from "./decision.ts";
import type { JsonObject } from "./json.ts";
import type { TrainingReport, Verdict } from "./training.ts";
import type { Playbook, PlaybookFiles } from "./playbook.ts";
import type { NewPublication, Publication } from "./publication.ts";
import type { InboxReply, Reply } from "./reply.ts";
import type { AcceptedSignal, Signal } from "./signal.ts";

export interface SignalKey {
  readonly tenant: string;
  readonly id: string;
}
export interface CustomerKey {
  readonly tenant: string;
  readonly id: string;
}

/** Which instant counts as now: the database's at acceptance, or the signal's own `at` (imports of history, replays). Never later than the database's. */
export type ClockChoice = "database" | "signal";

/** A signal on its way into the store. */
export interface IncomingSignal {
  readonly tenant: string;
  readonly signal: Signal;
  readonly clock: ClockChoice;
}

/** A signal that could not be decided, kept with its reason. */
export interface DeadLetter {
  readonly tenant: string;
  /** Id of the signal where it could be read, else of the job. */
  readonly id: string;
  readonly reason: "invalid" | "poison" | "fault";
  /** One sentence that quotes the value and the place. */
  readonly detail: string;
  /** What came, as it came (well-formed). */
  readonly payload: JsonObject;
}

/** How far a signal is. */
export type SignalState = "unknown" | "accepted" | "decided" | "dead";

/** One decided signal with everything that its group transaction writes. */
export interface Decided {
  readonly accepted: AcceptedSignal;
  readonly decision: Decision;
  readonly settlement: Settlement;
}

/** What one claim found: signals that wait for a decision with their `now`, and ids that are decided (or dead) already. */
export interface Claim {
  readonly open: readonly AcceptedSignal[];
  readonly closed: readonly SignalKey[];
}

/** The inside of one group transaction. Nothing here may wait for the queue. */
export interface GroupTransaction {
  /** Locks the customers' rows in (tenant, id) order, creating the missing ones. Result in the order of `keys`. */
  lockCustomers(keys: readonly CustomerKey[]): Promise<readonly Customer[]>;
  /** Inserts the keys of signals not seen before; fixes their `now`; tells apart what is still open, in the order given. A repeated id inside `incoming` counts once. */
  claim(incoming: readonly IncomingSignal[]): Promise<Claim>;
  /** Writes signals, decisions, proposals, settlements and replies, marks the keys decided, stores the customers. */
  write(decided: readonly Decided[], customers: readonly Customer[]): Promise<void>;
  /** Adds up what happened to customers of a canary. */
  tally(tallies: readonly CanaryTally[]): Promise<void>;
  /** Writes settlements of proposals that were due, without a signal: their replies, what became of each, the customers. */
  release(settlements: readonly Settlement[], customers: readonly Customer[]): Promise<void>;
}

/** What is stored of one signal, for `explain`. */
export interface StoredDecision {
  readonly accepted: AcceptedSignal;
  readonly decision: Decision;
  readonly settlement: Settlement;
  /** What became of its proposals that had to wait, oldest first; absent where none was settled again. */
  readonly later?: readonly LaterOutcome[];
}

/** What became of a proposal when it was settled again after it had waited. */
export interface LaterOutcome {
  readonly entry: SettlementEntry;
  /** Hash of the playbook that settled it. */
  readonly playbook: string;
  readonly now: string;
  /** Id of the signal that was settled with it; null when it was settled because it was due. */
  readonly settledBy: string | null;
  /** `customer.version` at that time: after the signal of that version and before the next. */
  readonly customerVersion: number;
  readonly reply?: Reply;
}

/** How a playbook goes live. */
export interface Publishing {
  /** Only if this hash is live still. */
  readonly over?: string;
  /** What the history says; nothing but the hashes when absent. */
  readonly entry?: NewPublication;
}

export interface CanaryOf {
  readonly tenant: string;
  readonly canary: RunningCanary;
}

/** A customer of whom proposals are due, and the instant that counts when they are settled. */
export interface DueCustomer extends CustomerKey {
  readonly now: string;
}

/** The decided signals whose `now` lies in (`from`, `to`]; `to` is the newest of all. */
export interface DecidedWindow {
  readonly from: string;
  readonly to: string;
  readonly signals: number;
}

export interface StoreCounts {
  readonly accepted: number;
  readonly decided: number;
  readonly replies: number;
  readonly deadLetters: number;
  readonly customers: number;
  /** Proposals that wait for their time. */
  readonly waiting: number;
}

/** A model that was trained and may be put in force. */
export interface TrainedModel {
  readonly task: string;
  /** Path → text, as in a playbook. */
  readonly files: PlaybookFiles;
  readonly report: TrainingReport;
  readonly verdict: Verdict;
}

/** The same as it is listed, without its files. */
export interface ListedModel {
  readonly task: string;
  /** SHA-256 over its files. */
  readonly id: string;
  readonly trainedAt: string;
  readonly report: TrainingReport;
  readonly verdict: Verdict;
}

/** A model that was put in force. */
export interface Promotion {
  readonly task: string;
  readonly kind: "promotion" | "rollback";
  readonly id: string;
  readonly at: string;
}

/** A change of what is in force for a task: the files of model `id`, in place of `previous` (empty when there were none). */
export interface NewPromotion extends Omit<Promotion, "at"> {
  readonly previous: PlaybookFiles;
}

export interface PageRequest {
  readonly after: number;
  /** 1..500. */
  readonly limit: number;
}

export interface CustomerPage {
  readonly after: string;
  /** 1..500. */
  readonly limit: number;
}

export interface Store {
  /** Stores signals that came through HTTP or the CLI before they are queued: `now` is fixed here. Resolves after commit; ids already known are left as they are. */
  accept(incoming: readonly IncomingSignal[]): Promise<void>;
  /** One transaction. Rolls back when `work` rejects, and rejects with the same reason. */
  group<T>(work: (transaction: GroupTransaction) => Promise<T>): Promise<T>;
  /** Stores a dead letter and closes its key, so that nobody decides it later; idempotent by (tenant, id). */
  bury(letter: DeadLetter): Promise<void>;
  /** Counts one more lonely attempt at a suspected signal (one whose job was recovered from a dead worker) and commits; gives the attempts so far, this one included. */
  suspect(key: SignalKey): Promise<number>;
  /** Takes the count of one attempt back: its worker lived, the world broke. */
  acquit(key: SignalKey): Promise<void>;
  /**
   * Accepted signals without a decision that have waited at least `olderThanMs` (database clock), longest first.
   * Taking one begins its wait anew: the next call, here or in another process, finds others.
   */
  takeOverdue(olderThanMs: number, limit: number): Promise<readonly IncomingSignal[]>;
  /** Customers of whom proposals are due by the database's clock, those first that have waited longest. */
  dueCustomers(limit: number): Promise<readonly DueCustomer[]>;
  inbox(customer: CustomerKey, page: PageRequest): Promise<readonly InboxReply[]>;
  /** Marks replies up to and including `seq` acknowledged; gives how many changed. */
  acknowledge(customer: CustomerKey, seq: number): Promise<number>;
  signalState(key: SignalKey): Promise<SignalState>;
  decision(key: SignalKey): Promise<StoredDecision | undefined>;
  customer(key: CustomerKey): Promise<Customer | undefined>;
  /** The next customers of a tenant by id (byte order), whose ids come after `after` ("" for the first). */
  customers(tenant: string, page: CustomerPage): Promise<readonly Customer[]>;
  /** A customer's decided signals in the order of their versions, those above `after`; in keyset pages. */
  decisionsOf(customer: CustomerKey, after: number): AsyncIterable<StoredDecision>;
  /** Puts other traits, history and contacts in the place of those of a customer that still has this version; gives whether it had. */
  replaceCustomer(customer: Customer): Promise<boolean>;
  counts(): Promise<StoreCounts>;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** Every decided signal in (customer, version) order, in keyset pages. With `after` only of customers who have one that counts later than this instant. */
  history(tenant: string, pageSize?: number, after?: string): AsyncIterable<StoredDecision>;
  /** The last `days` days up to the newest decided signal; undefined while nothing is decided. */
  decidedWithin(tenant: string, days: number): Promise<DecidedWindow | undefined>;
  /**
   * Stores a playbook under its hash and makes it the live one of the tenant; older ones stay as long as a decision names them.
   * Gives whether the playbook is live now. A change of what is live is written into the history with it.
   */
  publish(tenant: string, playbook: Playbook, how?: Publishing): Promise<boolean>;
  /** What was put in force, newest first. */
  publications(tenant: string, limit: number): Promise<readonly Publication[]>;
  /** Begins to try a playbook on a share of the customers; gives false where a canary runs already. */
  beginCanary(
    tenant: string,
    begun: { readonly canary: Canary; readonly playbook: Playbook },
    entry: NewPublication,
  ): Promise<boolean>;
  canary(tenant: string): Promise<RunningCanary | undefined>;
  /** Of every tenant. */
  canaries(): Promise<readonly CanaryOf[]>;
  /** Lets the canary go on with another candidate; gives false where it does not run any more. */
  changeCanary(tenant: string, id: string, playbook: Playbook): Promise<boolean>;
  /** Ends the canary; with the kind `promoted` its playbook is live from then on. Gives whether it was this call that ended it. */
  endCanary(tenant: string, id: string, entry: NewPublication): Promise<boolean>;
  canaryFigures(id: string): Promise<CanaryFigures>;
  /** As in a group, for what could not be decided in one. */
  tally(tallies: readonly CanaryTally[]): Promise<void>;
  livePlaybook(tenant: string): Promise<Playbook | undefined>;
  livePlaybookHash(tenant: string): Promise<string | undefined>;
  playbook(hash: string): Promise<Playbook | undefined>;
  /** Hashes that begin with `prefix`, at most two. */
  playbookHashes(prefix: string): Promise<readonly string[]>;
  /** Stores a model under its id, or says anew when it was trained. */
  addModel(tenant: string, id: string, model: TrainedModel): Promise<void>;
  /** Newest training first. */
  models(tenant: string): Promise<readonly ListedModel[]>;
  modelFiles(tenant: string, task: string, id: string): Promise<PlaybookFiles | undefined>;
  addPromotion(tenant: string, promotion: NewPromotion): Promise<void>;
  /** Newest first. */
  promotions(tenant: string): Promise<readonly Promotion[]>;
  /** The files that the newest promotion not taken back replaced; undefined when there is none, empty when it replaced nothing. */
  filesBefore(tenant: string, task: string): Promise<PlaybookFiles | undefined>;
  /** Tenants that have a live playbook. */
  tenants(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** A job as the consumer hands it over; `data` is unread. */
export interface QueueJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  /** How often this job was taken back from a worker that died or stalled. */
  readonly recoveries: number;
  /** How often its handler put it back. */
  readonly retries: number;
}

/** What became of a job. `retry` puts it back after a delay (the world is broken); anything else is final. */
export type JobOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "retry"; readonly delayMs: number; readonly reason: string };

export interface NewJob {
  readonly id: string;
  readonly name: string;
  readonly data: JsonObject;
}

/** When a schedule's jobs are due and what they are. */
export interface SchedulePlan {
  /** Of a schedule, not of its jobs: planning under an id that is taken replaces the older plan. */
  readonly id: string;
  readonly every: {
    /** Five fields (minute, hour, day of month, month, day of week), or six with seconds in front; `@daily` and its like too. */
    readonly cron: string;
    /** IANA name; UTC unless it is given. */
    readonly timeZone?: string;
  };
  readonly job: { readonly name: string; readonly data: JsonObject };
}

/** A schedule as it stands. */
export interface Schedule {
  readonly id: string;
  readonly cron: string;
  readonly timeZone: string;
  /** When its next job is due; past while that job waits for a worker. */
  readonly nextAt: string;
  /** Name and data of its jobs. */
  readonly name: string;
  readonly data: JsonObject;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

export interface Consumer {
  start(): Promise<void>;
  /** Stops taking jobs, waits for the running ones up to `deadlineMs`, then lets go of them (they are recovered elsewhere). May be called twice and before start. */
  stop(deadlineMs?: number): Promise<void>;
}

export interface ConsumerOptions {
  /** Jobs under way at once in this process. */
  readonly concurrency: number;
  readonly lockDurationMs: number;
  readonly stalledIntervalMs: number;
}

export interface SignalQueue {
  /** Adds jobs in order; an id that is already queued is not added again. Fails fast while the server is away: the caller sends again with the same ids. */
  add(jobs: readonly NewJob[]): Promise<void>;
  consume(handle: (job: QueueJob) => Promise<JobOutcome>, options: ConsumerOptions): Consumer;
  /**
   * Plans a job for every time that a cron expression names, in all processes together. A plan that stands as given is left alone, so that every process may plan at its start.
   * Times that pass while no worker lives are made up for by one job. Rejects with INPUT_INVALID for an expression, time zone or id that cannot be used.
   */
  schedule(plan: SchedulePlan): Promise<void>;
  /** Ends a schedule; gives whether there was one. A job of it that is due already still runs. */
  unschedule(id: string): Promise<boolean>;
  /** Soonest first. */
  schedules(): Promise<readonly Schedule[]>;
  counts(): Promise<QueueCounts>;
  stop(): Promise<void>;
}

/** Wake-ups between processes; best effort: whoever hears one looks into the tables. */
export interface Relay {
  /** Tells every process (this one included) that the tenant's playbook changed. */
  announcePlaybook(tenant: string): Promise<void>;
  onPlaybook(listener: (tenant: string) => void): void;
  stop(): Promise<void>;
}

/** Where a process says what it does; one sentence and plain details, never personal data. */
export type Log = (
  level: "error" | "warn" | "info" | "debug",
  sentence: string,
  details?: JsonObject,
) => void;
