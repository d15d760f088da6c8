/** The tenant of whoever does not name one; it needs no set-up. */
export const DEFAULT_TENANT = "default";
