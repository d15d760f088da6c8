/**
 * What a job carries: the public contract that a backend in any language fills in.
 * The queue is `attune-signals`; a job is named `feedback` or `event` (`{ v: 1, tenant?, clock?, signal }`), `batch` (`{ v: 1, tenant?, clock?, signals: [1–200] }`)
 * or `retrain` (`{ v?: 1, tenant?, tasks: [1–16 names], seed?, promote? }`).
 * Reading never throws and never refuses a neighbour: a bad signal of a batch is one refused item beside the good ones.
 */
import { z } from "zod";
import { didYouMean, type Fault, faultsOf, quote } from "./fault.ts";
import { cleanJson, type JsonObject, wellFormed } from "./json.ts";
import { LIMITS } from "./limits.ts";
import type { ClockChoice } from "./ports.ts";
import { idSchema, type Signal, SIGNAL_FIELDS, signalSchema } from "./signal.ts";

/** Name of the BullMQ queue. */
export const QUEUE_NAME = "attune-signals";

const JOB_NAMES = ["feedback", "event", "batch"] as const;
type JobName = (typeof JOB_NAMES)[number];

/** Name of the job that trains models; read by `readRetrain`. */
export const RETRAIN_JOB = "retrain";

const RETRAIN_TASKS_MAX = 16;

/** Characters of a refused payload that are kept, as JSON. */
const KEPT_CHARS = 65_536;
/** An envelope, a list and a signal stand around what `LIMITS.depth` counts. */
const KEPT_DEPTH = LIMITS.depth + 4;

const envelope = {
  v: z.literal(1, 'is not a known version; say "v": 1'),
  tenant: idSchema.default("default"),
  clock: z
    .enum(["database", "signal"], 'is not a clock; say "database" (the default) or "signal"')
    .default("database"),
};

const oneSchema = z.strictObject({ ...envelope, signal: z.unknown() });
const manySchema = z.strictObject({
  ...envelope,
  signals: z
    .array(z.unknown(), "is not a list; send 1 to 200 signals")
    .min(1, "is empty; send 1 to 200 signals")
    .max(
      LIMITS.batchSignals,
      `holds more than ${LIMITS.batchSignals} signals; cut it into several jobs`,
    ),
});

const retrainSchema = z.strictObject({
  v: envelope.v.default(1),
  tenant: envelope.tenant,
  tasks: z
    .array(idSchema, "is not a list; name the models to train")
    .min(1, "is empty; name at least one model to train")
    .max(RETRAIN_TASKS_MAX, `names more than ${RETRAIN_TASKS_MAX} models; name each once`),
  seed: z
    .int("is not a whole number; give 0 to 2147483647")
    .min(0, "is below 0; seeds run from 0 to 2147483647")
    .max(2 ** 31 - 1, "is above 2147483647; seeds run from 0 to that")
    .default(1),
  promote: z.boolean("is neither true nor false").default(false),
});

/** What a `retrain` job asks for. Which names of `tasks` have a model is for its handler to say. */
export interface RetrainJob {
  readonly tenant: string;
  readonly tasks: readonly string[];
  /** 0..2^31 − 1; 1 unless the job says otherwise. */
  readonly seed: number;
  /** Put in force what the gate lets pass; false unless the job says otherwise. */
  readonly promote: boolean;
}

/** A signal of a job, read or refused. A refused one keeps what came, well-formed and cut at 65,536 characters of JSON. */
export type JobItem = { readonly kind: "signal"; readonly signal: Signal } | RefusedItem;

/** What could not be read. */
export interface RefusedItem {
  readonly kind: "refused";
  /** Its own id where that could be read. */
  readonly id: string | undefined;
  readonly faults: readonly Fault[];
  readonly payload: JsonObject;
}

/** What was read of a job. `items` is never empty: a payload that cannot be read at all is one refused item. */
export interface JobReading {
  readonly tenant: string;
  readonly clock: ClockChoice;
  readonly items: readonly JobItem[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** JSON text of anything, also of what is nested too deep to be written. */
const asText = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    return `not writable as JSON: ${String(error)}`;
  }
};

const storable = (value: unknown): JsonObject => {
  const clean = cleanJson(value, "", KEPT_DEPTH);
  const text = asText(clean.kind === "sound" ? clean.value : value);
  if (clean.kind === "faulty" || text.length > KEPT_CHARS)
    return { text: wellFormed(text.slice(0, KEPT_CHARS)), cut: text.length > KEPT_CHARS };
  return isRecord(clean.value) ? clean.value : { value: clean.value };
};

const idOf = (raw: unknown): string | undefined => {
  const parsed = idSchema.safeParse(isRecord(raw) ? raw["id"] : undefined);
  return parsed.success ? parsed.data : undefined;
};

const refused = (raw: unknown, faults: readonly Fault[]): JobItem => ({
  kind: "refused",
  id: idOf(raw),
  faults,
  payload: storable(raw),
});

const readSignal = (raw: unknown, place: string): JobItem => {
  const parsed = signalSchema.safeParse(raw);
  return parsed.success
    ? { kind: "signal", signal: parsed.data }
    : refused(raw, faultsOf(parsed.error, place, SIGNAL_FIELDS));
};

const readOne = (name: "feedback" | "event", raw: unknown): JobItem => {
  const item = readSignal(raw, "signal");
  if (item.kind === "refused" || item.signal.kind === name) return item;
  const found = item.signal.kind;
  const sentence = `is "${found}" in a job named "${name}"; name the job "${found}" or correct the kind`;
  return refused(raw, [{ place: "signal › kind", sentence }]);
};

/** A payload of nobody's signal, refused with its faults: what `readRetrain` gives for a bad one. */
export const refusedJob = (data: unknown, faults: readonly Fault[]): RefusedItem => ({
  kind: "refused",
  id: undefined,
  faults,
  payload: storable(data),
});

/** No id, even if one can be seen: whose it is cannot be known, and a dead letter closes its id. */
const unreadable = (data: unknown, faults: readonly Fault[]): JobReading => ({
  tenant: "default",
  clock: "database",
  items: [refusedJob(data, faults)],
});

const isJobName = (name: string): name is JobName =>
  (JOB_NAMES as readonly string[]).includes(name);

const unknownName = (name: string): Fault => ({
  place: "job",
  sentence: `the name ${quote(name)} is not known${didYouMean(name, [...JOB_NAMES, RETRAIN_JOB])}; name it "feedback", "event", "batch" or "retrain"`,
});

/** Reads the data of a job named `retrain`. Never throws. */
export const readRetrain = (
  data: unknown,
): { readonly kind: "retrain"; readonly job: RetrainJob } | RefusedItem => {
  const parsed = retrainSchema.safeParse(data);
  if (!parsed.success)
    return refusedJob(data, faultsOf(parsed.error, "data", Object.keys(retrainSchema.shape)));
  const { tenant, tasks, seed, promote } = parsed.data;
  return { kind: "retrain", job: { tenant, tasks: [...new Set(tasks)], seed, promote } };
};

/**
 * Reads a job of signals as it came off the queue. Never throws. A payload whose envelope cannot be read
 * belongs to the tenant `default`, since its own cannot be trusted.
 */
export const readJob = (name: string, data: unknown): JobReading => {
  if (!isJobName(name)) return unreadable(data, [unknownName(name)]);
  if (name === "batch") {
    const parsed = manySchema.safeParse(data);
    if (!parsed.success) return unreadable(data, faultsOf(parsed.error, "data"));
    const { tenant, clock, signals } = parsed.data;
    return {
      tenant,
      clock,
      items: signals.map((raw, index) => readSignal(raw, `signals[${index}]`)),
    };
  }
  const parsed = oneSchema.safeParse(data);
  if (!parsed.success) return unreadable(data, faultsOf(parsed.error, "data"));
  const { tenant, clock, signal } = parsed.data;
  return { tenant, clock, items: [readOne(name, signal)] };
};
