/** The whole of attune as `attune start` runs it, on an embedded store in memory and a free port. */
import { join } from "node:path";
import { vi } from "vitest";
import { createContext } from "../../src/app.ts";
import type { RunningApp } from "../../src/cli/context.ts";
import { readConfig } from "../../src/config.ts";
import { DEFAULT_TENANT } from "../../src/work/attune.ts";

export const HOME = join(import.meta.dirname, "../..");

/** Room for a database that is made from nothing while other suites use the cores. */
export const START_MS = 60_000;

type Environment = Readonly<Record<string, string>>;

export const startReal = async (
  environment: Environment = {},
): Promise<RunningApp & { readonly address: string }> => {
  const config = readConfig({
    ATTUNE_DATA: "memory",
    ATTUNE_PORT: "0",
    ATTUNE_LOG: "silent",
    ...environment,
  });
  const context = createContext({ config, home: HOME, json: false });
  const app = await context.run({ workers: true, server: true, watch: false });
  const { address } = app;
  if (address === undefined) throw new Error("the server did not listen");
  return { ...app, address };
};

/** Resolves once the signal is decided or set aside. */
export const settled = (app: RunningApp, id: string): Promise<unknown> =>
  vi.waitUntil(
    async () => {
      const state = await app.attune.signalState({ tenant: DEFAULT_TENANT, id });
      return state === "decided" || state === "dead";
    },
    { timeout: 30_000, interval: 20 },
  );

/** Feedback that a rule of the shop answers. */
export const complaint = (id: string, customerId: string) => ({
  kind: "feedback",
  id,
  customerId,
  at: "2026-03-01T09:30:00Z",
  text: "My parcel is late again. I am really annoyed!",
  channel: "app",
});
