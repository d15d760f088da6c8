/**
 * Publishes a playbook: check it as a whole, store it under the hash of its content, make it live, tell every process.
 * A playbook with a fault is refused with all of its faults and the live one stays.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Playbook, PlaybookFiles } from "../core/playbook.ts";
import type { Relay, Store } from "../core/ports.ts";
import { CORRECTIONS_FILE } from "../core/text/corrections.ts";
import { AttuneError } from "../errors.ts";
import type { PublishReceipt } from "./attune.ts";
import { prepareOrRefuse } from "./playbooks.ts";

/** What of a folder belongs to the playbook: rule sets, contact policy, templates, models and lexicons. */
const PARTS: readonly { readonly folder: string; readonly ending: string; readonly as?: string }[] =
  [
    { folder: "rules", ending: ".json" },
    { folder: "rules", ending: ".yaml" },
    { folder: "rules", ending: ".yml" },
    { folder: "rules/templates", ending: ".liquid" },
    { folder: "models", ending: ".json" },
    { folder: "fixtures/articles", ending: ".md", as: "articles" },
  ];
/** For editors only; decides nothing. */
const NOT_PART: ReadonlySet<string> = new Set(["rules/schema.json"]);

/** The files of a playbook below `home`, by path relative to it. Throws FILE_UNREADABLE when there is no rules folder. */
export const readPlaybookFiles = (home: string): PlaybookFiles => {
  if (!existsSync(join(home, "rules")))
    throw new AttuneError("FILE_UNREADABLE", `There is no folder "rules" in ${home}.`);
  const files: Record<string, string> = {};
  for (const { folder, ending, as = folder } of PARTS) {
    if (!existsSync(join(home, folder))) continue;
    for (const name of readdirSync(join(home, folder)).toSorted()) {
      const path = `${as}/${name}`;
      if (name.endsWith(ending) && !NOT_PART.has(path))
        files[path] = readFileSync(join(home, folder, name), "utf8");
    }
  }
  return files;
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
