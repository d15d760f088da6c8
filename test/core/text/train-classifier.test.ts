import { describe, expect, it } from "vitest";
import { readClassifier } from "../../../src/core/text/classifier-file.ts";
import { answererOf } from "../../../src/core/text/classify.ts";
import { parseLabelledTexts } from "../../../src/core/text/labels-file.ts";
import { expectedError } from "../../../src/core/text/learning-curve.ts";
import { evaluateAnswers } from "../../../src/core/text/scoring.ts";
import {
  trainClassifier,
  type TrainedClassifier,
} from "../../../src/core/text/train-classifier.ts";
import { familiesOf, leakOf } from "../../../src/core/text/twins.ts";
import { corpusRows } from "./corpus-rows.ts";
import { shippedReader } from "./shipped.ts";

const reader = shippedReader();
const corpus = corpusRows();
const sided = corpus.filter(({ sentiment }) => sentiment.startsWith("very_"));
const rowsOf = (split: "train" | "test", most: number) =>
  sided
    .filter((row) => row.split === split)
    .slice(0, most)
    .map(({ text, sentiment, group }) => ({ text, labels: [sentiment], group, split: null }));

const trained = (
  changes: { readonly seed?: number; readonly prior?: "auto" | "on" } = {},
): TrainedClassifier =>
  trainClassifier(
    { rows: rowsOf("train", 600), kind: "one" },
    { task: "sides", seed: 1, reader, prior: "auto", command: "c", ...changes },
  );

describe("training labels of one's own", () => {
  const first = trained();

  it("gives equal bytes for equal rows and seed, in any order of rows", () => {
    expect(trained().file).toBe(first.file);
    expect(trained({ seed: 2 }).file).not.toBe(first.file);
  });

  it("reads held-out texts far better than its baselines, and says how sure it is", () => {
    const read = readClassifier(first.file, "m");
    if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
    const answerer = answererOf(read.value.model, { reader, place: "m" });
    if (answerer.kind === "faulty") throw new Error(JSON.stringify(answerer.faults));
    const answers = rowsOf("test", 400).map(({ text, labels }) => ({
      truth: labels,
      ...answerer.value(text),
    }));
    const figures = evaluateAnswers(answers);
    expect(figures.accuracy).toBeGreaterThan(first.report.baselines.constant + 0.2);
    expect(figures.accuracy).toBeGreaterThan(first.report.baselines.naturalBayes ?? 1);
    expect(figures.calibrationError).toBeLessThan(0.12);
    expect(Math.abs(figures.accuracy - first.report.heldOut.accuracy)).toBeLessThan(0.15);
  });

  it("uses the shipped feelings when asked to", () => {
    const { report } = trained({ prior: "on" });
    expect(report.choice.features).toBe("grams, lexicons and prior");
  });

  it("takes texts with several labels, or none", () => {
    const rows = corpus
      .filter((row) => row.split === "train")
      .slice(0, 500)
      .map(({ text, topics, group }) => ({
        text,
        labels: topics.filter((topic) => topic !== "other"),
        group,
        split: null,
      }));
    const { report } = trainClassifier(
      { rows, kind: "several" },
      { task: "topics", seed: 1, reader, prior: "auto", command: "c" },
    );
    expect(report.heldOut.macroF1).toBeGreaterThan(0.15);
    expect(report.baselines.naturalBayes).toBeNull();
    expect(report.curve.wanted.length).toBeGreaterThan(0);
  });

  it("warns of a split that leaks and of labels with few texts", () => {
    const rows = rowsOf("train", 300).map((row, index) => ({
      ...row,
      split: index % 2 === 0 ? "train" : "test",
    }));
    const twins = rows.slice(0, 100).map((row) => ({
      ...row,
      text: `${row.text}!`,
      split: row.split === "train" ? "test" : "train",
    }));
    const { report } = trainClassifier(
      {
        rows: [
          ...rows,
          ...twins,
          { text: "a lone text", labels: ["lone"], group: null, split: "train" },
        ],
        kind: "one",
      },
      { task: "t", seed: 1, reader, prior: "auto", command: "c" },
    );
    expect(report.warnings.join("\n")).toMatch(
      /your split leaks: \d+ % of the texts outside "train" have a twin in train/u,
    );
    expect(report.warnings.join("\n")).toContain('"lone" has 1 texts only');
  });
});

describe("labelled lines", () => {
  it("have a label or labels, never both, and every fault is named with its line", () => {
    const parsed = parseLabelledTexts(
      ['{"text":"a","label":"x"}', "", '{"text":"b","labels":["y","y"]}'],
      "f",
    );
    expect(parsed).toMatchObject({
      kind: "sound",
      value: { kind: "several", rows: [{ labels: ["x"] }, { labels: ["y"] }] },
    });
    const faulty = parseLabelledTexts(
      ['{"text":"a"}', "x", '{"text":"b","label":"x","labels":[]}', '{"text":"","label":"x"}'],
      "f.jsonl",
    );
    const places = faulty.kind === "faulty" ? faulty.faults.map(({ place }) => place) : [];
    expect(places.map((place) => place.replace(/ › (?!line).*/u, ""))).toEqual([
      "f.jsonl › line 1",
      "f.jsonl › line 2",
      "f.jsonl › line 3",
      "f.jsonl › line 4",
    ]);
    expect(parseLabelledTexts(["", " "], "f").kind).toBe("faulty");
  });

  it("take numbers and truth values for labels", () => {
    const parsed = parseLabelledTexts(
      ['{"text":"a","label":5}', '{"text":"b","label":false}'],
      "f",
    );
    expect(parsed).toMatchObject({ value: { rows: [{ labels: ["5"] }, { labels: ["false"] }] } });
  });
});

describe("twins", () => {
  it("are texts that differ in little, and their families stay together", () => {
    const families = familiesOf([
      "where is my parcel please",
      "Where is my parcel, please?",
      "the soup was cold",
      "where is my parcel please!",
    ]);
    expect(families[0]).toBe(families[1]);
    expect(families[0]).toBe(families[3]);
    expect(families[2]).not.toBe(families[0]);
    expect(leakOf(families, (index) => index === 0)).toBeCloseTo(2 / 3, 9);
    expect(leakOf(families, () => true)).toBe(0);
  });
});

describe("the learning curve", () => {
  it("expects smaller errors from more texts, and none where there is none", () => {
    expect(expectedError(0.4, 0.3, { count: 100, more: 100 })).toBeLessThan(0.3);
    expect(expectedError(0.4, 0.3, { count: 100, more: 100 })).toBeGreaterThan(0.15);
    expect(expectedError(0.2, 0, { count: 10, more: 100 })).toBe(0);
    expect(expectedError(0.1, 0.3, { count: 100, more: 100 })).toBeLessThan(0.3);
  });
});
