/**
 * Paths into facts that are objects or lists: `$.order.items[0].name`, at most 16 steps.
 * A path is only walked, never executed; it sees own properties alone, and whatever is not there is null.
 */
import { quote } from "../fault.ts";
import type { Json } from "../json.ts";

/** A property name or a place in a list, counted from 0. */
export type Step = string | number;

export const PATH_PATTERN = /^\$?(\.[A-Za-z_][\w-]{0,63}|\[\d{1,6}\]){0,16}$/;
const STEP = /\.([A-Za-z_][\w-]*)|\[(\d+)\]/g;

/** Names that reach a prototype: refused as facts, steps of paths and names of conditions and values. */
export const PROTOTYPE_NAMES: ReadonlySet<string> = new Set([
  "__proto__",
  "constructor",
  "prototype",
]);

/** The steps of a path that `pathFault` found sound; `""` and `"$"` have none. */
export const stepsOf = (path: string): readonly Step[] =>
  [...path.matchAll(STEP)].map(([, name, index]) => name ?? Number(index));

/** What is wrong with a path, or nothing. */
export const pathFault = (path: string): string | undefined => {
  if (!PATH_PATTERN.test(path))
    return `path ${quote(path)} is not a path; write steps like "$.order.items[0].name", at most 16`;
  const name = stepsOf(path).find((step) => PROTOTYPE_NAMES.has(String(step)));
  return name === undefined
    ? undefined
    : `path ${quote(path)} names ${quote(name)}, which is not allowed; rename the property`;
};

const child = (parent: Json, step: Step): Json => {
  if (parent === null || typeof parent !== "object") return null;
  if (typeof step === "number")
    return Array.isArray(parent) ? ((parent as Json[])[step] ?? null) : null;
  if (Array.isArray(parent) || !Object.hasOwn(parent, step)) return null;
  return (parent as Readonly<Record<string, Json>>)[step] ?? null;
};

/** The value at the end of the steps, or null where a step leads nowhere. */
export const follow = (value: Json, steps: readonly Step[]): Json => {
  let current = value;
  for (const step of steps) current = child(current, step);
  return current;
};
