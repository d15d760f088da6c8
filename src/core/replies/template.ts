/**
 * Template files: `rules/templates/<name>.<locale>.liquid`. The first line is the title, then an empty line, then the body.
 * Title and body are cut apart before anything is rendered, so no value can move words from one into the other.
 */
import { type Checked, didYouMean, type Fault, faulty, quote, sound } from "../fault.ts";
import { type LiquidText, parseLiquid, TEMPLATE_CHARS, type VariableUse } from "./liquid.ts";
import { canonicalLocale } from "./locale.ts";

export const TEMPLATE_FOLDER = "rules/templates/";

/** What every template may print, beside `values.<name>` for each value that the rule gives. Null where it is not known. */
const TEMPLATE_VARIABLES: ReadonlyMap<string, string> = new Map([
  ["customer.name", "the customer's name, where the CRM gave one"],
  ["customer.locale", "the customer's locale, where the CRM gave one"],
]);

export interface ReplyTemplate {
  /** Path of the file. */
  readonly place: string;
  readonly name: string;
  readonly locale: string;
  readonly title: LiquidText;
  readonly body: LiquidText;
  /** Names of the values that it prints or tests. */
  readonly values: readonly VariableUse[];
}

const FILE_NAME = /^([\p{L}\p{N}][\p{L}\p{N}_-]{0,63})\.([A-Za-z0-9_-]+)\.liquid$/u;
const VALUE = /^values\.([A-Za-z_]\w*)$/u;

const nameAndLocale = (
  place: string,
): Checked<{ readonly name: string; readonly locale: string }> => {
  const [, name, locale] = FILE_NAME.exec(place.slice(TEMPLATE_FOLDER.length)) ?? [];
  if (name === undefined || locale === undefined)
    return faulty([
      {
        place,
        sentence: 'is not named like a template; name it like "late-delivery.zh-Hans.liquid"',
      },
    ]);
  const canonical = canonicalLocale(locale);
  if (canonical !== locale)
    return faulty([
      {
        place,
        sentence: `locale ${quote(locale)} is not ${canonical === undefined ? "known" : "in its usual form"}; write it like "${canonical ?? "zh-Hans"}"`,
      },
    ]);
  return sound({ name, locale });
};

const unknownVariable = ({ name, line }: VariableUse, place: string): readonly Fault[] => {
  if (TEMPLATE_VARIABLES.has(name) || VALUE.test(name)) return [];
  const known = [...TEMPLATE_VARIABLES.keys()];
  const hint = didYouMean(name, known) || `; use ${known.join(", ")} or values.<name>`;
  return [{ place: `${place} › line ${line}`, sentence: `variable "${name}" is not known${hint}` }];
};

const shapeFaults = (place: string, lines: readonly string[]): readonly Fault[] => {
  const faults: Fault[] = [];
  if ((lines[0] ?? "").trim() === "")
    faults.push({ place: `${place} › line 1`, sentence: "is empty; write the title there" });
  if (lines.length > 1 && (lines[1] ?? "").trim() !== "")
    faults.push({
      place: `${place} › line 2`,
      sentence: `${quote(lines[1])} stands under the title; leave one line empty`,
    });
  if (lines.slice(2).join("").trim() === "")
    faults.push({ place, sentence: "has no body; write it from line 3 on" });
  return faults;
};

/** Opens one template file, or says everything that is wrong with it. */
export const openTemplate = (place: string, source: string): Checked<ReplyTemplate> => {
  const named = nameAndLocale(place);
  const text = source.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n");
  const lines = text.split("\n");
  if (text.length > TEMPLATE_CHARS)
    return faulty([
      { place, sentence: `has ${text.length} characters, more than ${TEMPLATE_CHARS}; shorten it` },
    ]);
  const locale = named.kind === "sound" ? named.value.locale : "en";
  const title = parseLiquid({ place, locale, text: (lines[0] ?? "").trim(), firstLine: 1 });
  const rest = lines.slice(2).join("\n").trimEnd();
  const body = parseLiquid({ place, locale, text: rest, firstLine: 3 });
  const variables = [title, body].flatMap((part) =>
    part.kind === "sound" ? part.value.variables : [],
  );
  const faults = [
    ...(named.kind === "faulty" ? named.faults : []),
    ...shapeFaults(place, lines),
    ...[title, body].flatMap((part) => (part.kind === "faulty" ? part.faults : [])),
    ...variables.flatMap((variable) => unknownVariable(variable, place)),
  ];
  if (
    named.kind === "faulty" ||
    title.kind === "faulty" ||
    body.kind === "faulty" ||
    faults.length > 0
  )
    return faulty(faults);
  const values = variables.flatMap(({ name, line }) => {
    const value = VALUE.exec(name)?.[1];
    return value === undefined ? [] : [{ name: value, line }];
  });
  return sound({ place, ...named.value, title: title.value, body: body.value, values });
};
