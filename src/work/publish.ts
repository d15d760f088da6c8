/**
 * Publishes a playbook: check it as a whole, store it under the hash of its content, make it live, tell every process.
 * A playbook with a fault is refused with all of its faults and the live one stays.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { Relay, Store } from "../core/ports.ts";
import { CORRECTIONS_FILE } from "../core/text/corrections.ts";
import { AttuneError } from "../errors.ts";
import type { PublishReceipt } from "./attune.ts";
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

/** Makes the files the live playbook of the tenant. Throws PLAYBOOK_INVALID with all faults. */
export const publishPlaybook = async (
  { store, relay }: PublishParts,
  tenant: string,
  files: PlaybookFiles,
): Promise<PublishReceipt> => {
  const live = await store.livePlaybook(tenant);
  const kept = live?.files[CORRECTIONS_FILE];
  // Corrections live in the store: files that know none must not forget them.
  const playbook = playbookOf(
    kept === undefined || CORRECTIONS_FILE in files
      ? files
      : { ...files, [CORRECTIONS_FILE]: kept },
  );
  prepareOrRefuse(playbook);
  if (live?.hash === playbook.hash) return { hash: playbook.hash, changed: false };
  await store.publish(tenant, playbook);
  await relay.announcePlaybook(tenant);
  return { hash: playbook.hash, changed: true };
};
