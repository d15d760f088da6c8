/**
 * What a command gets from its composer: where to write, and attune itself, opened only when asked for.
 * Commands never build adapters: `cli.ts` passes a context made by `app.ts`.
 */
import type { Config } from "../config.ts";
import type { StoredDecision } from "../core/ports.ts";
import type { Attune } from "../work/attune.ts";

/** attune opened for one command: in this process, or over HTTP when another process holds the embedded directory. */
export interface Connection {
  readonly attune: Attune;
  /** True when the requests go to another process over HTTP. */
  readonly remote: boolean;
  stop(): Promise<void>;
}

export interface Roles {
  readonly workers: boolean;
  readonly server: boolean;
  /** Publish changes of rules/ and models/ as they happen. */
  readonly watch: boolean;
}

/** A process that runs until it is told to stop. */
export interface RunningApp {
  readonly attune: Attune;
  /** `http://127.0.0.1:3777`, when it serves. */
  readonly address?: string;
  /** Every decided signal of a tenant in (customer, version) order, for the demo's summary. */
  history(tenant: string): AsyncIterable<StoredDecision>;
  stop(): Promise<void>;
}

export interface CliContext {
  readonly config: Config;
  /** Folder that holds rules/, models/ and fixtures/: the working directory if it has rules/, else the package. */
  readonly home: string;
  /** Machine-readable output: JSON on stdout and nothing else. */
  readonly json: boolean;
  connect(): Promise<Connection>;
  run(roles: Roles): Promise<RunningApp>;
  /** The whole of attune on a clean embedded store in a folder of its own, with workers; for the demo. */
  runClean(): Promise<RunningApp>;
}
