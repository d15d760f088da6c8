/** Runs one command line inside the test, with its streams captured and attune already open. */
import { createPaint, type Terminal } from "../../src/cli/terminal.ts";
import type { CliContext, RunningApp } from "../../src/cli/context.ts";
import { runCommandLine } from "../../src/cli/main.ts";
import type { Attune } from "../../src/work/attune.ts";
import { HOME } from "../http/real.ts";

export interface Captured {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandRun {
  readonly args: readonly string[];
  /** What comes on stdin. */
  readonly input?: string | Uint8Array;
  readonly attune?: Attune;
  readonly runClean?: () => Promise<RunningApp>;
  /** Working directory; a folder with rules/ is the home of the command. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stop?: AbortSignal;
}

async function* bytesOf(input: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof input === "string" ? Buffer.from(input) : input;
}

const contextOf = (
  parts: Pick<CliContext, "config" | "home" | "json">,
  { attune, runClean }: CommandRun,
): CliContext => ({
  ...parts,
  connect: async () => {
    if (attune === undefined) throw new Error("this command should not open a store");
    return { attune, remote: false, stop: async () => undefined };
  },
  run: async () => {
    throw new Error("this command should not run a process");
  },
  runClean:
    runClean ??
    (async () => {
      throw new Error("this command should not run a process");
    }),
});

export const runCommand = async (run: CommandRun): Promise<Captured> => {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    out: (text) => void out.push(`${text}\n`),
    note: (text) => void err.push(`${text}\n`),
    input: bytesOf(run.input ?? ""),
    live: false,
    columns: 100,
    paint: createPaint(false),
    stop: run.stop ?? new AbortController().signal,
  };
  const exit = await runCommandLine({
    args: run.args,
    environment: run.environment ?? {},
    folder: run.folder ?? HOME,
    packageRoot: HOME,
    version: "1.2.3",
    terminal,
    openContext: (parts) => contextOf(parts, run),
  });
  return { exit, out: out.join(""), err: err.join("") };
};
