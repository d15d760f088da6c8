/**
 * The contact policy (`rules/contact-policy.json`): the language of last resort, and how many replies of a category a customer may get in a rolling window.
 * A window is half-open, (now − window, now]: a reply exactly one window old no longer counts.
 */
import { z } from "zod";
import { type Contact, CONTACTS_KEPT, REPLY_CATEGORIES, type ReplyCategory } from "../customer.ts";
import { type Checked, faulty, faultsOf, sound } from "../fault.ts";
import { readSource } from "../rules/source.ts";
import { canonicalLocale } from "./locale.ts";

export const POLICY_FILE = "rules/contact-policy.json";
const POLICY_DEPTH = 8;

/** Contacts kept of each category: equal shares, so that many replies of one category never push out those that another one's cap must count. */
export const CONTACTS_KEPT_PER_CATEGORY = Math.floor(CONTACTS_KEPT / REPLY_CATEGORIES.length);

const capSchema = z.strictObject({
  category: z.enum(REPLY_CATEGORIES),
  replies: z
    .int("is not a whole number; say how many replies are allowed")
    .min(0, "is below 0; 0 stops the category, 1 or more allows that many")
    .max(
      CONTACTS_KEPT_PER_CATEGORY,
      `is above ${CONTACTS_KEPT_PER_CATEGORY}, the contacts kept of one category; lower it`,
    ),
  windowHours: z
    .int("is not a whole number; give the window in hours")
    .min(1, "is below 1; give the window in hours")
    .max(8_760, "is above 8760 (a year); shorten it"),
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
        (other) => other.category === cap.category && other.windowHours === cap.windowHours,
      );
      if (first < index)
        context.addIssue({
          code: "custom",
          path: [index],
          message: `repeats the ${cap.category} cap over ${cap.windowHours} hours of caps[${first}]; keep one`,
        });
    }
  }),
});

/** At most `replies` of `category` in any `windowHours` hours. */
export type Cap = Readonly<z.output<typeof capSchema>>;

export interface ContactPolicy {
  readonly defaultLocale: string;
  readonly caps: readonly Cap[];
}

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
  return sound({ defaultLocale: policy.data.defaultLocale, caps: policy.data.caps });
};

const HOUR_MS = 3_600_000;

const contactsInWindow = (contacts: readonly Contact[], cap: Cap, now: string): number => {
  const to = Date.parse(now);
  const from = to - cap.windowHours * HOUR_MS;
  return contacts.filter(({ at, category }) => {
    const instant = Date.parse(at);
    return category === cap.category && instant > from && instant <= to;
  }).length;
};

/** The first cap of the category that leaves no room at `now`, in words; undefined when one more reply is allowed. */
export const capReached = (
  policy: ContactPolicy,
  category: ReplyCategory,
  { contacts, now }: { readonly contacts: readonly Contact[]; readonly now: string },
): string | undefined => {
  for (const cap of policy.caps.filter((each) => each.category === category)) {
    const had = contactsInWindow(contacts, cap, now);
    if (had >= cap.replies)
      return `at most ${cap.replies} ${category} replies in ${cap.windowHours} hours; the customer has had ${had}`;
  }
  return undefined;
};

/** The contacts with one more, oldest of its category dropped beyond the share that is kept. */
export const rememberContact = (
  contacts: readonly Contact[],
  contact: Contact,
): readonly Contact[] => {
  const all = [...contacts, contact];
  const same = all.filter(({ category }) => category === contact.category);
  const dropped = new Set(same.slice(0, Math.max(0, same.length - CONTACTS_KEPT_PER_CATEGORY)));
  return all.filter((each) => !dropped.has(each));
};
