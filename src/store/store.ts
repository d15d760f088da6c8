/** The port `Store` over a migrated database, whichever it is: everything that differs between PostgreSQL and PGlite is in how it was opened. */
import type { Kysely } from "kysely";
import type { Store } from "../core/ports.ts";
import { customer, customers, replaceCustomer } from "./customers.ts";
import { decidedWithin, decision, decisionsOf, history } from "./decisions.ts";
import { runGroup } from "./group.ts";
import {
  livePlaybook,
  livePlaybookHash,
  playbook,
  playbookHashes,
  publish,
  tenants,
} from "./playbooks.ts";
import { addModel, addPromotion, filesBefore, modelFiles, models, promotions } from "./models.ts";
import {
  beginCanary,
  canaries,
  canary,
  canaryFigures,
  changeCanary,
  endCanary,
  publications,
  tally,
} from "./publications.ts";
import { acknowledge, inbox } from "./replies.ts";
import { dueCustomers } from "./waiting.ts";
import type { Tables } from "./schema.ts";
import {
  accept,
  acquit,
  bury,
  counts,
  deadLetters,
  signalState,
  suspect,
  takeOverdue,
} from "./signals.ts";

const HISTORY_PAGE = 200;

/** `close` gives back whatever the opener took; it is called once, however often the store is stopped. */
export const storeOf = (db: Kysely<Tables>, close: () => Promise<void>): Store => {
  let stopped: Promise<void> | undefined;
  return {
    accept: (incoming) => accept(db, incoming),
    group: (work) => db.transaction().execute((transaction) => runGroup(transaction, work)),
    bury: (letter) => bury(db, letter),
    suspect: (key) => suspect(db, key),
    acquit: (key) => acquit(db, key),
    takeOverdue: (olderThanMs, limit) => takeOverdue(db, olderThanMs, limit),
    dueCustomers: (limit) => dueCustomers(db, limit),
    inbox: (key, page) => inbox(db, key, page),
    acknowledge: (key, seq) => acknowledge(db, key, seq),
    signalState: (key) => signalState(db, key),
    decision: (key) => decision(db, key),
    customer: (key) => customer(db, key),
    customers: (tenant, page) => customers(db, tenant, page),
    decisionsOf: (key, after) => decisionsOf(db, { customer: key, after, pageSize: HISTORY_PAGE }),
    replaceCustomer: (content) => replaceCustomer(db, content),
    counts: () => counts(db),
    deadLetters: (limit) => deadLetters(db, limit),
    history: (tenant, pageSize = HISTORY_PAGE, after) => history(db, { tenant, pageSize, after }),
    decidedWithin: (tenant, days) => decidedWithin(db, tenant, days),
    publish: (tenant, content, how = {}) => publish(db, tenant, { playbook: content, ...how }),
    publications: (tenant, limit) => publications(db, tenant, limit),
    beginCanary: (tenant, begun, entry) => beginCanary(db, tenant, { ...begun, entry }),
    canary: (tenant) => canary(db, tenant),
    canaries: () => canaries(db),
    changeCanary: (tenant, id, content) => changeCanary(db, tenant, { id, playbook: content }),
    endCanary: (tenant, id, entry) => endCanary(db, tenant, { id, entry }),
    canaryFigures: (id) => canaryFigures(db, id),
    tally: (tallies) => tally(db, tallies),
    livePlaybook: (tenant) => livePlaybook(db, tenant),
    livePlaybookHash: (tenant) => livePlaybookHash(db, tenant),
    playbook: (hash) => playbook(db, hash),
    playbookHashes: (prefix) => playbookHashes(db, prefix),
    addModel: (tenant, id, model) => addModel(db, tenant, { id, model }),
    models: (tenant) => models(db, tenant),
    modelFiles: (tenant, task, id) => modelFiles(db, tenant, { task, id }),
    addPromotion: (tenant, promotion) => addPromotion(db, tenant, promotion),
    promotions: (tenant) => promotions(db, tenant),
    filesBefore: (tenant, task) => filesBefore(db, tenant, task),
    tenants: () => tenants(db),
    stop: () => (stopped ??= close()),
  };
};
