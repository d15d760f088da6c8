/** `attune rules facts`: what rules may read, with type, unit, where it comes from and an example. */
import { FACT_SOURCES, type FactDefinition, FACTS } from "../core/facts.ts";
import { didYouMean, quote } from "../core/fault.ts";
import { AttuneError } from "../errors.ts";
import { padColumns, wrapColumns } from "./columns.ts";
import type { Call, Exit, Paint } from "./terminal.ts";

type Named = readonly [name: string, fact: FactDefinition];

const found = (part: string): readonly Named[] => {
  const wanted = part.toLowerCase();
  return [...FACTS].filter(
    ([name, { sentence }]) =>
      name.toLowerCase().includes(wanted) || sentence.toLowerCase().includes(wanted),
  );
};

/** A slip is looked for in whole names and in their last words. */
const suggestion = (part: string): string => {
  const names = [...FACTS.keys()];
  return didYouMean(part, [...names, ...names.map((name) => name.replace(/^.*\./u, ""))]);
};

const valuesOf = ({ values = [] }: FactDefinition): readonly string[] =>
  values.length === 0 ? [] : [`one of ${values.join(", ")}`];

/** A fact with what there is to know of it, on lines of at most `columns`. */
const factAsText = (
  [name, fact]: Named,
  { paint, columns }: { paint: Paint; columns: number },
): string => {
  const { type, unit, sentence, source, example } = fact;
  const kind = unit === undefined ? type : `${type}, ${unit}`;
  const more = [sentence, ...valuesOf(fact), `from ${source}; such as ${JSON.stringify(example)}`];
  return [
    `${paint.bold(padColumns(name, 30))} ${kind}`,
    ...more.map(
      (text) => `  ${wrapColumns(text, Math.max(40, columns - 2)).replaceAll("\n", "\n  ")}`,
    ),
  ].join("\n");
};

export const rulesFacts = (
  { context, terminal }: Call,
  { part = "" }: { readonly part?: string },
): Exit => {
  const facts = found(part);
  if (facts.length === 0)
    throw new AttuneError(
      "NOT_FOUND",
      `No fact has ${quote(part)} in its name or its sentence${suggestion(part) || "; attune rules facts lists all"}`,
    );
  const { paint, columns } = terminal;
  const sources = Object.entries(FACT_SOURCES).map(([name, words]) => `${name}: ${words}`);
  terminal.out(
    context.json
      ? JSON.stringify({ facts: facts.map(([name, fact]) => ({ name, ...fact })) })
      : [...facts.map((fact) => factAsText(fact, { paint, columns })), "", ...sources].join("\n"),
  );
  return 0;
};
