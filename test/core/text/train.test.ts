import { describe, expect, it } from "vitest";
import { TOPICS } from "../../../src/core/analysis.ts";
import { bayesVotes } from "../../../src/core/text/bayes.ts";
import type { LabelledFeedback } from "../../../src/core/text/labelled.ts";
import { openTextReader, TEXT_FILES } from "../../../src/core/text/reader.ts";
import { auc, macroF1 } from "../../../src/core/text/scores.ts";
import { dealFolds, twinKeys } from "../../../src/core/text/split.ts";
import { trainText } from "../../../src/core/text/train.ts";
import { shippedFeedback, shippedFiles, shippedReader } from "./shipped.ts";

const reader = shippedReader();
const rows = shippedFeedback();
const trained = trainText(rows, { seed: 1, reader });
const value = (estimator: string, metric: string): number =>
  trained.report.scores.find((score) => score.estimator === estimator && score.metric === metric)
    ?.value ?? Number.NaN;

const row = (id: string, text: string, group = id): LabelledFeedback => ({
  id,
  text,
  lang: "en",
  channel: "app",
  labels: { sentiment: "neutral", topics: ["other"], urgent: false },
  group,
});

describe("training text models", () => {
  it("gives the bytes that are shipped", () => {
    const shipped = shippedFiles();
    for (const [path, text] of Object.entries(trained.files))
      expect(text === shipped[path], `${path} is stale: run attune train text`).toBe(true);
  });

  it("gives the same bytes for the same rows in another order, and tells its progress", () => {
    const few = rows.filter((_, index) => index % 6 === 0);
    const stages: string[] = [];
    const one = trainText(few, {
      seed: 3,
      reader,
      onProgress: (stage, done, total) => stages.push(`${stage} ${done}/${total}`),
    });
    const other = trainText(few.toReversed(), { seed: 3, reader });
    expect(other.files).toEqual(one.files);
    expect(stages).toContain("judging 0/5");
    expect(stages.at(-1)).toBe("fitting 1/1");
  });

  it("writes files that a reader opens, under a megabyte, without a date", () => {
    const files = { ...shippedFiles(), ...trained.files };
    expect(openTextReader(files).kind).toBe("sound");
    const texts = Object.values(trained.files);
    expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(1_000_000);
    for (const text of texts) expect(text).not.toMatch(/20\d\d-\d\d-\d\d/u);
    const card = (JSON.parse(trained.files[TEXT_FILES.topics] ?? "") as { card: object }).card;
    expect(card).toMatchObject({
      rows: rows.length,
      seed: 1,
      command: "attune train text --seed 1",
    });
  });

  it.each(["en", "zh"])("beats both baselines on rows it did not see: %s", (language) => {
    for (const metric of [
      `topics.accuracy.${language}`,
      `topics.macroF1.${language}`,
      `urgency.auc.${language}`,
    ])
      for (const baseline of ["baseline: constant", "baseline: natural Bayes"])
        expect(value("linear", metric)).toBeGreaterThan(value(baseline, metric));
    expect(value("linear", `topics.macroF1.${language}`)).toBeGreaterThan(0.6);
    expect(value("linear", `urgency.auc.${language}`)).toBeGreaterThan(0.9);
    expect(value("lexicon + linear", `sentiment.sign.${language}`)).toBeGreaterThan(
      value("baseline: lexicon", `sentiment.sign.${language}`),
    );
  });

  it("trains on one row and on labels of one kind without a fault", () => {
    const { files, report } = trainText([row("a", "hello")], { seed: 1, reader });
    expect(report.rows).toBe(1);
    expect(openTextReader({ ...shippedFiles(), ...files }).kind).toBe("sound");
  });
});

describe("dealing folds", () => {
  it("keeps groups and near-twins together", () => {
    const twin =
      "The parcel that I ordered on Monday has still not arrived and nobody answers my calls";
    const some = [
      row("a", twin),
      row("b", `${twin}!!!`),
      row("c", "one", "g"),
      row("d", "another thing entirely", "g"),
      ...Array.from({ length: 20 }, (_, index) => row(`r${index}`, `row number ${index * 7919}`)),
    ];
    for (const seed of [1, 2, 3, 4, 5]) {
      const folds = dealFolds(some, 5, seed);
      expect(folds[1]).toBe(folds[0]);
      expect(folds[3]).toBe(folds[2]);
      expect(new Set(folds).size).toBe(5);
    }
  });

  it("deals every language evenly and by seed", () => {
    const folds = dealFolds(rows, 5, 7);
    for (let fold = 0; fold < 5; fold += 1)
      for (const language of ["en", "zh"]) {
        const share =
          rows.filter((one, index) => one.lang === language && folds[index] === fold).length /
          rows.filter(({ lang }) => lang === language).length;
        expect(share).toBeGreaterThan(0.14);
        expect(share).toBeLessThan(0.26);
      }
    expect(dealFolds(rows, 5, 8)).not.toEqual(folds);
  });

  it("gives texts without anything in common no common key", () => {
    const keys = new Set(twinKeys("the courier left it in the rain"));
    expect(twinKeys("please add dark mode to your app").some((key) => keys.has(key))).toBe(false);
  });
});

describe("the baseline", () => {
  it("never lets a label reach a prototype and answers without rows", () => {
    const features = new Map([["w:late", { count: 1, spans: [] }]]);
    const evil = {
      ...row("a", "late"),
      labels: { sentiment: "neutral", topics: ["__proto__"], urgent: false },
    } as unknown as LabelledFeedback;
    const good = { row: row("b", "late"), features };
    bayesVotes([{ row: evil, features }, good], [good], 1);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)["0"]).toBeUndefined();
    expect(bayesVotes([], [good], 1)).toEqual([{ topic: "other", urgency: 0 }]);
  });
});

describe("scores", () => {
  it("counts F1 over the topics that occur", () => {
    const [first, second] = TOPICS;
    expect(
      macroF1([
        { truth: [first], said: [first] },
        { truth: [second], said: [first] },
      ]),
    ).toBeCloseTo((2 / 3 + 0) / 2);
    expect(macroF1([])).toBe(0);
  });

  it("ranks with ties counted half", () => {
    expect(
      auc([
        { truth: true, score: 2 },
        { truth: false, score: 1 },
      ]),
    ).toBe(1);
    expect(
      auc([
        { truth: true, score: 1 },
        { truth: false, score: 1 },
      ]),
    ).toBe(0.5);
    expect(auc([{ truth: true, score: 1 }])).toBe(0.5);
  });
});
