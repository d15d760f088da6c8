import { describe, expect, it } from "vitest";
import type { PlaybookFiles } from "../../../src/core/playbook.ts";
import { TEMPLATE_CHARS } from "../../../src/core/replies/liquid.ts";
import { checkTemplates, openReplies } from "../../../src/core/replies/reply-kit.ts";
import { faultsIn, FILES, kitOf } from "./samples.ts";

const opened = (files: PlaybookFiles): readonly string[] =>
  faultsIn(openReplies({ ...FILES, ...files }));
const EN = "rules/templates/late.en.liquid";

describe("a reply kit", () => {
  it("has every template under its name and locale", () => {
    const kit = kitOf();
    expect([...kit.templates.keys()]).toEqual(["late"]);
    expect([...(kit.templates.get("late")?.keys() ?? [])]).toEqual(["en", "zh-Hans"]);
    expect(kit.policy.defaultLocale).toBe("en");
  });

  it("takes files with a byte order mark and Windows line ends", () => {
    expect(opened({ [EN]: "\uFEFFTitle\r\n\r\nBody\r\n" })).toEqual([]);
  });

  it("passes over notes, hidden files and files of other rooms", () => {
    const others = {
      "rules/templates/README.md": "# notes",
      "rules/templates/.DS_Store": "x",
      "rules/delivery.json": "not ours to read",
    };
    expect(opened(others)).toEqual([]);
  });
});

describe("a template file is refused", () => {
  it.each([
    ["without a title", { [EN]: "\n\nBody" }, `${EN} › line 1: is empty; write the title there`],
    [
      "without an empty line",
      { [EN]: "Title\nBody\nMore" },
      `${EN} › line 2: "Body" stands under the title; leave one line empty`,
    ],
    ["without a body", { [EN]: "Title\n\n  \n" }, `${EN}: has no body; write it from line 3 on`],
    ["when it is empty", { [EN]: "" }, `${EN}: has no body; write it from line 3 on`],
    [
      "when it is too long",
      { [EN]: `T\n\n${"x".repeat(TEMPLATE_CHARS)}` },
      `${EN}: has ${TEMPLATE_CHARS + 3} characters, more than ${TEMPLATE_CHARS}; shorten it`,
    ],
    [
      "with broken Liquid in the title",
      { [EN]: "Hi {{ customer.name\n\nBody" },
      `${EN} › line 1: output "{{ customer.name" not closed; mend the Liquid`,
    ],
    [
      "with broken Liquid in the body",
      { [EN]: "Hi\n\nBody\n{% if customer.name %}" },
      `${EN} › line 4: tag {% if customer.name %} not closed; mend the Liquid`,
    ],
    [
      "with an unknown filter",
      { [EN]: "Hi\n\n{{ customer.name | upcse }}" },
      `${EN} › line 3: filter "upcse" is not known; did you mean "upcase"?`,
    ],
    [
      "with an unknown variable",
      { [EN]: "Hi\n\n\n{{ customer.nme }}" },
      `${EN} › line 4: variable "customer.nme" is not known; did you mean "customer.name"?`,
    ],
    [
      "with a variable that nothing is like",
      { [EN]: "Hi {{ shop }}\n\nBody" },
      `${EN} › line 1: variable "shop" is not known; use customer.name, customer.locale or values.<name>`,
    ],
    [
      "with a whole object",
      { [EN]: "Hi {{ customer }}\n\n{{ values }}" },
      `${EN} › line 3: variable "values" is not known; use customer.name`,
    ],
    [
      "with a variable inside a value",
      { [EN]: "Hi\n\n{{ values.order.id }}" },
      `variable "values.order.id" is not known`,
    ],
    [
      "with a computed variable",
      { [EN]: "Hi\n\n{{ customer[values.x] }}" },
      `variable "customer.[…]" is not known`,
    ],
    [
      "with a name of another shape",
      { "rules/templates/late.liquid": "T\n\nB" },
      'rules/templates/late.liquid: is not named like a template; name it like "late-delivery.zh-Hans.liquid"',
    ],
    [
      "with another ending",
      { "rules/templates/late.en.liqid": "T\n\nB" },
      "rules/templates/late.en.liqid: is not named like a template",
    ],
    [
      "in a folder of its own",
      { "rules/templates/new/late.en.liquid": "T\n\nB" },
      "is not named like a template",
    ],
    [
      "with a locale out of form",
      { "rules/templates/late.zh_hant.liquid": "T\n\nB" },
      'locale "zh_hant" is not in its usual form; write it like "zh-Hant"',
    ],
    [
      "with no locale at all",
      { "rules/templates/late.chinese-please.liquid": "T\n\nB" },
      'locale "chinese-please" is not known; write it like "zh-Hans"',
    ],
    [
      "missing in the default locale",
      { "rules/templates/thanks.zh-Hans.liquid": "T\n\nB" },
      'rules/templates/thanks.en.liquid: is missing; every template needs the default locale "en"',
    ],
  ])("%s", (_, files, fault) => {
    expect(opened(files as PlaybookFiles).join("\n")).toContain(fault);
  });

  it("together with all others, and with the policy", () => {
    const faults = opened({
      "rules/contact-policy.json": "{}",
      [EN]: "Hi {{ a }}\nno\n{{ b | c }}",
      "rules/templates/late.zh-Hans.liquid": "\n\n",
    });
    expect(faults.map((fault) => fault.split(":")[0])).toEqual([
      "rules/contact-policy.json › defaultLocale",
      "rules/contact-policy.json › caps",
      `${EN} › line 2`,
      `${EN} › line 3`,
      `${EN} › line 1`,
      "rules/templates/late.zh-Hans.liquid › line 1",
      "rules/templates/late.zh-Hans.liquid",
    ]);
  });

  it("but a missing policy is no reason to miss default locales", () => {
    const files = { "rules/templates/thanks.zh-Hans.liquid": "T\n\nB" };
    expect(faultsIn(openReplies(files))).toEqual([
      'rules/contact-policy.json: is missing; write at least {"defaultLocale": "en", "caps": []}',
    ]);
  });
});

describe("rules and templates", () => {
  const kit = kitOf({ "rules/templates/order.en.liquid": "Order {{ values.orderId }}\n\nBody" });
  const late = { place: "rules/a.json › late", template: "late", values: [] };
  const order = { place: "rules/a.json › order", template: "order", values: ["orderId"] };
  const found = (uses: Parameters<typeof checkTemplates>[0]): readonly string[] =>
    checkTemplates(uses, kit).map(({ place, sentence }) => `${place}: ${sentence}`);

  it("fit each other", () => {
    expect(found([late, order])).toEqual([]);
    expect(found([late, { ...late, values: ["more"] }, order])).toEqual([]);
  });

  it.each([
    [
      "a template that is not there",
      [late, order, { ...late, template: "lat" }],
      'rules/a.json › late: template "lat" is not there; did you mean "late"?',
    ],
    [
      "a template that is like no other",
      [late, order, { ...late, template: "farewell" }],
      'template "farewell" is not there; write rules/templates/farewell.en.liquid',
    ],
    [
      "a template that no rule names",
      [late],
      "rules/templates/order.*.liquid: is named by no rule; name it in a rule or remove it",
    ],
    [
      "a value that is mistyped",
      [late, { ...order, values: ["orderID"] }],
      'rules/a.json › order: gives no value "orderId", which rules/templates/order.en.liquid prints on line 1; did you mean "orderID"?',
    ],
    [
      "a value that is not given",
      [late, { ...order, values: [] }],
      'gives no value "orderId", which rules/templates/order.en.liquid prints on line 1; add it to values',
    ],
  ])("do not fit with %s", (_, uses, fault) => {
    const faults = found(uses);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });
});
