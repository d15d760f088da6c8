/**
 * Everything that replies are made from, opened once per playbook: the contact policy and the templates.
 * Opening refuses the whole with every fault; whether rules and templates fit each other is asked afterwards, by `checkTemplates`.
 */
import { type Checked, didYouMean, type Fault, faulty, sound } from "../fault.ts";
import type { PlaybookFiles } from "../playbook.ts";
import { type ContactPolicy, openContactPolicy, POLICY_FILE } from "./contact-policy.ts";
import { openTemplate, type ReplyTemplate, TEMPLATE_FOLDER } from "./template.ts";

export interface ReplyKit {
  readonly policy: ContactPolicy;
  /** Template name → locale → template; every name has the policy's default locale. */
  readonly templates: ReadonlyMap<string, ReadonlyMap<string, ReplyTemplate>>;
}

/** Files in the template folder that must be templates: all but notes (`.md`) and hidden files. */
const isTemplate = (place: string): boolean =>
  place.startsWith(TEMPLATE_FOLDER) && !place.endsWith(".md") && !/(^|\/)\.[^/]*$/u.test(place);

const byName = (templates: readonly ReplyTemplate[]): ReplyKit["templates"] => {
  const names = new Map<string, Map<string, ReplyTemplate>>();
  for (const template of templates) {
    const locales = names.get(template.name) ?? new Map<string, ReplyTemplate>();
    names.set(template.name, locales.set(template.locale, template));
  }
  return names;
};

/** A template with a faulty file in the default locale has that fault already, so the file names are asked, not the opened ones. */
const missingDefaults = (
  files: PlaybookFiles,
  names: Iterable<string>,
  defaultLocale: string,
): readonly Fault[] =>
  [...names]
    .map((name) => `${TEMPLATE_FOLDER}${name}.${defaultLocale}.liquid`)
    .filter((place) => !Object.hasOwn(files, place))
    .map((place) => ({
      place,
      sentence: `is missing; every template needs the default locale "${defaultLocale}"`,
    }));

/** Opens policy and templates of a playbook, or says everything that is wrong with them. */
export const openReplies = (files: PlaybookFiles): Checked<ReplyKit> => {
  const policy = openContactPolicy(
    Object.hasOwn(files, POLICY_FILE) ? files[POLICY_FILE] : undefined,
  );
  const opened = Object.keys(files)
    .filter(isTemplate)
    .toSorted()
    .map((place) => openTemplate(place, files[place] ?? ""));
  const templates = byName(opened.flatMap((one) => (one.kind === "sound" ? [one.value] : [])));
  const faults = [
    ...(policy.kind === "faulty"
      ? policy.faults
      : missingDefaults(files, templates.keys(), policy.value.defaultLocale)),
    ...opened.flatMap((one) => (one.kind === "faulty" ? one.faults : [])),
  ];
  return policy.kind === "faulty" || faults.length > 0
    ? faulty(faults)
    : sound({ policy: policy.value, templates });
};

/** A rule's claim on a template. */
export interface TemplateUse {
  /** Where the rule stands: `rules/delivery.json › late-parcel`. */
  readonly place: string;
  readonly template: string;
  /** Names of the values that the rule gives. */
  readonly values: readonly string[];
}

const missingValues = (
  use: TemplateUse,
  locales: ReadonlyMap<string, ReplyTemplate>,
): readonly Fault[] =>
  [...locales.values()].flatMap((template) =>
    template.values
      .filter(({ name }) => !use.values.includes(name))
      .map(({ name, line }) => ({
        place: use.place,
        sentence: `gives no value "${name}", which ${template.place} prints on line ${line}${didYouMean(name, use.values) || "; add it to values"}`,
      })),
  );

/** Rules that name no template or leave out a value that it prints, and templates that no rule names. */
export const checkTemplates = (uses: readonly TemplateUse[], kit: ReplyKit): readonly Fault[] => {
  const used = new Set(uses.map(({ template }) => template));
  const wrong = uses.flatMap((use) => {
    const locales = kit.templates.get(use.template);
    if (locales !== undefined) return missingValues(use, locales);
    const hint = didYouMean(use.template, kit.templates.keys());
    return [
      {
        place: use.place,
        sentence: `template "${use.template}" is not there${hint || `; write ${TEMPLATE_FOLDER}${use.template}.${kit.policy.defaultLocale}.liquid`}`,
      },
    ];
  });
  const unused = [...kit.templates.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({
      place: `${TEMPLATE_FOLDER}${name}.*.liquid`,
      sentence: "is named by no rule; name it in a rule or remove it",
    }));
  return [...wrong, ...unused];
};
