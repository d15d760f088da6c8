/**
 * Whom attune answers: traits (what the CRM says of the customer) and history (rolling aggregates).
 * History has constant size: it is folded one signal at a time and never re-read from the signals on the hot path.
 */
import { z } from "zod";
import { jsonObjectSchema, wellFormed } from "./json.ts";
import type { WaitingProposal } from "./proposal.ts";
import type { ReplyCategory } from "./reply-category.ts";
import type { History } from "./history.ts";
import { LIMITS } from "./limits.ts";

/** Whether the platform knows the IANA name. */
export const timeZoneKnown = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
};

/** What the CRM says of a customer. Every field optional; `null` clears a stored field. */
export const traitsSchema = z.strictObject({
  name: z.string().max(LIMITS.nameChars).transform(wellFormed).nullable().optional(),
  locale: z
    .string()
    .max(LIMITS.localeChars)
    .regex(
      /^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/u,
      'is not a locale; write it like "en-GB" or "zh-Hans-CN"',
    )
    .nullable()
    .optional(),
  timeZone: z
    .string()
    .max(LIMITS.nameChars)
    .refine(timeZoneKnown, 'is not an IANA time zone; write it like "Europe/London"')
    .nullable()
    .optional(),
  /** `service`: answers to what the customer said or did (allowed unless false). `marketing`: offers (only if true). */
  consent: z
    .strictObject({ service: z.boolean().optional(), marketing: z.boolean().optional() })
    .nullable()
    .optional(),
  custom: jsonObjectSchema.nullable().optional(),
});

export type Traits = Readonly<z.output<typeof traitsSchema>>;

/** A reply that the customer got lately; kept for frequency caps, newest last. */
export interface Contact {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly category: ReplyCategory;
  readonly rule: string;
  /** Absent in contacts from before it was kept. */
  readonly slot?: string;
}

/** How many recent contacts of one category and slot a customer's row keeps; a cap may not count beyond it. */
export const CONTACTS_KEPT = 16;

export { REPLY_CATEGORIES, type ReplyCategory } from "./reply-category.ts";

export interface Customer {
  readonly tenant: string;
  readonly id: string;
  /** How many signals have been folded into this customer; the order in which its row was locked. */
  readonly version: number;
  readonly traits: Traits;
  readonly history: History;
  readonly contacts: readonly Contact[];
  /** `seq` of the newest reply in the inbox; 0 while there is none. */
  readonly lastSeq: number;
  /** Proposals that wait for their time, at most `WAITING_MAX`. */
  readonly waiting: readonly WaitingProposal[];
}
