/**
 * One run of the command line, from arguments to exit status. Nothing here touches the process, so that a test can run it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CommanderError } from "commander";
import { readConfig } from "../config.ts";
import { AttuneError, ERRORS } from "../errors.ts";
import type { CliContext } from "./context.ts";
import { createProgram } from "./program.ts";
import type { Call, Exit, Terminal } from "./terminal.ts";

export interface CommandLine {
  /** Without the names of node and of the script. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly folder: string;
  readonly packageRoot: string;
  readonly version: string;
  readonly terminal: Terminal;
  readonly openContext: (parts: Pick<CliContext, "config" | "home" | "json">) => CliContext;
}

/** The working directory if it has rules of its own, else the package with the rules that come along. */
const homeOf = ({ folder, packageRoot }: CommandLine): string =>
  existsSync(join(folder, "rules")) ? folder : packageRoot;

const callOf = (line: CommandLine, json: boolean): Call => ({
  terminal: line.terminal,
  context: line.openContext({
    config: readConfig(line.environment),
    home: homeOf(line),
    json,
  }),
});

const report = (error: unknown, { terminal, environment }: CommandLine): Exit => {
  const known =
    error instanceof AttuneError
      ? error
      : new AttuneError(
          "INTERNAL",
          `Something went wrong inside attune: ${error instanceof Error ? error.message : String(error)}`,
        );
  terminal.note(`attune: ${known.message}\n→ ${known.remedy}`);
  if (environment["ATTUNE_LOG"] === "debug" && error instanceof Error)
    terminal.note((error.stack ?? "").slice(error.message.length));
  return ERRORS[known.code].exit;
};

/** Runs one command; resolves to the exit status, never rejects. */
export const runCommandLine = async (line: CommandLine): Promise<Exit> => {
  let exit: Exit = 0;
  const program = createProgram({
    version: line.version,
    terminal: line.terminal,
    run: async ({ json = false }, act) => {
      exit = await act(callOf(line, json));
    },
  });
  try {
    await program.parseAsync(line.args, { from: "user" });
    return exit;
  } catch (error) {
    // commander has said already what was wrong; help and version come with status 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return report(error, line);
  }
};
