import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import { compose } from "../../../src/core/replies/compose.ts";
import { customerOf, faultsIn, kitOf, proposalLike, valueOf } from "./samples.ts";

const withTemplate = (source: string) => kitOf({ "rules/templates/late.en.liquid": source });
const printed = (value: Json): string => {
  const kit = withTemplate("T\n\n[{{ values.v }}]");
  return valueOf(compose(proposalLike({ values: { v: value } }), customerOf(), kit)).body;
};

describe("the language of a reply", () => {
  const kit = kitOf({
    "rules/templates/late.zh-Hant.liquid": "延誤\n\n抱歉。",
    "rules/templates/late.en-GB.liquid": "Late, we are afraid\n\nSorry.",
    "rules/templates/thanks.en.liquid": "Thanks\n\nBody",
  });

  it.each([
    ["zh-Hans-CN", "zh-Hans"],
    ["zh-CN", "zh-Hans"],
    ["zh", "zh-Hans"],
    ["zh-TW", "zh-Hant"],
    ["zh-HK", "zh-Hant"],
    ["en-GB", "en-GB"],
    ["en-AU", "en"],
    ["fr", "en"],
  ])("wanted as %s is %s", (wanted, locale) => {
    expect(valueOf(compose(proposalLike({ locale: wanted }), customerOf(), kit)).locale).toBe(
      locale,
    );
  });

  it("is the default where the template has no other", () => {
    const proposal = proposalLike({ template: "thanks", locale: "zh-Hans-CN" });
    expect(valueOf(compose(proposal, customerOf(), kit))).toEqual({
      locale: "en",
      title: "Thanks",
      body: "Body",
    });
  });
});

it("is well-formed although a filter cut an emoji in two", () => {
  const kit = withTemplate("{{ values.v | first }}!\n\n{{ values.v | first }}");
  const words = valueOf(compose(proposalLike({ values: { v: "😀 Ann" } }), customerOf(), kit));
  expect(words).toMatchObject({ title: "\ufffd!", body: "\ufffd" });
});

describe("a fault in one language", () => {
  const doubled = "{% assign a = 'x' %}" + "{% assign a = a | append: a %}".repeat(20);
  const FAULTY = `T\n\n${doubled}`;

  it("falls back to the next of the chain, down to the default", () => {
    const kit = kitOf({
      "rules/templates/late.zh-Hans.liquid": FAULTY,
      "rules/templates/late.zh.liquid": "晚了\n\n抱歉",
    });
    expect(valueOf(compose(proposalLike({ locale: "zh-CN" }), customerOf(), kit)).locale).toBe(
      "zh",
    );
    const english = kitOf({ "rules/templates/late.zh-Hans.liquid": FAULTY });
    expect(valueOf(compose(proposalLike({ locale: "zh-CN" }), customerOf(), english)).locale).toBe(
      "en",
    );
  });

  it("in every language gives the fault of each", () => {
    const kit = kitOf({
      "rules/templates/late.zh-Hans.liquid": FAULTY,
      "rules/templates/late.en.liquid": FAULTY,
    });
    expect(faultsIn(compose(proposalLike({ locale: "zh" }), customerOf(), kit))).toEqual([
      "rules/templates/late.zh-Hans.liquid: builds or prints more than 32768 characters; shorten it",
      "rules/templates/late.en.liquid: builds or prints more than 32768 characters; shorten it",
    ]);
  });

  it.each([
    ["an empty title", "{{ values.v }}\n\nBody", "the title is empty"],
    ["an empty body", "T\n\n{{ values.v }}", "the body is empty"],
    ["a fault in the title", `${doubled}\n\nBody`, "builds or prints more than"],
    ["a value that is missing", "T\n\n{{ values.other }}", "undefined variable: values.other"],
    [
      "a title that is too long",
      `T${"x".repeat(200)}\n\nBody`,
      "the title has 201 characters, more than 200",
    ],
    [
      "a body that is too long",
      `T\n\n${"x".repeat(4_001)}`,
      "the body has 4001 characters, more than 4000",
    ],
  ])("is %s", (_, source, fault) => {
    const faults = faultsIn(
      compose(proposalLike({ values: { v: null } }), customerOf(), withTemplate(source)),
    );
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  it("is a template that the playbook does not have", () => {
    expect(faultsIn(compose(proposalLike({ template: "gone" }), customerOf(), kitOf()))).toEqual([
      'delivery/late-parcel: template "gone" is not in the playbook',
    ]);
  });
});

describe("what customers and CRMs wrote", () => {
  it("is never read as Liquid, however often it is printed", () => {
    const attack = "{{ values.secret }}{% if true %}x{% endif %}";
    const kit = withTemplate("{{ customer.name }}\n\n{{ customer.name | append: values.v }}");
    const composed = compose(
      proposalLike({ values: { v: attack, secret: "s3cret" } }),
      customerOf({ traits: { name: attack } }),
      kit,
    );
    expect(valueOf(composed)).toEqual({ locale: "en", title: attack, body: attack + attack });
  });

  it("cannot leave its line, nor move words from the title into the body", () => {
    const kit = withTemplate("Hi {{ customer.name }}\n\nBody for {{ customer.name }}");
    const customer = customerOf({ traits: { name: "Ann\n\nYou owe us\u202e 100\u0007" } });
    expect(valueOf(compose(proposalLike(), customer, kit))).toEqual({
      locale: "en",
      title: "Hi Ann You owe us 100",
      body: "Body for Ann You owe us  100",
    });
  });

  it.each([
    ["text", "o-1", "[o-1]"],
    ["a number", 12.5, "[12.5]"],
    ["false", false, "[false]"],
    ["nothing", null, "[]"],
    ["blank text", " \n ", "[]"],
    ["an object", { a: 1 }, "[]"],
    ["a list, its objects left out", ["a", 2, { b: 3 }, null], "[a2]"],
    ["text of 200 astral characters", "😀".repeat(200), `[${"😀".repeat(200)}]`],
    ["longer text, cut between characters", "😀".repeat(201), `[${"😀".repeat(199)}…]`],
    ["a list of more than 20 items", Array.from({ length: 30 }, () => "x"), `[${"x".repeat(20)}]`],
  ])("is printed: %s", (_, value, expected) => {
    expect(printed(value)).toBe(expected);
  });

  it("may carry names that reach prototypes without harm", () => {
    const values = JSON.parse('{"__proto__": "p", "v": "fine"}') as Record<string, Json>;
    expect(
      valueOf(compose(proposalLike({ values }), customerOf(), withTemplate("T\n\n{{ values.v }}")))
        .body,
    ).toBe("fine");
    expect(Object.prototype).not.toHaveProperty("v");
  });
});

describe("the layout of a body", () => {
  it("keeps one blank line where a condition left several, and no spaces at ends of lines", () => {
    const kit = withTemplate("T\n\nA  \n\n{% if customer.name %}\nB\n{% endif %}\n\nC\n");
    expect(valueOf(compose(proposalLike(), customerOf(), kit)).body).toBe("A\n\nC");
  });
});
