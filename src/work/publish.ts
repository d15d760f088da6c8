/**
 * The files of a playbook, and putting them in force: check the whole, store it under the hash of its content, make it live (for all customers, or as a canary
 * for a share of them), tell every process. A playbook with a fault is refused with all of its faults and the live one stays.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import { changeBetween } from "../core/playbook-change.ts";
import type { Relay, Store } from "../core/ports.ts";
import type { NewPublication, PublicationNote } from "../core/publication.ts";
import { CORRECTIONS_FILE } from "../core/text/corrections.ts";
import { AttuneError } from "../errors.ts";
import { prepareOrRefuse } from "./playbooks.ts";

interface Part {
  /** Folder relative to the root. */
  readonly folder: string;
  readonly ending: string;
  /** Where its files stand in a playbook; the folder itself when absent. */
  readonly as?: string;
}

/** What of a folder belongs to the playbook: rule sets, contact policy, templates, models and lexicons. */
const PARTS: readonly Part[] = [
  { folder: "rules", ending: ".json" },
  { folder: "rules", ending: ".yaml" },
  { folder: "rules", ending: ".yml" },
  { folder: "rules/templates", ending: ".liquid" },
  { folder: "models", ending: ".json" },
  { folder: "fixtures/articles", ending: ".md", as: "articles" },
];
/** For editors only; decides nothing. */
const NOT_PART: ReadonlySet<string> = new Set(["rules/schema.json"]);

const readParts = (root: string, parts: readonly Part[]): PlaybookFiles => {
  const files: Record<string, string> = {};
  for (const { folder, ending, as = folder } of parts) {
    if (!existsSync(join(root, folder))) continue;
    for (const name of readdirSync(join(root, folder)).toSorted()) {
      const path = `${as}/${name}`;
      if (name.endsWith(ending) && !NOT_PART.has(path))
        files[path] = readFileSync(join(root, folder, name), "utf8");
    }
  }
  return files;
};

/** The files of a playbook below `home`, by path relative to it. Throws FILE_UNREADABLE when there is no rules folder. */
export const readPlaybookFiles = (home: string): PlaybookFiles => {
  if (!existsSync(join(home, "rules")))
    throw new AttuneError("FILE_UNREADABLE", `There is no folder "rules" in ${home}.`);
  return readParts(home, PARTS);
};

/** A folder of rules by another name: its files as if they stood in `rules/`. */
const RULES_ALONE: readonly Part[] = [
  { folder: ".", ending: ".json", as: "rules" },
  { folder: ".", ending: ".yaml", as: "rules" },
  { folder: ".", ending: ".yml", as: "rules" },
  { folder: "templates", ending: ".liquid", as: "rules/templates" },
];

/** A playbook that somebody tries: of a project's folder, of the `rules` in one, or a folder of rule files alone. Throws FILE_UNREADABLE. */
export const readCandidateFiles = (folder: string): PlaybookFiles => {
  const root = resolve(folder);
  if (existsSync(join(root, "rules"))) return readPlaybookFiles(root);
  if (basename(root) === "rules" && existsSync(root)) return readPlaybookFiles(dirname(root));
  const isFolder = statSync(root, { throwIfNoEntry: false })?.isDirectory() === true;
  const files = isFolder ? readParts(root, RULES_ALONE) : {};
  if (Object.keys(files).length > 0) return files;
  throw new AttuneError(
    "FILE_UNREADABLE",
    `${folder} holds no rules; name a folder of rule files, or one that has a folder "rules".`,
  );
};

/** Names a playbook by its content: SHA-256 over the sorted paths and texts, each with its length so that no two contents run together. */
export const playbookOf = (files: PlaybookFiles): Playbook => {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).toSorted()) {
    const text = files[path] ?? "";
    hash.update(`${path}\0${Buffer.byteLength(text)}\0`).update(text);
  }
  return { hash: hash.digest("hex"), files };
};

export interface PublishParts {
  readonly store: Store;
  readonly relay: Relay;
}

/** Who and why, where anybody says so. */
export interface NoteRequest {
  readonly by?: string | undefined;
  readonly message?: string | undefined;
}

export interface PublishRequest extends NoteRequest {
  /** Only for this share of the customers, above 0 and below 100; for all when absent. */
  readonly percent?: number | undefined;
}

export interface PublishReceipt {
  readonly hash: string;
  /** False when the same content was in force already. */
  readonly changed: boolean;
  /** Of a canary that began. */
  readonly percent?: number;
}

/** How many times more or fewer customers a candidate may answer before it is ended. */
const REPLY_FACTOR = 2;

/** What a note says; one line each. */
export const noteOf = ({ by = "", message = "" }: NoteRequest): PublicationNote => ({
  by: by.replace(/\s+/gu, " ").trim().slice(0, 100),
  message: message.replace(/\s+/gu, " ").trim().slice(0, 500),
});

/** An entry of the history without what only some have. */
export const entryOf = (
  entry: Pick<NewPublication, "kind" | "hash" | "previous"> & Partial<NewPublication>,
): NewPublication => ({ by: "", message: "", change: null, undoes: null, canary: null, ...entry });

/** Rejects with CANARY_RUNNING while one runs: what would it be compared with? */
const mustBeAlone = async (store: Store, tenant: string): Promise<void> => {
  const running = await store.canary(tenant);
  if (running === undefined) return;
  throw new AttuneError(
    "CANARY_RUNNING",
    `Playbook ${running.hash.slice(0, 12)} is tried on ${running.percent} % of the customers since ${running.since}.`,
  );
};

const beginCanary = async (
  { store }: PublishParts,
  tenant: string,
  { playbook, live, request }: Publishing,
): Promise<PublishReceipt> => {
  const { percent = 0 } = request;
  if (live === undefined)
    throw new AttuneError("USAGE", "Nothing is in force that a canary could be compared with.");
  if (!(percent > 0 && percent < 100))
    throw new AttuneError(
      "USAGE",
      `${percent} is not a share of customers; give more than 0 and less than 100.`,
    );
  const { hash } = playbook;
  const note = noteOf(request);
  const canary = {
    id: randomUUID(),
    hash,
    percent,
    salt: hash,
    replyFactor: REPLY_FACTOR,
    ...note,
  };
  const entry = entryOf({
    kind: "canary",
    hash,
    previous: live.hash,
    change: changeBetween(live.files, playbook.files),
    ...note,
  });
  if (!(await store.beginCanary(tenant, { canary, playbook }, entry)))
    await mustBeAlone(store, tenant);
  return { hash, changed: true, percent };
};

interface Publishing {
  readonly playbook: Playbook;
  readonly live: Playbook | undefined;
  readonly request: PublishRequest;
}

const putInForce = async (
  { store }: PublishParts,
  tenant: string,
  { playbook, live, request }: Publishing,
): Promise<PublishReceipt> => {
  const { hash } = playbook;
  const entry = entryOf({
    kind: "publish",
    hash,
    previous: live?.hash ?? null,
    change: live === undefined ? null : changeBetween(live.files, playbook.files),
    ...noteOf(request),
  });
  await store.publish(tenant, playbook, { entry });
  return { hash, changed: true };
};

/** Corrections live in the store: files that know none must not forget them. */
export const withCorrectionsOf = (live: Playbook | undefined, files: PlaybookFiles): Playbook => {
  const kept = live?.files[CORRECTIONS_FILE];
  return playbookOf(
    kept === undefined || CORRECTIONS_FILE in files
      ? files
      : { ...files, [CORRECTIONS_FILE]: kept },
  );
};

/** Makes the files the live playbook of the tenant, or a canary of it. Throws PLAYBOOK_INVALID with all faults, CANARY_RUNNING while one runs. */
export const publishRequested = async (
  parts: PublishParts,
  tenant: string,
  publishing: { readonly files: PlaybookFiles; readonly request?: PublishRequest },
): Promise<PublishReceipt> => {
  const { files, request = {} } = publishing;
  const live = await parts.store.livePlaybook(tenant);
  const playbook = withCorrectionsOf(live, files);
  prepareOrRefuse(playbook);
  if (live?.hash === playbook.hash) return { hash: playbook.hash, changed: false };
  await mustBeAlone(parts.store, tenant);
  const put = request.percent === undefined ? putInForce : beginCanary;
  const receipt = await put(parts, tenant, { playbook, live, request });
  await parts.relay.announcePlaybook(tenant);
  return receipt;
};

/** The same for all customers, and of which nobody says anything. */
export const publishPlaybook = (
  parts: PublishParts,
  tenant: string,
  files: PlaybookFiles,
): Promise<PublishReceipt> => publishRequested(parts, tenant, { files });
