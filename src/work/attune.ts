/**
 * What commands and HTTP ask of attune, wherever its store is: in this process (`local.ts`) or in the one that holds the embedded directory (`cli/remote.ts`).
 * Requests are raw: they are parsed here, at the door, and refused with every fault.
 */
import type { Fault } from "../core/fault.ts";
import type { Explanation } from "../core/explanation.ts";
import type { TrainingProgress } from "../core/training.ts";
import type { Correction } from "../core/text/corrections.ts";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { Publication } from "../core/publication.ts";
import type {
  ClockChoice,
  CustomerKey,
  DeadLetter,
  PageRequest,
  QueueCounts,
  SignalKey,
  SignalState,
  StoreCounts,
} from "../core/ports.ts";
import type { InboxReply } from "../core/reply.ts";
import type { EmergingTopic } from "../core/text/emerging.ts";
import type { BacktestReport, BacktestRequest, BacktestWatch } from "./backtest.ts";
import type { EmergingRequest } from "./emerging.ts";
import type { ModelAsked, ModelsOverview, PromoteRequest, PromotionReceipt } from "./models.ts";
import type { ModelDrift } from "./train.ts";
import type { RetrainedModel, RetrainRequest } from "./retrain.ts";
import type { RetrainSchedule, ScheduleRequest } from "./schedules.ts";
import type { CustomerWhy, WhyRequest } from "./why.ts";
import type { CanaryState, RollbackRequest } from "./publication.ts";
import type { PublishReceipt, PublishRequest } from "./publish.ts";
import type { RebuildPage, RebuildRequest } from "./rebuild.ts";

export { DEFAULT_TENANT } from "./tenant.ts";
export type { PublishReceipt, PublishRequest } from "./publish.ts";

/** Raw signals, at most `LIMITS.batchSignals` a request. */
export interface EnqueueRequest {
  readonly tenant: string;
  readonly signals: readonly unknown[];
  readonly clock: ClockChoice;
}

/** A signal that was not taken: its place in the request and what is wrong with it. */
export interface RefusedSignal {
  readonly index: number;
  readonly faults: readonly Fault[];
}

/** Good signals are stored and queued; bad ones are refused beside them. `accepted` are ids in request order. */
export interface EnqueueReceipt {
  readonly accepted: readonly string[];
  readonly refused: readonly RefusedSignal[];
}

export interface Status {
  readonly store: StoreCounts;
  readonly queue: QueueCounts;
  /** Hash of the live playbook of the default tenant, or null before the first publication. */
  readonly playbook: string | null;
}

export interface CorrectionReceipt {
  readonly correction: Correction;
  /** Corrections of the tenant's playbook, this one included. */
  readonly corrections: number;
  /** Hash of the playbook that knows it. */
  readonly playbook: string;
}

export interface Attune {
  enqueue(request: EnqueueRequest): Promise<EnqueueReceipt>;
  inbox(customer: CustomerKey, page: PageRequest): Promise<readonly InboxReply[]>;
  /** Acknowledges replies up to `seq`; gives how many changed. */
  acknowledge(customer: CustomerKey, seq: number): Promise<number>;
  signalState(key: SignalKey): Promise<SignalState>;
  /** Rejects with NOT_FOUND for a signal that is unknown, undecided or dead, saying which. */
  explain(key: SignalKey): Promise<Explanation>;
  /** The newest signals of a customer with what became of every rule. Rejects with NOT_FOUND for a customer or rule that is not known. */
  why(customer: CustomerKey, request: WhyRequest): Promise<CustomerWhy>;
  /** Rejects with PLAYBOOK_INVALID and all faults, or CANARY_RUNNING; the live playbook then stays. */
  publish(tenant: string, files: PlaybookFiles, request?: PublishRequest): Promise<PublishReceipt>;
  /** What was put in force, newest first; `limit` 1..500. */
  publications(tenant: string, limit: number): Promise<readonly Publication[]>;
  /** Ends the canary that runs; else puts back in force what the last publication replaced, or the playbook named. Rejects with NOT_FOUND. */
  rollBackPlaybook(tenant: string, request: RollbackRequest): Promise<PublishReceipt>;
  /** How the canary stands; null when none runs. */
  canary(tenant: string): Promise<CanaryState | null>;
  /** Puts the candidate in force for everybody, or for nobody. Rejects with NOT_FOUND where no canary runs. */
  endCanary(tenant: string, how: "promote" | "abort"): Promise<PublishReceipt>;
  /** Corrects what decided feedback means: `{sentiment?, topics?, intent?, urgent?}`. Rejects with NOT_FOUND or INPUT_INVALID. */
  correct(key: SignalKey, labels: unknown): Promise<CorrectionReceipt>;
  /** Every correction of the live playbook. */
  corrections(tenant: string): Promise<readonly Correction[]>;
  /** Clusters of feedback that no topic explains. Reads every stored feedback: seconds on hundreds of thousands. */
  emergingTopics(tenant: string, request: EmergingRequest): Promise<readonly EmergingTopic[]>;
  /** What was trained, what is in force, what was put in force when. */
  models(tenant: string): Promise<ModelsOverview>;
  /** Files of the model in force, or of one trained (its id may be abbreviated). Rejects with NOT_FOUND or USAGE. */
  modelFiles(tenant: string, asked: ModelAsked): Promise<PlaybookFiles>;
  /** Trains from the store, in a thread; minutes on millions of signals. Rejects with TRAINING_REFUSED. */
  retrain(
    tenant: string,
    request: RetrainRequest,
    onProgress?: TrainingProgress,
  ): Promise<readonly RetrainedModel[]>;
  /** Rejects with MODEL_REFUSED and the gate's reasons, unless forced. */
  promoteModel(tenant: string, request: PromoteRequest): Promise<PromotionReceipt>;
  /** Takes the last promotion of the task back. Rejects with NOT_FOUND where there is none. */
  rollBackModel(tenant: string, task: string): Promise<PromotionReceipt>;
  /** Plans retraining by a cron expression, in place of an older plan for the same tasks. Rejects with INPUT_INVALID, quoting what cannot be used. */
  scheduleRetraining(tenant: string, request: ScheduleRequest): Promise<RetrainSchedule>;
  /** Soonest first. */
  retrainSchedules(tenant: string): Promise<readonly RetrainSchedule[]>;
  /** Gives the schedule as it stood. Rejects with NOT_FOUND. */
  endRetrainSchedule(tenant: string, id: string): Promise<RetrainSchedule>;
  /** How far customers and topics have moved since each model in force was trained. Rejects with TRAINING_REFUSED where nothing is stored. */
  drift(tenant: string): Promise<readonly ModelDrift[]>;
  /** Folds a page of customers again from their stored signals and says, or with `write` mends, what differs. */
  rebuildCustomers(request: RebuildRequest): Promise<RebuildPage>;
  /** What a candidate playbook would have decided, beside what was decided. Reads every signal of the window: seconds on hundreds of thousands. Rejects as `backtestPlaybook` does. */
  backtest(
    tenant: string,
    request: BacktestRequest,
    watch?: BacktestWatch,
  ): Promise<BacktestReport>;
  /** A stored playbook: `live`, or its hash, which may be abbreviated. Rejects with NOT_FOUND or USAGE. */
  playbookNamed(tenant: string, name: string): Promise<Playbook>;
  status(): Promise<Status>;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
}
