/**
 * Reading what a request carries: bytes to JSON, and JSON or query text to values by a strict schema.
 * Invalid UTF-8 is refused, never repaired: a repaired id is another id.
 */
import { z } from "zod";
import { faultsOf } from "../core/fault.ts";
import { AttuneError } from "../errors.ts";
import { idSchema } from "../core/signal.ts";

const jsonComplaint = (cause: unknown): string =>
  cause instanceof SyntaxError ? cause.message : "it cannot be read";

/** The JSON value in a body. Throws BODY_UNREADABLE. */
export const readJsonBytes = (bytes: Uint8Array): unknown => {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AttuneError("BODY_UNREADABLE", "The body is not valid UTF-8.", { cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const why = text === "" ? "it is empty" : jsonComplaint(cause);
    throw new AttuneError("BODY_UNREADABLE", `The body is not valid JSON: ${why}.`, { cause });
  }
};

/** `value` as the schema reads it. Throws INPUT_INVALID with every fault; `place` is where they are (`body`, `query`, `path`). */
export const parsed = <Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  place: string,
): Output => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new AttuneError("INPUT_INVALID", `The ${place} of the request is not usable.`, {
    faults: faultsOf(read.error, place),
  });
};

const idParams = z.strictObject({ id: idSchema });

/** The id in a path such as `/v1/signals/:id`. */
export const idOf = (params: unknown): string => parsed(idParams, params, "path").id;

/** A whole number from query text, from `from` to `to` inclusive. */
export const wholeText = (from: number, to: number) =>
  z
    .string({ error: "is given more than once; give it once" })
    .regex(/^\d{1,15}$/u, "is not a whole number")
    .transform(Number)
    .pipe(z.number().min(from, `is below ${from}`).max(to, `is above ${to}`));
