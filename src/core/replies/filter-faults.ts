/** What can be said of the arguments of our filters before anything is rendered: the forms of a number, and the name of a currency. */
import { type Template, toValueSync } from "liquidjs";
import { didYouMean, type Fault, quote } from "../fault.ts";
import { CURRENCY, pluralForms } from "./filters.ts";

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

interface Found {
  readonly filter: ParsedFilter;
  /** Counted from 1 in the piece. */
  readonly row: number;
}

/** What a tag or an output reads; other arguments have no filters. */
const valuesOf = (template: Template): readonly ParsedValue[] =>
  [...((template.arguments?.() ?? []) as Iterable<unknown>)].filter(
    (argument): argument is ParsedValue =>
      typeof argument === "object" && argument !== null && "filters" in argument,
  );

const rowOf = ({ token }: Template): number => token.getPosition()[0] ?? 1;

/** Every use of a filter, also in branches that are never taken. */
const filtersIn = (templates: readonly Template[]): readonly Found[] =>
  templates.flatMap((template) => {
    const own = valuesOf(template).flatMap(({ filters }) =>
      filters.map((filter) => ({ filter, row: rowOf(template) })),
    );
    const inside =
      template.children === undefined ? [] : childrenOf(template.children(false, true));
    return [...own, ...filtersIn(inside)];
  });

const childrenOf = (children: unknown): readonly Template[] =>
  (toValueSync(children as Generator<unknown, Template[]>) as Template[] | undefined) ?? [];

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

const faultOf = (filter: ParsedFilter, locale: string): string | undefined => {
  if (filter.name === "plural") return pluralFault(filter, locale);
  return filter.name === "money" ? moneyFault(filter) : undefined;
};

/** What is wrong with the arguments of filters, each with its line. */
export const filterFaults = (
  templates: readonly Template[],
  { place, firstLine, locale = "en" }: Where,
): readonly Fault[] =>
  filtersIn(templates).flatMap(({ filter, row }) => {
    const sentence = faultOf(filter, locale);
    return sentence === undefined
      ? []
      : [{ place: `${place} › line ${row + firstLine - 1}`, sentence }];
  });
