/**
 * What is refused in values and filters before anything is rendered: ranges, and arguments that our filters cannot use.
 * Ranges are of no use without loops, and a long one that is made once and compared often takes seconds that nothing counts.
 */
import { type Template, TokenKind, toValueSync } from "liquidjs";
import { didYouMean, type Fault, quote } from "../fault.ts";
import { CURRENCY, pluralForms } from "./filters.ts";
import { canonicalLocale } from "./locale.ts";

interface Where {
  readonly place: string;
  readonly firstLine: number;
  readonly locale?: string;
}

/** A filter as liquidjs parses it: unnamed arguments as tokens, named ones as pairs. */
interface ParsedFilter {
  readonly name: string;
  readonly args: readonly unknown[];
}

interface ParsedValue {
  readonly filters: readonly ParsedFilter[];
}

const argumentsOf = (template: Template): readonly unknown[] => [
  ...((template.arguments?.() ?? []) as Iterable<unknown>),
];

/** What a tag or an output reads; other arguments have no filters. */
const valuesOf = (template: Template): readonly ParsedValue[] =>
  argumentsOf(template).filter(
    (argument): argument is ParsedValue =>
      typeof argument === "object" && argument !== null && "filters" in argument,
  );

/** Every template, also in branches that are never taken. */
const allOf = (templates: readonly Template[]): readonly Template[] =>
  templates.flatMap((template) => [
    template,
    ...(template.children === undefined ? [] : allOf(childrenOf(template.children(false, true)))),
  ]);

const childrenOf = (children: unknown): readonly Template[] =>
  (toValueSync(children as Generator<unknown, Template[]>) as Template[] | undefined) ?? [];

const rowOf = ({ token }: Template): number => token.getPosition()[0] ?? 1;

/** Parts of a parsed value that belong to the engine and hold nothing of the template. */
const ENGINE_PARTS: ReadonlySet<string> = new Set(["liquid", "handler"]);

/** Whether a range stands anywhere in what a template reads: as a value, an operand, an index or an argument. */
const hasRange = (roots: readonly unknown[]): boolean => {
  const seen = new Set<unknown>();
  const open: unknown[] = [roots];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part !== "object" || part === null || seen.has(part)) continue;
    seen.add(part);
    if ("kind" in part && part.kind === TokenKind.Range) return true;
    for (const [name, inner] of Object.entries(part))
      if (typeof inner === "object" && inner !== null && !ENGINE_PARTS.has(name)) open.push(inner);
  }
  return false;
};

const namesOf = ({ args }: ParsedFilter): readonly string[] =>
  args.flatMap((argument) => (Array.isArray(argument) ? [String(argument[0])] : []));

const pluralFault = (filter: ParsedFilter, locale: string): string | undefined => {
  const forms = pluralForms(locale);
  const names = namesOf(filter);
  const strange = names.find((name) => !forms.includes(name));
  if (strange !== undefined)
    return `plural form ${quote(strange)} does not exist in ${locale}${didYouMean(strange, forms) || `; use ${forms.join(", ")}`}`;
  return names.includes("other")
    ? undefined
    : 'plural needs the form "other"; write it like plural: one: "# parcel", other: "# parcels"';
};

/** A text that stands in the template; undefined for what only a rendering can tell. */
const literalOf = (argument: unknown): string | undefined =>
  typeof argument === "object" && argument !== null && "content" in argument
    ? String(argument.content)
    : undefined;

const moneyFault = ({ args }: ParsedFilter): string | undefined => {
  const [currency] = args;
  const written = literalOf(currency);
  if (currency !== undefined && (written === undefined || CURRENCY.test(written))) return undefined;
  return `money needs a currency of three capital letters${written === undefined ? "" : `, not ${quote(written)}`}; write it like money: "EUR"`;
};

const dayFault = ({ args }: ParsedFilter): string | undefined => {
  const written = literalOf(args[0]);
  return written === undefined || canonicalLocale(written) === written
    ? undefined
    : `day needs a locale, not ${quote(written)}; write it like day: "zh-Hans", or leave it out for the language of the template`;
};

const numberFault = ({ args }: ParsedFilter): string | undefined =>
  args.length === 0 ? undefined : "number takes no arguments; remove them, or use money";

const CHECKS: ReadonlyMap<string, (filter: ParsedFilter, locale: string) => string | undefined> =
  new Map([
    ["plural", pluralFault],
    ["money", moneyFault],
    ["day", dayFault],
    ["number", numberFault],
  ]);

const sentencesOf = (template: Template, locale: string): readonly string[] => {
  const ofFilters = valuesOf(template)
    .flatMap(({ filters }) => filters)
    .flatMap((filter) => CHECKS.get(filter.name)?.(filter, locale) ?? []);
  return hasRange(argumentsOf(template))
    ? [...ofFilters, "ranges like (1..9) are not known, for there are no loops; remove it"]
    : ofFilters;
};

/** What is wrong with values and filters, each with its line. */
export const filterFaults = (
  templates: readonly Template[],
  { place, firstLine, locale = "en" }: Where,
): readonly Fault[] =>
  allOf(templates).flatMap((template) =>
    sentencesOf(template, locale).map((sentence) => ({
      place: `${place} › line ${rowOf(template) + firstLine - 1}`,
      sentence,
    })),
  );
