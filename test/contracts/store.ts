/**
 * What every store must do, whichever database is under it. Each test takes customers, tenants and signals of its own, so that one store serves them all.
 * Waits are for events (a lock taken, a promise settled), never for time.
 */
import { afterAll, beforeAll, describe } from "vitest";
import type { Store } from "../../src/core/ports.ts";
import { acceptanceTests, deadLetterTests } from "./store-accepting.ts";
import { claimTests } from "./store-groups.ts";
import { must } from "./store-kit.ts";
import { modelTests } from "./store-models.ts";
import { playbookTests, readingTests } from "./store-reading.ts";
import { publicationTests } from "./store-publications.ts";
import { waitingTests } from "./store-waiting.ts";
import { writingTests } from "./store-writing.ts";

/** Runs the contract against the store that `open` opens, and stops it twice. */
export const storeContract = (name: string, open: () => Promise<Store>): void => {
  let store: Store | undefined;
  const opened = (): Store => must(store);
  beforeAll(async () => {
    store = await open();
  }, 60_000);
  afterAll(async () => {
    await store?.stop();
    await store?.stop();
  });
  const parts = {
    accepting: acceptanceTests,
    "a group": claimTests,
    writing: writingTests,
    waiting: waitingTests,
    publications: publicationTests,
    reading: readingTests,
    "dead letters": deadLetterTests,
    playbooks: playbookTests,
    models: modelTests,
  };
  for (const [part, declare] of Object.entries(parts)) {
    describe(`${name}: ${part}`, () => {
      declare(opened);
    });
  }
};
