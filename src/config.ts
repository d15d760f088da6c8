/**
 * The only reader of the environment. `readConfig` gives one frozen `Config`, or an error that lists every fault at once.
 * Which deployment runs follows from DATABASE_URL and REDIS_URL alone.
 */
import { z } from "zod";
import { faultsOf } from "./core/fault.ts";
import { AttuneError } from "./errors.ts";

export interface Config {
  /** PostgreSQL; absent = the embedded store in `dataDirectory`. */
  readonly databaseUrl: string | undefined;
  /** Redis for the queue; absent = the queue lives in the same database as the store. */
  readonly redisUrl: string | undefined;
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  /** Bearer token of the HTTP door; without one it listens on loopback only. */
  readonly token: string | undefined;
  /** Jobs under way at once in a worker process. */
  readonly concurrency: number;
  readonly lockDurationMs: number;
  readonly stalledIntervalMs: number;
  /** How often accepted signals without a decision are looked for. */
  readonly reconcileIntervalMs: number;
  /** How long a signal may wait undecided before it is queued again. */
  readonly reconcileAfterMs: number;
  /** How often replies that wait for their time are looked for. */
  readonly releaseIntervalMs: number;
  readonly stopDeadlineMs: number;
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug";
}

const whole = (fallback: number, from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/u, "is not a whole number")
    .transform(Number)
    .pipe(z.number().min(from, `is below ${from}`).max(to, `is above ${to}`))
    .default(fallback);

const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
      error: `is not an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    })
    .optional();

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

const environmentSchema = z
  .object({
    DATABASE_URL: url(["postgres:", "postgresql:"]),
    REDIS_URL: url(["redis:", "rediss:"]),
    ATTUNE_DATA: z.string().min(1, "is empty").default("attune-data"),
    ATTUNE_HOST: z.string().min(1, "is empty").default("127.0.0.1"),
    ATTUNE_PORT: whole(3777, 0, 65_535),
    ATTUNE_TOKEN: z
      .string()
      .min(16, "is shorter than 16 characters; take a long random one")
      .optional(),
    ATTUNE_CONCURRENCY: whole(50, 1, 1000),
    ATTUNE_LOCK_MS: whole(12_000, 500, 600_000),
    ATTUNE_STALLED_MS: whole(5000, 250, 600_000),
    ATTUNE_RECONCILE_MS: whole(15_000, 100, 3_600_000),
    ATTUNE_RECONCILE_AFTER_MS: whole(30_000, 0, 3_600_000),
    ATTUNE_RELEASE_MS: whole(1000, 50, 3_600_000),
    ATTUNE_STOP_MS: whole(10_000, 100, 600_000),
    ATTUNE_LOG: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
  })
  .superRefine((environment, context) => {
    if (environment.REDIS_URL !== undefined && environment.DATABASE_URL === undefined)
      context.addIssue({
        code: "custom",
        path: ["REDIS_URL"],
        message: "needs DATABASE_URL beside it: the queue may live in Redis, the store may not",
      });
    if (environment.ATTUNE_TOKEN === undefined && !LOOPBACK.has(environment.ATTUNE_HOST))
      context.addIssue({
        code: "custom",
        path: ["ATTUNE_HOST"],
        message: `${environment.ATTUNE_HOST} is not loopback: set ATTUNE_TOKEN, or listen on 127.0.0.1`,
      });
  });

type Environment = Readonly<Record<string, string | undefined>>;

const withoutEmpty = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );

/** Reads the configuration. Throws CONFIG_INVALID with every fault. */
export const readConfig = (environment: Environment): Config => {
  const read = environmentSchema.safeParse(withoutEmpty(environment));
  if (!read.success)
    throw new AttuneError("CONFIG_INVALID", "The environment is not usable:", {
      faults: faultsOf(read.error, "environment"),
    });
  const { data } = read;
  return Object.freeze({
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    dataDirectory: data.ATTUNE_DATA,
    host: data.ATTUNE_HOST,
    port: data.ATTUNE_PORT,
    token: data.ATTUNE_TOKEN,
    concurrency: data.ATTUNE_CONCURRENCY,
    lockDurationMs: data.ATTUNE_LOCK_MS,
    stalledIntervalMs: data.ATTUNE_STALLED_MS,
    reconcileIntervalMs: data.ATTUNE_RECONCILE_MS,
    reconcileAfterMs: data.ATTUNE_RECONCILE_AFTER_MS,
    releaseIntervalMs: data.ATTUNE_RELEASE_MS,
    stopDeadlineMs: data.ATTUNE_STOP_MS,
    logLevel: data.ATTUNE_LOG,
  });
};
