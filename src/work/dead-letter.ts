/** What is kept of a signal that cannot be decided: the whole signal and one sentence that says why. */
import type { JsonObject } from "../core/json.ts";
import type { DeadLetter, IncomingSignal } from "../core/ports.ts";

/** What an error says, in a form that can be stored. */
export const sentenceOf = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, 1000).toWellFormed().replaceAll("\0", "");
};

export const deadLetterOf = (
  { tenant, signal }: IncomingSignal,
  reason: DeadLetter["reason"],
  error: unknown,
): DeadLetter => ({
  tenant,
  id: signal.id,
  reason,
  detail: sentenceOf(error),
  payload: JSON.parse(JSON.stringify(signal)) as JsonObject,
});
