/** Reads the audience of a rule or of a whole file: a condition that may look at the customer only, so that it can be asked again when a reply has waited. */
import { type Fault, quote } from "../fault.ts";
import type { JsonObject } from "../json.ts";
import { compileLater } from "./compile.ts";
import type { Condition, Lookup } from "./condition.ts";
import { type Reading, readRootDraft } from "./draft.ts";
import { linkWithin, type NamedConditions } from "./link.ts";
import type { RuleAudience } from "./standing.ts";

const OF_CUSTOMER = /^(?:customer|prediction)\./u;

const lookups = (condition: Condition): readonly Lookup[] => {
  if (condition.kind !== "comparison") return condition.children.flatMap(lookups);
  const { subject, operand } = condition;
  return operand.kind === "lookup" ? [subject, operand.lookup] : [subject];
};

const strangeFacts = (condition: Condition, place: string): readonly Fault[] =>
  [...new Set(lookups(condition).map(({ fact }) => fact))]
    .filter((fact) => !OF_CUSTOMER.test(fact))
    .map((fact) => ({
      place,
      sentence: `fact ${quote(fact)} is of the signal, and an audience asks who the customer is; move it to "conditions"`,
    }));

/** The audience that `given` (a rule or a file) names, or null: for want of one, or with its faults added to the reading. */
export const readAudience = (
  given: JsonObject,
  place: string,
  { named, reading }: { readonly named: NamedConditions; readonly reading: Reading },
): RuleAudience | null => {
  if (!Object.hasOwn(given, "audience")) return null;
  const spot = `${place} › audience`;
  const draft = readRootDraft(given["audience"], spot, reading);
  const linked =
    draft === null ? null : linkWithin(draft, named, { place: spot, faults: reading.faults });
  if (linked === null) return null;
  const { condition } = linked;
  if (reading.catalogue !== "any") reading.faults.push(...strangeFacts(condition, spot));
  return { condition, holds: compileLater(condition) };
};
