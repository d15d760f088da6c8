/**
 * The linter: everything that keeps the rules of a playbook from being read, and what can be proven of those that are.
 * What is called an error or a warning is proven; a note is a thing to know.
 */
import type { Fault } from "../../fault.ts";
import type { Json, JsonObject } from "../../json.ts";
import type { PlaybookFiles } from "../../playbook.ts";
import { openRules } from "../open.ts";
import type { OpenRule } from "../rules.ts";
import type { RuleExample } from "../schema.ts";
import { type Diagnostic, LINT_CODES, type LintCode } from "./codes.ts";
import { grouped } from "./grouped.ts";
import { locator } from "./locate.ts";
import { type Finding, findingsOfPairs, findingsOfRule } from "./rule-findings.ts";

/** The first pattern that a fault's sentence or place has tells its code. */
const CODES_OF_FAULTS: readonly (readonly [RegExp, LintCode])[] = [
  [/(?:^|in value: )fact .* is (?:not known|not a name|not allowed)/u, "unknown-fact"],
  [/^(?:operator .* is not known|decorator .* is not known)/u, "unknown-operator"],
  [/^condition .* is not known/u, "unknown-condition"],
  [/refer to each other|refers to itself/u, "condition-ring"],
  [/does not fit|is not among the values|^value .* is /u, "wrong-value"],
  [/path /u, "wrong-path"],
  [/^template ".*" is not there/u, "missing-template"],
  [/needs the default locale/u, "missing-locale"],
  [/^gives no value/u, "missing-value"],
  [/is named by no rule/u, "dead-template"],
  [/given twice|two rules are named|stands in .* too|Map keys must be unique/u, "duplicate-name"],
  [/is not known here/u, "unknown-name"],
];

/** The code of a fault found while a playbook is opened. */
const codeOfFault = ({ place, sentence }: Fault): LintCode =>
  CODES_OF_FAULTS.find(([pattern]) => pattern.test(sentence))?.[1] ??
  (/ › line \d+/u.test(place) ? "syntax" : "invalid");

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const referencesIn = (value: Json): readonly string[] => {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(referencesIn);
  if (!isObject(value)) return [];
  const { condition } = value;
  return [
    ...(typeof condition === "string" ? [condition] : []),
    ...Object.values(value).flatMap(referencesIn),
  ];
};

/** Named conditions of a file that no rule of it leads to. */
const unusedConditions = (rules: readonly OpenRule[]): readonly Finding[] => {
  const files = grouped(rules, ({ place }) => place.split(" › ")[0] ?? "");
  return [...files].flatMap(([path, ofFile]) => {
    const named = ofFile[0]?.source.named ?? {};
    const reached = new Set<string>();
    const waiting = ofFile.flatMap(({ source }) => [
      ...referencesIn(source.conditions),
      ...referencesIn(source.audience ?? null),
    ]);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      waiting.push(...referencesIn(named[name] ?? null));
    }
    return Object.keys(named)
      .filter((name) => !reached.has(name))
      .map((name) => ({
        code: "unused-condition" as const,
        place: `${path} › conditions.${name}`,
        sentence: `nothing refers to the condition "${name}"`,
      }));
  });
};

/** Every outcome but one is of a rule whose conditions hold. */
const shownBy = (expected: RuleExample["expect"]): "matched" | "not_matched" => {
  const outcome = typeof expected === "string" ? expected : expected.outcome;
  return outcome === "not_matched" ? outcome : "matched";
};

const withoutExamples = (rules: readonly OpenRule[]): readonly Finding[] =>
  rules.flatMap(({ place, examples }) => {
    const missing = (["matched", "not_matched"] as const).filter((wanted) =>
      examples.every(({ expect }) => shownBy(expect) !== wanted),
    );
    if (missing.length === 0) return [];
    const which = missing.length === 2 ? "no example" : `no example with "${missing[0]}"`;
    return [{ code: "no-examples" as const, place, sentence: `has ${which}` }];
  });

const TEMPLATE = /^rules\/templates\/(.+)\.([A-Za-z-]+)\.liquid$/u;

const languageOf = (locale: string): string => locale.split("-")[0] ?? locale;

/** Languages that at least half of the templates have are those of the shop. */
const missingTranslations = (files: PlaybookFiles): readonly Finding[] => {
  const templates = new Map<string, Map<string, string>>();
  for (const path of Object.keys(files)) {
    const [, name, locale] = TEMPLATE.exec(path) ?? [];
    if (name === undefined || locale === undefined) continue;
    const languages = templates.get(name) ?? new Map<string, string>();
    templates.set(name, languages.set(languageOf(locale), locale));
  }
  const counts = new Map<string, number>();
  for (const languages of templates.values())
    for (const language of languages.keys()) counts.set(language, (counts.get(language) ?? 0) + 1);
  const wanted = [...counts].flatMap(([language, count]) =>
    2 * count >= templates.size && templates.size > 1 ? [language] : [],
  );
  return [...templates].flatMap(([name, languages]) =>
    wanted
      .filter((language) => !languages.has(language))
      .map((language) => ({
        code: "missing-translation" as const,
        place: `rules/templates/${name}.*.liquid`,
        sentence: `has no ${language}, which most templates have`,
      })),
  );
};

/** As it decides: the audience is one more condition. */
const withAudience = (rule: OpenRule): OpenRule =>
  rule.audience === undefined
    ? rule
    : {
        ...rule,
        condition: { kind: "all", children: [rule.condition, rule.audience.condition] },
      };

/** Rules that are in force at the same times; others do not get in each other's way. */
const bySchedule = (rules: readonly OpenRule[]): readonly (readonly OpenRule[])[] => [
  ...grouped(rules, ({ schedule }) => JSON.stringify(schedule ?? null)).values(),
];

const findingsOf = (files: PlaybookFiles): readonly Finding[] => {
  const opened = openRules(files);
  const translations = missingTranslations(files);
  if (opened.kind === "faulty") return translations;
  const live = opened.value.inOrder;
  const drafts = opened.value.resting.filter(({ status }) => status === "draft");
  const rules = [...live, ...drafts];
  return [
    ...rules.map(withAudience).flatMap(findingsOfRule),
    ...bySchedule(live.map(withAudience)).flatMap(findingsOfPairs),
    ...unusedConditions([...live, ...opened.value.resting]),
    ...withoutExamples(rules),
    ...translations,
  ];
};

/** Everything that is to be said of the rules of a playbook. `faults` are those found while it was opened. */
export const lintPlaybook = (
  files: PlaybookFiles,
  faults: readonly Fault[],
): readonly Diagnostic[] => {
  const locate = locator(files);
  const found: readonly Finding[] = [
    ...faults.map((fault) => ({ code: codeOfFault(fault), ...fault })),
    ...findingsOf(files),
  ];
  return found
    .map(({ code, place, sentence }): Diagnostic => {
      const { severity, remedy } = LINT_CODES[code];
      return { code, severity, place, sentence, remedy, ...locate(place) };
    })
    .toSorted(
      (left, right) =>
        (left.place.split(" › ")[0] ?? "").localeCompare(right.place.split(" › ")[0] ?? "", "en") ||
        left.line - right.line ||
        left.column - right.column,
    );
};
