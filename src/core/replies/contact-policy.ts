/**
 * The contact policy (`rules/contact-policy.json`): the language of last resort, and when, how often and by whom customers may be written to.
 * `transactional` replies are outside of all of it; so are service replies that hand over to a person.
 */
import { z } from "zod";
import { CONTACTS_KEPT, REPLY_CATEGORIES, timeZoneKnown } from "../customer.ts";
import { type Checked, faulty, faultsOf, quote, sound } from "../fault.ts";
import { hoursAsWritten, minutesFree, parseHours } from "../rules/hours.ts";
import { readSource } from "../rules/source.ts";
import { SLOT_FORMATS, type SlotFormat } from "./escape.ts";
import { canonicalLocale } from "./locale.ts";

export const POLICY_FILE = "rules/contact-policy.json";
const POLICY_DEPTH = 8;

/** Categories that the policy holds back; `transactional` is exempt. */
const HELD_CATEGORIES = REPLY_CATEGORIES.filter((category) => category !== "transactional");

const capSchema = z.strictObject({
  category: z.enum(HELD_CATEGORIES, {
    error: ({ input }) =>
      input === "transactional"
        ? '"transactional" replies are exempt from caps; remove the cap'
        : undefined,
  }),
  slot: z.string().min(1, "is empty; name a slot or leave it out").optional(),
  replies: z
    .int("is not a whole number; say how many replies are allowed")
    .min(0, "is below 0; 0 stops the category, 1 or more allows that many")
    .max(
      CONTACTS_KEPT,
      `is above ${CONTACTS_KEPT}, the contacts kept of one category and slot; lower it`,
    ),
  windowHours: z
    .int("is not a whole number; give the window in hours")
    .min(1, "is below 1; give the window in hours")
    .max(8_760, "is above 8760 (a year); shorten it"),
});

const categoriesSchema = z
  .array(z.enum(HELD_CATEGORIES))
  .min(1, "is empty; name a category, or remove the whole")
  .default(["marketing"]);

const hoursSchema = z.string().superRefine((written, context) => {
  const wrong = parseHours(written);
  if (typeof wrong === "string") context.addIssue({ code: "custom", message: wrong });
});

const quietSchema = z.strictObject({
  hours: z
    .union([hoursSchema, z.array(hoursSchema).min(1, "is empty; remove quietHours")])
    .transform((written) => (typeof written === "string" ? [written] : written))
    .refine((written) => minutesFree(hoursAsWritten(written)) > 0, {
      error: "leave no minute of the week in which anybody may be written to; shorten them",
    }),
  timeZone: z
    .string()
    .refine(timeZoneKnown, 'is not an IANA time zone; write it like "Europe/London"')
    .default("UTC"),
  categories: categoriesSchema,
  urgentFrom: z
    .number()
    .min(0, "is below 0; urgency runs from 0 to 1")
    .max(1, "is above 1; urgency runs from 0 to 1")
    .optional(),
});

const holdoutSchema = z.strictObject({
  percent: z.number().min(0, "is below 0; write 0 to 100").max(100, "is above 100; write 0 to 100"),
  categories: categoriesSchema,
});

const arbitrationSchema = z.strictObject({
  windowMinutes: z
    .number()
    .min(0, "is below 0; 0 settles every signal by itself")
    .max(1_440, "is above 1440 (a day); shorten it"),
});

const deferralSchema = z.strictObject({
  maxHours: z
    .number()
    .positive("is not above 0; say for how many hours a reply may wait")
    .max(720, "is above 720 (thirty days); shorten it"),
});

const slotSchema = z.strictObject({
  format: z.enum(SLOT_FORMATS).describe("how its replies are shown; values are escaped for it"),
});

const fallbackSchema = z.strictObject({
  title: z
    .string()
    .trim()
    .min(1, "is empty; write the title")
    .max(200, "is longer than 200 characters; shorten it"),
  body: z
    .string()
    .trim()
    .min(1, "is empty; write the body")
    .max(4_000, "is longer than 4000 characters; shorten it"),
});

const policySchema = z.strictObject({
  $schema: z.string().optional(),
  defaultLocale: z
    .string()
    .refine(
      (text) => canonicalLocale(text) === text,
      'is not a locale in its usual form; write it like "en" or "zh-Hans"',
    ),
  caps: z.array(capSchema).superRefine((caps, context) => {
    for (const [index, cap] of caps.entries()) {
      const first = caps.findIndex(
        (other) =>
          other.category === cap.category &&
          other.slot === cap.slot &&
          other.windowHours === cap.windowHours,
      );
      if (first < index)
        context.addIssue({
          code: "custom",
          path: [index],
          message: `repeats the ${cap.category} cap over ${cap.windowHours} hours of caps[${first}]; keep one`,
        });
    }
  }),
  quietHours: quietSchema.optional(),
  holdout: holdoutSchema.optional(),
  arbitration: arbitrationSchema.optional(),
  deferral: deferralSchema.optional(),
  slots: z.record(z.string().min(1, "is empty; name a slot"), slotSchema).default({}),
  fallback: z
    .record(
      z.string().refine((text) => canonicalLocale(text) === text),
      fallbackSchema,
      {
        error: ({ code }) =>
          code === "invalid_key"
            ? 'is not a locale in its usual form; write it like "en" or "zh-Hans"'
            : undefined,
      },
    )
    .optional(),
});

/** At most `replies` of `category` (in `slot`, if it names one) in any `windowHours` hours. */
export type Cap = Readonly<z.output<typeof capSchema>>;

/** Hours of the week in which these categories wait, on the customer's clock; on that of `timeZone` for customers of whom none is known. */
export type QuietHours = Readonly<z.output<typeof quietSchema>>;

export interface ContactPolicy {
  readonly defaultLocale: string;
  readonly caps: readonly Cap[];
  readonly quietHours?: QuietHours;
  /** Percent of the customers, by lot, who get no replies of these categories, to be compared with. */
  readonly holdout?: Readonly<z.output<typeof holdoutSchema>>;
  /** How long proposals of one customer are gathered before the best is chosen; 0: not at all. */
  readonly windowMinutes: number;
  /** How long a reply may wait, in hours. */
  readonly maxWaitHours: number;
  /** Slot → how its replies are shown; plain text where it is not named. */
  readonly slots: ReadonlyMap<string, SlotFormat>;
  /** Locale → plain words for when no template of a reply renders. */
  readonly fallback?: ReadonlyMap<string, { readonly title: string; readonly body: string }>;
  /** Whether replies that meet a cap or a taken slot wait until it is free. */
  readonly defersCapped: boolean;
}

/** How long a reply waits for the end of quiet hours at most where the policy does not say. */
const MAX_WAIT_HOURS = 48;

const policyOf = (written: z.output<typeof policySchema>): ContactPolicy => {
  const { defaultLocale, caps, quietHours, holdout, arbitration, deferral, slots, fallback } =
    written;
  return {
    defaultLocale,
    caps,
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(holdout === undefined ? {} : { holdout }),
    windowMinutes: arbitration?.windowMinutes ?? 0,
    maxWaitHours: deferral?.maxHours ?? MAX_WAIT_HOURS,
    slots: new Map(Object.entries(slots).map(([slot, { format }]) => [slot, format])),
    ...(fallback === undefined ? {} : { fallback: new Map(Object.entries(fallback)) }),
    defersCapped: deferral !== undefined,
  };
};

/** The policy of a playbook, or everything that is wrong with it; `text` is undefined when the file is missing. */
export const openContactPolicy = (text: string | undefined): Checked<ContactPolicy> => {
  if (text === undefined)
    return faulty([
      {
        place: POLICY_FILE,
        sentence: 'is missing; write at least {"defaultLocale": "en", "caps": []}',
      },
    ]);
  const json = readSource(text, POLICY_FILE, POLICY_DEPTH);
  if (json.kind === "faulty") return faulty([json.fault]);
  const policy = policySchema.safeParse(json.value);
  if (!policy.success) return faulty(faultsOf(policy.error, POLICY_FILE));
  const { defaultLocale, fallback } = policy.data;
  if (fallback === undefined || Object.hasOwn(fallback, defaultLocale))
    return sound(policyOf(policy.data));
  const sentence = `has no words in the default locale ${quote(defaultLocale)}; write them`;
  return faulty([{ place: `${POLICY_FILE} › fallback`, sentence }]);
};
