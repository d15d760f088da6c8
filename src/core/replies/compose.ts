/**
 * A proposal put into words: the first template of the locale chain that renders, else the policy's words of last resort.
 * What customers wrote enters as data and is printed, escaped for the format of the slot; it is never read as Liquid.
 */
import type { Customer } from "../customer.ts";
import type { Proposal } from "../decision.ts";
import { type Checked, type Fault, faulty, quote, sound } from "../fault.ts";
import type { Json, JsonObject } from "../json.ts";
import { escapeFor, type SlotFormat } from "./escape.ts";
import { type Rendering, renderLiquid } from "./liquid.ts";
import { localeChain } from "./locale.ts";
import type { ReplyKit } from "./reply-kit.ts";
import type { ReplyTemplate } from "./template.ts";

/** Characters (code points) of one text value in a reply; longer ones end with "…". */
const VALUE_CHARS = 200;
const VALUE_ITEMS = 20;
const TITLE_CHARS = 200;
const BODY_CHARS = 4_000;

export interface Composed {
  /** Locale of the template that was rendered. */
  readonly locale: string;
  readonly title: string;
  readonly body: string;
  /** What failed before these words were found, and whether they are of a template of another locale or those of last resort; absent when the first template of the chain rendered. */
  readonly instead?: {
    readonly words: "template" | "fallback";
    readonly faults: readonly Fault[];
  };
}

/** One line, short, without control or direction characters that could disguise the words around it. */
const plain = (text: string): string => {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
  const chars = line.length > VALUE_CHARS ? Array.from(line) : [];
  return chars.length > VALUE_CHARS ? `${chars.slice(0, VALUE_CHARS - 1).join("")}…` : line;
};

/** A value as templates see it: text made plain, empty text and objects as null, lists of plain values. */
const printable = (value: Json): Json => {
  if (typeof value === "string") return plain(value) === "" ? null : plain(value);
  if (Array.isArray(value))
    return value
      .slice(0, VALUE_ITEMS)
      .flatMap((item: Json) => (typeof item === "object" ? [] : [printable(item)]));
  return typeof value === "object" ? null : value;
};

const scopeOf = ({ values }: Proposal, { traits }: Customer): JsonObject => ({
  customer: { name: printable(traits.name ?? null), locale: traits.locale ?? null },
  values: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, printable(value)]),
  ),
});

/** Conditional parts leave blank lines behind: at most one stays. (A regular expression for the ends of lines takes seconds on a long run of spaces.) */
const tidyBody = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim();
const tidyTitle = (text: string): string => text.replace(/\s+/gu, " ").trim();

const sized = (text: string, maxChars: number): string | undefined => {
  if (text === "") return "is empty";
  return text.length > maxChars
    ? `has ${text.length} characters, more than ${maxChars}`
    : undefined;
};

/** A title is one line of plain text wherever it is shown. */
const render = (
  template: ReplyTemplate,
  scope: JsonObject,
  shown: Omit<Rendering, "locale">,
): Checked<Composed> => {
  const rendering = { ...shown, locale: template.locale };
  const title = renderLiquid(template.title, scope, { ...rendering, format: "text" });
  if (title.kind === "faulty") return title;
  const body = renderLiquid(template.body, scope, rendering);
  if (body.kind === "faulty") return body;
  // A filter may cut a character in two (`first` of a name that begins with an emoji), which no database takes.
  const words = {
    title: tidyTitle(title.value).toWellFormed(),
    body: tidyBody(body.value).toWellFormed(),
  };
  const wrongTitle = sized(words.title, TITLE_CHARS);
  if (wrongTitle !== undefined)
    return faulty([{ place: template.place, sentence: `the title ${wrongTitle}` }]);
  const wrongBody = sized(words.body, BODY_CHARS);
  if (wrongBody !== undefined)
    return faulty([{ place: template.place, sentence: `the body ${wrongBody}` }]);
  return sound({ locale: template.locale, ...words });
};

/** The words of last resort in the best locale that they are in: plain text, so that they can be shown in every slot. */
const lastResort = (
  { fallback }: ReplyKit["policy"],
  chain: readonly string[],
  format: SlotFormat,
): Composed | undefined => {
  for (const locale of chain) {
    const words = fallback?.get(locale);
    if (words !== undefined)
      return { locale, title: tidyTitle(words.title), body: escapeFor(format, words.body) };
  }
  return undefined;
};

/** Title and body in the best locale whose template renders, else the words of last resort, else the fault of every template tried. */
export const compose = (
  proposal: Proposal,
  customer: Customer,
  { policy, templates }: ReplyKit,
): Checked<Composed> => {
  const locales = templates.get(proposal.template);
  const scope = scopeOf(proposal, customer);
  const format = policy.slots.get(proposal.slot) ?? "text";
  const chain = localeChain(proposal.locale, policy.defaultLocale);
  const faults: Fault[] = [];
  if (locales === undefined)
    faults.push({
      place: proposal.rule,
      sentence: `template ${quote(proposal.template)} is not in the playbook`,
    });
  for (const locale of chain) {
    const template = locales?.get(locale);
    if (template === undefined) continue;
    const timeZone = customer.traits.timeZone ?? undefined;
    const composed = render(template, scope, { format, timeZone });
    if (composed.kind === "sound")
      return faults.length === 0
        ? composed
        : sound({ ...composed.value, instead: { words: "template", faults } });
    faults.push(...composed.faults);
  }
  const words = lastResort(policy, chain, format);
  return words === undefined
    ? faulty(faults)
    : sound({ ...words, instead: { words: "fallback", faults } });
};
