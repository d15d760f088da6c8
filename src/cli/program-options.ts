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

/** Reads a percentage between 0 and 100, both excluded. */
export const share = (text: string): number => {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 100))
    throw new InvalidArgumentError(
      "It is not a share of customers; write more than 0 and less than 100.",
    );
  return value;
};

/** Reads a date or an instant; a bare date is its beginning in UTC. */
export const instant = (text: string): string => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || !/^\d{4}-\d{2}-\d{2}/u.test(text))
    throw new InvalidArgumentError(
      'It is no instant; write it like "2026-09-01" or "2026-09-01T12:00:00Z".',
    );
  return new Date(ms).toISOString();
};

/** A command with the options that all have. */
export const command = (parent: Command, usage: string, description: string): Command =>
  parent
    .command(usage)
    .description(description)
    .option("--json", "write JSON to stdout and nothing else");
