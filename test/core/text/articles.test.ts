import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ARTICLES_FOLDER, indexArticles, readArticles } from "../../../src/core/text/articles.ts";
import { readText } from "../../../src/core/text/reading.ts";
import { shippedFiles, shippedReader } from "./shipped.ts";

interface Problem {
  readonly text: string;
  readonly lang: "en" | "zh";
  /** Null for texts that no article is about. */
  readonly article: string | null;
  /** The numbers in `articles.ts` and the concepts were chosen on the first half only. */
  readonly use: "tune" | "test";
}

const reader = shippedReader();
const problems = readFileSync(new URL("problems.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line): Problem => JSON.parse(line));

const articlePaths = Object.keys(shippedFiles()).filter((path) => path.startsWith(ARTICLES_FOLDER));
const isAbout = ({ article }: Problem): boolean => article !== null;
const find = (text: string) => reader.articles.find(readText(text, reader));
/** Share of the problems whose own article, or for null none, is found. */
const rightShare = (asked: readonly Problem[]): number =>
  asked.filter(({ text, article }) => (find(text)?.id ?? null) === article).length / asked.length;

const half = (use: Problem["use"]): readonly Problem[] =>
  problems.filter((problem) => problem.use === use);

const namesWith = (ending: string): readonly string[] =>
  articlePaths.filter((path) => path.endsWith(ending)).map((path) => path.slice(0, -ending.length));

const faultsOf = (files: Readonly<Record<string, string>>): readonly string[] => {
  const checked = readArticles(files);
  return checked.kind === "sound"
    ? []
    : checked.faults.map(({ place, sentence }) => `${place} ${sentence}`);
};

describe("reading articles", () => {
  it.each([
    "articles/late.md",
    "articles/late.english.md",
    "articles/a b.en.md",
    "articles/x.en.txt",
  ])("refuses the name %s", (path) =>
    expect(faultsOf({ [path]: "# Late\n\nText" })).toEqual([
      `${path} is not named like late-parcel.en.md or late-parcel.zh-Hans.md; rename it`,
    ]),
  );

  it("refuses an article without title", () =>
    expect(faultsOf({ "articles/late.en.md": "## Late\n\nText" })).toEqual([
      'articles/late.en.md has no title; begin it with a line such as "# My parcel is late"',
    ]));

  it("refuses an article that is too long", () =>
    expect(faultsOf({ "articles/late.en.md": `# Late\n\n${"x".repeat(20_000)}` })).toEqual([
      "articles/late.en.md has 20008 characters; keep it below 20000",
    ]));

  it("names every fault, in the order of the paths", () =>
    expect(
      faultsOf({ "articles/b.md": "# B", "articles/a.en.md": "no title", "rules/c.json": "{}" }),
    ).toHaveLength(2));

  it("takes language, title and body from name and text", () =>
    expect(readArticles({ "articles/late.zh-Hans.md": "# 晚了\n\n等一等。\n" })).toEqual({
      kind: "sound",
      value: [{ id: "late", language: "zh", title: "晚了", body: "等一等。" }],
    }));

  it("accepts the shipped ones, each in both languages", () => {
    expect(faultsOf(shippedFiles())).toEqual([]);
    expect(namesWith(".en.md")).toHaveLength(40);
    expect(namesWith(".zh-Hans.md")).toEqual(namesWith(".en.md"));
  });
});

describe("finding an article", () => {
  it("answers in the language of the text", () => {
    expect(find("I forgot my password")).toMatchObject({
      id: "reset-password",
      title: "I forgot my password",
    });
    expect(find("我忘记密码了，登录不了")).toMatchObject({
      id: "reset-password",
      title: "忘记密码怎么办？",
    });
    expect(find("我忘記密碼了，登錄不了")?.id).toBe("reset-password");
  });

  it("finds nothing in a language without articles", () => {
    const english = readArticles({ "articles/late.en.md": "# My parcel is late\n\nIt is late." });
    if (english.kind === "faulty") throw new Error("faulty");
    const index = indexArticles(english.value, (text) => readText(text, reader));
    expect(index.find(readText("My parcel is late", reader))?.id).toBe("late");
    expect(index.find(readText("我的快递迟迟不到", reader))).toBeNull();
  });

  it("finds nothing without articles", () => {
    const index = indexArticles([], (text) => readText(text, reader));
    expect(index.size).toBe(0);
    expect(index.find(readText("My parcel is late", reader))).toBeNull();
  });

  it.each(["", "  ", "ok", "嗯", "😡", "!!!", "12345"])("finds nothing for %j", (text) =>
    expect(find(text)).toBeNull(),
  );

  it("gives the same answer again and from another reader", () => {
    const again = shippedReader();
    for (const { text } of problems) {
      const found = find(text);
      expect(find(text)).toEqual(found);
      expect(again.articles.find(readText(text, again))).toEqual(found);
    }
  });

  it("does not depend on the order of the files", () => {
    const turned = readArticles(Object.fromEntries(Object.entries(shippedFiles()).toReversed()));
    if (turned.kind === "faulty") throw new Error("faulty");
    const index = indexArticles(turned.value, (text) => readText(text, reader));
    for (const { text } of problems) expect(index.find(readText(text, reader))).toEqual(find(text));
  });

  it("gives a confidence from its least to one, whatever the text", () => {
    const words = fc.constantFrom(
      ...problems.flatMap(({ text, lang }) => (lang === "en" ? text.split(" ") : Array.from(text))),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (pieces) => {
        const found = find(pieces.join(" "));
        if (found === null) return;
        expect(found.confidence).toBeGreaterThanOrEqual(0.3);
        expect(found.confidence).toBeLessThan(1);
      }),
    );
  });
});

describe("articles for problems that customers describe", () => {
  it("is measured on descriptions of every article in both languages and both halves", () => {
    expect(problems.filter(isAbout)).toHaveLength(200);
    const places = problems
      .filter(isAbout)
      .map(({ lang, article, use }) => `${lang} ${article} ${use}`);
    expect(new Set(places).size).toBe(40 * 2 * 2);
    expect(new Set(problems.map(({ text }) => text)).size).toBe(problems.length);
  });

  it("finds the right one first for 85 % of the test half", () =>
    expect(rightShare(half("test").filter(isAbout))).toBeGreaterThanOrEqual(0.85));

  it("finds the right one first for 90 % of the tuning half", () =>
    expect(rightShare(half("tune").filter(isAbout))).toBeGreaterThanOrEqual(0.9));

  it.each(["en", "zh"])("finds the right one first for 85 %% of all in %s", (lang) =>
    expect(
      rightShare(problems.filter((problem) => isAbout(problem) && problem.lang === lang)),
    ).toBeGreaterThanOrEqual(0.85),
  );

  it.each([
    ["tune", 0.85],
    ["test", 0.8],
  ] as const)("abstains on the unrelated texts of the %s half, at least %d of them", (use, share) =>
    expect(rightShare(half(use).filter((problem) => !isAbout(problem)))).toBeGreaterThanOrEqual(
      share,
    ),
  );
});
