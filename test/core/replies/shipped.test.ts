/** The rules, templates and contact policy that attune ships, as files: they are opened and rendered as a shop would get them. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { compose } from "../../../src/core/replies/compose.ts";
import { checkTemplates, openReplies } from "../../../src/core/replies/reply-kit.ts";
import { FACTS, type Facts } from "../../../src/core/facts.ts";
import { evaluateRules } from "../../../src/core/rules/evaluate.ts";
import { openRules } from "../../../src/core/rules/open.ts";
import { customerOf, proposalLike, valueOf } from "./samples.ts";

const ROOT = new URL("../../../", import.meta.url);
const filesIn = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, ROOT), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `${folder}${name}`);
const files = Object.fromEntries(
  ["rules/", "rules/templates/"]
    .flatMap(filesIn)
    .map((path) => [path, readFileSync(new URL(path, ROOT), "utf8")]),
);
const kit = valueOf(openReplies(files));

interface ShippedRule {
  readonly name: string;
  readonly event: { readonly params: { readonly template: string; readonly values?: JsonObject } };
  readonly examples: readonly {
    readonly given: { readonly feedback?: string };
    readonly expect: string;
  }[];
}
const rules = Object.keys(files)
  .filter((path) => /^rules\/(?!schema|contact-policy)[^/]+\.json$/u.test(path))
  .flatMap((path) =>
    (JSON.parse(files[path] ?? "") as { rules: readonly ShippedRule[] }).rules.map((rule) => ({
      path,
      rule,
    })),
  );

/** What a CRM would give, for every value that a shipped template may print. */
const KNOWN: JsonObject = {
  orderId: "o-4711",
  daysLate: 3,
  expectedAt: "2026-03-05T00:00:00.000Z",
  appVersion: "5.2.1",
  amount: 53.5,
  currency: "EUR",
  product: "Teapot",
  days: 42,
  orders: 7,
  percent: 10,
  code: "THANKYOU10",
};
const literals = (template: string): JsonObject => {
  const given = rules.filter(({ rule }) => rule.event.params.template === template);
  return Object.fromEntries(
    given
      .flatMap(({ rule }) => Object.entries(rule.event.params.values ?? {}))
      .map(([name, value]) => [name, typeof value === "object" ? null : value]),
  );
};

const cases = [...kit.templates.values()].flatMap((locales) =>
  [...locales.values()].flatMap((template) =>
    [true, false].map((known) => ({
      template,
      known,
      title: `${template.name} in ${template.locale}, ${known ? "all" : "nothing"} known`,
    })),
  ),
);

describe("a shipped template", () => {
  it.each(cases)("$title", ({ template, known }) => {
    const name = template.locale === "en" ? "Ann Brown" : "王小明";
    const proposal = proposalLike({
      template: template.name,
      locale: template.locale,
      values: known ? KNOWN : literals(template.name),
    });
    const customer = customerOf({ traits: known ? { name } : {} });
    const { locale, title, body } = valueOf(compose(proposal, customer, kit));
    expect(locale).toBe(template.locale);
    const words = `${title}\n${body}`;
    expect(words).not.toMatch(/\{\{|\{%|null|undefined|\[object|NaN/u);
    expect(words, "punctuation after something that is missing").not.toMatch(
      / [,.!?]|, ?[,.]|，，|（）|：：|[（(] |\(\)/u,
    );
    expect(words, "words before something that is missing").not.toMatch(/ {2}|\n{3}/u);
    expect(body.includes(name)).toBe(known);
    expect(/\p{Script=Han}/u.test(words)).toBe(template.locale !== "en");
    expect(body.length).toBeGreaterThan(40);
  });

  it("is written in English and in Chinese", () => {
    const missing = [...kit.templates].filter(
      ([, locales]) => !locales.has("en") || !locales.has("zh-Hans"),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it("prints every value that is known here only when it is known", () => {
    for (const locales of kit.templates.values())
      for (const template of locales.values())
        for (const { name } of template.values) expect(Object.keys(KNOWN)).toContain(name);
  });
});

describe("the shipped rules", () => {
  it("fit the shipped templates, value by value", () => {
    const uses = rules.map(({ path, rule }) => ({
      place: `${path} › ${rule.name}`,
      template: rule.event.params.template,
      values: Object.keys(rule.event.params.values ?? {}),
    }));
    expect(checkTemplates(uses, kit)).toEqual([]);
  });

  it.each(rules.map(({ path, rule }) => ({ path, rule, name: rule.name })))(
    "$path › $name has an example that matches, one that does not, and Chinese ones where it reads feedback",
    ({ rule }) => {
      const expectations = new Set(rule.examples.map((example) => example.expect));
      for (const wanted of ["matched", "not_matched"] as const)
        expect(expectations).toContain(wanted);
      const texts = rule.examples.flatMap(({ given }) => given.feedback ?? []);
      const chinese = texts.filter((text) => /\p{Script=Han}/u.test(text));
      expect(chinese.length > 0).toBe(texts.length > 0);
    },
  );
});

describe("an example of a shipped rule", () => {
  const opened = valueOf(openRules(files)).inOrder;
  const nothing: Facts = Object.fromEntries([...FACTS.keys()].map((name) => [name, null]));
  const given = opened.flatMap((rule) =>
    rule.examples
      .filter((example) => example.given.feedback === undefined)
      .map((example) => ({ rule, example, title: `${rule.rule}: ${example.name}` })),
  );

  it.each(given)("$title", ({ rule, example }) => {
    const facts = { ...nothing, ...(example.given.facts as Facts) };
    const { matches, faults } = evaluateRules(
      { inOrder: [rule], firing: [rule], resting: [] },
      facts,
    );
    expect(faults).toEqual([]);
    // Whatever becomes of a rule of this shop that is in force for all, its conditions held.
    const { outcome } =
      typeof example.expect === "string" ? { outcome: example.expect } : example.expect;
    expect(matches.length > 0).toBe(outcome !== "not_matched");
  });
});
