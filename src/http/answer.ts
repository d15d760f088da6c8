/**
 * How an error leaves the door: status, headers and the one body shape `{error: {code, message, remedy, faults?}}`.
 * Whatever is not an AttuneError is a bug: its text stays in the log and never reaches the caller.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { AttuneError, ERRORS, type ErrorCode } from "../errors.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/ports.ts";
import { isTransient } from "../core/transient.ts";

/** What a caller reads when something was refused or failed. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly remedy: string;
    readonly faults?: readonly Fault[];
  };
}

/** Seconds after which a caller may try again when the store or the queue is away. */
const RETRY_AFTER_SECONDS = 2;

export const errorBody = (error: AttuneError): ErrorBody => ({
  error: {
    code: error.code,
    message: error.sentence,
    remedy: error.remedy,
    ...(error.faults.length > 0 && { faults: error.faults }),
  },
});

/** fastify's own refusals, in our words. */
const FRAMEWORK: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["BODY_TOO_LARGE", "The body is larger than this route takes."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["MEDIA_TYPE", "The body is not declared as JSON."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    "BODY_UNREADABLE",
    "The body is not as long as its Content-Length says.",
  ],
  FST_ERR_MAX_PARAM_LENGTH: ["INPUT_INVALID", "An id in the path is too long."],
  FST_ERR_BAD_URL: ["USAGE", "The path is not valid percent-encoded UTF-8."],
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Any error as one that a caller can act upon. */
export const asAttuneError = (error: unknown): AttuneError => {
  if (error instanceof AttuneError) return error;
  const known = FRAMEWORK[codeOf(error)];
  if (known !== undefined) return new AttuneError(known[0], known[1], { cause: error });
  if (isTransient(error))
    return new AttuneError(
      "STORE_UNREACHABLE",
      "The store or the queue cannot be reached right now.",
      { cause: error },
    );
  return new AttuneError("INTERNAL", "Something went wrong inside attune.", { cause: error });
};

const headersOf = (error: AttuneError): Readonly<Record<string, string>> => {
  const status = ERRORS[error.code].http;
  if (status === 401) return { "www-authenticate": "Bearer" };
  return status === 503 ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {};
};

/** A fastify error handler that answers every error in the one shape, and logs those that are ours. */
export const createErrorHandler =
  (log: Log | undefined) =>
  (raised: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = asAttuneError(raised);
    const { http } = ERRORS[error.code];
    if (http >= 500)
      log?.("error", "an HTTP request failed", { code: error.code, reason: reasonOf(raised) });
    return reply.code(http).headers(headersOf(error)).send(errorBody(error));
  };

/** The error for a path that no route has. */
export const unknownRoute = (request: FastifyRequest): AttuneError =>
  new AttuneError("NOT_FOUND", `There is no ${request.method} ${request.url.slice(0, 200)}.`);
