import { describe, expect, it } from "vitest";
import { type ModelTask, readModel, writeModel } from "../../../src/core/models/model-file.ts";
import { openModels } from "../../../src/core/models/predict.ts";
import { clusters, regression, tree } from "./made.ts";

const faultsOf = (task: ModelTask, text: string): readonly string[] => {
  const read = readModel(task, text);
  return read.kind === "sound"
    ? []
    : read.faults.map(({ place, sentence }) => `${place}: ${sentence}`);
};

/** The JSON of a model with some of it replaced, as a careless hand would. */
const spoilt = (model: object, change: object): string => JSON.stringify({ ...model, ...change });

describe("a model file", () => {
  it("is the same after reading and writing", () => {
    for (const model of [clusters(), tree(), regression()]) {
      const task: ModelTask = model.task;
      const read = readModel(task, writeModel(model));
      expect(read).toEqual({ kind: "sound", value: model });
      expect(read.kind === "sound" && writeModel(read.value)).toBe(writeModel(model));
    }
  });

  it.each<[string, ModelTask, string, RegExp]>([
    [
      "no JSON",
      "churn",
      "{",
      /^models\/churn\.json: is not JSON \(.+\); restore the file or train it again$/u,
    ],
    [
      "an unknown format",
      "spend",
      spoilt(regression(), { format: "attune-model/9" }),
      /format: "attune-model\/9" is not known; this version reads "attune-model\/1": train the model again/u,
    ],
    [
      "no format",
      "spend",
      spoilt(regression(), { format: undefined }),
      /format: undefined is not known/u,
    ],
    ["another task's model", "spend", writeModel(tree()), /spend\.json › kind: /u],
    [
      "a mistyped feature",
      "churn",
      spoilt(tree(), { requires: ["recencyDay"] }),
      /requires\[0\]: feature "recencyDay" is not known; did you mean "recencyDays"\?/u,
    ],
    ["a field that does not belong", "churn", spoilt(tree(), { code: "x" }), /code/u],
    [
      "an infinite number",
      "spend",
      writeModel(regression()).replace('"intercept": 100', '"intercept": 1e999'),
      /› intercept: Infinity is not a JSON number/u,
    ],
    [
      "a deviation of 0",
      "segments",
      writeModel(clusters()).replace('"deviation": 10', '"deviation": 0'),
      /features\[0\]\.deviation: is not above 0/u,
    ],
    [
      "a centre that is too narrow",
      "segments",
      writeModel(clusters()).replace(/,\s+2\n/u, "\n"),
      /clusters\[0\]\.centroid: has 1 numbers for 2 features; train the model again/u,
    ],
    [
      "a probability above 1",
      "churn",
      writeModel(tree()).replace('"probability": 0.9', '"probability": 1.9'),
      /tree\.above\.above\.probability: /u,
    ],
    [
      "a split without a threshold",
      "churn",
      writeModel(tree()).replace('"threshold": 0,', ""),
      /tree\.above\.threshold: /u,
    ],
    ["a node that is no node", "churn", spoilt(tree(), { tree: 3 }), /churn\.json › tree: /u],
    [
      "a tested feature without a value for missing",
      "churn",
      spoilt(tree(), { features: [{ name: "recencyDays", missing: -9 }] }),
      /› features: lacks "overdue", which the tree tests/u,
    ],
    [
      "a hash that is none",
      "churn",
      spoilt(tree(), { card: { ...tree().card, data: "abc" } }),
      /card\.data: is not a SHA-256/u,
    ],
    [
      "a dangerous name",
      "churn",
      writeModel(tree()).replace('"notes"', '"__proto__"'),
      /card: the name "__proto__" is not allowed/u,
    ],
  ])("with %s is refused, saying where and what to do", (...[, task, text, expected]) => {
    const faults = faultsOf(task, text);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join("\n")).toMatch(expected);
  });

  it("names all of its faults at once", () => {
    const text = spoilt(tree(), {
      horizonDays: -1,
      requires: ["churn"],
      tree: { ...tree().tree, feature: "x", threshold: "1" },
    });
    expect(faultsOf("churn", text).map((fault) => fault.split(":")[0])).toEqual([
      "models/churn.json › requires[0]",
      "models/churn.json › horizonDays",
      "models/churn.json › tree.feature",
      "models/churn.json › tree.threshold",
    ]);
  });

  it("that nests without end is refused, not followed", () => {
    const deep = `${'{"feature":"overdue","threshold":1,"below":'.repeat(5000)}1${"}".repeat(5000)}`;
    expect(
      faultsOf("churn", spoilt(tree(), { tree: 0 }).replace('"tree":0', `"tree":${deep}`)).join(),
    ).toMatch(/is nested deeper than 64 levels/u);
  });
});

describe("opening the models of a playbook", () => {
  it("leaves out a model whose file is absent", () => {
    expect(openModels({})).toEqual({ kind: "sound", value: {} });
    const opened = openModels({ "models/churn.json": writeModel(tree()) });
    expect(opened.kind === "sound" && Object.keys(opened.value)).toEqual(["churn"]);
  });

  it("names the faults of every file", () => {
    const opened = openModels({
      "models/segments.json": "[]",
      "models/churn.json": "?",
      "models/spend.json": writeModel(tree()),
    });
    const places =
      opened.kind === "faulty" ? opened.faults.map(({ place }) => place.split(" › ")[0]) : [];
    expect([...new Set(places)]).toEqual([
      "models/segments.json",
      "models/churn.json",
      "models/spend.json",
    ]);
  });
});
