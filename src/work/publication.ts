/**
 * What is in force and what was: the history of publications, the way back, and the end of a canary.
 * Corrections and models that go in force while a canary runs go into its candidate too, or the two sides would differ by more than what is tried.
 */
import { changeBetween } from "../core/playbook-change.ts";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { Log, Store } from "../core/ports.ts";
import type { RunningCanary } from "../core/canary.ts";
import { preparePlaybook } from "../core/prepare.ts";
import { type CanaryReport, type Publication, toTakeBack } from "../core/publication.ts";
import { AttuneError } from "../errors.ts";
import { reportOf } from "./guard.ts";
import { prepareOrRefuse } from "./playbooks.ts";
import {
  entryOf,
  noteOf,
  type NoteRequest,
  playbookOf,
  type PublishParts,
  type PublishReceipt,
  withCorrectionsOf,
} from "./publish.ts";

export interface RollbackRequest extends NoteRequest {
  /** Hash of the playbook wanted, or its beginning (at least 4 digits); what the last publication replaced when absent. */
  readonly to?: string | undefined;
}

/** A canary as it stands. */
export interface CanaryState extends CanaryReport {
  /** Hash of the candidate. */
  readonly hash: string;
  readonly by: string;
  readonly message: string;
}

/** Publications looked at to find the way back. */
const HISTORY_READ = 500;

const stateOf = async (store: Store, canary: RunningCanary): Promise<CanaryState> => {
  const { hash, by, message } = canary;
  return { hash, by, message, ...(await reportOf(store, { canary })) };
};

export const canaryState = async (store: Store, tenant: string): Promise<CanaryState | null> => {
  const canary = await store.canary(tenant);
  return canary === undefined ? null : await stateOf(store, canary);
};

const liveHash = async (store: Store, tenant: string): Promise<string | null> =>
  (await store.livePlaybookHash(tenant)) ?? null;

/** Rejects with NOT_FOUND where none runs (any more). */
export const endCanary = async (
  { store, relay }: PublishParts,
  tenant: string,
  { how, note = {} }: { readonly how: "promote" | "abort"; readonly note?: NoteRequest },
): Promise<PublishReceipt> => {
  const canary = await store.canary(tenant);
  const none = new AttuneError("NOT_FOUND", "No canary runs.");
  if (canary === undefined) throw none;
  const previous = await liveHash(store, tenant);
  const { hash } = canary;
  const entry = entryOf({
    kind: how === "promote" ? "promoted" : "aborted",
    hash,
    previous,
    canary: await reportOf(store, { canary }),
    ...noteOf(note),
  });
  if (!(await store.endCanary(tenant, canary.id, entry))) throw none;
  await relay.announcePlaybook(tenant);
  return how === "promote" ? { hash, changed: true } : { hash: previous ?? hash, changed: true };
};

const namedIn = (publications: readonly Publication[], to: string): string => {
  const hashes = new Set(publications.flatMap(({ hash, previous }) => [hash, previous ?? hash]));
  const found = [...hashes].filter((hash) => hash.startsWith(to));
  const [hash] = found;
  if (hash === undefined)
    throw new AttuneError(
      "NOT_FOUND",
      `No playbook that was published here has a hash that begins with "${to}"; see attune rules history.`,
    );
  if (found.length > 1)
    throw new AttuneError("USAGE", `Several hashes begin with "${to}"; give more of it.`);
  return hash;
};

interface WayBack {
  readonly hash: string;
  /** `place` of the entry that is taken back. */
  readonly undoes: number | null;
}

const wayBack = (publications: readonly Publication[], to: string | undefined): WayBack => {
  if (to !== undefined) return { hash: namedIn(publications, to), undoes: null };
  const last = toTakeBack(publications);
  if (last === undefined || last.previous === null)
    throw new AttuneError("NOT_FOUND", "No publication is left to take back.");
  return { hash: last.previous, undoes: last.place };
};

const storedPlaybook = async (store: Store, hash: string): Promise<Playbook> => {
  const playbook = await store.playbook(hash);
  if (playbook === undefined)
    throw new AttuneError("NOT_FOUND", `Playbook ${hash.slice(0, 12)} is not stored.`);
  return playbook;
};

/**
 * The way back: a canary that runs is ended; else the playbook that the last publication replaced is in force again, or the one named, with the
 * corrections made since. Rejects with NOT_FOUND, or with PLAYBOOK_INVALID when this version cannot read it.
 */
export const rollBackPlaybook = async (
  parts: PublishParts,
  tenant: string,
  request: RollbackRequest,
): Promise<PublishReceipt> => {
  const { store, relay } = parts;
  if ((await store.canary(tenant)) !== undefined)
    return await endCanary(parts, tenant, { how: "abort", note: request });
  const { hash, undoes } = wayBack(await store.publications(tenant, HISTORY_READ), request.to);
  const live = await store.livePlaybook(tenant);
  const { files } = await storedPlaybook(store, hash);
  const playbook = withCorrectionsOf(live, files);
  prepareOrRefuse(playbook);
  if (live?.hash === playbook.hash) return { hash: playbook.hash, changed: false };
  const entry = entryOf({
    kind: "rollback",
    hash: playbook.hash,
    previous: live?.hash ?? null,
    change: live === undefined ? null : changeBetween(live.files, playbook.files),
    undoes,
    ...noteOf(request),
  });
  await store.publish(tenant, playbook, { entry });
  await relay.announcePlaybook(tenant);
  return { hash: playbook.hash, changed: true };
};

/** Makes the change in the candidate of a canary too. One that it would break goes on as it was, and that is logged. */
export const changeCandidate = async (
  { store, log }: { readonly store: Store; readonly log?: Log },
  tenant: string,
  change: (files: PlaybookFiles) => PlaybookFiles,
): Promise<void> => {
  const canary = await store.canary(tenant);
  if (canary === undefined) return;
  const { files } = await storedPlaybook(store, canary.hash);
  const candidate = playbookOf(change(files));
  if (preparePlaybook(candidate).kind === "sound")
    await store.changeCanary(tenant, canary.id, candidate);
  else
    log?.("warn", "a change could not be made in the playbook that is tried as a canary", {
      tenant,
      playbook: canary.hash,
    });
};
