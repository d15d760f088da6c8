import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { ASPECTS, EMOTIONS, INTENTS, SENTIMENT_LABELS, TOPICS } from "../src/core/analysis.ts";
import { FACTS } from "../src/core/facts.ts";
import { FEATURES } from "../src/core/feature.ts";
import { LIMITS } from "../src/core/limits.ts";
import { MODEL_TASKS, modelPath } from "../src/core/models/model-file.ts";
import { GUARDRAILS } from "../src/core/guardrails.ts";
import { OUTCOMES } from "../src/core/outcome.ts";
import { TEMPLATE_FILTERS, TEMPLATE_TAGS } from "../src/core/replies/liquid.ts";
import { DEVIATIONS } from "../src/core/rules/deviations.ts";
import { LINT_CODES } from "../src/core/rules/lint/codes.ts";
import { DECORATORS, OPERATORS } from "../src/core/rules/operators.ts";
import { eventSchema, feedbackSchema } from "../src/core/signal.ts";
import { corpusRowSchema } from "../src/core/text/corpus.ts";
import { CATALOGUE_FILE } from "../src/core/text/catalogue.ts";
import { CORRECTIONS_FILE } from "../src/core/text/corrections.ts";
import { PUBLIC_SETS } from "../src/core/text/heads-data.ts";
import { TEXT_FILES } from "../src/core/text/reader.ts";
import { ERRORS } from "../src/errors.ts";
import { type Page, PAGES, pageText, ROOT, tableOf, withoutFences } from "./docs/pages.ts";

/** First cells of the table of the support lead whose first column has this name. */
const first = (column: string): readonly (string | undefined)[] =>
  tableOf("docs/support-lead.md", column).map(([name]) => name);

describe("tables in the docs say what the code says", () => {
  it("facts", () => {
    const code = [...FACTS].map(([name, fact]) => [
      name,
      fact.type,
      fact.sentence,
      fact.unit ?? "",
      fact.source,
      JSON.stringify(fact.example),
      (fact.values ?? [])
        .map((value) => `\`${value}\``)
        .join(", ")
        .replace(/^`([^`]*)`$/u, "$1"),
    ]);
    expect(tableOf("docs/support-lead.md", "fact", "type")).toEqual(code);
  });

  it("features", () => {
    const code = Object.entries(FEATURES).map(([name, feature]) => [
      name,
      feature.unit,
      feature.sentence,
      feature.formula,
      feature.missing,
    ]);
    expect(tableOf("docs/analyst.md", "feature", "unit", "what it is", "formula", "null")).toEqual(
      code,
    );
  });

  it("public sets", () => {
    const code = Object.entries(PUBLIC_SETS).map(([name, { source, licence }]) => [
      name,
      source,
      licence,
    ]);
    expect(
      tableOf("docs/analyst.md", "set", "what it is", "licence").map((row) => row.slice(0, 3)),
    ).toEqual(code);
  });

  it("fields of the corpus", () => {
    const rows = tableOf("fixtures/corpus/README.md", "field", "what it is");
    expect(rows.map(([field]) => field)).toEqual(Object.keys(corpusRowSchema.shape));
  });

  it("labels of the corpus", () => {
    for (const [head, says, labels] of [
      ["sentiment", "given to", SENTIMENT_LABELS],
      ["topic", "about", TOPICS],
      ["intent", "the customer wants", INTENTS],
      ["emotion", "the strongest feeling is", EMOTIONS],
      ["aspect", "an opinion about", ASPECTS],
    ] as const)
      expect(tableOf("fixtures/corpus/README.md", head, says).map(([label]) => label)).toEqual(
        labels,
      );
  });

  it("files of models", () => {
    const named = tableOf("models/README.md", "file", "what it says").map(([file]) => file);
    const inCode = [
      ...MODEL_TASKS.map(modelPath),
      ...Object.values(TEXT_FILES),
      CATALOGUE_FILE,
      CORRECTIONS_FILE,
    ].map((path) => path.replace("models/", ""));
    expect(new Set(named)).toEqual(new Set(inCode));
  });

  it("guardrails of a canary", () => {
    const rows = tableOf("docs/support-lead.md", "guardrail", "what ends the canary");
    expect(rows.map(([name, sentence]) => [name, sentence])).toEqual(
      Object.entries(GUARDRAILS).map(([name, { sentence }]) => [name, sentence]),
    );
  });

  it.each(["docs/support-lead.md", "rules/README.md"] as const)("outcome codes in %s", (page) => {
    expect(tableOf(page, "code", "what it means").map(([code]) => code)).toEqual(
      Object.keys(OUTCOMES),
    );
  });

  it("outcomes", () => {
    const rows = tableOf("docs/support-lead.md", "code", "what it means");
    expect(rows.map(([code, sentence]) => [code, sentence])).toEqual(Object.entries(OUTCOMES));
  });

  it("errors", () => {
    const code = Object.entries(ERRORS).map(([name, { http, exit, remedy }]) => [
      name,
      String(http),
      String(exit),
      remedy,
    ]);
    expect(tableOf("docs/crm-developer.md", "code", "HTTP", "exit")).toEqual(code);
  });

  it("exit codes", () => {
    const codes = tableOf("docs/operator.md", "code", "meaning").map(([code]) => code);
    const used = new Set(Object.values(ERRORS).map(({ exit }) => String(exit)));
    expect(codes).toEqual(["0", ...[...used].toSorted(), "130, 143"]);
  });

  it("limits", () => {
    const rows = tableOf("docs/crm-developer.md", "limit", "value");
    expect(rows.map(([name, value]) => [name, value])).toEqual(
      Object.entries(LIMITS).map(([name, value]) => [name, value.toLocaleString("en")]),
    );
    for (const [, , sentence] of rows) expect(sentence).not.toBe("");
  });

  it("deviations from json-rules-engine", () => {
    const code = DEVIATIONS.map(({ id, written, theirs, ours }) => [id, written, theirs, ours]);
    expect(tableOf("docs/support-lead.md", "id", "what is written")).toEqual(code);
  });

  it("diagnostics of the linter", () => {
    const code = Object.entries(LINT_CODES).map(([name, { severity, meaning, remedy }]) => [
      name,
      severity,
      meaning,
      remedy,
    ]);
    expect(tableOf("docs/support-lead.md", "diagnostic", "severity")).toEqual(code);
  });

  it("operators and decorators", () => {
    expect(first("operator")).toEqual(OPERATORS);
    expect(first("decorator")).toEqual(DECORATORS);
  });

  it("tags and filters of templates", () => {
    const text = pageText("docs/support-lead.md");
    const named = (word: string): readonly string[] => {
      const sentence = new RegExp(`${word}: (.*?)\\. `, "u").exec(text)?.[1] ?? "";
      return [...sentence.matchAll(/(?:^|, )`([^`]+)`/gu)].map(([, name = ""]) => name);
    };
    expect(named("Tags")).toEqual(TEMPLATE_TAGS);
    expect(named("Filters")).toEqual(TEMPLATE_FILTERS);
  });

  it("fields of signals, each with the kinds that have it and whether it is needed", () => {
    const kinds = { feedback: feedbackSchema.shape, event: eventSchema.shape };
    const rows = tableOf("docs/crm-developer.md", "field", "in", "needed");
    const documented = rows.flatMap(([field, where, needed]) =>
      (where === "both" ? ["feedback", "event"] : [where]).map((kind) => [kind, field, needed]),
    );
    const code = Object.entries(kinds).flatMap(([kind, shape]) =>
      Object.entries(shape).map(([field, schema]) => [
        kind,
        field,
        schema.safeParse(undefined).success ? "no" : "yes",
      ]),
    );
    expect(documented.map(String).toSorted()).toEqual(code.map(String).toSorted());
  });
});

describe("environment variables in docs/operator.md", () => {
  const rows = tableOf("docs/operator.md", "variable", "default", "meaning");
  const source = readFileSync(join(ROOT, "src/config.ts"), "utf8");
  const schema = /const environmentSchema = z\n([\s\S]*?)\.superRefine/u.exec(source)?.[1] ?? "";
  const fields = [...schema.matchAll(/^ {4}([A-Z_]+): ([\s\S]*?)(?=^ {4}[A-Z_]+: |^ {2}\}\))/gmu)];

  it("are those that src/config.ts reads", () => {
    expect(rows.map(([name]) => name)).toEqual(fields.map(([, name]) => name));
  });

  it("have the defaults of the code", () => {
    const config = readConfig({});
    const shown = rows.map(([, value]) => value).filter((value) => value !== "");
    expect(shown).toEqual([
      config.dataDirectory,
      config.host,
      ...[
        config.port,
        config.concurrency,
        config.lockDurationMs,
        config.stalledIntervalMs,
        config.reconcileIntervalMs,
        config.reconcileAfterMs,
        config.releaseIntervalMs,
        config.stopDeadlineMs,
      ].map(String),
      config.logLevel,
    ]);
  });

  it("have the ranges of the code", () => {
    const ranges = fields.flatMap(([, name = "", text = ""]) => {
      const [, from, to] = /whole\([\d_]+, ([\d_]+), ([\d_]+)\)/u.exec(text) ?? [];
      return from === undefined || to === undefined
        ? []
        : [[name, `${from} to ${to}`.replaceAll("_", "")] as const];
    });
    expect(ranges.length).toBeGreaterThan(0);
    const meanings = new Map(rows.map(([name, , meaning = ""]) => [name, meaning]));
    for (const [name, range] of ranges)
      expect([name, meanings.get(name)]).toEqual([name, expect.stringContaining(range)]);
  });
});

/** The anchor that a heading gets on a page. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replaceAll(/\s/gu, "-");

describe("links", () => {
  it.each(PAGES)("in %s lead somewhere", (page) => {
    const targets = [...withoutFences(pageText(page)).matchAll(/\]\(([^)\s]+)\)/gu)].map(
      ([, target = ""]) => target,
    );
    const broken = targets.filter((target) => {
      if (/^https?:/u.test(target)) return false;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path);
      if (!existsSync(file) || relative(ROOT, file).startsWith("..")) return true;
      if (anchor === undefined) return false;
      const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gmu)].map(
        ([, text = ""]) => anchorOf(text),
      );
      return !headings.includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("reach every page from the README", () => {
    for (const page of ["README.md", "README.zh-CN.md"] as const)
      for (const target of PAGES.filter((one) => one.startsWith("docs/")))
        expect(pageText(page)).toContain(`(${target})`);
  });
});

/** Headings, rows and code of a page, without its words. */
const shapeOf = (page: Page): readonly string[] =>
  pageText(page)
    .split("\n")
    .flatMap((line) => {
      if (/^#+ /u.test(line)) return [(/^#+/u.exec(line) ?? [""])[0]];
      if (line.startsWith("```")) return [line];
      return line.startsWith("|") ? ["|"] : [];
    });

describe("the READMEs", () => {
  it("README.md has fewer than 900 words", () => {
    expect(pageText("README.md").split(/\s+/u).length).toBeLessThan(900);
  });

  it("have the same sections, tables and code in both languages", () => {
    expect(shapeOf("README.zh-CN.md")).toEqual(shapeOf("README.md"));
  });

  it("name the packages by their roles only if they are installed", () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    ) as {
      readonly dependencies: Readonly<Record<string, string>>;
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const installed = Object.keys({ ...dependencies, ...devDependencies });
    for (const [page, head] of [
      ["README.md", "package"],
      ["README.zh-CN.md", "包"],
    ] as const) {
      const named = tableOf(page, head).map(([name]) => name);
      expect(named).toHaveLength(9);
      for (const name of named) expect(installed).toContain(name);
    }
  });

  it("name folders that exist", () => {
    for (const [page, head] of [
      ["README.md", "folder"],
      ["README.zh-CN.md", "目录"],
    ] as const)
      for (const [folder = ""] of tableOf(page, head))
        expect(existsSync(join(ROOT, folder))).toBe(true);
  });
});
