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
      [TEXT_FILES.topics]: "[]",
    };
    const faults = faultsOf(files).join("\n");
    for (const path of [TEXT_FILES.settings, TEXT_FILES.emoji, TEXT_FILES.topics])
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

  it("refuses a model with other labels, with rows too short, with a feature twice, and of another format", () => {
    const labels = changed(TEXT_FILES.urgency, (file) => ({ ...file, labels: ["calm"] }));
    expect(faultsOf(labels).join()).toContain('["calm"]');
    const short = changed(TEXT_FILES.polarity, (file) => ({
      ...file,
      features: [
        ["w:a", 1, [0.5]],
        ["w:a", 1, [1, 2]],
      ],
    }));
    expect(faultsOf(short).join()).toContain("features[0]");
    expect(faultsOf(short).join()).toContain('"w:a" stands twice');
    const bias = changed(TEXT_FILES.polarity, (file) => ({ ...file, bias: [1] }));
    expect(faultsOf(bias).join()).toContain("bias");
    const format = changed(TEXT_FILES.topics, (file) => ({ ...file, formatVersion: 2 }));
    expect(faultsOf(format).join()).toContain("run attune train text again");
  });
});
