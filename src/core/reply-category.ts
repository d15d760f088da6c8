/** What kind of reply it is, which says what may hold it back. */

/** `service` answers what the customer said or did; `marketing` is an offer and needs consent; `transactional` says what must be said, and nothing holds it back. */
export const REPLY_CATEGORIES = ["service", "marketing", "transactional"] as const;
export type ReplyCategory = (typeof REPLY_CATEGORIES)[number];
