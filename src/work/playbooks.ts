/**
 * The playbook in force, prepared once per content hash and kept for each tenant.
 * The store is the source of truth: a wake-up only says "look again", and a tenant without a playbook of its own uses the default tenant's.
 */
import { quote } from "../core/fault.ts";
import type { Playbook } from "../core/playbook.ts";
import type { Log, Store } from "../core/ports.ts";
import { type PreparedPlaybook, preparePlaybook } from "../core/prepare.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "./attune.ts";

/** Prepared playbooks kept in memory; a long back-and-forth of versions must not pile them up. */
const KEPT = 4;

export interface Playbooks {
  /** The live playbook of the tenant; rejects with NO_PLAYBOOK while none is published. */
  live(tenant: string): Promise<PreparedPlaybook>;
  /** Any stored playbook by hash, for explanations. */
  byHash(hash: string): Promise<PreparedPlaybook>;
  /** Forgets which playbook is live, so that the next question asks the store. */
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

export const openPlaybooks = (store: Store, log: Log): Playbooks => {
  const prepared = new Map<string, PreparedPlaybook>();
  const liveHash = new Map<string, Promise<PreparedPlaybook>>();

  const keep = (playbook: Playbook): PreparedPlaybook => {
    const known = prepared.get(playbook.hash) ?? prepareOrRefuse(playbook);
    prepared.delete(playbook.hash);
    prepared.set(playbook.hash, known);
    const [oldest] = prepared.keys();
    if (prepared.size > KEPT && oldest !== undefined) prepared.delete(oldest);
    return known;
  };
  const stored = async (hash: string): Promise<PreparedPlaybook> => {
    const known = prepared.get(hash);
    if (known !== undefined) return known;
    const playbook = await store.playbook(hash);
    if (playbook === undefined)
      throw new AttuneError("NOT_FOUND", `Playbook ${hash} is not stored.`);
    return keep(playbook);
  };
  const find = async (tenant: string): Promise<PreparedPlaybook> => {
    const hash =
      (await store.livePlaybookHash(tenant)) ?? (await store.livePlaybookHash(DEFAULT_TENANT));
    if (hash === undefined)
      throw new AttuneError("NO_PLAYBOOK", `No playbook is published for tenant "${tenant}".`);
    log("debug", "a playbook is in force", { tenant, playbook: hash });
    return await stored(hash);
  };

  return {
    live: async (tenant) => {
      const known = liveHash.get(tenant);
      if (known !== undefined) return await known;
      const finding = find(tenant);
      liveHash.set(tenant, finding);
      try {
        return await finding;
      } catch (error) {
        liveHash.delete(tenant);
        throw error;
      }
    },
    byHash: stored,
    lookAgain: (tenant) => {
      // The default tenant's playbook may be in force for others.
      if (tenant === DEFAULT_TENANT) liveHash.clear();
      else liveHash.delete(tenant);
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
