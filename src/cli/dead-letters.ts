/** `attune dead-letters`: signals that could not be decided, each with its reason. */
import type { DeadLetter } from "../core/ports.ts";
import { printable } from "./columns.ts";
import { connected } from "./connected.ts";
import type { Call, Exit } from "./terminal.ts";

/** Two lines a letter: which signal and why, then what is wrong. */
export const deadLettersAsText = (letters: readonly DeadLetter[]): string =>
  letters.length === 0
    ? "no dead letters"
    : letters
        .map(({ id, reason, detail }) => `${id}  ${reason}\n   ${printable(detail)}`)
        .join("\n");

export const deadLetters = async (call: Call, limit: number): Promise<Exit> => {
  const letters = await connected(call, ({ attune }) => attune.deadLetters(limit));
  call.terminal.out(
    call.context.json ? JSON.stringify({ deadLetters: letters }) : deadLettersAsText(letters),
  );
  return 0;
};
