import { describe, expect, it } from "vitest";
import { openRules } from "../../../src/core/rules/open.ts";
import { readYaml } from "../../../src/core/rules/yaml.ts";
import { fileOf, leaf, ruleOf } from "./build.ts";

const read = (text: string) => readYaml(text, "rules/a.yaml", 8);

const wrong = (text: string): string => {
  const told = read(text);
  return told.kind === "sound" ? "sound" : `${told.fault.place}: ${told.fault.sentence}`;
};

const FILE = `
id: delivery
description: What to say about parcels.
owner: Delivery desk
rules:
  - name: late
    description: Apologise.
    priority: 5
    conditions:
      all:
        - {fact: feedback.topic, operator: equal, value: delivery}
        - fact: feedback.sentiment
          operator: lessThan
          value: -0.1
    event:
      type: reply
      params: {template: sorry, slot: inbox, category: service}
`;

describe("rule files in YAML", () => {
  it("say what the same in JSON says", () => {
    const json = fileOf(
      [
        ruleOf(
          "late",
          {
            all: [
              leaf("feedback.topic", "equal", "delivery"),
              leaf("feedback.sentiment", "lessThan", -0.1),
            ],
          },
          {
            description: "Apologise.",
            priority: 5,
            event: {
              type: "reply",
              params: { template: "sorry", slot: "inbox", category: "service" },
            },
          },
        ),
      ],
      { id: "delivery", description: "What to say about parcels.", owner: "Delivery desk" },
    );
    expect(read(FILE)).toEqual({ kind: "sound", value: json });
    const opened = openRules({ "rules/delivery.yaml": FILE });
    expect(opened).toMatchObject({
      kind: "sound",
      value: { inOrder: [{ rule: "delivery/late", priority: 5 }] },
    });
  });

  it("name places in the file as JSON files do, and may not repeat another file's rules", () => {
    const faulty = openRules({ "rules/delivery.yml": FILE.replace("lessThan", "lesThan") });
    expect(faulty).toMatchObject({
      faults: [{ place: "rules/delivery.yml › late › conditions.all[1]" }],
    });
    const twice = openRules({ "rules/delivery.yaml": FILE, "rules/delivery.yml": FILE });
    expect(JSON.stringify(twice)).toContain("stands in rules/delivery.yaml › late too");
  });

  it.each([
    ["a: 1\na: 2", "line 2, column 1: Map keys must be unique; mend the YAML"],
    ["a: [1, 2", "line 1, column 9"],
    ["a: &x 1\nb: *x", "line 1, column 7: anchors are not read"],
    ["b: *x", "aliases are not read"],
    ["a: !!binary x", "the tag"],
    ["a: !run x", "mend the YAML"],
    ["__proto__: 1", 'the name "__proto__" is not allowed'],
    ["a: {constructor: 1}", 'the name "constructor" is not allowed'],
    ["1: x", "the name 1 is not allowed"],
    ["? [a]\n: x", "give a name that is text"],
    ["a: .inf", '".inf" is no number that JSON has'],
    [`a: ${"[".repeat(9)}${"]".repeat(9)}`, "nested deeper than 8 levels"],
  ])("%j is refused with its place", (text, words) => {
    expect(wrong(text)).toContain("rules/a.yaml › line ");
    expect(wrong(text)).toContain(words);
  });

  it("keep words as words, and read nothing as null", () => {
    expect(read("a: no\nb: on\nc: 2026-03-01\nd: ~\n")).toEqual({
      kind: "sound",
      value: { a: "no", b: "on", c: "2026-03-01", d: null },
    });
    expect(read("")).toEqual({ kind: "sound", value: null });
    expect(read("\uFEFFa: 1")).toEqual({ kind: "sound", value: { a: 1 } });
  });

  it("stop bombs of aliases before they grow", () => {
    const bomb = Array.from(
      { length: 30 },
      (_, at) => `a${at}: &a${at} [*a${at - 1}, *a${at - 1}]`,
    );
    expect(wrong(["a: &a-1 x", ...bomb].join("\n"))).toContain("are not read");
  });
});
