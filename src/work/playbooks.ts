/**
 * The playbook in force, prepared once per content hash and kept for each tenant; while a canary runs, that of each customer.
 * The store is the source of truth: a wake-up only says "look again", and a tenant without a playbook of its own uses the default tenant's.
 */
import { type RunningCanary, sideOf } from "../core/canary.ts";
import { quote } from "../core/fault.ts";
import type { Playbook } from "../core/playbook.ts";
import type { CustomerKey, Log, Store } from "../core/ports.ts";
import { type PreparedPlaybook, preparePlaybook } from "../core/prepare.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "./tenant.ts";

/** Prepared playbooks kept in memory; a long back-and-forth of versions must not pile them up. */
const KEPT = 4;

/** What decides for a tenant at one moment. */
export interface InForce {
  readonly live: PreparedPlaybook;
  /** The playbook that is tried on a share of the customers. */
  readonly canary?: { readonly settings: RunningCanary; readonly playbook: PreparedPlaybook };
}

/** The playbook that decides for a customer. */
export const playbookFor = ({ live, canary }: InForce, customer: CustomerKey): PreparedPlaybook =>
  canary !== undefined && sideOf(canary.settings, customer) === "candidate"
    ? canary.playbook
    : live;

export interface Playbooks {
  /** The live playbook of the tenant; rejects with NO_PLAYBOOK while none is published. */
  live(tenant: string): Promise<PreparedPlaybook>;
  /** The same with the canary that runs. */
  inForce(tenant: string): Promise<InForce>;
  /** Any stored playbook by hash, for explanations. */
  byHash(hash: string): Promise<PreparedPlaybook>;
  /** Forgets what is in force, so that the next question asks the store. */
  lookAgain(tenant: string): void;
}

/** Prepares, or throws PLAYBOOK_INVALID with every fault. */
export const prepareOrRefuse = (playbook: Playbook): PreparedPlaybook => {
  const prepared = preparePlaybook(playbook);
  if (prepared.kind === "sound") return prepared.value;
  throw new AttuneError(
    "PLAYBOOK_INVALID",
    `The playbook has ${prepared.faults.length} fault(s):`,
    { faults: prepared.faults },
  );
};

/** Finds stored playbooks by hash, prepared. */
const openPrepared = (store: Store): Playbooks["byHash"] => {
  const prepared = new Map<string, PreparedPlaybook>();
  const keep = (playbook: Playbook): PreparedPlaybook => {
    const known = prepared.get(playbook.hash) ?? prepareOrRefuse(playbook);
    prepared.delete(playbook.hash);
    prepared.set(playbook.hash, known);
    const [oldest] = prepared.keys();
    if (prepared.size > KEPT && oldest !== undefined) prepared.delete(oldest);
    return known;
  };
  return async (hash) => {
    const known = prepared.get(hash);
    if (known !== undefined) return known;
    const playbook = await store.playbook(hash);
    if (playbook === undefined)
      throw new AttuneError("NOT_FOUND", `Playbook ${hash} is not stored.`);
    return keep(playbook);
  };
};

export const openPlaybooks = (store: Store, log: Log): Playbooks => {
  const byHash = openPrepared(store);
  const known = new Map<string, Promise<InForce>>();

  const find = async (tenant: string): Promise<InForce> => {
    const own = await store.livePlaybookHash(tenant);
    const owner = own === undefined ? DEFAULT_TENANT : tenant;
    const hash = own ?? (await store.livePlaybookHash(DEFAULT_TENANT));
    if (hash === undefined)
      throw new AttuneError("NO_PLAYBOOK", `No playbook is published for tenant "${tenant}".`);
    const settings = await store.canary(owner);
    log("debug", "a playbook is in force", { tenant, playbook: hash });
    const live = await byHash(hash);
    if (settings === undefined) return { live };
    log("debug", "a playbook is tried", { tenant, playbook: settings.hash });
    return { live, canary: { settings, playbook: await byHash(settings.hash) } };
  };
  const inForce = async (tenant: string): Promise<InForce> => {
    const before = known.get(tenant);
    if (before !== undefined) return await before;
    const finding = find(tenant);
    known.set(tenant, finding);
    try {
      return await finding;
    } catch (error) {
      known.delete(tenant);
      throw error;
    }
  };

  return {
    live: async (tenant) => (await inForce(tenant)).live,
    inForce,
    byHash,
    lookAgain: (tenant) => {
      // The default tenant's playbook may be in force for others.
      if (tenant === DEFAULT_TENANT) known.clear();
      else known.delete(tenant);
    },
  };
};

const HASH = /^[0-9a-f]{4,64}$/u;

/** The stored playbook that is meant by `live` or by a hash of at least 4 digits. Rejects with NOT_FOUND, and with USAGE where the digits fit several. */
export const playbookNamed = async (
  store: Store,
  tenant: string,
  name: string,
): Promise<Playbook> => {
  if (name === "live") {
    const live = (await store.livePlaybook(tenant)) ?? (await store.livePlaybook(DEFAULT_TENANT));
    if (live !== undefined) return live;
    throw new AttuneError("NO_PLAYBOOK", `No playbook is published for tenant "${tenant}".`);
  }
  const [hash, another] = HASH.test(name) ? await store.playbookHashes(name) : [];
  if (another !== undefined)
    throw new AttuneError("USAGE", `${quote(name)} fits several playbooks; give more digits.`);
  const found = hash === undefined ? undefined : await store.playbook(hash);
  if (found !== undefined) return found;
  throw new AttuneError(
    "NOT_FOUND",
    `${quote(name)} is no stored playbook; name it by the first digits of its hash, or say live.`,
  );
};
