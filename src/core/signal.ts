/**
 * What reaches attune from a CRM backend: feedback (something a customer said) or an event (something a customer did).
 * Parsed at the door, and again when its job is read: what was parsed must parse to itself, or an accepted signal could never be decided.
 * Inside, a `Signal` is well-formed and within `LIMITS`.
 */
import { z } from "zod";
import { jsonObjectSchema, wellFormed } from "./json.ts";
import { traitsSchema } from "./customer.ts";
import { LIMITS } from "./limits.ts";

const CONTROL = /\p{Cc}/u;

/** An identifier given by somebody else: 1–200 characters, well-formed, without control characters. Never repaired: a repaired id is another id. */
export const idSchema = z
  .string()
  .min(1, "is empty; give an id")
  .max(LIMITS.idChars, `is longer than ${LIMITS.idChars} characters; shorten or hash it`)
  .refine(
    (id) => id.isWellFormed() && !CONTROL.test(id),
    "has control characters or broken Unicode; send plain text",
  );

/** Free text: repaired to well-formed Unicode (NUL removed, lone surrogates replaced), at most `maxChars` UTF-16 units. */
const textSchema = (maxChars: number) =>
  z
    .string()
    .max(maxChars, `is longer than ${maxChars} characters; cut it or send it in parts`)
    .transform(wellFormed);

/** Outside of these years an instant has another shape as text (so that it would be refused when its job is read) or is none to PostgreSQL. */
const YEARS = /^(?!0000)\d{4}-/u;

const instantSchema = z.iso
  .datetime({ offset: true, error: 'is not an instant; write it like "2026-03-01T09:30:00Z"' })
  .transform((text) => new Date(Date.parse(text)).toISOString())
  .refine((instant) => YEARS.test(instant), "is not between the years 0001 and 9999 in UTC");

const common = {
  id: idSchema,
  customerId: idSchema,
  at: instantSchema,
  /** What the CRM knows about the customer at that moment; merged over what is stored. */
  traits: traitsSchema.optional(),
};

/** One thing a customer said. */
export const feedbackSchema = z.strictObject({
  kind: z.literal("feedback"),
  ...common,
  text: textSchema(LIMITS.textChars),
  channel: textSchema(LIMITS.nameChars)
    .refine((channel) => channel !== "", "is empty; name the channel or leave it out")
    .default("unknown"),
  rating: z
    .number()
    .min(1, "is below 1; ratings run from 1 to 5")
    .max(5, "is above 5; ratings run from 1 to 5")
    .optional(),
  locale: z.string().max(LIMITS.localeChars).transform(wellFormed).optional(),
  subject: textSchema(LIMITS.nameChars).optional(),
  context: jsonObjectSchema.optional(),
});

/** What an event type looks like. */
export const EVENT_TYPE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/u;

/** One thing a customer did, such as `order.completed` or `app.opened`. */
export const eventSchema = z.strictObject({
  kind: z.literal("event"),
  ...common,
  type: z
    .string()
    .max(LIMITS.nameChars)
    .regex(EVENT_TYPE, 'is not an event type; write it like "order.completed"'),
  properties: jsonObjectSchema.optional(),
});

export const signalSchema = z.discriminatedUnion("kind", [feedbackSchema, eventSchema], {
  error: 'has no known kind; say "kind": "feedback" or "kind": "event"',
});

export type Feedback = Readonly<z.output<typeof feedbackSchema>>;
export type CustomerEvent = Readonly<z.output<typeof eventSchema>>;
export type Signal = Feedback | CustomerEvent;

/** A signal as it is decided: whose it is, and the instant that counts as "now" for it (fixed when it was accepted). */
export interface AcceptedSignal {
  readonly tenant: string;
  readonly signal: Signal;
  /** ISO 8601, UTC, milliseconds. */
  readonly now: string;
  /** Set where `now` is the signal's own `at`: a replay. Told while it is decided, not stored. */
  readonly replayed?: true;
}

/** Names of the fields that a signal may have, for "did you mean". */
export const SIGNAL_FIELDS: readonly string[] = [
  ...new Set([...Object.keys(feedbackSchema.shape), ...Object.keys(eventSchema.shape)]),
];
