/**
 * The fixtures as signals: what the demo enqueues, the tests replay, the benchmarks measure and the models are trained on.
 * All of them must read through here, because feedback lines name no customer: they are placed into the year of events here.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { traitsSchema } from "../core/customer.ts";
import { type Fault, faultsOf } from "../core/fault.ts";
import {
  type CustomerEvent,
  eventSchema,
  type Feedback,
  idSchema,
  type Signal,
} from "../core/signal.ts";
import { type LabelledFeedback, parseLabelledFeedback } from "../core/text/labelled.ts";
import { AttuneError } from "../errors.ts";
import { placeFeedback } from "./place-feedback.ts";

/** The files, as text. */
export interface FixtureTexts {
  readonly customers: string;
  readonly events: string;
  readonly feedback: string;
  /** Name → text of the files of the folder `corpus`; empty without one. */
  readonly corpus: Readonly<Record<string, string>>;
}

const customerSchema = z.strictObject({
  id: idSchema,
  /** How the generator made the customer behave; attune never sees it. */
  behaviour: z.string(),
  traits: traitsSchema,
});

export type FixtureCustomer = Readonly<z.output<typeof customerSchema>>;

export interface Fixtures {
  readonly customers: readonly FixtureCustomer[];
  /** Events and feedback of everybody, in time order. */
  readonly signals: readonly Signal[];
  /** The feedback among the signals. */
  readonly feedback: readonly Feedback[];
}

interface Lines<T> {
  readonly values: readonly T[];
  readonly faults: readonly Fault[];
}

const readLine = <T>(schema: z.ZodType<T>, text: string, place: string): T | readonly Fault[] => {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : faultsOf(parsed.error, place);
  } catch {
    return [{ place, sentence: "is not a line of JSON; write the file again" }];
  }
};

const readLines = <T extends object>(
  schema: z.ZodType<T>,
  text: string,
  file: string,
): Lines<T> => {
  const values: T[] = [];
  const faults: Fault[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const read = readLine(schema, line, `${file} › line ${index + 1}`);
    if (Array.isArray(read)) faults.push(...(read as readonly Fault[]));
    else values.push(read as T);
  }
  return { values, faults };
};

const readLabelled = (text: string): Lines<LabelledFeedback> => {
  const parsed = parseLabelledFeedback(text.split("\n"));
  if (parsed.kind === "sound") return { values: parsed.value, faults: [] };
  const faults = parsed.faults.map((fault) => ({
    ...fault,
    place: `feedback.jsonl › ${fault.place}`,
  }));
  return { values: [], faults };
};

const inTimeOrder = (signals: readonly Signal[]): readonly Signal[] =>
  signals.toSorted((left, right) => compare(left.at, right.at) || compare(left.id, right.id));

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Fixtures from the text of their files; throws INPUT_INVALID with every faulty line. */
export const openFixtures = (texts: FixtureTexts): Fixtures => {
  const customers = readLines<FixtureCustomer>(customerSchema, texts.customers, "customers.jsonl");
  const events = readLines<CustomerEvent>(eventSchema, texts.events, "events.jsonl");
  const lines = readLabelled(texts.feedback);
  const faults = [...customers.faults, ...events.faults, ...lines.faults];
  if (faults.length > 0)
    throw new AttuneError("INPUT_INVALID", "the training data cannot be used", { faults });
  const feedback = placeFeedback(
    lines.values,
    customers.values.map(({ id, traits }) => ({ id, locale: traits.locale ?? "en" })),
    events.values,
  );
  return {
    customers: customers.values,
    signals: inTimeOrder([...events.values, ...feedback]),
    feedback,
  };
};

const readText = (directory: string, name: string): string => {
  const path = join(directory, name);
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AttuneError("FILE_UNREADABLE", `cannot read ${path}`, { cause });
  }
};

const readCorpusTexts = (directory: string): Readonly<Record<string, string>> => {
  const folder = join(directory, "corpus");
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return Object.fromEntries(
    names.toSorted().map((name) => [`corpus/${name}`, readText(folder, name)]),
  );
};

/** The text of the files of a folder; throws FILE_UNREADABLE with the path. */
export const readFixtureTexts = (directory: string): FixtureTexts => ({
  customers: readText(directory, "customers.jsonl"),
  events: readText(directory, "events.jsonl"),
  feedback: readText(directory, "feedback.jsonl"),
  corpus: readCorpusTexts(directory),
});

/** The fixtures of a folder, such as `fixtures`. */
export const readFixtures = (directory: string): Fixtures =>
  openFixtures(readFixtureTexts(directory));
