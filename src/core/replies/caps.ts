/**
 * Frequency caps over the contacts that a customer had lately.
 * A window is half-open, (now − window, now]: a reply exactly one window old no longer counts.
 */
import { type Contact, CONTACTS_KEPT } from "../customer.ts";
import type { Proposal } from "../decision.ts";
import type { Cap, ContactPolicy } from "./contact-policy.ts";

const HOUR_MS = 3_600_000;

/** Contacts from before slots were kept count in every slot. */
const counts = (cap: Cap, { category, slot = cap.slot }: Contact): boolean =>
  category === cap.category && (cap.slot === undefined || slot === cap.slot);

/** A cap that leaves no room. */
export interface ReachedCap {
  /** In words. */
  readonly detail: string;
  /** When one more reply is allowed, milliseconds since 1970; never for a cap of 0. */
  readonly freeAt: number;
}

const reached = (cap: Cap, contacts: readonly Contact[], now: number): ReachedCap | undefined => {
  const windowMs = cap.windowHours * HOUR_MS;
  const instants = contacts
    .filter((contact) => counts(cap, contact))
    .map(({ at }) => Date.parse(at))
    .filter((instant) => instant > now - windowMs && instant <= now)
    .toSorted((left, right) => right - left);
  if (instants.length < cap.replies) return undefined;
  const where = cap.slot === undefined ? "" : ` in slot "${cap.slot}"`;
  return {
    detail: `at most ${cap.replies} ${cap.category} replies${where} in ${cap.windowHours} hours; the customer has had ${instants.length}`,
    // The oldest of those that fill it has to leave.
    freeAt: (instants[cap.replies - 1] ?? Number.POSITIVE_INFINITY) + windowMs,
  };
};

/** The cap that leaves the proposal no room for longest; undefined when one more reply is allowed at `now`. */
export const capReached = (
  { caps }: Pick<ContactPolicy, "caps">,
  { category, slot }: Pick<Proposal, "category" | "slot">,
  { contacts, now }: { readonly contacts: readonly Contact[]; readonly now: string },
): ReachedCap | undefined => {
  let worst: ReachedCap | undefined;
  for (const cap of caps) {
    if (cap.category !== category || (cap.slot !== undefined && cap.slot !== slot)) continue;
    const found = reached(cap, contacts, Date.parse(now));
    if (found !== undefined && (worst === undefined || found.freeAt > worst.freeAt)) worst = found;
  }
  return worst;
};

/** Slots in which a customer's contacts are kept apart; older ones are dropped first. */
const SLOTS_KEPT = 16;

const kind = ({ category, slot = "" }: Contact): string => `${category}\n${slot}`;

/**
 * The contacts with one more. Of each category and slot the newest `CONTACTS_KEPT` stay, so that many replies of one kind never push out those that the
 * cap of another kind must count.
 */
export const rememberContact = (
  contacts: readonly Contact[],
  contact: Contact,
): readonly Contact[] => {
  const all = [...contacts, contact];
  const same = all.filter((each) => kind(each) === kind(contact));
  const dropped = new Set(same.slice(0, Math.max(0, same.length - CONTACTS_KEPT)));
  const kept = dropped.size === 0 ? all : all.filter((each) => !dropped.has(each));
  return kept.length > CONTACTS_KEPT * SLOTS_KEPT ? kept.slice(1) : kept;
};
