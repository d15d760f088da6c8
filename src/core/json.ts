/**
 * JSON that came from outside, made safe to keep: well-formed text, own plain properties, bounded depth.
 * Walks without recursion, so that no nesting can overflow the stack.
 */
import { z } from "zod";
import { type Checked, faulty, quote, sound } from "./fault.ts";
import { LIMITS } from "./limits.ts";

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** Names that reach a prototype; refused as property names wherever JSON enters. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Text that any database and any reader can hold: NUL removed, lone surrogates replaced by U+FFFD. */
export const wellFormed = (text: string): string =>
  (text.includes("\0") ? text.replaceAll("\0", "") : text).toWellFormed();

interface Visit {
  readonly value: unknown;
  readonly depth: number;
  readonly place: string;
  readonly put: (clean: Json) => void;
}

const set = (target: Record<string, Json>, key: string, value: Json): void => {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
};

const refuse = (visit: Visit, depthMax: number): string | undefined => {
  const { value, depth } = visit;
  if (depth > depthMax) return `is nested deeper than ${depthMax} levels; flatten it`;
  if (typeof value === "number" && !Number.isFinite(value))
    return `${value} is not a JSON number; leave it out`;
  if (value === undefined || ["function", "symbol", "bigint"].includes(typeof value))
    return `${quote(value)} is not JSON; send text, a number, true, false, null, a list or an object`;
  return undefined;
};

const open = (visit: Visit, stack: Visit[]): string | undefined => {
  const { value, depth, place, put } = visit;
  if (Array.isArray(value)) {
    const list: Json[] = [];
    put(list);
    for (const [index, item] of value.entries())
      stack.push({
        value: item,
        depth: depth + 1,
        place: `${place}[${index}]`,
        put: (clean) => (list[index] = clean),
      });
    return undefined;
  }
  const record: Record<string, Json> = {};
  put(record);
  for (const [rawKey, item] of Object.entries(value as object)) {
    const key = wellFormed(rawKey);
    if (FORBIDDEN_NAMES.has(key)) return `the name ${quote(key)} is not allowed; rename it`;
    set(record, key, null);
    stack.push({
      value: item,
      depth: depth + 1,
      place: `${place}.${key}`,
      put: (clean) => set(record, key, clean),
    });
  }
  return undefined;
};

/** −0 is written as 0 and read back as 0: taken as 0 from the beginning, nothing changes by being stored. */
const withoutMinusZero = (value: Json): Json => (value === 0 ? 0 : value);

/**
 * A deep copy of `value` that is plain, well-formed JSON of at most `depthMax` levels,
 * or the first place where it is not.
 */
export const cleanJson = (value: unknown, place: string, depthMax = 64): Checked<Json> => {
  let result: Json = null;
  const stack: Visit[] = [{ value, depth: 0, place, put: (clean) => (result = clean) }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const refused = refuse(visit, depthMax);
    if (refused !== undefined) return faulty([{ place: visit.place, sentence: refused }]);
    if (typeof visit.value === "string") visit.put(wellFormed(visit.value));
    else if (visit.value === null || typeof visit.value !== "object")
      visit.put(withoutMinusZero(visit.value as Json));
    else {
      const wrong = open(visit, stack);
      if (wrong !== undefined) return faulty([{ place: visit.place, sentence: wrong }]);
    }
  }
  return sound(result);
};

const refusedObject = (clean: Checked<Json>): readonly string[] => {
  if (clean.kind === "faulty")
    return clean.faults.map(({ place, sentence }) => `${place} ${sentence}`.trim());
  const { value } = clean;
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return ["is not an object; send named properties"];
  return JSON.stringify(value).length > LIMITS.propertiesChars
    ? [`is larger than ${LIMITS.propertiesChars} characters; send less`]
    : [];
};

/** Free properties at a door: a clean JSON object within `LIMITS.depth` and `LIMITS.propertiesChars`. */
export const jsonObjectSchema = z.unknown().transform((value, context): JsonObject => {
  const clean = cleanJson(value, "", LIMITS.depth);
  const refused = refusedObject(clean);
  for (const sentence of refused) context.addIssue({ code: "custom", message: sentence });
  return clean.kind === "sound" && refused.length === 0 ? (clean.value as JsonObject) : z.NEVER;
});
