/**
 * The one door to liquidjs, made safe for templates that anybody may write: no loops, no ranges, no files, no clock, no randomness, no prototypes.
 * What bounds a rendering is its construction (no tag repeats, the text is short, strings are counted), never a wall clock:
 * liquidjs' `renderLimit` would give another decision on a slower machine, so it is deliberately not set.
 */
import { Liquid, type Template } from "liquidjs";
import { type Checked, didYouMean, type Fault, faulty, sound } from "../fault.ts";
import type { JsonObject } from "../json.ts";
import { escapeFor, type SlotFormat } from "./escape.ts";
import { amount, day, money, number, plural } from "./filters.ts";
import { filterFaults } from "./filter-faults.ts";

/** UTF-16 units of one template file; with no loops this bounds the steps of a rendering. */
export const TEMPLATE_CHARS = 8_000;
/** Characters and list items that one rendering may build on its way or print. */
const MEMORY_LIMIT = 32_768;

/** Tags that choose and name; none that repeats, reads files or keeps a state between renderings. */
export const TEMPLATE_TAGS: readonly string[] = "if unless case assign echo comment raw #".split(
  " ",
);
/** Filters whose output is counted against the memory limit (`replace` and its like are not); those after `size` are ours. */
export const TEMPLATE_FILTERS: readonly string[] =
  "default append prepend upcase downcase capitalize strip plus minus times round join first size amount day number money plural".split(
    " ",
  );

const keepOnly = (record: Record<string, unknown>, names: readonly string[]): void => {
  for (const name of Object.keys(record)) if (!names.includes(name)) delete record[name];
};

/** What liquidjs binds as `this` of a filter. */
interface FilterCall {
  readonly context: {
    readonly memoryLimit: { use(count: number): void };
    readonly globals: object;
  };
}

/** What a rendering is for; templates cannot name it, because they are refused any variable but those that are known. */
export interface Rendering {
  /** Of the template; numbers are written as it does. */
  readonly locale: string;
  readonly format: SlotFormat;
  /** Of the customer, where it is known; days are told in it. */
  readonly timeZone?: string | undefined;
}

const renderingOf = ({ context }: FilterCall): Rendering => context.globals as Rendering;

type Printed = string | number | boolean | null | undefined | readonly unknown[];

/**
 * liquidjs counts what filters build but not what is printed, so every printed value passes here and is counted.
 * It is escaped for where the reply is shown; the template's own words are not.
 */
function countPrinted(this: FilterCall, value: Printed): string {
  const text = typeof value === "object" ? (value ?? []).join("") : String(value ?? "");
  this.context.memoryLimit.use(text.length);
  return escapeFor(renderingOf(this).format, text);
}

function writeNumber(this: FilterCall, value: unknown): unknown {
  return number(value, renderingOf(this).locale);
}

function writeMoney(this: FilterCall, value: unknown, currency: unknown): unknown {
  return money(value, renderingOf(this).locale, currency);
}

const isNamedText = (form: unknown): form is readonly [string, string] =>
  Array.isArray(form) && typeof form[1] === "string";

/** Named arguments come as pairs. What is built is counted: a form of many "#" is much longer with the number in it. */
function writePlural(this: FilterCall, value: unknown, ...forms: readonly unknown[]): unknown {
  const written = plural(value, renderingOf(this).locale, new Map(forms.filter(isNamedText)));
  if (typeof written === "string") this.context.memoryLimit.use(written.length);
  return written;
}

function writeDay(this: FilterCall, value: unknown, language: unknown): unknown {
  const { locale, timeZone } = renderingOf(this);
  return day(value, { locale: typeof language === "string" ? language : locale, timeZone });
}

const openEngine = (): Liquid => {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    dynamicPartials: false,
    templates: {},
    parseLimit: TEMPLATE_CHARS,
    memoryLimit: MEMORY_LIMIT,
    outputEscape: countPrinted,
  });
  liquid.registerFilter("amount", amount);
  liquid.registerFilter("day", writeDay);
  liquid.registerFilter("number", writeNumber);
  liquid.registerFilter("money", writeMoney);
  liquid.registerFilter("plural", writePlural);
  keepOnly(liquid.tags, TEMPLATE_TAGS);
  keepOnly(liquid.filters, TEMPLATE_FILTERS);
  return liquid;
};

const engine = openEngine();

/** A variable as a template names it, such as `values.orderId`; `line` counts from 1 in the file. */
export interface VariableUse {
  readonly name: string;
  readonly line: number;
}

/** A parsed piece of Liquid. */
export interface LiquidText {
  readonly place: string;
  readonly variables: readonly VariableUse[];
  readonly template: readonly Template[];
}

export interface LiquidSource {
  readonly place: string;
  readonly text: string;
  /** Line of the file on which `text` begins, counted from 1. */
  readonly firstLine: number;
  /** Of the template, for the forms that its numbers have; English unless given. */
  readonly locale?: string;
}

const lineOf = (error: unknown, firstLine: number): number | undefined => {
  const row = /, line:(\d+)/u.exec(String(error))?.[1];
  return row === undefined ? undefined : Number(row) + firstLine - 1;
};

/** What liquidjs found, with the words that its author may use instead. */
const sentenceOf = (error: unknown): string => {
  const message = String(error)
    .replace(/^\w+: /u, "")
    .replace(/, line:\d+, col:\d+$/u, "");
  const filter = /^undefined filter: (.*)$/u.exec(message)?.[1];
  if (filter !== undefined)
    return `filter "${filter}" is not known${didYouMean(filter, TEMPLATE_FILTERS) || `; use ${TEMPLATE_FILTERS.join(", ")}`}`;
  const tag = /^tag "(.*)" not found$/u.exec(message)?.[1];
  if (tag !== undefined)
    return `tag "${tag}" is not known${didYouMean(tag, TEMPLATE_TAGS) || `; use ${TEMPLATE_TAGS.join(", ")}`}`;
  if (message === "parse length limit exceeded")
    return `is longer than ${TEMPLATE_CHARS} characters; shorten it`;
  if (message === "memory alloc limit exceeded")
    return `builds or prints more than ${MEMORY_LIMIT} characters; shorten it`;
  if (message === "Maximum call stack size exceeded") return "is nested too deeply; flatten it";
  return `${message}; mend the Liquid`;
};

const faultOf = (error: unknown, { place, firstLine }: LiquidSource): Fault => {
  const line = lineOf(error, firstLine);
  return {
    place: line === undefined ? place : `${place} › line ${line}`,
    sentence: sentenceOf(error),
  };
};

const variablesOf = (template: Template[], firstLine: number): readonly VariableUse[] =>
  Object.values(engine.analyzeSync(template, { partials: false }).globals)
    .flat()
    .map(({ segments, location }) => ({
      name: segments
        .map((segment) => (typeof segment === "object" ? "[…]" : String(segment)))
        .join("."),
      line: location.row + firstLine - 1,
    }));

/** Parses a piece of Liquid; unknown tags and filters and broken syntax are faults that name the line. */
export const parseLiquid = (source: LiquidSource): Checked<LiquidText> => {
  try {
    const template = engine.parse(source.text);
    const wrong = filterFaults(template, source);
    if (wrong.length > 0) return faulty(wrong);
    return sound({
      place: source.place,
      template,
      variables: variablesOf(template, source.firstLine),
    });
  } catch (error) {
    return faulty([faultOf(error, source)]);
  }
};

const PLAIN: Rendering = { locale: "en", format: "text" };

/** Renders once with `scope` as plain data: text inside the data is printed, never read as Liquid. */
export const renderLiquid = (
  { place, template }: LiquidText,
  scope: JsonObject,
  rendering: Rendering = PLAIN,
): Checked<string> => {
  try {
    return sound(String(engine.renderSync([...template], scope, { globals: rendering })));
  } catch (error) {
    return faulty([{ place, sentence: sentenceOf(error) }]);
  }
};
