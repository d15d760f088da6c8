/**
 * Every error that a user can meet: its code, the exit status of the command and the HTTP status that it becomes.
 * The sentence is written where the error is raised (it quotes the value and the place); what to do is written here or there, never left out.
 */
import { type Fault, faultsAsText } from "./core/fault.ts";

export interface ErrorKind {
  /** Exit status: 1 the work failed, 2 the call was wrong, 3 the world is not ready (locked, unreachable). */
  readonly exit: 1 | 2 | 3;
  readonly http: number;
  readonly remedy: string;
}

export const ERRORS = {
  CONFIG_INVALID: {
    exit: 2,
    http: 500,
    remedy: "correct the environment variables named and start again",
  },
  USAGE: { exit: 2, http: 400, remedy: "see attune --help" },
  INPUT_INVALID: {
    exit: 2,
    http: 422,
    remedy: "correct the fields named and send it again; nothing was stored",
  },
  FILE_UNREADABLE: { exit: 2, http: 500, remedy: "check the path and its permissions" },
  PLAYBOOK_INVALID: {
    exit: 1,
    http: 422,
    remedy: "correct the files named; the last good playbook stays in force",
  },
  NO_PLAYBOOK: { exit: 3, http: 503, remedy: "publish one: attune rules publish" },
  NOT_FOUND: { exit: 1, http: 404, remedy: "check the id" },
  STORE_LOCKED: { exit: 3, http: 503, remedy: "stop that process, or reach it over HTTP" },
  STORE_UNREACHABLE: { exit: 3, http: 503, remedy: "check DATABASE_URL and that the server runs" },
  QUEUE_UNREACHABLE: {
    exit: 3,
    http: 503,
    remedy: "check REDIS_URL and that the server runs; send again with the same ids",
  },
  NEEDS_SERVER: {
    exit: 2,
    http: 500,
    remedy: "set DATABASE_URL, or run attune start, which does all in one process",
  },
  ADDRESS_UNUSABLE: {
    exit: 3,
    http: 500,
    remedy:
      "stop what listens there, or set ATTUNE_HOST and ATTUNE_PORT to an address that is free",
  },
  UNAUTHORISED: {
    exit: 2,
    http: 401,
    remedy: "send the token of ATTUNE_TOKEN as Authorization: Bearer",
  },
  REMOTE_FAILED: {
    exit: 1,
    http: 502,
    remedy: "read the answer quoted; the process that holds the store gave it",
  },
  BODY_UNREADABLE: {
    exit: 2,
    http: 400,
    remedy: "send one JSON value in UTF-8 with Content-Type: application/json",
  },
  BODY_TOO_LARGE: { exit: 2, http: 413, remedy: "send fewer signals in one request" },
  MEDIA_TYPE: { exit: 2, http: 415, remedy: "send JSON with Content-Type: application/json" },
  HOST_REFUSED: {
    exit: 2,
    http: 403,
    remedy: "reach it as 127.0.0.1 or localhost, or set ATTUNE_TOKEN on both sides",
  },
  INTERNAL: {
    exit: 1,
    http: 500,
    remedy: "this is a fault of attune: report it with the log of that moment",
  },
  REMOTE_UNREACHABLE: {
    exit: 3,
    http: 502,
    remedy: "check that the process which holds the store still runs and listens at that address",
  },
  INTERRUPTED: { exit: 1, http: 500, remedy: "run it again" },
  CANARY_RUNNING: {
    exit: 1,
    http: 409,
    remedy: "wait for its end, or end it: attune rules canary --promote, or --end",
  },
  MODEL_REFUSED: {
    exit: 1,
    http: 409,
    remedy:
      "read the reasons; train again on more data, or promote it with --force and answer for it",
  },
  TRAINING_REFUSED: { exit: 1, http: 422, remedy: "give more or better data; the old model stays" },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export interface AttuneErrorDetails {
  readonly faults?: readonly Fault[];
  readonly cause?: unknown;
}

/** An error that its reader can act upon. `message` says what is wrong, `remedy` what to do. */
export class AttuneError extends Error {
  override readonly name = "AttuneError";
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];
  /** What is wrong, without the faults. */
  readonly sentence: string;

  constructor(code: ErrorCode, sentence: string, details: AttuneErrorDetails = {}) {
    const faults = details.faults ?? [];
    super(faults.length > 0 ? `${sentence}\n${faultsAsText(faults)}` : sentence, {
      cause: details.cause,
    });
    this.code = code;
    this.sentence = sentence;
    this.faults = faults;
  }

  get remedy(): string {
    return ERRORS[this.code].remedy;
  }
}
