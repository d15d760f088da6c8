/**
 * Traits of a signal over the traits that are stored. Signals speak in order of arrival: the last one wins.
 * A field that is absent stays, null clears it; consent and custom fields are merged name by name, not replaced.
 */
import type { Traits } from "../customer.ts";
import type { JsonObject } from "../json.ts";
import { LIMITS } from "../limits.ts";

const withoutUndefined = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

const withoutNulls = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as T;

/** Custom fields may not grow without end: where old and new together are too large, only the new ones are kept. */
const mergeCustom = (stored: JsonObject, given: JsonObject): JsonObject => {
  const merged = withoutNulls({ ...stored, ...given });
  return JSON.stringify(merged).length <= LIMITS.propertiesChars ? merged : withoutNulls(given);
};

/** Stored traits after a signal that brought `given` (or brought none). Holds no null afterwards. */
export const mergeTraits = (stored: Traits, given: Traits | undefined): Traits => {
  if (given === undefined) return stored;
  const merged: Record<string, unknown> = { ...stored, ...withoutUndefined(given) };
  if (given.consent) merged["consent"] = { ...stored.consent, ...withoutUndefined(given.consent) };
  if (given.custom) merged["custom"] = mergeCustom(stored.custom ?? {}, given.custom);
  return withoutNulls(merged) as Traits;
};
