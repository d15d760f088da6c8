import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import {
  parseLiquid,
  renderLiquid,
  TEMPLATE_CHARS,
  TEMPLATE_FILTERS,
  TEMPLATE_TAGS,
} from "../../../src/core/replies/liquid.ts";
import { faultsIn, valueOf } from "./samples.ts";
import { leastCpuMs } from "../../cpu-time.ts";

const SCOPE: JsonObject = {
  customer: { name: "Ann", locale: null },
  values: { text: "x".repeat(200), n: 3, list: [1, 2] },
};
const parse = (text: string) => parseLiquid({ place: "t.liquid", text, firstLine: 1 });
/** Faults of parsing, else of rendering. */
const attempt = (text: string): readonly string[] => {
  const parsed = parse(text);
  return parsed.kind === "faulty" ? faultsIn(parsed) : faultsIn(renderLiquid(parsed.value, SCOPE));
};
const render = (text: string): string => valueOf(renderLiquid(valueOf(parse(text)), SCOPE));

describe("a template that means harm", () => {
  it.each([
    ["a range of 300 million", "{{ (1..300000000) | size }}", "ranges like (1..9) are not known"],
    [
      "the same in a condition",
      "{% if (1..300000000) contains 3 %}x{% endif %}",
      "ranges like (1..9) are not known",
    ],
    ["a reversed range", "{% assign a = (900000000..1) %}", "ranges like (1..9) are not known"],
    ["a loop", "{% for i in (1..9) %}x{% endfor %}", 'tag "for" is not known'],
    [
      "loops in loops",
      "{% for i in (1..999) %}{% for j in (1..999) %}x{% endfor %}{% endfor %}",
      'tag "for"',
    ],
    ["a table", "{% tablerow i in (1..9) %}x{% endtablerow %}", 'tag "tablerow" is not known'],
    [
      "doubling by assign and append",
      `{% assign a = 'x' %}${"{% assign a = a | append: a %}".repeat(60)}`,
      "builds or prints more than",
    ],
    ["doubling by capture", "{% capture a %}x{% endcapture %}", 'tag "capture" is not known'],
    [
      "a long text printed a thousand times",
      `{% assign a = values.text %}${"{% assign a = a | append: a %}".repeat(5)}${"{{a}}".repeat(1_000)}`,
      "builds or prints more than",
    ],
    [
      "a long text echoed a hundred times",
      `{% assign a = values.text %}${"{% assign a = a | append: a %}".repeat(5)}${"{% echo a %}".repeat(100)}`,
      "builds or prints more than",
    ],
    ["a file", "{% include '/etc/passwd' %}", 'tag "include" is not known'],
    ["another template", "{% render 'late' %}", 'tag "render" is not known'],
    ["a layout", "{% layout 'late' %}", 'tag "layout" is not known'],
    ["a state between renderings", "{% increment x %}", 'tag "increment" is not known'],
    ["a tag full of tags", "{% liquid assign a = 1 %}", 'tag "liquid" is not known'],
    ["the clock", "{{ 'now' | date: '%s' }}", 'filter "date" is not known'],
    ["chance", "{{ values.list | sample }}", 'filter "sample" is not known'],
    [
      "replacing many by long",
      "{{ values.text | replace: 'x', values.text }}",
      'filter "replace" is not known',
    ],
    [
      "a filter in a branch never taken",
      "{% if false %}{{ 1 | evil }}{% endif %}",
      'filter "evil" is not known',
    ],
    ["a prototype", "{{ values.__proto__ }}", "undefined variable"],
    ["a constructor", "{{ values.constructor }}", "undefined variable"],
    ["a constructor by index", "{{ values['constructor'] }}", "undefined variable"],
    ["a method of text", "{{ values.text.toString }}", "undefined variable"],
    [
      "more text than allowed",
      "x".repeat(TEMPLATE_CHARS + 1),
      `is longer than ${TEMPLATE_CHARS} characters`,
    ],
    ["conditions 300 deep", "{% if 1 %}".repeat(300) + "{% endif %}".repeat(299), "not closed"],
    ["an unclosed index 1000 deep", `{{ ${"values[".repeat(1_000)} }}`, "[ not closed"],
  ])("with %s ends with an error at once", (_, text, fault) => {
    let faults: readonly string[] = [];
    expect(leastCpuMs(() => (faults = attempt(text)), 100)).toBeLessThan(100);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  it("finds nothing of an earlier rendering", () => {
    expect(render("{% assign seen = 1 %}{{ seen }}")).toBe("1");
    expect(attempt("{{ seen }}")[0]).toContain("undefined variable: seen");
  });
});

describe("a template", () => {
  it("has exactly the tags and filters of the lists", () => {
    const needed: Readonly<Record<string, string>> = {
      money: ': "EUR"',
      plural: ': one: "#", other: "#"',
    };
    for (const filter of TEMPLATE_FILTERS)
      expect(faultsIn(parse(`{{ 1 | ${filter}${needed[filter] ?? ""} }}`))).toEqual([]);
    expect(
      render(
        "{% if values.n > 2 %}a{% elsif false %}{% else %}b{% endif %}{% unless values.n %}c{% endunless %}",
      ),
    ).toBe("a");
    expect(
      render(
        "{% case values.n %}{% when 3 %}three{% else %}x{% endcase %}{% echo values.n %}{% # note %}",
      ),
    ).toBe("three3");
    expect(render("{% comment %}{{ x | y }}{% endcomment %}{% raw %}{{ z }}{% endraw %}")).toBe(
      "{{ z }}",
    );
    expect(TEMPLATE_TAGS).toHaveLength(8);
  });

  it("prints text as it is, without HTML escapes and without reading it again", () => {
    const parsed = valueOf(parse("{{ customer.name }}"));
    const name = "<b>{{ 1 | plus: 1 }}</b> {% if true %} & Co.";
    expect(valueOf(renderLiquid(parsed, { customer: { name } }))).toBe(name);
  });

  it("names the line of a fault, counted in its file", () => {
    const parsed = parseLiquid({
      place: "t.liquid",
      text: "one\n{{ 1 | apend: 2 }}",
      firstLine: 3,
    });
    expect(faultsIn(parsed)).toEqual([
      't.liquid › line 4: filter "apend" is not known; did you mean "append"?',
    ]);
  });

  it("says what may be used where nothing is alike", () => {
    expect(attempt("{{ 1 | zzzzzzzzz }}")[0]).toContain("; use default, append");
    expect(attempt("{% unles x %}{% endunless %}")[0]).toContain('did you mean "unless"?');
  });

  it("tells which variables it reads, with lines, but not those that it assigns", () => {
    const { variables } = valueOf(
      parse("{{ customer.name }}\n{% assign a = values.x %}{{ a }}\n{{ values[customer.locale] }}"),
    );
    expect(variables).toContainEqual({ name: "customer.name", line: 1 });
    expect(variables).toContainEqual({ name: "values.x", line: 2 });
    expect(variables).toContainEqual({ name: "values.[…]", line: 3 });
    expect(variables.map(({ name }) => name)).not.toContain("a");
  });
});
