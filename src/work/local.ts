/** attune in this process: what commands and HTTP ask, answered from the ports. */
import { explain } from "../core/explain.ts";
import type { Explanation } from "../core/explanation.ts";
import type { Log, Relay, SignalKey, SignalQueue, SignalState, Store } from "../core/ports.ts";
import { AttuneError } from "../errors.ts";
import type { Attune } from "./attune.ts";
import { DEFAULT_TENANT } from "./tenant.ts";
import { backtestPlaybook } from "./backtest.ts";
import { correct, correctionsIn } from "./correct.ts";
import { findEmerging } from "./emerging.ts";
import { enqueueSignals } from "./enqueue.ts";
import { listModels, modelFilesOf, promote, rollBack } from "./models.ts";
import { drift, retrain } from "./retrain.ts";
import { openPlaybooks, playbookNamed, type Playbooks } from "./playbooks.ts";
import { canaryState, endCanary, rollBackPlaybook } from "./publication.ts";
import { publishRequested } from "./publish.ts";
import { rebuildCustomers } from "./rebuild.ts";
import { whyCustomer } from "./why.ts";
import { endRetrainSchedule, retrainSchedules, scheduleRetraining } from "./schedules.ts";

export interface LocalParts {
  readonly store: Store;
  readonly queue: SignalQueue;
  readonly relay: Relay;
  readonly log: Log;
}

const NO_DECISION: Readonly<Record<Exclude<SignalState, "decided">, string>> = {
  unknown: "is not known",
  accepted: "is accepted but not decided yet: start workers with attune start, or wait",
  dead: "could not be decided and was set aside: see attune dead-letters",
};

const explainStored = async (
  store: Store,
  playbooks: Playbooks,
  key: SignalKey,
): Promise<Explanation> => {
  // The state first: the other way round, a signal that is decided in between would be neither.
  const state = await store.signalState(key);
  const stored = state === "decided" ? await store.decision(key) : undefined;
  if (stored !== undefined)
    return explain(stored, await playbooks.byHash(stored.decision.playbook));
  const why = state === "decided" ? "has no stored decision" : NO_DECISION[state];
  throw new AttuneError("NOT_FOUND", `Signal "${key.id}" ${why}.`);
};

/** Attune over the ports of this process. */
export const localAttune = ({ store, queue, relay, log }: LocalParts): Attune => {
  const playbooks = openPlaybooks(store, log);
  return {
    enqueue: (request) => enqueueSignals({ store, queue, log }, request),
    inbox: (customer, page) => store.inbox(customer, page),
    acknowledge: (customer, seq) => store.acknowledge(customer, seq),
    signalState: (key) => store.signalState(key),
    explain: (key) => explainStored(store, playbooks, key),
    why: (customer, request) => whyCustomer({ store, playbooks }, customer, request),
    publish: (tenant, files, request = {}) =>
      publishRequested({ store, relay }, tenant, { files, request }),
    publications: (tenant, limit) => store.publications(tenant, limit),
    rollBackPlaybook: (tenant, request) => rollBackPlaybook({ store, relay }, tenant, request),
    canary: (tenant) => canaryState(store, tenant),
    endCanary: (tenant, how) => endCanary({ store, relay }, tenant, { how }),
    correct: (key, labels) => correct({ store, relay }, key, labels),
    corrections: async (tenant) => {
      const live = (await store.livePlaybook(tenant)) ?? (await store.livePlaybook(DEFAULT_TENANT));
      return live === undefined ? [] : correctionsIn(live);
    },
    emergingTopics: async (tenant, request) =>
      findEmerging(store, await playbooks.live(tenant), { ...request, tenant }),
    models: (tenant) => listModels(store, tenant),
    modelFiles: (tenant, asked) => modelFilesOf(store, tenant, asked),
    retrain: (tenant, request, onProgress) =>
      retrain({ store, relay, log }, tenant, {
        ...request,
        ...(onProgress === undefined ? {} : { onProgress }),
      }),
    promoteModel: (tenant, request) => promote({ store, relay }, tenant, request),
    scheduleRetraining: (tenant, request) => scheduleRetraining(queue, tenant, request),
    retrainSchedules: (tenant) => retrainSchedules(queue, tenant),
    endRetrainSchedule: (tenant, id) => endRetrainSchedule(queue, tenant, id),
    drift: (tenant) => drift(store, tenant),
    rollBackModel: (tenant, task) => rollBack({ store, relay }, tenant, task),
    rebuildCustomers: (request) => rebuildCustomers(store, request),
    backtest: (tenant, request, watch = {}) =>
      backtestPlaybook({ store, playbooks }, tenant, { request, watch }),
    playbookNamed: (tenant, name) => playbookNamed(store, tenant, name),
    status: async () => ({
      store: await store.counts(),
      queue: await queue.counts(),
      playbook: (await store.livePlaybookHash(DEFAULT_TENANT)) ?? null,
    }),
    deadLetters: (limit) => store.deadLetters(limit),
  };
};
