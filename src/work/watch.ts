/**
 * Publishes a change of the playbook's files as soon as it is saved, for development.
 * A change with a fault is logged with all faults, and the last good playbook stays in force.
 */
import { existsSync, type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import type { PlaybookFiles } from "../core/playbook.ts";
import type { Log } from "../core/ports.ts";
import { type PublishReceipt, readPlaybookFiles } from "./publish.ts";

/** Editors save in several steps; a publication waits until the files have been quiet this long. */
const QUIET_MS = 200;

export interface WatchOptions {
  readonly home: string;
  readonly log: Log;
  readonly publish: (files: PlaybookFiles) => Promise<PublishReceipt>;
}

const publishNow = async ({ home, log, publish }: WatchOptions): Promise<void> => {
  try {
    const { hash, changed } = await publish(readPlaybookFiles(home));
    if (changed) log("info", "a changed playbook is in force", { playbook: hash });
  } catch (error) {
    log("error", "a changed playbook was refused; the last good one stays in force", {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
};

/** Watches until `stop`. */
export const watchPlaybook = (options: WatchOptions): { stop(): Promise<void> } => {
  let timer: NodeJS.Timeout | undefined;
  let publishing: Promise<void> = Promise.resolve();
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      publishing = publishing.then(() => publishNow(options));
    }, QUIET_MS);
  };
  const watchers: readonly FSWatcher[] = ["rules", "rules/templates", "models", "fixtures/articles"]
    .map((folder) => join(options.home, folder))
    .filter((folder) => existsSync(folder))
    .map((folder) =>
      // A folder that is taken away while it is watched must not take the process down.
      watch(folder, changed).on("error", (error) =>
        options.log("warn", "a folder of the playbook is no longer watched", {
          folder,
          reason: error.message,
        }),
      ),
    );
  return {
    stop: async () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      await publishing;
    },
  };
};
