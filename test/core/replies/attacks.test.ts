/** What is known to be tried against template engines, at load and at rendering, each through the whole way of a reply. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { compose } from "../../../src/core/replies/compose.ts";
import { openReplies, type ReplyKit } from "../../../src/core/replies/reply-kit.ts";
import { leastCpuMs } from "../../cpu-time.ts";
import { customerOf, FILES, POLICY, proposalLike, valueOf } from "./samples.ts";

const prototypeNames = (): readonly string[] =>
  Object.getOwnPropertyNames(Object.prototype).toSorted();
const PROTOTYPE = prototypeNames();

const kitWith = (body: string, policy: object = POLICY): ReturnType<typeof openReplies> =>
  openReplies({
    ...FILES,
    "rules/contact-policy.json": JSON.stringify(policy),
    "rules/templates/attack.en.liquid": `Title\n\n${body}\n`,
  });

const opened = (body: string, policy: object = POLICY): ReplyKit => valueOf(kitWith(body, policy));

interface Told {
  readonly values?: JsonObject;
  readonly name?: string;
  readonly slot?: string;
}

const render = (kit: ReplyKit, { values = {}, name, slot = "inbox" }: Told = {}) =>
  compose(
    proposalLike({ template: "attack", values, slot }),
    customerOf({ traits: name === undefined ? {} : { name } }),
    kit,
  );

/** The end of an attack: what the template was refused for, the fault of its rendering, or what it printed. */
const endOf = (body: string, told: Told = {}): string => {
  const kit = kitWith(body);
  if (kit.kind === "faulty") return `refused: ${kit.faults[0]?.sentence ?? ""}`;
  const words = render(kit.value, told);
  return words.kind === "faulty"
    ? `failed: ${words.faults[0]?.sentence ?? ""}`
    : `printed: ${words.value.body}`;
};

const LONG = "x".repeat(200);

describe("an attack by a template", () => {
  it.each([
    ["a loop", "{% for i in (1..9) %}{{ i }}{% endfor %}", "refused"],
    ["a loop over nothing with else", "{% for i in x %}{% else %}y{% endfor %}", "refused"],
    [
      "a loop in a loop",
      "{% for i in (1..9999) %}{% for j in (1..9999) %}{% endfor %}{% endfor %}",
      "refused",
    ],
    ["a loop by cycle", "{% cycle 'a', 'b' %}", "refused"],
    ["a table", "{% tablerow i in (1..99999999) %}{% endtablerow %}", "refused"],
    ["a break", "{% break %}", "refused"],
    ["a continue", "{% continue %}", "refused"],
    ["a great range", "{{ (1..99999999) | join }}", "refused: ranges"],
    ["a great range backwards", "{{ (99999999..1) | size }}", "refused: ranges"],
    ["a range of no numbers", "{{ ('a'..'z') | join }}", "refused: ranges"],
    ["a range of what the customer says", "{{ (1..values.n) | size }}", "refused: ranges"],
    [
      "a range that is searched again and again",
      `{% assign r = (1..32000) %}{% if r contains 0${" or r contains 0".repeat(480)} %}y{% endif %}`,
      "refused: ranges",
    ],
    [
      "a range that is compared again and again",
      `{% assign r = (1..32000) %}{% if r == r${" or r != r".repeat(700)} %}y{% endif %}`,
      "refused: ranges",
    ],
    [
      "a range as a number, again and again",
      `{% assign r = (1..32000) %}{{ 1${" | plus: r".repeat(700)} }}`,
      "refused: ranges",
    ],
    ["a range as a condition", "{% if (1..9) contains 5 %}y{% endif %}", "refused: ranges"],
    ["a range after elsif", "{% if 1 %}y{% elsif (1..9) %}{% endif %}", "refused: ranges"],
    ["a range in unless", "{% unless (1..9) %}y{% endunless %}", "refused: ranges"],
    ["a range in case", "{% case (1..9) %}{% when 1 %}y{% endcase %}", "refused: ranges"],
    ["a range in when", "{% case 1 %}{% when (1..9) %}y{% endcase %}", "refused: ranges"],
    ["a range in echo", "{% echo (1..9) %}", "refused: ranges"],
    ["a range as an argument", "{{ 1 | plus: (1..9) }}", "refused: ranges"],
    ["a range as a named argument", "{{ 1 | plural: other: (1..9) }}", "refused: ranges"],
    ["a range as an index", "{{ values[(1..9)] }}", "refused: ranges"],
    ["a range in brackets", "{% if (1 == (1..9)) and 2 %}y{% endif %}", "refused"],
    ["a range in a range", "{{ (1..(1..9)) | size }}", "refused"],
    [
      "doubling",
      `{% assign a = values.a %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`,
      "failed",
    ],
    [
      "doubling in front",
      `{% assign a = values.a %}${"{% assign a = a | prepend: a %}".repeat(40)}{{ a }}`,
      "failed",
    ],
    [
      "a form full of numbers",
      `{% assign a = "${"#".repeat(3_800)}" %}{% assign m = 1${"0".repeat(300)} %}${"{% assign b = m | plural: other: a %}".repeat(95)}x`,
      "failed: builds or prints more",
    ],
    [
      "a list as a form",
      `x${"{% assign b = 1 | plural: other: values.l %}".repeat(150)}`,
      "printed: x",
    ],
    [
      "spaces inside a line",
      `{% assign s = "${" ".repeat(3_900)}" %}x${"{{ s }}".repeat(8)}${" ".repeat(3_900)}x`,
      "failed: the body has",
    ],
    [
      "spaces to be stripped",
      `{% assign s = "x${" ".repeat(7_700)}x" %}${"{{ s | strip }}".repeat(5)}`,
      "failed: builds or prints more",
    ],
    [
      "a text that is searched again and again",
      `{% assign s = "${"a".repeat(3_000)}" %}{% assign s = s | append: s %}{% assign s = s | append: s %}{% assign t = "b${"a".repeat(2_000)}" %}x{% if s contains t${" or s contains t".repeat(150)} %}y{% endif %}`,
      "printed: x",
    ],
    ["many assigns", "{% assign a = 1 %}".repeat(440), "failed: the body is empty"],
    ["capture", "{% capture a %}x{% endcapture %}{{ a }}", "refused"],
    ["a counter", "{% increment a %}", "refused"],
    ["a counter down", "{% decrement a %}", "refused"],
    ["a file by include", "{% include '/etc/passwd' %}", "refused"],
    ["a file by render", "{% render '../../../etc/passwd' %}", "refused"],
    ["a layout", "{% layout '/etc/passwd' %}", "refused"],
    ["a block", "{% block x %}{% endblock %}", "refused"],
    ["a tag of tags", "{% liquid\n for i in (1..9)\n endfor %}", "refused"],
    ["__proto__", "{{ values.__proto__ }}", "failed"],
    ["__proto__ by index", "{{ values['__proto__'] }}", "failed"],
    ["a constructor", "{{ values.constructor.constructor }}", "refused"],
    ["a prototype", "{{ customer.constructor.prototype }}", "refused"],
    ["hasOwnProperty", "{{ values.hasOwnProperty }}", "failed"],
    ["hasOwnProperty by index", "{{ values['hasOwnProperty'] }}", "failed"],
    ["valueOf", "{{ values.valueOf }}{{ customer['valueOf'] }}", "refused"],
    ["toString by index", "{{ values['toString'] }}", "failed"],
    ["a prototype by assignment", "{% assign __proto__ = values %}{{ polluted }}", "refused"],
    ["an assignment into an object", "{% assign values.__proto__.polluted = 1 %}x", ""],
    ["toString of text", "{{ values.a.toString }}", "refused"],
    ["the length of a function", "{{ values.a.constructor.name }}", "refused"],
    ["an index that is a variable", "{{ values[values.a] }}", "refused"],
    ["the settings of a rendering", "{{ locale }}{{ format }}", "refused"],
    ["the engine", "{{ this }}{{ globals }}{{ process.env }}", "refused"],
    ["the clock", "{{ 'now' | date: '%s' }}", "refused"],
    ["a regular expression", "{{ values.a | replace: '(a+)+$', 'x' }}", "refused"],
    ["splitting", "{{ values.a | split: '' | join: values.a }}", "refused"],
    ["sorting", "{{ values.a | sort }}", "refused"],
    ["raw", "{{ values.a | raw }}", "refused"],
    ["JSON", "{{ values | json }}", "refused"],
    ["an unknown filter", "{{ values.a | exec: 'rm' }}", "refused"],
    ["an unknown tag", "{% exec 'rm' %}", "refused"],
    ["an open tag", "{% if values.a %}x", "refused"],
    ["an open output", "{{ values.a", "refused"],
    ["an open comment", "{% comment %}x", "refused"],
    ["an open raw", "{% raw %}{{ values.a }}", "refused"],
    ["an open quotation", "{{ 'x }}", "refused"],
    ["a quotation of backslashes", `{{ "${"\\".repeat(5_000)}" | size }}`, ""],
    ["a comment in a comment", "{% comment %}{% comment %}{% endcomment %}{{ values.a }}", ""],
    ["raw in a comment", "{% comment %}{% raw %}{% endcomment %}{{ values.a }}", "refused"],
    ["raw in raw", "{% raw %}{% raw %}{% endraw %}{% endraw %}", "refused"],
    ["a loop in a line comment", "{% # x\n for i in (1..9) %}x", "refused"],
    ["many openings", "{{".repeat(3_900), "refused"],
    ["many tags that open", "{%".repeat(3_900), "refused"],
    [
      "brackets 3,000 deep",
      `{% if ${"(".repeat(3_000)}1${")".repeat(3_000)} %}y{% endif %}`,
      "refused",
    ],
    ["filters 800 deep", `{{ 1${" | plus: 1".repeat(750)} }}`, "printed: 751"],
    [
      "upper case 800 times",
      `{{ values.a${" | upcase".repeat(750)} }}`,
      "failed: builds or prints",
    ],
    ["conditions 1,000 long", `{% if 1${" and 1".repeat(1_000)} %}y{% endif %}`, "printed: y"],
    ["a variable 3,000 deep", `{{ values${".a".repeat(3_000)} }}`, "refused"],
    ["an index by a text", "{% assign s = 'a' %}{{ values[s] }}", "refused"],
    ["a time that is none", "{{ '9999-99-99T99:99:99Z' | day }}", "printed: 9999-99-99T99:99:99Z"],
    ["a day in a language that is none", "{{ '2026-03-01' | day: '../../etc' }}", "refused"],
    [
      "a day in a language of a value",
      "{{ '2026-03-01' | day: values.a }}",
      "printed: 1 March 2026",
    ],
    ["raw that hides", "{% raw %}{{ values.a }}{% endraw %}", "printed: {{ values.a }}"],
    ["conditions 700 deep", "{% if 1 %}".repeat(350) + "x" + "{% endif %}".repeat(349), "refused"],
    ["a long literal", `{{ "${"a".repeat(7_990)}" }}`, "refused"],
    ["an index 1,000 deep", `{{ values${"[0]".repeat(1_000)} }}`, "refused"],
    [
      "a number beyond all",
      "{{ 1e999 | plus: 1 }}{{ 99999999999999999999 | times: 99999999999999999999 }}",
      "",
    ],
    ["division by nothing", "{{ 1 | divided_by: 0 }}", "refused"],
    ["a plural of everything", "{{ values.a | plural: other: values.a }}", "printed"],
    ["NUL and direction marks", "{{ values.a }}\u0000\u202e", ""],
  ])("with %s ends at once, as said", (_, body, end) => {
    let told = "";
    const values = { a: LONG, n: 99_999_999, l: Array.from({ length: 20 }, () => "#".repeat(200)) };
    const attack = (): string => (told = endOf(body, { values }));
    expect(leastCpuMs(attack, 100)).toBeLessThan(100);
    expect(told.slice(0, end.length)).toBe(end);
    expect(told).toMatch(/^(?:refused|failed|printed): ./su);
    expect(told).not.toContain("root:");
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

const CUSTOMER_TEXTS = [
  "{{ 7 | times: 7 }}",
  "{% for i in (1..99999999) %}x{% endfor %}",
  "{% include '/etc/passwd' %}",
  "{{ values.secret }}",
  "{% raw %}",
  "{% endraw %}{{ values.secret }}",
  "{%- comment -%}",
  "}}{{ values.secret }}{{",
  "__proto__",
  "constructor",
];

describe("what a customer wrote", () => {
  it.each(CUSTOMER_TEXTS)("%j is printed, not read", (text) => {
    const kit = opened(
      "{{ values.a }}|{{ customer.name }}|{{ values.a | append: values.a }}{% assign b = values.a %}|{{ b }}",
    );
    const words = valueOf(render(kit, { values: { a: text, secret: "S3" }, name: text }));
    expect(words.body).toBe([text, text, text + text, text].join("|"));
  });

  it.each(["__proto__", "constructor", "hasOwnProperty"])(
    "as the name of a value, %s reaches nothing",
    (name) => {
      const values = JSON.parse(`{"${name}": {"polluted": true}, "a": "x"}`) as JsonObject;
      expect(valueOf(render(opened("{{ values.a }}"), { values })).body).toBe("x");
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );
});

const withSlots = {
  ...POLICY,
  slots: { banner: { format: "html" }, chat: { format: "markdown" }, inbox: { format: "text" } },
};

/** Undoes the escapes of HTML, once. */
const htmlText = (html: string): string =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#96;", "`")
    .replaceAll("&amp;", "&");
const markdownText = (markdown: string): string => markdown.replace(/\\([!-/:-@[-`{-~])/gu, "$1");

describe("a value in a slot", () => {
  const kit = opened("<p>{{ values.a }}</p> **[{{ values.a }}]**", withSlots);

  it("of HTML is escaped, and the template's own words are not", () => {
    const a = `<img src=x onerror="alert('1')"> & \`co\``;
    const { body, title } = valueOf(render(kit, { values: { a }, slot: "banner" }));
    const escaped = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; &#96;co&#96;";
    expect(body).toBe(`<p>${escaped}</p> **[${escaped}]**`);
    expect(title).toBe("Title");
  });

  it("of Markdown marks nothing up and links nowhere", () => {
    const a = "[click](https://evil.example) <b> *x* # 1. -";
    const { body } = valueOf(render(kit, { values: { a }, slot: "chat" }));
    expect(body).toContain(
      "\\[click\\]\\(https\\:\\/\\/evil\\.example\\) \\<b\\> \\*x\\* \\# 1\\. \\-",
    );
  });

  it("of text stands as it is, as in a slot that the policy does not name", () => {
    const a = "<b>*x*</b>";
    for (const slot of ["inbox", "elsewhere"])
      expect(valueOf(render(kit, { values: { a }, slot })).body).toBe(`<p>${a}</p> **[${a}]**`);
  });

  it("is escaped once, whatever filters it passed, and can be read back", () => {
    const filtered = opened(
      "{{ values.a | append: values.b | upcase | downcase }}{% assign c = values.a %}|{% echo c | append: values.b %}",
      withSlots,
    );
    const text = fc
      .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 })
      .map((raw) => raw.replaceAll(" ", "x").toLowerCase());
    fc.assert(
      fc.property(text, text, (a, b) => {
        const html = valueOf(render(filtered, { values: { a, b }, slot: "banner" })).body;
        expect(html).not.toMatch(/[<>"'`]/u);
        expect(html).not.toMatch(/&(?!(?:lt|gt|quot|amp|#39|#96);)/u);
        expect(htmlText(html)).toBe(`${a}${b}|${a}${b}`);
        const chat = valueOf(render(filtered, { values: { a, b }, slot: "chat" })).body;
        expect(chat.replace(/\\[!-/:-@[-`{-~]/gu, "").replace("|", "")).not.toMatch(
          /[!-/:-@[-`{-~]/u,
        );
        expect(markdownText(chat)).toBe(`${a}${b}|${a}${b}`);
      }),
    );
  });

  it("has a format that exists", () => {
    const faults = kitWith("x", { ...POLICY, slots: { banner: { format: "xml" } } });
    expect(JSON.stringify(faults)).toContain("slots.banner.format");
  });
});

const printed = (body: string, values: JsonObject, locale = "en"): string => {
  const kit = valueOf(
    openReplies({
      ...FILES,
      [`rules/templates/attack.en.liquid`]: "T\n\nx\n",
      [`rules/templates/attack.${locale}.liquid`]: `T\n\n${body}\n`,
    }),
  );
  const words = compose(proposalLike({ template: "attack", values, locale }), customerOf(), kit);
  return valueOf(words).body;
};

describe("numbers", () => {
  const parcels = '{{ values.n | plural: one: "# parcel", other: "# parcels" }}';

  it.each([
    [1, "1 parcel"],
    [0, "0 parcels"],
    [2, "2 parcels"],
    [1_234, "1,234 parcels"],
    [1.5, "1.5 parcels"],
    ["some", "some"],
  ])("%j in English is %j", (n, text) => {
    expect(printed(parcels, { n })).toBe(text);
  });

  it("have the forms of their language", () => {
    const polish =
      '{{ values.n | plural: one: "# paczka", few: "# paczki", many: "# paczek", other: "# paczki" }}';
    expect([1, 3, 5, 22, 1.5].map((n) => printed(polish, { n }, "pl"))).toEqual([
      "1 paczka",
      "3 paczki",
      "5 paczek",
      "22 paczki",
      "1,5 paczki",
    ]);
    expect(printed('{{ values.n | plural: other: "#个包裹" }}', { n: 1 }, "zh-Hans")).toBe(
      "1个包裹",
    );
  });

  it.each([
    ['{{ values.n | money: "EUR" }}', 1234.5, "en", "€1,234.50"],
    ['{{ values.n | money: "EUR" }}', 1234.5, "de", "1.234,50 €"],
    ['{{ values.n | money: "CNY" }}', 12, "zh-Hans", "¥12.00"],
    ["{{ values.n | money: values.c }}", 12.5, "en", "12.50"],
    ["{{ values.n | number }}", 1234567.25, "de", "1.234.567,25"],
    ["{{ values.n | number }}", "many", "en", "many"],
    ["{{ values.n | number }}", 0.1 + 0.2, "en", "0.3"],
    ["{{ values.n | number }}", 1234.5, "xx", "1,234.5"],
    ["{{ values.n | number }}", 1234.5, "en-12", "1,234.5"],
  ])("%s of %j in %s is %j", (...row) => {
    const [body, n, locale, text] = row;
    expect(printed(body, { n, c: "euros" }, locale).replaceAll("\u00a0", " ")).toBe(text);
  });

  it.each([
    ['{{ 1 | plural: one: "#" }}', 'needs the form "other"'],
    [
      '{{ 1 | plural: other: "#", few: "#" }}',
      'plural form "few" does not exist in en; use one, other',
    ],
    ['{{ 1 | plural: othr: "#" }}', 'did you mean "other"?'],
    ["{{ 1 | money }}", "money needs a currency of three capital letters; write it like"],
    ['{{ 1 | money: "euro" }}', 'three capital letters, not "euro"'],
    ["{% if false %}\n{{ 1 | money }}{% endif %}", "money needs a currency"],
    ["{% if 1 | money %}x{% endif %}", "money needs a currency"],
    ["{{ 1 | number: 2 }}", "number takes no arguments; remove them"],
    ['{{ values.a | day: "english" }}', 'day needs a locale, not "english"'],
  ])("in %s are refused at load, with the line", (body, sentence) => {
    const kit = kitWith(body);
    expect(kit.kind).toBe("faulty");
    const [fault] = kit.kind === "faulty" ? kit.faults : [];
    expect(fault?.sentence).toContain(sentence);
    expect(fault?.place).toMatch(/^rules\/templates\/attack\.en\.liquid › line [34]$/u);
  });
});

it("after all of that Object.prototype is what it was", () => {
  expect(prototypeNames()).toEqual(PROTOTYPE);
});
