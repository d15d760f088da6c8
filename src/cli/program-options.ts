/** What every part of the command line is made of: the call that runs, options that all commands have, and readers of option values. */
import { type Command, InvalidArgumentError } from "commander";
import type { Call, Exit } from "./terminal.ts";

/** Opens a call with the options every command has, and keeps the exit status of what it does. */
export type Run = (
  options: { readonly json?: boolean },
  act: (call: Call) => Promise<Exit>,
) => Promise<void>;

export type Json = { readonly json?: boolean };

/** Reads a whole number, both ends included. */
export const wholeNumber =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d{1,15}$/u.test(text) || value < from || value > to)
      throw new InvalidArgumentError(`It is not a whole number from ${from} to ${to}.`);
    return value;
  };

/** A command with the options that all have. */
export const command = (parent: Command, usage: string, description: string): Command =>
  parent
    .command(usage)
    .description(description)
    .option("--json", "write JSON to stdout and nothing else");
