/** The pages of the documentation as tests read them: tables as cells, blocks of code with their language, what a command is said to print. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

export const ROOT = join(import.meta.dirname, "../..");
export const PAGES = [
  "README.md",
  "README.zh-CN.md",
  "CHANGELOG.md",
  "docs/crm-developer.md",
  "docs/app-developer.md",
  "docs/support-lead.md",
  "docs/analyst.md",
  "docs/operator.md",
  "docs/architecture.md",
  "fixtures/README.md",
  "fixtures/corpus/README.md",
  "fixtures/feedback.md",
  "fixtures/history.md",
  "models/README.md",
  "rules/README.md",
] as const;
export type Page = (typeof PAGES)[number];

export const pageText = (page: Page): string => readFileSync(join(ROOT, page), "utf8");

const cellsOf = (line: string): readonly string[] =>
  line
    .replace(/^\||\|\s*$/gu, "")
    .split(/(?<!\\)\|/u)
    .map((cell) =>
      cell
        .trim()
        .replaceAll("\\|", "|")
        .replace(/^`([^`]*)`$/u, "$1"),
    );

/** Cells of every row under the header that begins with these cells; `\|` is a bar inside a cell, back-ticks around a whole cell are dropped. */
export const tableOf = (page: Page, ...head: readonly string[]): readonly (readonly string[])[] => {
  const lines = pageText(page).split("\n");
  const start = lines.findIndex(
    (line) => line.startsWith("|") && head.every((cell, index) => cellsOf(line)[index] === cell),
  );
  expect(start, `${page} has a table with the columns ${head.join(", ")}`).toBeGreaterThanOrEqual(
    0,
  );
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end === -1 ? undefined : end).map(cellsOf);
};

export interface Fence {
  readonly info: string;
  readonly body: string;
}

export const fencesOf = (page: Page): readonly Fence[] =>
  [...pageText(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gmu)].map(([, info = "", body = ""]) => ({
    info,
    body,
  }));

export const withoutFences = (text: string): string =>
  text.replaceAll(/^```.*\n[\s\S]*?^```$/gmu, "");

export const fencesWith = (page: Page, info: string): readonly string[] =>
  fencesOf(page)
    .filter((fence) => fence.info === info)
    .map(({ body }) => body);

/** Lines that a page shows as the output of a command, without those that only say that something was left out. */
export const outputOf = (page: Page, command: string): readonly string[] => {
  const block = fencesWith(page, "console").find((body) => body.startsWith(`$ ${command}\n`)) ?? "";
  const lines = block
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "" && line !== "…");
  expect(lines.length, `${page} shows what "${command}" prints`).toBeGreaterThan(0);
  return lines;
};

export const missingFrom = (text: string, lines: readonly string[]): readonly string[] => {
  const found = new Set(text.split("\n").map((line) => line.trimEnd()));
  return lines.filter((line) => !found.has(line));
};
