/** A request to attune in another process, and the errors that its answers are made into. */
import { z } from "zod";
import { quote } from "../core/fault.ts";
import { AttuneError, type ErrorCode, ERRORS } from "../errors.ts";

export interface Door {
  readonly address: string;
  readonly token: string | undefined;
}

/** Milliseconds after which a request is given up. */
const DEADLINE_MS = 60_000;

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    faults: z.array(z.object({ place: z.string(), sentence: z.string() })).optional(),
  }),
});

export interface Asked {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly deadlineMs?: number;
  /** Aborts the request. */
  readonly stop?: AbortSignal | undefined;
}

/** Training and back-tests read all that is stored. */
export const TRAINING_DEADLINE_MS = 3_600_000;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
};

/** The error that an answer was made from. */
export const refusalOf = (status: number, text: string): AttuneError => {
  const read = errorSchema.safeParse(jsonOf(text));
  if (!read.success || !Object.hasOwn(ERRORS, read.data.error.code))
    return new AttuneError("REMOTE_FAILED", `The answer was ${status}: ${quote(text)}.`);
  const { code, message, faults } = read.data.error;
  return new AttuneError(code as ErrorCode, message, { faults: faults ?? [] });
};

/** Undefined for what is not JSON. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Rejects with REMOTE_UNREACHABLE. */
export const send = async (
  { address, token }: Door,
  path: string,
  { method = "GET", body, deadlineMs = DEADLINE_MS, stop }: Asked,
): Promise<Response> => {
  try {
    return await fetch(new URL(path, address), {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([
        AbortSignal.timeout(deadlineMs),
        ...(stop === undefined ? [] : [stop]),
      ]),
    });
  } catch (cause) {
    throw new AttuneError("REMOTE_UNREACHABLE", `${address} does not answer: ${reasonOf(cause)}.`, {
      cause,
    });
  }
};
