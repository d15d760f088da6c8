/** What a caller hears when the server of the queue did not do what it was asked. */
import { AttuneError } from "../errors.ts";

export const unreachable = (sentence: string, cause: unknown): AttuneError =>
  new AttuneError(
    "QUEUE_UNREACHABLE",
    `${sentence}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
