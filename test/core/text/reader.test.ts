import { describe, expect, it } from "vitest";
import { openTextReader, TEXT_FILES } from "../../../src/core/text/reader.ts";
import { shippedFiles } from "./shipped.ts";

const faultsOf = (files: Record<string, string>): readonly string[] => {
  const opened = openTextReader(files);
  return opened.kind === "faulty"
    ? opened.faults.map(({ place, sentence }) => `${place}: ${sentence}`)
    : [];
};

/** The shipped files with one of them changed. */
const changed = (
  path: string,
  change: (file: Record<string, unknown>) => unknown,
): Record<string, string> => {
  const files = shippedFiles();
  const file = JSON.parse(files[path] ?? "") as Record<string, unknown>;
  return { ...files, [path]: JSON.stringify(change(file)) };
};

describe("opening a reader", () => {
  it("takes the shipped files", () => expect(faultsOf(shippedFiles())).toEqual([]));

  it("names every missing file at once", () => {
    const faults = faultsOf({});
    for (const path of Object.values(TEXT_FILES))
      expect(faults.some((fault) => fault.startsWith(`${path}: is missing`))).toBe(true);
  });

  it("takes no file from a prototype", () => {
    const files = Object.create(shippedFiles()) as Record<string, string>;
    expect(faultsOf(files).length).toBeGreaterThanOrEqual(Object.keys(TEXT_FILES).length);
  });

  it("names a file that is not JSON", () => {
    for (const path of Object.values(TEXT_FILES))
      expect(faultsOf({ ...shippedFiles(), [path]: "{" }).join()).toMatch(
        new RegExp(`${path}: is not JSON`, "u"),
      );
  });

  it("reports faults of several files together", () => {
    const files = {
      ...shippedFiles(),
      [TEXT_FILES.settings]: "{}",
      [TEXT_FILES.emoji]: '{"kind":"emoji-lexicon"}',
      [TEXT_FILES.heads]: "[]",
    };
    const faults = faultsOf(files).join("\n");
    for (const path of [TEXT_FILES.settings, TEXT_FILES.emoji, TEXT_FILES.heads])
      expect(faults).toContain(path);
  });

  it("refuses a word with two roles and says where both stand", () => {
    const files = changed(TEXT_FILES.english, (file) => ({ ...file, contrasts: ["but", "very"] }));
    expect(faultsOf(files)).toEqual([
      `${TEXT_FILES.english} › contrasts: "very" stands in degrees already; keep one of them`,
    ]);
  });

  it("refuses a valence that does not exist", () => {
    const files = changed(TEXT_FILES.chinese, (file) => ({ ...file, valence: { "7": ["好"] } }));
    expect(faultsOf(files).join()).toContain("valence");
  });

  it("refuses a pair of traditional and simplified that is not a pair", () => {
    const files = changed(TEXT_FILES.chinese, (file) => ({ ...file, traditional: ["愛"] }));
    expect(faultsOf(files).join()).toContain("traditional[0]");
  });

  it("refuses another AFINN list than the lexicon was written over", () => {
    const files = changed(TEXT_FILES.english, (file) => ({
      ...file,
      base: { list: "AFINN-165", words: 1, fingerprint: "00000000" },
    }));
    expect(faultsOf(files).join()).toMatch(/base: the sentiment package ships \d+ words/u);
  });

  it("refuses models of other heads, of another format, and with tables that do not fit", () => {
    const model = TEXT_FILES.heads;
    const heads = changed(model, (file) => ({ ...file, heads: (file["heads"] as []).slice(1) }));
    expect(faultsOf(heads).join()).toMatch(/labels|heads/u);
    const format = changed(model, (file) => ({ ...file, formatVersion: 2 }));
    expect(faultsOf(format).join()).toContain("train again");
    const rows = changed(model, (file) => ({ ...file, rows: 3 }));
    expect(faultsOf(rows).join()).toContain("slots");
    const table = changed(model, (file) => ({ ...file, weights: "AAAA" }));
    expect(faultsOf(table).join()).toContain("3 weights");
    const garbage = changed(model, (file) => ({ ...file, factors: "***" }));
    expect(faultsOf(garbage).join()).toContain("base64");
    const swapped = { ...shippedFiles(), [model]: shippedFiles()[TEXT_FILES.clauses] ?? "" };
    expect(faultsOf(swapped).join()).toContain("must be polarity, sentiment");
  });
});
