#!/usr/bin/env node
/**
 * The `attune` command: this process's arguments, environment, streams and signals, handed to the command that was chosen.
 * Only that command and what it needs is loaded: `attune --help` must not pay for a database.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CliContext } from "./cli/context.ts";
import { runCommandLine } from "./cli/main.ts";
import { processTerminal } from "./cli/terminal.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));

const versionOf = (packageFile: string): string => {
  const read: unknown = JSON.parse(readFileSync(packageFile, "utf8"));
  return typeof read === "object" && read !== null && "version" in read
    ? String(read.version)
    : "0";
};

type Parts = Pick<CliContext, "config" | "home" | "json">;

/** A context that loads the composer when it is first asked to open something. */
const lazyContext = (parts: Parts): CliContext => {
  const composed = async (): Promise<CliContext> => (await import("./app.ts")).createContext(parts);
  return {
    ...parts,
    connect: async () => (await composed()).connect(),
    run: async (roles) => (await composed()).run(roles),
    runClean: async () => (await composed()).runClean(),
  };
};

/** Aborts on the first SIGINT or SIGTERM; the second one ends the process at once. */
const stopOnSignals = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143);
      controller.abort();
    });
  return controller.signal;
};

/** A reader that closed its end of the pipe has seen enough. */
const endQuietlyOnClosedPipe = (): void => {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
};

endQuietlyOnClosedPipe();
process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  environment: process.env,
  folder: process.cwd(),
  packageRoot,
  version: versionOf(`${packageRoot}/package.json`),
  terminal: processTerminal(stopOnSignals),
  openContext: lazyContext,
});
